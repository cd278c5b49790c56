"""All configuration, read from the environment once and checked before anything starts."""

from __future__ import annotations

import os
import re
import secrets
import ssl
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from email_validator import EmailNotValidError, validate_email

from event_mgmt.resources import IS_INSTALLED, default_instance

BOUNCE_CODE_LENGTH: Final = 24
LOCALES: Final = ("de", "sl", "en")
_HOST: Final = re.compile(r"\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?", re.IGNORECASE)
PROJECT_ROOT: Final = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """A setting that cannot be used; the text names the setting and says what it must be."""


@dataclass(frozen=True)
class MailRelay:
    """Where mail goes: ``smtp`` and ``smtps`` to a relay, ``file`` as .eml files into a folder."""

    scheme: str
    host: str = ""
    port: int = 0
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    folder: Path | None = None
    ca_file: Path | None = None


@dataclass(frozen=True)
class BounceMailbox:
    """Where bounces are read (``imap`` with STARTTLS, ``imaps``), and which address leads there.

    ``address`` has ``{code}`` in it, unless the mailbox takes mail to one address only.
    """

    scheme: str
    host: str
    port: int
    username: str
    folder: str
    address: str
    password: str = field(repr=False)
    ca_file: Path | None = None

    def return_path(self, code: str) -> str:
        """The envelope's sender of the message that carries ``code``."""
        return self.address.replace("{code}", code)


@dataclass(frozen=True)
class Settings:
    """The checked configuration of one running system."""

    instance: Path
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    public_base_url: str
    mail: MailRelay
    mail_from: str
    bounces: BounceMailbox | None = None
    default_locale: str = "de"
    site_name: str = ""
    trusted_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0
    web_processes: int = 2
    mail_workers: int = 1
    task_workers: int = 1
    bind: str = "127.0.0.1:5000"
    testing: bool = False

    @property
    def is_https(self) -> bool:
        """Whether guests reach the system over TLS; decides about ``Secure`` cookies."""
        return self.public_base_url.startswith("https://")

    @property
    def is_local(self) -> bool:
        """Whether only this machine reaches the system: a developer's, or somebody trying it."""
        host = urlsplit(self.public_base_url).hostname or ""
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.database_url.startswith("sqlite:")


def load(environ: Mapping[str, str] | None = None, *, testing: bool = False) -> Settings:
    """Read and check every setting.

    Raises SettingsError with one line that names the first setting that is wrong.
    """
    env = os.environ if environ is None else environ
    instance = _instance(env)
    base_url = _base_url(env.get("PUBLIC_BASE_URL") or "http://127.0.0.1:5000")
    ca_file = _ca_file(env.get("MAIL_CA_FILE", ""))
    mail_from = _address("MAIL_FROM", env.get("MAIL_FROM") or "events@example.org")
    return Settings(
        instance=instance,
        database_url=_database_url(env.get("DATABASE_URL", ""), instance),
        secret_key=_secret_key(env.get("SECRET_KEY", ""), instance),
        public_base_url=base_url,
        mail=_mail_relay(env.get("MAIL_URL") or "file:", instance, ca_file),
        mail_from=mail_from,
        bounces=_bounces(env, mail_from, ca_file),
        default_locale=_locale(env.get("DEFAULT_LOCALE") or "de"),
        site_name=env.get("SITE_NAME", "").strip(),
        trusted_hosts=_trusted_hosts(env.get("TRUSTED_HOSTS", ""), base_url),
        proxy_hops=_whole_number(env, "PROXY_HOPS", default=0, least=0, most=5),
        web_processes=_whole_number(env, "WEB_PROCESSES", default=2, least=1, most=64),
        mail_workers=_whole_number(env, "MAIL_WORKERS", default=1, least=0, most=16),
        task_workers=_whole_number(env, "TASK_WORKERS", default=1, least=0, most=16),
        bind=_bind(env.get("BIND") or "127.0.0.1:5000"),
        testing=testing,
    )


