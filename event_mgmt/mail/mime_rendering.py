"""From a letter to the bytes that go over the wire.

The standard library's mail classes build the structure and the headers that a room's letters
share; that takes milliseconds and is kept. What differs from reader to reader (address, subject,
calendar part, the words as html_rendering.py has rendered them) is put into its places
afterwards, in microseconds. The boundaries begin with ``=_``, which neither quoted-printable nor
base64 can ever contain.
"""

from __future__ import annotations

import functools
import hashlib
import secrets
from base64 import encodebytes
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from itertools import chain, zip_longest
from typing import Final
from urllib.parse import urlsplit

import idna
from flask import current_app

from event_mgmt.mail.bounces import codes
from event_mgmt.mail.html_rendering import RenderedLetter, one_line, render_letter
from event_mgmt.mail.letters import Letter
from event_mgmt.mail.models import Message
from event_mgmt.mail.transports import OutgoingMail
from event_mgmt.settings import Settings

_ENCODED_WORD: Final = 75  # characters at most (RFC 2047, 2)


def compose_mail(letter: Letter, message: Message, *, now: datetime) -> tuple[OutgoingMail, str]:
    """What is handed to the relay for ``message``, and its subject.

    Every attempt has the same Message-ID. ValueError when the letter or the address is unusable.
    """
    settings: Settings = current_app.extensions["settings"]
    words = render_letter(letter, message.locale)
    recipient = ascii_address(message.to_address)
    identity = hashlib.sha256(
        f"{message.id}\0{message.key}\0{message.created_at.isoformat()}".encode()
    ).hexdigest()
    host = urlsplit(settings.public_base_url).hostname or "localhost"
    code = codes.code_of(message, settings.secret_key) if settings.bounces else ""
    personal = [
        ("To", _mailbox(message.to_name, recipient)),
        ("Subject", _encoded("Subject", words.subject)),
        ("Date", format_datetime(now)),
        ("Message-ID", f"<{identity[:32]}@{host}>"),
    ]
    if code:
        personal.append((codes.HEADER, code))
    head = "".join(f"{name}: {value}\r\n" for name, value in personal).encode("ascii")
    outgoing = OutgoingMail(
        name=f"{message.id:06d}-{message.kind}-{identity[:8]}",
        sender=ascii_address(
            settings.bounces.return_path(code) if settings.bounces else settings.mail_from
        ),
        code=code,
        recipient=recipient,
        content=head + _body(letter, letter.locale or message.locale, words, settings.mail_from),
        attempt=message.attempts,
    )
    return outgoing, words.subject


def ascii_address(address: str) -> str:
    """``address`` with its domain as the DNS knows it (RFC 5891); ValueError where impossible."""
    local, _at, domain = address.rpartition("@")
    if not local.isascii():
        raise ValueError("the part before the @ has letters that most relays do not accept")
    return f"{local}@{domain if domain.isascii() else idna.encode(domain, uts46=True).decode()}"


def _body(letter: Letter, locale: str, words: RenderedLetter, mail_from: str) -> bytes:
    calendar = letter.calendar
    frame = _frame(
        sender_name=one_line(letter.sender_name),
        mail_from=mail_from,
        reply_to=letter.reply_to,
        locale=locale,
        headers=tuple(letter.headers.items()),
        method=calendar.method if calendar else "",
    )
    contents = [
        b"".join([block.text_encoded for block in words.blocks]),
        b"".join([block.html_encoded for block in words.blocks]),
    ]
    if calendar is not None:
        contents += [encodebytes(calendar.body).replace(b"\n", b"\r\n")] * 2
    return b"".join(chain.from_iterable(zip_longest(frame, contents, fillvalue=b"")))


@functools.lru_cache(maxsize=256)
def _frame(
    *,
    sender_name: str,
    mail_from: str,
    reply_to: str,
    locale: str,
    headers: tuple[tuple[str, str], ...],
    method: str,
) -> list[bytes]:
    """A message without its personal headers, cut where the contents go."""
    here = secrets.token_hex()  # no header can hold it
    body = _multipart("alternative", "a")
    body.attach(_part("text/plain; charset=utf-8", "quoted-printable", here))
    body.attach(_part("text/html; charset=utf-8", "quoted-printable", here))
    if method:
        kind = f"text/calendar; charset=utf-8; method={method}"
        body.attach(_part(kind, "base64", here))
        whole = _multipart("mixed", "m")
        whole.attach(body)
        file = _part(f'{kind}; name="calendar.ics"', "base64", here)
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
    return whole.as_bytes().split(here.encode())


def _multipart(kind: str, mark: str) -> EmailMessage:
    part = EmailMessage(policy=SMTP)
    part["Content-Type"] = f'multipart/{kind}; boundary="=_{mark}"'
    return part


def _part(kind: str, encoding: str, here: str) -> EmailMessage:
    part = EmailMessage(policy=SMTP)
    part["Content-Type"] = kind
    part["Content-Transfer-Encoding"] = encoding
    part.set_payload(here)
    return part


@functools.lru_cache(maxsize=256)
def _encoded(name: str, text: str) -> str:
    """A header's text, encoded (RFC 2047) and folded; slow, and the same for many subjects."""
    charset = "us-ascii" if text.isascii() else "utf-8"
    return Header(text, charset, header_name=name).encode(linesep="\r\n")


def _mailbox(name: str, address: str) -> str:
    name = one_line(name)
    short = formataddr((name, address))
    if name.isascii() or len(short) - len(address) < _ENCODED_WORD:
        return short
    return f"{_encoded('To', name)} <{address}>"
