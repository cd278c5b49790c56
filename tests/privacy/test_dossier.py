"""The dossier of somebody of whom everything is kept: it reads as agreed, for people and machines."""

from __future__ import annotations

import html
import io
import json
import os
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from werkzeug.test import TestResponse

from event_mgmt.accounts.models import Role, User
from event_mgmt.core.database import db, transactional
from event_mgmt.core.localized import Localized
from event_mgmt.events.models import Event
from event_mgmt.organisations.models import Organisation
from event_mgmt.privacy.dossier import dossier_of, merged
from event_mgmt.registrations.models import Registration
from event_mgmt.rooms import rooms_of
from event_mgmt.tasks.enums import TaskState
from event_mgmt.wiring import ROOMS
from tests.builders import a_registration, a_task, a_user, an_event, an_organisation
from tests.privacy import people
from tests.privacy.people import ADDRESS
from tests.web.sign_in import csrf_of, signed_in

GOLDEN = Path(__file__).parent / "golden"
LANGUAGES = ("de", "sl", "en")


@dataclass(frozen=True)
class Known:
    """Whoever may look at her, and where."""

    host: Organisation
    platform: User
    administrator: User


def _host(name: str) -> Organisation:
    slug = name.lower().replace(" ", "-")
    return an_organisation(name, slug=slug, email=f"office@{slug}.example.org")


def _an_event(host: Organisation, word: str, starts_at: datetime) -> Event:
    title = Localized(de=f"Empfang {word}", sl=f"Sprejem {word}", en=f"Reception {word}")
    return an_event(host, slug=word.lower(), title=title, starts_at=starts_at)


@pytest.fixture
def known(sqlite_app: Flask, now: datetime) -> Known:
    """Two registrations, mails, exports, history, an account with tasks, and a namesake."""
    host, other_host = _host("Gastgeberin"), _host("Nebenan")
    event = _an_event(host, "Alpha", now + timedelta(days=20))
    second = _an_event(other_host, "Beta", now + timedelta(days=40))
    people.questions_for(event)
    hers = people.registered(event, now=now)
    staff = a_user(host, given_name="Maja", family_name="Kovač", email="maja@example.org")
    people.mentioned(event, staff, now=now + timedelta(hours=1))
    people.with_account(now=now, role=Role.ORGANISER, organisation=other_host)
    _asked(now)
    _there_again(second, now)
    _a_namesake(second)
    _arrived(hers.id, now)
    return Known(
        host,
        a_user(email="root@example.org", family_name="Platform", is_platform_admin=True),
        a_user(host, Role.ADMINISTRATOR, email="admin@example.org", family_name="Verwalterin"),
    )


def _asked(now: datetime) -> None:
    account = db.session.query(User).filter_by(email=ADDRESS).one()
    for state, hours in ((TaskState.DONE, 1), (TaskState.FAILED, 2)):
        asked_at = now + timedelta(hours=hours)
        a_task(account, state=state, created_at=asked_at, ended_at=asked_at, result_name="liste")


def _there_again(event: Event, now: datetime) -> None:
    again = {"given_name": "Herr", "family_name": "Minister", "organisation": "Nebenan d.o.o."}
    a_registration(event, email=ADDRESS, created_at=now + timedelta(days=1), **again)


def _a_namesake(event: Event) -> None:
    companion = a_registration(event, companions=1, email="x@example.org").attendees[1]
    companion.given_name, companion.family_name = "Ljudmila", "Žlahtnikova"
    companion.sort_key = "zlahtnikova\x1fljudmila"
    db.session.commit()


@transactional
def _arrived(registration_id: int, now: datetime) -> None:
    her = db.session.get_one(Registration, registration_id).attendees[0]
    her.checked_in_at = now + timedelta(days=20)


def _asked_for(client: FlaskClient, where: str, page: str, **values: str) -> TestResponse:
    overview = client.get(f"{where}/privacy")
    given = {"email": ADDRESS, "csrf_token": csrf_of(overview), **values}
    return client.post(f"{where}/privacy/person{page}", data=given)


