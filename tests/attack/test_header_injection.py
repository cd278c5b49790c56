"""Line ends and control characters in every text: no header, entry or card that nobody wrote."""

from __future__ import annotations

import csv
import email
import io
import re
from email.message import EmailMessage
from email.policy import default

import icalendar
import pytest
import vobject
from flask import Flask
from flask.testing import FlaskClient

from event_mgmt.core.database import db
from event_mgmt.events import calendar
from event_mgmt.events.models import Event
from tests.attack.poison import a_poisoned_house, mails_of
from tests.attack.stage import browser, csrf_header, routes_of, url_of
from tests.builders import NOW

EVIL = "Bcc: evil@example.net"
LINES = {
    "CRLF": f"A\r\n{EVIL}\r\n\r\nX-Evil: 1",
    "others": f"A\n{EVIL}\n\nX-Evil: 1\r{EVIL}\u2028X-Evil: 3\u2029X-Evil: 4\x85X-Evil: 5"
    "\x0bX-Evil: 6\x0cX-Evil: 7\u202e\u200f\u2066",
    "nul": f"A\0{EVIL}\0\r\nX-Evil: 2",
    "parameters": f'A";X-EVIL="1";\\,:\n END:VEVENT\r\n{EVIL}',
    "encoded": "=?utf-8?q?A=0D=0ABcc:_evil=40example.net?=",
    "overlong": "Ä" * 1200 + f"\r\n{EVIL}",
    "entries": f"A\r\nEND:VEVENT\r\nEND:VCARD\r\nBEGIN:VCARD\r\nBEGIN:VEVENT\r\n{EVIL}",
}
KNOWN_HEADERS = {
    *("to", "from", "subject", "date", "message-id", "mime-version", "reply-to"),
    *("auto-submitted", "x-auto-response-suppress", "content-language", "content-type"),
    *("content-transfer-encoding", "content-disposition"),
}


@pytest.fixture(params=LINES.values(), ids=LINES)
def text(request: pytest.FixtureRequest, attacked: Flask) -> str:
    text = str(request.param)
    if "\0" in text and db.engine.dialect.name == "postgresql":
        pytest.skip("PostgreSQL holds no NUL in any text")
    return text


def _entries(body: bytes) -> list[icalendar.cal.Component]:
    """The components of a calendar that more than one reader agrees about."""
    unfolded = body.replace(b"\r\n ", b"").split(b"\r\n")
    assert not [line for line in unfolded if re.match(rb"(?i)bcc|x-evil|\s", line)]
    assert b"\n" not in b"".join(unfolded)
    assert sum(line == b"BEGIN:VEVENT" for line in unfolded) == 1
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    return icalendar.Calendar.from_ical(body).walk("VEVENT")


def test_no_text_adds_a_header_a_recipient_or_a_part_to_any_mail(
    attacked: Flask, text: str
) -> None:
    house = a_poisoned_house(attacked, text)
    kinds = 0

    for kind, wire in mails_of(house, text):
        kinds += 1
        mail = email.message_from_bytes(wire, policy=default)
        assert isinstance(mail, EmailMessage)
        assert {name.lower() for name in mail} <= KNOWN_HEADERS, kind
        assert [a.addr_spec for a in mail["To"].addresses] == ["guest@example.org"], kind
        assert len(mail["From"].addresses) == 1, kind
        assert "Bcc" not in mail, kind
        assert all(len(line) <= 998 for line in wire.split(b"\r\n")), kind
        assert b"\r" not in wire.replace(b"\r\n", b""), kind
        assert b"\n" not in wire.replace(b"\r\n", b""), kind
        assert b"\0" not in wire, kind
        for part in mail.walk():
            assert not part.defects, (kind, part.defects)
            assert {name.lower() for name in part} <= KNOWN_HEADERS, kind
            if part.get_content_type() == "text/calendar":
                assert len(_entries(part.get_payload(decode=True))) == 1

    assert kinds >= 20


def test_no_text_adds_a_line_to_a_calendar_entry_or_feed(attacked: Flask, text: str) -> None:
    house = a_poisoned_house(attacked, text)
    client = browser(attacked, registrations={str(house.registration.id): 1})
    own = f"/my-registration/{house.registration.id}/event.ics"
    single = f"/events/{house.event.slug}.ics"

    bodies = [client.get(path).data for path in (own, single, "/calendar.ics")]
    event = db.session.get_one(Event, house.event.id)
    bodies.append(
        calendar.calendar_object(
            event, locale="de", method="REQUEST", attendee=(text, "a@example.org"), now=NOW
        )
    )

    for body in bodies:
        (entry,) = _entries(body)
        assert re.fullmatch(r"event-\d+@localhost|[0-9a-f-]{36}", str(entry["UID"]))
        guests = entry.get("ATTENDEE", [])
        assert not isinstance(guests, list) or len(guests) <= 1


def test_no_text_reaches_a_header_of_an_answer(attacked: Flask, text: str) -> None:
    house = a_poisoned_house(attacked, text)
    guest = browser(attacked, registrations={str(house.registration.id): 1})
    staff = browser(attacked, house.user)
    odd = []

    for rule, method in routes_of(attacked):
        if method != "GET":
            continue
        for client in (guest, staff):
            answer = client.get(url_of(attacked, rule, house.values))
            said = "\n".join(
                f"{name}:{value}" for name, value in answer.headers if name != "Set-Cookie"
            )
            if "vil" in said or (
                not said.isprintable() and not said.replace("\n", "").isprintable()
            ):
                odd.append((str(rule), said))

    assert odd == []


def _taken(app: Flask, client: FlaskClient, event_id: int, form: str) -> tuple[str, bytes]:
    url = f"/desk/events/{event_id}/attendee-list/export"
    asked = {"format": form, "purpose": "Prüfung"}
    answer = client.post(url, data=asked, headers=csrf_header(app))
    assert answer.status_code == 200, form
    return answer.headers["Content-Disposition"], answer.data


def test_no_text_adds_a_card_to_the_contacts_or_a_row_to_the_table(
    attacked: Flask, text: str
) -> None:
    house = a_poisoned_house(attacked, text)
    client = browser(attacked, house.user)

    name, cards = _taken(attacked, client, house.event.id, "vcf")
    csv_name, table = _taken(attacked, client, house.event.id, "csv")

    everybody = list(vobject.readComponents(cards.decode()))
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len(everybody) == len(rows) - 1 >= 2
    assert len({len(row) for row in rows}) == 1
    lines = cards.decode().replace("\r\n ", "").split("\r\n")
    assert not [line for line in lines if re.match(r"(?i)bcc|x-evil|\s", line)]
    assert lines.count("BEGIN:VCARD") == lines.count("END:VCARD") == len(everybody)
    for disposition in (name, csv_name):
        assert re.fullmatch(r"attachment; filename=[a-z0-9.-]+", disposition)
