"""People with one name: wherever names stand, theirs stands without a gap, a dash or a comma."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from event_mgmt.accounts.models import Role, User
from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.registrations.models import Attendee
from event_mgmt.registrations.party import Person
from tests.attendee_lists.making import taken_by
from tests.attendee_lists.paper import pages_of
from tests.attendee_lists.reading import body_of
from tests.builders import NOW, a_registration, a_user, an_event, saved
from tests.registrations.fake_relay import Post
from tests.registrations.guest_pages import (
    main_text,
    opened,
    register,
    registrations,
    the_registration,
)
from tests.web.sign_in import signed_in, submit


@pytest.mark.parametrize("typed", [("Suharto", ""), ("", "Suharto"), (" Suharto ", "\u200b ")])
def test_either_field_takes_the_only_name(client: FlaskClient, typed: tuple[str, str]) -> None:
    sent = register(client, an_event(), given_name=typed[0], family_name=typed[1])

    assert sent.status_code == 303
    contact = the_registration().attendees[0]
    assert (contact.given_name, contact.family_name) == ("", "Suharto")
    assert (contact.full_name, contact.sort_key) == ("Suharto", "suharto")


@pytest.mark.parametrize("typed", ["", "  ", "\u200b"])
def test_no_name_at_all_is_asked_for_at_its_field(client: FlaskClient, typed: str) -> None:
    page = register(client, an_event(), given_name=typed, family_name=typed)

    assert page.status_code == 422
    assert 'href="#family_name"' in page.text
    assert "Bitte geben Sie einen Namen ein; ein einziger genügt." in page.text
    assert registrations() == 0


def test_the_guests_own_page_and_its_form_show_the_one_name(client: FlaskClient) -> None:
    registration = saved(a_registration(an_event(), given_name="", family_name="Suharto"))
    url = opened(client, registration)

    words = main_text(client.get(url).text)
    sent = submit(client, f"{url}/change", function="Staatsgast")

    assert "Suharto" in words
    assert not {"None", "– Suharto", ", Suharto", "Suharto ,"} & {words, *words.split()}
    assert sent.status_code == 303
    assert the_registration().attendees[0].full_name == "Suharto"


def test_the_database_writes_names_as_the_pages_do(app: Flask) -> None:
    event = an_event()
    for given, family in (("", "Suharto"), ("Ana", "Kos"), ("", "")):
        a_registration(event, given_name=given, family_name=family)

    names = db.session.scalars(select(Attendee.full_name).order_by(Attendee.id)).all()

    assert names == ["Suharto", "Ana Kos", ""]
    assert names == [person.full_name for person in db.session.scalars(select(Attendee))]


def test_mails_and_their_calendar_entry_address_the_one_name(client: FlaskClient) -> None:
    event = an_event()
    with time_machine.travel(NOW, tick=False):
        register(client, event, given_name="Suharto", family_name="")
        mail = Post().deliver(NOW)[0]

    assert mail.parsed["To"].addresses[0].display_name == "Suharto"
    assert "Suharto," in mail.text.splitlines()[0]
    assert "  " not in mail.text.splitlines()[0]
    _method, entry = mail.entry
    assert entry["ATTENDEE"].params["CN"] == "Suharto"


def test_files_of_all_kinds_hold_the_one_name(client: FlaskClient, tmp_path: Path) -> None:
    event = an_event()
    register(client, event, given_name="Suharto", family_name="", **_COMPANION)
    user = a_user(event.host, Role.ADMINISTRATOR)

    rows = body_of(taken_by(user, event, tmp_path, columns=_COLUMNS))
    cards = taken_by(user, event, tmp_path, format="vcf").file.read().decode()
    machine = json.load(taken_by(user, event, tmp_path, format="json", columns=_COLUMNS).file)

    assert sorted(rows) == [["", "Cher", "Suharto"], ["", "Suharto", ""]]
    assert "N:Suharto;;;;\r\nFN:Suharto\r\n" in cards
    assert "NOTE:Begleitet Suharto\r\n" in cards
    assert [person["given_name"] for person in machine["attendees"]] == ["", ""]


def test_a_workbook_holds_the_one_name_and_an_empty_cell(app: Flask, tmp_path: Path) -> None:
    event, user = _with_one_name()

    book = openpyxl.load_workbook(
        taken_by(user, event, tmp_path, format="xlsx", columns=_COLUMNS).file
    )

    rows = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=2)]
    assert sorted(map(str, rows)) == sorted(
        map(str, [[None, "Suharto", None], [None, "Cher", "Suharto"], ["Ana", "Kos", None]])
    )


@pytest.mark.parametrize("layout", ["sign_in", "door", "protocol", "pdf"])
def test_printed_lists_show_the_one_name_without_a_comma(
    app: Flask, tmp_path: Path, layout: str
) -> None:
    event, user = _with_one_name()

    taken = taken_by(user, event, tmp_path, format=layout, columns=_COLUMNS)

    text = " ".join(line for page in pages_of(taken.file.read()) for line in page.lines)
    assert "Suharto" in text
    assert "Cher" in text
    assert not re.search(r"(Suharto|Cher)\s*,|[,–]\s*(Suharto|Cher)|None", text)


@pytest.mark.parametrize("page", ["attendee-list", "registrations"])
def test_the_desks_lists_show_the_one_name_without_a_comma(client: FlaskClient, page: str) -> None:
    event, user = _with_one_name()

    text = signed_in(client, user).get(f"/desk/events/{event.id}/{page}").text

    names = re.findall(r'<th scope="row">\s*<(?:a|span)[^>]*>([^<]*)<', text)
    assert {"Suharto", "Kos, Ana"} <= set(names) <= {"Suharto", "Cher", "Kos, Ana"}
    assert "Suharto auswählen" in text


def _with_one_name() -> tuple[Event, User]:
    """An event of somebody with one name who brings another, and of somebody with two."""
    event = an_event()
    party = a_registration(event, given_name="", family_name="Suharto", companions=1)
    party.attendees[1].given_name, party.attendees[1].family_name = "", "Cher"
    saved(party)
    a_registration(event, given_name="Ana", family_name="Kos")
    return event, a_user(event.host, Role.ADMINISTRATOR)


_COLUMNS = ("given_name", "family_name", "companion_of")
_COMPANION: dict[str, Any] = {"companions-0-given_name": "Cher"}


def test_a_person_with_a_space_for_a_family_name_has_one_name() -> None:
    assert Person("Ana ", "  ").family_name == "Ana"
    assert Person("Ana", "Kos").full_name == "Ana Kos"
    assert Person("", "").full_name == ""
