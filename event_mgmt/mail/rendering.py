"""From a letter to the bytes that go over the wire.

The standard library's mail classes build the structure and the headers that a room's letters
share; that takes milliseconds and is kept. What differs from reader to reader (address, subject,
words, calendar part) is put into its places afterwards, in microseconds. The boundaries begin
with ``=_``, which neither quoted-printable nor base64 can ever contain.
"""

from __future__ import annotations

import functools
import hashlib
import re
from base64 import encodebytes
from binascii import b2a_qp
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Final
from urllib.parse import urlsplit

import idna
import jinja2
from babel import Locale
from flask import current_app
from flask_babel import force_locale, gettext as _
from markupsafe import Markup

from event_mgmt.mail.letters import Button, Letter
from event_mgmt.mail.models import Message
from event_mgmt.mail.transport import Parcel
from event_mgmt.settings import PROJECT_ROOT, Settings

_TEXT, _HTML, _CALENDAR, _ATTACHED = (b"=_here_%d=" % n for n in range(4))
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_ENCODED_WORD: Final = 75  # characters at most (RFC 2047, 2)
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class Words:
    """A letter as its reader sees it."""

    subject: str
    text: str
    html: str


def in_language(locale: str) -> AbstractContextManager[None]:
    """Let all words inside be those of ``locale``."""
    held: AbstractContextManager[None] = force_locale(_parsed(locale))
    return held


def words_of(letter: Letter, locale: str) -> Words:
    """The letter's text and HTML in ``locale``; ValueError for a link or colour that is none."""
    _check(letter)
    with in_language(locale):
        values = {
            "letter": letter,
            "locale": locale,
            "lines": _lines,
            "host_names": " · ".join(host.name for host in letter.hosts),
            "host_width": round(100 / max(1, len(letter.hosts)), 2),
            "button_hint": _("If the button does not work, open this address:"),
        }
    return Words(
        subject=_one_line(letter.subject),
        text=_templates().get_template("mail/letter.txt").render(values),
        html=_templates().get_template("mail/letter.html").render(values),
    )


def parcel_of(letter: Letter, message: Message, *, now: datetime) -> tuple[Parcel, str]:
    """What is handed to the relay for ``message``, and its subject.

    Every attempt has the same Message-ID. ValueError when the letter or the address is unusable.
    """
    settings: Settings = current_app.extensions["settings"]
    words = words_of(letter, message.locale)
    recipient = ascii_address(message.to_address)
    identity = hashlib.sha256(
        f"{message.id}\0{message.key}\0{message.created_at.isoformat()}".encode()
    ).hexdigest()
    host = urlsplit(settings.public_base_url).hostname or "localhost"
    personal = (
        ("To", _mailbox(message.to_name, recipient)),
        ("Subject", _encoded("Subject", words.subject)),
        ("Date", format_datetime(now)),
        ("Message-ID", f"<{identity[:32]}@{host}>"),
    )
    head = "".join(f"{name}: {value}\r\n" for name, value in personal).encode("ascii")
    parcel = Parcel(
        name=f"{message.id:06d}-{message.kind}-{identity[:8]}",
        sender=ascii_address(settings.mail_from),
        recipient=recipient,
        content=head + _body(letter, message.locale, words, settings.mail_from),
    )
    return parcel, words.subject


def ascii_address(address: str) -> str:
    """``address`` with its domain as the DNS knows it (RFC 5891); ValueError where impossible."""
    local, _at, domain = address.rpartition("@")
    if not local.isascii():
        raise ValueError("the part before the @ has letters that most relays do not accept")
    return f"{local}@{domain if domain.isascii() else idna.encode(domain, uts46=True).decode()}"


def _body(letter: Letter, locale: str, words: Words, mail_from: str) -> bytes:
    calendar = letter.calendar
    frame = _frame(
        sender_name=_one_line(letter.sender_name),
        mail_from=mail_from,
        reply_to=letter.reply_to,
        locale=locale,
        headers=tuple(letter.headers.items()),
        method=calendar.method if calendar else "",
    )
    body = frame.replace(_TEXT, _quoted(words.text)).replace(_HTML, _quoted(words.html))
    if calendar is None:
        return body
    entry = encodebytes(calendar.body).replace(b"\n", b"\r\n")
    return body.replace(_CALENDAR, entry).replace(_ATTACHED, entry)


