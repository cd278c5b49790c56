"""Reading what came back: delivery status notifications (RFC 3464, 6522, 6533), as data.

Read are reports of the standard's form, also with addresses beyond ASCII. Not read are notices in
prose, as systems wrote them before 1996 and a few still do: nobody could tell them from a letter.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NoBase64
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message as Head
from email.parser import BytesHeaderParser, HeaderParser
from quopri import decodestring
from typing import Final

import idna

from event_mgmt.mail.bounces import codes

STATUS_TYPES: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
HEADER_TYPES: Final = frozenset(
    {"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"}
)
_ADDRESSED_TO: Final = (
    "To",
    "Delivered-To",
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
    "X-Delivered-To",
)
_MOST_RECIPIENTS: Final = 100
_BLANK: Final = re.compile(r"\r?\n[ \t]*\r?\n")
_UNICODE: Final = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")
_XTEXT: Final = re.compile(r"\+([0-9A-F]{2})")


@dataclass(frozen=True)
class ReportedRecipient:
    """One recipient's fields; ``addresses`` are the final and the original one, normalized."""

    addresses: frozenset[str]
    action: str
    status: str
    diagnostic: str


@dataclass(frozen=True)
class BounceReport:
    """What a delivery status notification says; ``envelope_id`` is what we called the message."""

    envelope_id: str
    recipients: tuple[ReportedRecipient, ...]


def head_of(raw: bytes) -> Head:
    """A mail's header."""
    return BytesHeaderParser().parsebytes(raw)


def is_report(head: Head) -> bool:
    """Whether this is a delivery status notification by its own account."""
    kind = str(head.get_param("report-type") or "").lower()
    return head.get_content_type() == "multipart/report" and kind == "delivery-status"


def is_automatic(head: Head) -> bool:
    """Whether no human being wrote it (RFC 3834): a report, or somebody's absence."""
    automatic = str(head.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    return head.get_content_type() == "multipart/report" or automatic not in {"", "no"}


def codes_addressed(head: Head) -> dict[str, int]:
    """Codes in the addresses that a mail was sent to."""
    values = [str(value) for name in _ADDRESSED_TO for value in head.get_all(name, [])]
    return codes.codes_in(" ".join(values)[:20_000])


def code_returned(raw: bytes) -> dict[str, int]:
    """Codes in the returned header of a message of ours."""
    head = head_of(raw.lstrip())
    return codes.codes_in(" ".join(str(value) for value in head.get_all(codes.HEADER, [])))


def read(body: bytes, *, encoding: str) -> BounceReport:
    """The report in a delivery-status part; fields that are none are passed over."""
    text = _decoded(body, encoding).decode("utf-8", "replace")
    groups = [HeaderParser().parsestr(group.strip() + "\n\n") for group in _BLANK.split(text)]
    filled = [group for group in groups if group.keys()]
    envelope_id = next((_field(g, "Original-Envelope-Id") for g in filled[:1]), "")
    found = [_recipient(group) for group in filled[: _MOST_RECIPIENTS + 1]]
    return BounceReport(envelope_id, tuple(one for one in found if one.addresses))


def normalized(address: str) -> str:
    """An address as two that reach the same mailbox are spelled, as far as anybody can tell."""
    local, _at, domain = address.strip().strip("<>").rpartition("@")
    try:
        domain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return ""
    return f"{local}@{domain}".casefold() if local and domain else ""


def _recipient(group: Head) -> ReportedRecipient:
    stated = (_field(group, "Final-Recipient"), _field(group, "Original-Recipient"))
    spelled = {form for value in stated for form in _spellings(value)}
    return ReportedRecipient(
        addresses=frozenset(filter(None, map(normalized, spelled))),
        action=_field(group, "Action").partition("(")[0].strip(),
        status=_field(group, "Status"),
        diagnostic=_field(group, "Diagnostic-Code"),
    )


def _spellings(value: str) -> set[str]:
    """The address of "rfc822; a@b", as it stands and without the escapes that it may have."""
    kind, _semicolon, address = value.partition(";")
    if kind.partition("(")[0].strip().lower() not in {"rfc822", "utf-8"}:
        return set()
    address = address.strip()
    unicode = _UNICODE.sub(lambda found: _character(found[1]), address)
    return {address, unicode, _XTEXT.sub(lambda found: chr(int(found[1], 16)), address)}


def _character(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if number < 0x110000 else "�"


def _field(group: Head, name: str) -> str:
    raw = str(group.get(name, ""))
    try:
        text = str(make_header(decode_header(raw)))
    except (ValueError, LookupError):
        text = raw
    return " ".join(text.split())[:1000]


def _decoded(body: bytes, encoding: str) -> bytes:
    if encoding.lower().strip() == "base64":
        whole = b"".join(body.split())
        try:
            return b64decode(whole[: len(whole) // 4 * 4])
        except NoBase64:
            return b""
    return decodestring(body) if encoding.lower().strip() == "quoted-printable" else body
