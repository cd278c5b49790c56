"""What counts as well, as a warning, as a problem: pure decisions over what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from event_mgmt.operations.doctor.finding import Finding, Level, ok, problem, warning
from event_mgmt.resources import COMMAND

SOUND_SQLITE: Final = (3, 51, 3)
"""Older ones may corrupt a database when its write-ahead log is reset among connections."""

OLDEST_POSTGRESQL: Final = 14
_MANY_MAILS: Final = 1_000
_FEW_CHARACTERS: Final = 12
_GB: Final = 1 << 30
_SLOW: Final = timedelta(minutes=2)
_SWEPT_WITHIN: Final = timedelta(hours=2)
_STUCK: Final = timedelta(minutes=10)
_NETWORK: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs"})
_SAMPLES: Final = ("change", "secret", "example", "replace", "default", "journeys")


def secret_key(key: str, *, mode: int | None, is_shared: bool) -> Finding:
    """The key's strength, and who may read its file (``mode`` None: it comes from the setting).

    ``is_shared``: whether several machines may work on the database, all under one key.
    """
    subject = "secret key"
    if len(set(key)) < _FEW_CHARACTERS or any(word in key.lower() for word in _SAMPLES):
        return problem(
            subject,
            "looks like a sample or made by hand",
            "set SECRET_KEY to the output of: openssl rand -base64 48",
        )
    if mode is not None and mode & 0o077:
        return problem(subject, f"others may read its file (mode {mode:o})", "chmod 600 it")
    if mode is not None and is_shared:
        return warning(
            subject,
            "lies in this machine's instance folder",
            "give every machine on this PostgreSQL the same SECRET_KEY",
        )
    return ok(subject, f"{len(key)} characters, " + ("in a file of mode 600" if mode else "set"))


def folder(path: str, *, mode: int, is_writable: bool) -> Finding:
    """The instance folder holds personal data: the database, mails, the key."""
    subject = "instance folder"
    if not is_writable:
        return problem(subject, f"{path} cannot be written", "let the service's user own it")
    if mode & 0o077:
        return warning(subject, f"others may look into {path} (mode {mode:o})", "chmod 700 it")
    return ok(subject, f"{path}, mode {mode:o}")


def other_scripts(lacking: list[str]) -> Finding:
    """Names in scripts whose fonts are too large to come along; ``lacking`` have no font here.

    Not even a warning: most places never need them, and a printed list says what it lacks.
    """
    subject = "PDF scripts"
    if not lacking:
        return ok(subject, "Chinese, Japanese and Korean names are printed")
    words = f"no font for {', '.join(lacking)}: lists print “?” for such letters"
    return Finding(Level.OK, subject, words, "where such guests come: install fonts-noto-cjk")


def files(number: int, *, size: int, damaged: int, overdue: timedelta) -> Finding:
    """Files that count, in bytes; how many are not whole, how long the sweep has left one."""
    if damaged:
        words = f"{damaged} of {number} are not whole"
        return problem("files", words, "restore the last backup beside, and compare")
    if overdue > _SWEPT_WITHIN:
        hours = overdue.total_seconds() / 3600
        return warning("files", f"one expired {hours:.0f} h ago and is there", "start a worker")
    return ok("files", f"{number}, {size / (1 << 20):.0f} MB in all")


def disk(path: str, *, free: int, total: int) -> Finding:
    """Room for the database, its log and a backup; sizes in bytes."""
    words = f"{free / _GB:.1f} GB of {total / _GB:.1f} GB free at {path}"
    if free < _GB // 4:
        return problem("disk", words, "make room: a full disk refuses every registration")
    if free < 2 * _GB:
        return warning("disk", words, "make room before it is needed")
    return ok("disk", words)


def base_url(url: str, *, proxy_hops: int) -> Finding:
    """How guests reach the system."""
    subject, parts = "public address", urlsplit(url)
    if is_local(parts.hostname or ""):
        return ok(subject, f"{url} (this machine only)")
    if parts.scheme != "https":
        return problem(
            subject,
            f"{url} sends names and passwords in the clear",
            "terminate TLS in a reverse proxy and set PUBLIC_BASE_URL=https://…",
        )
    if not proxy_hops:
        return warning(
            subject,
            f"{url}, and no proxy is trusted: all guests seem to come from one address",
            "set PROXY_HOPS to the number of your own reverse proxies",
        )
    return ok(subject, url)


def is_public(url: str) -> bool:
    """Whether guests on other machines are meant to use this address."""
    return not is_local(urlsplit(url).hostname or "")


def is_local(host: str) -> bool:
    """Whether a host is this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def sqlite_version(version: tuple[int, ...]) -> Finding:
    """The embedded database's own version."""
    words = "SQLite " + ".".join(map(str, version))
    if version < SOUND_SQLITE:
        return problem(
            "database version",
            f"{words} may corrupt the database when its log is reset",
            "install requirements.txt, which brings a newer one",
        )
    return ok("database version", words)


def sqlite_settings(found: Mapping[str, object], *, file_system: str) -> Finding:
    """The pragmas of a connection, and what the file lies on."""
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    wrong = [f"{name} is {found.get(name)}" for name in wanted if found.get(name) != wanted[name]]
    subject = "database settings"
    if wrong:
        return problem(subject, ", ".join(wrong), "tell the developers: each connection sets them")
    if file_system in _NETWORK:
        return problem(
            subject,
            f"the file lies on {file_system}, whose locks cannot be relied on",
            "put it on a disk of this machine, or move to PostgreSQL",
        )
    return ok(subject, "WAL, synchronous=FULL, foreign keys and secure deletion on")


