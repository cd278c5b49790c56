"""A real IMAP server (Debian's dovecot) of a test's own, on the loopback, with its own TLS."""

from __future__ import annotations

import imaplib
import os
import pwd
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.mail.certificates import Certificate
from tests.serving.processes import free_port, until

IS_THERE = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin") is not None
USER, PASSWORD = "bounces", "open-sesame"

_CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
mail_location = maildir:{folder}/mail/%u
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{chain}
ssl_key = <{key}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {secure}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
{more}
"""


@dataclass
class Dovecot:
    """One server and its ports; mails are put in by its own protocol."""

    folder: Path
    plain: int
    secure: int
    process: subprocess.Popen[bytes]

    @classmethod
    def begin(cls, folder: Path, certificate: Certificate, more: str = "") -> Self:
        """Start it, and wait until it takes connections."""
        me = pwd.getpwuid(os.getuid())
        owner = pwd.getpwnam("nobody") if me.pw_uid == 0 else me
        plain, secure = free_port(), free_port()
        (folder / "mail").mkdir()
        os.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
        config = folder / "dovecot.conf"
        config.write_text(
            _CONFIG.format(
                folder=folder,
                user=me.pw_name if me.pw_uid else "dovecot",
                group=_group_of(me) if me.pw_uid else "dovecot",
                chain=certificate.chain,
                key=certificate.key,
                plain=plain,
                secure=secure,
                password=PASSWORD,
                uid=owner.pw_uid,
                gid=owner.pw_gid,
                more=more,
            )
        )
        command = shutil.which("dovecot", path="/usr/sbin:/usr/bin") or "dovecot"
        process = subprocess.Popen([command, "-F", "-c", str(config)])
        server = cls(folder, plain, secure, process)
        until(server._answers, f"dovecot does not answer; see {folder}/log")
        return server

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(20)

    def url(self, user: str = USER, folder: str = "INBOX", scheme: str = "imaps") -> str:
        port = self.secure if scheme == "imaps" else self.plain
        return f"{scheme}://{user}:{PASSWORD}@127.0.0.1:{port}/{folder}"

    def put(self, *mails: bytes, user: str = USER, folder: str = "INBOX") -> None:
        """Let these mails arrive."""
        with self._open(user) as box:
            for mail in mails:
                assert box.append(folder, "", "", mail)[0] == "OK"

    def make_folder(self, name: str, user: str = USER) -> None:
        with self._open(user) as box:
            assert box.create(name)[0] == "OK"

    def left(self, user: str = USER, folder: str = "INBOX") -> int:
        """How many mails are in a folder."""
        with self._open(user) as box:
            return int(box.select(f'"{folder}"')[1][0])

    @contextmanager
    def _open(self, user: str) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.plain) as box:
            box.login(user, PASSWORD)
            yield box

    def _answers(self) -> bool:
        assert self.process.poll() is None, (self.folder / "log").read_text()
        try:
            with imaplib.IMAP4("127.0.0.1", self.plain):
                pass
        except (OSError, ssl.SSLError, imaplib.IMAP4.error):
            return False
        return True


@contextmanager
def running(certificate: Certificate, more: str = "") -> Iterator[Dovecot]:
    """A server in a folder that its own users may enter."""
    folder = Path(tempfile.mkdtemp(prefix="events-dovecot-"))
    folder.chmod(0o755)
    server = Dovecot.begin(folder, certificate, more)
    try:
        yield server
    finally:
        server.end()
        shutil.rmtree(folder)


def _group_of(user: pwd.struct_passwd) -> str:
    import grp

    return grp.getgrgid(user.pw_gid).gr_name