@functools.lru_cache(maxsize=256)
def _frame(
    *,
    sender_name: str,
    mail_from: str,
    reply_to: str,
    locale: str,
    headers: tuple[tuple[str, str], ...],
    method: str,
) -> bytes:
    """A message without its personal headers, with marks where the contents go."""
    body = _multipart("alternative", "a")
    body.attach(_part("text/plain; charset=utf-8", "quoted-printable", _TEXT))
    body.attach(_part("text/html; charset=utf-8", "quoted-printable", _HTML))
    if method:
        kind = f"text/calendar; charset=utf-8; method={method}"
        body.attach(_part(kind, "base64", _CALENDAR))
        whole = _multipart("mixed", "m")
        whole.attach(body)
        file = _part(f'{kind}; name="calendar.ics"', "base64", _ATTACHED)
        file["Content-Disposition"] = 'attachment; filename="calendar.ics"'
        whole.attach(file)
    else:
        whole = body
    whole["MIME-Version"] = "1.0"
    whole["From"] = Address(sender_name, addr_spec=ascii_address(mail_from))
    if reply_to:
        whole["Reply-To"] = Address(addr_spec=ascii_address(reply_to))
    whole["Auto-Submitted"] = "auto-generated"  # RFC 3834
    whole["X-Auto-Response-Suppress"] = "All"
    whole["Content-Language"] = locale
    for name, value in headers:
        whole[name] = value
    return whole.as_bytes()


def _multipart(kind: str, mark: str) -> EmailMessage:
    part = EmailMessage(policy=SMTP)
    part["Content-Type"] = f'multipart/{kind}; boundary="=_{mark}"'
    return part


def _part(kind: str, encoding: str, mark: bytes) -> EmailMessage:
    part = EmailMessage(policy=SMTP)
    part["Content-Type"] = kind
    part["Content-Transfer-Encoding"] = encoding
    part.set_payload(mark.decode())
    return part


def _quoted(text: str) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return b"\r\n".join(map(_quoted_line, lines))


@functools.lru_cache(maxsize=2048)
def _quoted_line(line: str) -> bytes:
    """One line as quoted-printable: slow, and most lines of a letter are the same for all."""
    return b2a_qp(line.encode("utf-8", "replace")).replace(b"\n", b"\r\n")


def _one_line(text: str) -> str:
    """``text`` without what could end a header, or what a reader would decode (RFC 2047)."""
    return _CONTROL.sub(" ", text).replace("=?", "= ?").strip()


@functools.lru_cache(maxsize=256)
def _encoded(name: str, text: str) -> str:
    """A header's text, encoded (RFC 2047) and folded; slow, and the same for many subjects."""
    charset = "us-ascii" if text.isascii() else "utf-8"
    return Header(text, charset, header_name=name).encode(linesep="\r\n")


def _mailbox(name: str, address: str) -> str:
    name = _one_line(name)
    short = formataddr((name, address))
    if name.isascii() or len(short) - len(address) < _ENCODED_WORD:
        return short
    return f"{_encoded('To', name)} <{address}>"


def _check(letter: Letter) -> None:
    links = [block.url for block in letter.blocks if isinstance(block, Button)]
    links += [url for _label, url in letter.footer_links]
    if not all(link.startswith(("https://", "http://", "mailto:")) for link in links):
        raise ValueError("a link that is none")
    if not all(_COLOUR.fullmatch(host.accent) for host in letter.hosts):
        raise ValueError("a colour that is none")


def _lines(text: str) -> Markup:
    """Plain text as HTML, with its line ends."""
    return Markup("<br>").join(text.splitlines())


@functools.cache
def _templates() -> jinja2.Environment:
    """An environment of the mails' own: what pages need would only cost time here."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(PROJECT_ROOT / "templates"),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@functools.cache
def _parsed(locale: str) -> Locale:
    return Locale.parse(locale)  # looks for files on the disk: once is enough