def postgresql_version(number: int) -> Finding:
    """The server's version, as server_version_num gives it."""
    words = f"PostgreSQL {number // 10000}.{number % 10000}"
    if number // 10000 < OLDEST_POSTGRESQL:
        return warning("database version", f"{words} is out of care", "upgrade the server")
    return ok("database version", words)


def postgresql_settings(found: Mapping[str, str]) -> list[Finding]:
    """The server's settings as this system's connections see them."""
    subject = "database settings"
    findings = []
    if found["server_encoding"] != "UTF8":
        findings.append(
            problem(
                subject,
                f"the encoding is {found['server_encoding']}: names would be refused",
                "make the database anew with ENCODING 'UTF8' TEMPLATE template0, and restore",
            )
        )
    findings += [
        problem(
            subject,
            f"{name} is off: what was acknowledged may be lost",
            f"set {name} = on in postgresql.conf",
        )
        for name in ("fsync", "full_page_writes", "synchronous_commit")
        if found[name] == "off"
    ]
    endless = [
        name
        for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
        if found[name] == "0"
    ]
    if endless:
        findings.append(
            warning(
                subject,
                f"without limit: {', '.join(endless)}",
                "let no pooler in between drop the connection's options",
            )
        )
    return findings or [ok(subject, "UTF8, durable commits, waiting has limits")]


def notes_collation(number: int) -> bool:
    """Whether a server of this version remembers with which collation its indexes were made."""
    return number // 10000 >= 15


def collation(stored: str | None, actual: str | None) -> Finding:
    """The collation's version when the indexes were made, and that of the system's library now."""
    if stored != actual:
        return problem(
            "collation",
            f"indexes were made with version {stored}, the machine now has {actual}",
            "REINDEX DATABASE, then ALTER DATABASE … REFRESH COLLATION VERSION",
        )
    return ok("collation", f"version {actual}" if actual else "needs no version")


def clock(subject: str, apart: timedelta) -> Finding:
    """How far another clock is from ours: reminders and leases go by the clock."""
    seconds = abs(apart.total_seconds())
    words = f"{seconds:.1f} s apart from {subject}"
    if seconds > 30:
        return problem("clock", words, "run a time service (NTP) on both machines")
    if seconds > 3:
        return warning("clock", words, "run a time service (NTP) on both machines")
    return ok("clock", words)


def outbox(held_at: datetime | None, oldest: datetime | None, *, now: datetime) -> Finding:
    """Whether mail goes out, and how long the oldest due message has been waiting."""
    if held_at is not None:
        return warning(
            "outbox",
            f"held since {held_at:%Y-%m-%d %H:%M} UTC: nothing goes out",
            f"{COMMAND} outbox release",
        )
    waited = now - oldest if oldest else timedelta()
    words = f"the oldest due message has waited {round(waited.total_seconds())} s"
    if waited > _STUCK:
        return problem("outbox", words, "see that workers run, and what their log says")
    if waited > _SLOW:
        return warning("outbox", words, "see that workers run, and what their log says")
    return ok("outbox", words)


def mail_for_newer(count: int) -> Finding:
    """That messages wait which a newer version has written for kinds of its own."""
    words = f"{count} due messages are of kinds that this version does not send"
    return warning("outbox", words, "upgrade this version too, or let a newer one run a worker")


def tasks(oldest: datetime | None, *, running: int, stranded: int, now: datetime) -> Finding:
    """Whether long tasks are run, and how long the oldest one that waits has been waiting."""
    start = f"start a process that runs them (TASK_WORKERS, or {COMMAND} worker --tasks)"
    if stranded:
        return warning("tasks", f"{stranded} in the hands of processes that are gone", start)
    waited = now - oldest if oldest else timedelta()
    words = (
        f"{running} running, the oldest one waiting has waited {round(waited.total_seconds())} s"
    )
    if waited > _STUCK and not running:
        return problem("tasks", words, start)
    if waited > _STUCK:
        return warning("tasks", words, "raise TASK_WORKERS, if that happens often")
    return ok("tasks", words)


def relay(where: str, *, host: str, is_secure: bool) -> Finding:
    """How the relay at ``where`` was found once it let us in: with TLS, or without and far away."""
    if not is_secure and not is_local(host):
        return warning(
            "mail relay",
            f"{where} takes mail without TLS: names travel in the clear",
            "let it offer STARTTLS, or use smtps://",
        )
    return ok("mail relay", f"{where} takes mail" + (" over TLS" if is_secure else ""))


def bounce_mailbox(where: str, *, count: int) -> Finding:
    """A mailbox that let us in: ``count`` mails, and very many mean that none are read."""
    subject = "bounce mailbox"
    if count > _MANY_MAILS:
        return warning(
            subject,
            f"{where} holds {count} mails",
            "see that workers run, and that it is a mailbox of its own",
        )
    return ok(subject, f"{where} opens, with {count} mails in it")


def sender(address: str, *, is_file: bool) -> Finding:
    """Whether MAIL_FROM was set; it may stand at its example while mails are written to files."""
    if address.endswith(("@example.org", "@example.com")) and not is_file:
        return problem("mail sender", f"mails come from {address}", "set MAIL_FROM")
    return ok("mail sender", address)