def _words_of(page: TestResponse) -> str:
    """What the page says in its middle, a line for each piece of text."""
    assert page.status_code == 200
    (middle,) = re.findall(r"<main.*?</main>", page.text, re.DOTALL)
    without = re.sub(r"<(script|style|svg).*?</\1>", "", middle, flags=re.DOTALL)
    lines = (" ".join(line.split()) for line in re.split(r"<[^>]*>", without))
    return "\n".join(html.unescape(line) for line in lines if line) + "\n"


def _printed(paper: TestResponse) -> str:
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.data)).pages)
    return _without_the_moment(text) + "\n"


def _without_the_moment(text: str) -> str:
    """Without when it was made."""
    return "\n".join(
        re.sub(r"(Platform, ).*\d\d:\d\d", r"\1MOMENT", line.rstrip()) for line in text.splitlines()
    )


def _compare(name: str, text: str) -> None:
    golden = GOLDEN / name
    if os.environ.get("APPROVE"):
        golden.write_text(text)
    assert text == golden.read_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_and_the_paper_read_as_agreed(
    client: FlaskClient, known: Known, language: str
) -> None:
    """``APPROVE=1`` in the environment writes the files anew."""
    signed_in(client, known.platform).get(f"/desk?lang={language}")

    found = _asked_for(client, "/desk/platform", "")
    file = _asked_for(client, "/desk/platform", "/file", format="pdf")
    question = _asked_for(client, "/desk/platform", "/erase")

    _compare(f"dossier_page_{language}.txt", _words_of(found))
    _compare(f"dossier_paper_{language}.txt", _printed(file))
    _compare(f"dossier_erasure_{language}.txt", _words_of(question))


def test_an_organisation_reads_of_its_own_events_and_nothing_sensitive(
    client: FlaskClient, known: Known
) -> None:
    signed_in(client, known.administrator).get("/desk?lang=en")
    here = f"/desk/organisations/{known.host.id}"

    found = _asked_for(client, here, "")
    file = _asked_for(client, here, "/file", format="json")

    _compare("dossier_page_organisation.txt", _words_of(found))
    _compare("dossier_organisation.json", _plain(file))


def test_the_file_for_machines_has_the_agreed_keys_and_values(
    client: FlaskClient, known: Known
) -> None:
    signed_in(client, known.platform)

    file = _asked_for(client, "/desk/platform", "/file", format="json")

    _compare("dossier.json", _plain(file))


def _plain(file: TestResponse) -> str:
    """The file with its keys in order, without what is another each time."""
    data = json.loads(file.text)
    data["made_at"] = "MOMENT"
    for registration in data.get("registrations", ()):
        registration["calendar_entry"] = "UUID"
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


REPORTING = [room.name for room in ROOMS if room.personal_data and room.personal_data.report]


@pytest.mark.parametrize("name", REPORTING)
def test_a_dossier_that_misses_a_room_is_found_out(
    sqlite_app: Flask,
    client: FlaskClient,
    known: Known,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    """The control of the tests above."""
    rooms = [
        replace(room, personal_data=None) if room.name == name else room
        for room in rooms_of(sqlite_app)
    ]
    signed_in(client, known.platform)
    whole = _plain(_asked_for(client, "/desk/platform", "/file", format="json"))
    monkeypatch.setitem(sqlite_app.extensions, "rooms", tuple(rooms))

    assert _plain(_asked_for(client, "/desk/platform", "/file", format="json")) != whole


def test_each_room_has_a_place_of_its_own(sqlite_app: Flask, known: Known) -> None:
    with sqlite_app.test_request_context("/?lang=en"):
        dossier = dossier_of(ADDRESS, host_ids=None, locale="en", sees_sensitive=bool)

    assert len({report.position for report in dossier.reports}) == len(REPORTING)


def test_values_of_two_rooms_under_one_key_are_one_mapping() -> None:
    parts = ({"account": {"email": "a"}, "mails": [1]}, {"account": {"tasks": []}})

    assert merged(parts) == {"account": {"email": "a", "tasks": []}, "mails": [1]}
    assert merged([{"account": None}, {}]) == {"account": None}
