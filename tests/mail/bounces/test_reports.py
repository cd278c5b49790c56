"""Reading reports: fields, encodings, escapes, and what is none; without a database."""

from __future__ import annotations

from base64 import b64encode
from quopri import encodestring

import pytest

from event_mgmt.mail.bounces import reports, rules
from event_mgmt.mail.bounces.folders import in_modified_utf7
from event_mgmt.mail.bounces.rules import BounceSeverity
from tests.mail.bounces.mails import a_letter, a_report, an_absence

FIELDS = b"""Reporting-MTA: dns; mx.example.net
Original-Envelope-Id: abc

Final-Recipient: rfc822; Luka@Example.org
Action: failed
Status: 5.1.1 (bad destination mailbox address)
Diagnostic-Code: smtp;
 550 5.1.1 no such user
"""


def _addresses(*lines: str) -> frozenset[str]:
    body = "Reporting-MTA: dns; x\n\n" + "\n".join(lines) + "\nAction: failed\nStatus: 5.1.1\n"
    found = reports.read(body.encode(), encoding="8bit").recipients
    return found[0].addresses if found else frozenset()


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
@pytest.mark.parametrize(
    ("encoding", "encode"),
    [("7bit", bytes), ("", bytes), ("base64", b64encode), ("Quoted-Printable", encodestring)],
)
def test_fields_are_read_in_every_encoding(ends: bytes, encoding: str, encode) -> None:
    read = reports.read(encode(FIELDS.replace(b"\n", ends)), encoding=encoding)

    [recipient] = read.recipients
    assert read.envelope_id == "abc"
    assert recipient.addresses == {"luka@example.org"}
    assert recipient.action == "failed"
    assert recipient.diagnostic == "smtp; 550 5.1.1 no such user"


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("Final-Recipient: rfc822; <luka@example.org>", "luka@example.org"),
        ("final-recipient: RFC822;luka@example.org", "luka@example.org"),
        ("Original-Recipient: rfc822;luka+2Bab@example.org", "luka+ab@example.org"),
        ("Final-Recipient: utf-8; žagar@müller.example", "žagar@xn--mller-kva.example"),
        (
            r"Final-Recipient: utf-8; \x{17E}agar@m\x{FC}ller.example",
            "žagar@xn--mller-kva.example",
        ),
    ],
)
def test_an_address_is_known_in_every_spelling_of_the_standards(line: str, address: str) -> None:
    assert address in _addresses(line)
    assert reports.normalized(address) == address


@pytest.mark.parametrize(
    "line",
    [
        "Final-Recipient: x400; C=de",
        "Final-Recipient: luka@example.org",
        "Final-Recipient: rfc822;",
    ],
)
def test_what_is_no_address_names_nobody(line: str) -> None:
    assert _addresses(line) == frozenset()


def test_an_original_and_a_final_address_are_both_known() -> None:
    """Somebody has their mail sent on, and the place that it is sent on to is gone."""
    found = _addresses(
        "Original-Recipient: rfc822;info@example.org", "Final-Recipient: rfc822;luka@example.net"
    )

    assert found == {"info@example.org", "luka@example.net"}


@pytest.mark.parametrize(
    "body",
    [b"", b"\0\xff\xfe" * 1000, b"\n\n\n", b":::\n\n:", b"Final-Recipient" * 1000, FIELDS[:110]],
)
def test_rubbish_is_no_report_and_no_fault(body: bytes) -> None:
    for encoding in ("7bit", "base64", "quoted-printable", "nonsense"):
        read = reports.read(body, encoding=encoding)
        severities = {
            rules.assess(action=r.action, status=r.status, diagnostic=r.diagnostic).severity
            for r in read.recipients
        }
        assert BounceSeverity.HARD not in severities


def test_mails_are_told_apart_by_their_headers() -> None:
    kinds = [
        (reports.is_report(head), reports.is_automatic(head))
        for head in map(reports.head_of, (a_report("a@b.c"), an_absence("a@b.c"), a_letter()))
    ]

    assert kinds == [(True, True), (False, True), (False, False)]


@pytest.mark.parametrize(
    ("action", "status", "diagnostic", "severity"),
    [
        ("failed", "5.1.1", "", BounceSeverity.HARD),
        ("Failed", "5.0.0", "", BounceSeverity.HARD),
        ("failed", "5.1.10", "", BounceSeverity.HARD),
        ("failed", "5.4.1", "smtp; 550 5.4.1 Recipient address rejected", BounceSeverity.HARD),
        ("failed", "5.0.0", "smtp; 550-5.2.2 over quota", BounceSeverity.SOFT),
        ("failed", "5.0.0", "smtp; 552 over quota", BounceSeverity.SOFT),
        ("failed", "5.2.2", "", BounceSeverity.SOFT),
        ("failed", "5.3.4", "", BounceSeverity.SOFT),
        ("failed", "5.7.1", "", BounceSeverity.SOFT),
        ("failed", "4.4.7", "", BounceSeverity.SOFT),
        ("failed", "2.0.0", "", BounceSeverity.NOTHING),
        ("failed", "", "smtp; 550 5.1.1", BounceSeverity.NOTHING),
        ("delayed", "5.1.1", "", BounceSeverity.NOTHING),
        ("delivered", "2.0.0", "", BounceSeverity.NOTHING),
    ],
)
def test_what_a_report_says_of_an_address(
    action: str, status: str, diagnostic: str, severity: BounceSeverity
) -> None:
    assert rules.assess(action=action, status=status, diagnostic=diagnostic).severity is severity


def test_folders_are_spelled_as_imap_does() -> None:
    assert in_modified_utf7("INBOX/Bounces") == "INBOX/Bounces"
    assert in_modified_utf7("Rückläufer & mehr") == "R&APw-ckl&AOQ-ufer &- mehr"
    assert in_modified_utf7("台北") == "&U,BTFw-"