def _instance(env: Mapping[str, str]) -> Path:
    try:
        folder = Path(env.get("INSTANCE_DIR") or default_instance(env)).resolve()
    except RuntimeError:
        raise SettingsError("INSTANCE_DIR must be set: this user has no home folder.") from None
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"INSTANCE_DIR cannot be made: {error.strerror}, {folder}.") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SettingsError(f"INSTANCE_DIR must be a folder that can be written to, not {folder}.")
    return folder


def _bind(text: str) -> str:
    host, _colon, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise SettingsError(f"BIND must be host:port, such as 127.0.0.1:5000, not {text!r}.")
    return text


def _whole_number(env: Mapping[str, str], name: str, *, default: int, least: int, most: int) -> int:
    text = env.get(name) or str(default)
    if not text.isdecimal() or not least <= int(text) <= most:
        raise SettingsError(f"{name} must be a whole number from {least} to {most}, not {text!r}.")
    return int(text)


def _split(name: str, url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError as error:
        raise SettingsError(f"{name} is not a valid address: {error}.") from None
    return parts


def _base_url(text: str) -> str:
    parts = _split("PUBLIC_BASE_URL", text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingsError("PUBLIC_BASE_URL must begin with http:// or https:// and name a host.")
    if parts.query or parts.fragment:
        raise SettingsError("PUBLIC_BASE_URL must have neither a query nor a fragment.")
    return text.rstrip("/")


def _database_url(text: str, instance: Path) -> str:
    if not text:
        return f"sqlite:///{instance / 'events.sqlite3'}"
    if text.startswith("postgres://"):
        text = "postgresql://" + text.removeprefix("postgres://")
    if text.startswith("sqlite:///") and len(text) > len("sqlite:///"):
        start = instance if IS_INSTALLED else PROJECT_ROOT
        return f"sqlite:///{(start / text.removeprefix('sqlite:///')).resolve()}"
    if text.startswith(("postgresql://", "postgresql+psycopg://")):
        return text
    raise SettingsError("DATABASE_URL must begin with sqlite:/// (and a path) or postgresql://.")


def _secret_key(text: str, instance: Path) -> str:
    name, path = "SECRET_KEY", instance / "secret_key"
    if not text:
        try:
            if not path.exists():
                _make_secret(path)
            name, text = f"SECRET_KEY (kept in {path})", path.read_text().strip()
        except OSError as error:
            raise SettingsError(f"SECRET_KEY cannot be kept in {path}: {error.strerror}.") from None
    if len(text) < 32:
        raise SettingsError(f"{name} must have at least 32 characters.")
    return text


def _make_secret(path: Path) -> None:
    """Keep a new secret at ``path``, whole or not at all: several processes may start at once."""
    handle, draft = tempfile.mkstemp(prefix=".secret_key", dir=path.parent)  # mode 600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # another process was quicker: its secret is kept
            os.link(draft, path)
    finally:
        Path(draft).unlink()


def _ca_file(text: str) -> Path | None:
    if not text:
        return None
    path = Path(text)
    try:
        ssl.create_default_context().load_verify_locations(path)
    except ssl.SSLError:
        raise SettingsError(f"MAIL_CA_FILE holds no certificate (PEM): {text}.") from None
    except OSError as error:
        raise SettingsError(f"MAIL_CA_FILE cannot be read: {error.strerror}, {text}.") from None
    return path


def _mail_relay(text: str, instance: Path, ca_file: Path | None) -> MailRelay:
    if text.startswith("file:"):
        parts = _split("MAIL_URL", text)
        folder = Path(unquote(parts.path)) if parts.path else instance / "mail"
        return MailRelay(scheme="file", folder=folder)
    form = "smtp://user:password@host:port, smtps://… or file:/folder"
    parts = _server("MAIL_URL", text, schemes=("smtp", "smtps"), form=form)
    if parts.path not in {"", "/"}:
        raise _unreadable_server("MAIL_URL", form)
    assert parts.hostname is not None
    return MailRelay(
        scheme=parts.scheme,
        host=parts.hostname,
        port=parts.port or (465 if parts.scheme == "smtps" else 25),
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        ca_file=ca_file,
    )


def _server(name: str, text: str, *, schemes: tuple[str, ...], form: str) -> SplitResult:
    """The parts of a mail server's address; what is said of a wrong one repeats none of it, since
    a password with special characters ends up in any of its parts.
    """
    try:
        parts = urlsplit(text)
        has_place = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise _unreadable_server(name, form) from None
    is_odd = any(c.isspace() for c in text) or not unquote(text).isprintable()
    if parts.scheme not in schemes or not has_place or parts.query or parts.fragment or is_odd:
        raise _unreadable_server(name, form)
    if parts.username and not parts.password:
        raise SettingsError(f"{name} names a user without a password; it must be {form}.")
    if parts.password and not parts.username:
        raise SettingsError(f"{name} gives a password without a user; it must be {form}.")
    return parts


def _unreadable_server(name: str, form: str) -> SettingsError:
    return SettingsError(
        f"{name} must be {form}; special characters in user and password are written as %40 (@),"
        " %2F (/), %3A (:), %23 (#), %3F (?), %25 (%)."
    )


def _bounces(env: Mapping[str, str], mail_from: str, ca_file: Path | None) -> BounceMailbox | None:
    text, address = env.get("BOUNCE_MAILBOX", ""), env.get("BOUNCE_ADDRESS", "")
    if not text:
        if address:
            raise SettingsError("BOUNCE_ADDRESS needs BOUNCE_MAILBOX: nobody would read it.")
        return None
    form = "imaps://user:password@host:port/folder or imap://… (with STARTTLS)"
    parts = _server("BOUNCE_MAILBOX", text, schemes=("imap", "imaps"), form=form)
    if not parts.username or not parts.password or parts.hostname is None:
        raise SettingsError(f"BOUNCE_MAILBOX names no user with a password; it must be {form}.")
    return BounceMailbox(
        scheme=parts.scheme,
        host=parts.hostname,
        port=parts.port or (993 if parts.scheme == "imaps" else 143),
        username=unquote(parts.username),
        password=unquote(parts.password),
        folder=unquote(parts.path).strip("/") or "INBOX",
        address=_bounce_address(address or "+{code}@".join(mail_from.rsplit("@", 1))),
        ca_file=ca_file,
    )


def _bounce_address(text: str) -> str:
    """With its domain as the DNS knows it, and ``{code}`` still in it."""
    sample = "a" * BOUNCE_CODE_LENGTH
    local, _at, _domain = text.rpartition("@")
    try:
        if text.count("{code}") > local.count("{code}") or local.count("{code}") > 1:
            raise EmailNotValidError
        found = validate_email(
            text.replace("{code}", sample), check_deliverability=False, test_environment=True
        ).ascii_email
        if found is None or len(found.rpartition("@")[0]) > 64:  # RFC 5321, 4.5.3.1.1
            raise EmailNotValidError
    except EmailNotValidError:
        raise SettingsError(
            "BOUNCE_ADDRESS must be an e-mail address with {code} before its @, such as"
            f" bounces+{{code}}@example.org, not {text!r} (64 characters before the @ at most, of"
            f" which the code takes {BOUNCE_CODE_LENGTH})."
        ) from None
    return found.replace(sample, "{code}") if "{code}" in text else found


def _address(name: str, text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise SettingsError(f"{name} must be an e-mail address, not {text!r}.") from None


def _locale(text: str) -> str:
    if text not in LOCALES:
        raise SettingsError(f"DEFAULT_LOCALE must be one of {', '.join(LOCALES)}, not {text!r}.")
    return text


def _trusted_hosts(text: str, base_url: str) -> tuple[str, ...]:
    host = urlsplit(base_url).hostname or ""
    named = tuple(part.strip() for part in text.split(",") if part.strip())
    for name in named:
        if not _HOST.fullmatch(name):
            raise SettingsError(f"TRUSTED_HOSTS must be host names with commas, not {name!r}.")
    local = ("127.0.0.1", "localhost") if host in {"127.0.0.1", "localhost"} else ()
    return tuple(dict.fromkeys((host, *local, *named)))
