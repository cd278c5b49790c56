"""The code that a message goes out with."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes

import pytest
from flask import Flask

from event_mgmt.mail.bounces import codes
from event_mgmt.mail.mime_rendering import compose_mail
from event_mgmt.settings import BOUNCE_CODE_LENGTH, BounceMailbox
from tests.mail.relay import Relay
from tests.mail.samples import NOW, a_letter, a_message

KEY = "k" * 40
BOX = BounceMailbox(
    "imaps", "imap.example.org", 993, "back", "INBOX", "back+{code}@example.org", password="hidden"
)


@pytest.fixture
def with_box(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    settings = replace(sqlite_app.extensions["settings"], bounces=BOX)
    monkeypatch.setitem(sqlite_app.extensions, "settings", settings)
    return sqlite_app


def test_a_code_is_of_one_message_to_one_address_under_one_key() -> None:
    message = a_message()
    code = codes.code_of(message, KEY)

    assert len(code) == BOUNCE_CODE_LENGTH
    assert code == code.lower()
    assert codes.codes_in(f"x SRS0=a=b=example.org=back+{code.upper()}@fwd.org") == {code: 7}
    assert codes.is_code_of(code.upper(), message, KEY)
    for other in (
        a_message(id=8),
        a_message(key="sample:8"),
        a_message(to_address="mara@example.org"),
        a_message(to_address=""),
    ):
        assert not codes.is_code_of(code, other, KEY)
    assert not codes.is_code_of(code, message, KEY + "k")


def test_without_a_mailbox_a_message_goes_out_as_ever(sqlite_app: Flask) -> None:
    outgoing, _subject = compose_mail(a_letter(), a_message(), now=NOW)

    assert outgoing.sender == sqlite_app.extensions["settings"].mail_from
    assert outgoing.code == ""
    assert codes.HEADER not in message_from_bytes(outgoing.content)


def test_with_a_mailbox_its_code_stands_in_the_envelope_and_in_a_header(with_box: Flask) -> None:
    outgoing, _subject = compose_mail(a_letter(), a_message(), now=NOW)

    code = codes.code_of(a_message(), with_box.extensions["settings"].secret_key)
    written = message_from_bytes(outgoing.content)
    assert outgoing.sender == f"back+{code}@example.org"
    assert written[codes.HEADER] == outgoing.code == code
    assert with_box.extensions["settings"].mail_from in written["From"]


@pytest.mark.parametrize("extensions", [("DSN",), ("DSN", "PIPELINING"), ()])
def test_a_relay_that_can_is_told_what_to_report(
    with_box: Flask, extensions: tuple[str, ...]
) -> None:
    message = a_message(to_address="luka+x=y@example.org", attempts=1)
    outgoing, _subject = compose_mail(a_letter(), message, now=NOW)
    with Relay(extensions=extensions) as relay:
        transport = relay.transport()
        transport.send(outgoing)
        transport.close()

    [mail] = [c for c in relay.commands if c.startswith("mail")]
    [rcpt] = [c for c in relay.commands if c.startswith("rcpt")]
    wanted = "DSN" in extensions
    assert mail.endswith(f" RET=HDRS ENVID={outgoing.code}") is wanted
    assert rcpt.endswith(" NOTIFY=FAILURE ORCPT=rfc822;luka+2Bx+3Dy@example.org") is wanted
    assert len(relay.received) == 1
