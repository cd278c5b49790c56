"""One person: what is known is found, handed over whole, and erased after one more question."""

from __future__ import annotations

import io
import json
import re
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from event_mgmt.accounts.models import Role, User
from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.organisations.models import Organisation
from event_mgmt.privacy import retention
from event_mgmt.registrations.models import Registration
from tests.builders import a_registration, a_user, an_event, an_organisation
from tests.privacy import people
from tests.privacy.people import ADDRESS, FORMER_ADDRESS, WORDS
from tests.privacy.traces import traces_of
from tests.sql_counter import counted_statements
from tests.web.sign_in import csrf_of, signed_in


@pytest.fixture
def host(sqlite_app: object) -> Organisation:
    return an_organisation("Gastgeberin")


@pytest.fixture
def event(host: Organisation, now: datetime) -> Event:
    """An event of the host's with her, and traces of her all over."""
    made = an_event(host, starts_at=now + timedelta(days=20))
    people.questions_for(made)
    people.registered(made, now=now)
    people.mentioned(made, a_user(host), now=now)
    return made


@pytest.fixture
def administrator(host: Organisation) -> User:
    return a_user(host, Role.ADMINISTRATOR)


@pytest.fixture
def platform(sqlite_app: object) -> User:
    return a_user(is_platform_admin=True)


def ask(client: FlaskClient, organisation: Organisation | None, page: str = "", **values: str):
    """Send the address, as the form on the overview does."""
    here = f"/desk/organisations/{organisation.id}" if organisation else "/desk/platform"
    overview = client.get(f"{here}/privacy")
    assert overview.status_code == 200
    given = {"email": ADDRESS, "csrf_token": csrf_of(overview), **values}
    return client.post(f"{here}/privacy/person{page}", data=given)


def in_words(paper: bytes) -> str:
    """What a PDF says."""
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)


def test_an_administrator_finds_all_that_her_organisation_knows(
    client: FlaskClient, event: Event, host: Organisation, administrator: User
) -> None:
    page = ask(signed_in(client, administrator), host)

    assert page.status_code == 200
    for known in ("Ljudmila", "Žlahtnikova", "Kompanjonka", "vozim se z vlakom", "Tischkarte"):
        assert known in page.text
    assert page.headers["Cache-Control"] == "private, no-store"


def test_sensitive_answers_are_shown_only_to_those_with_that_right(
    client: FlaskClient, event: Event, host: Organisation, administrator: User
) -> None:
    seeing = a_user(host, Role.ADMINISTRATOR, sees_sensitive=True)

    assert "brez oreščkov" not in ask(signed_in(client, administrator), host).text
    assert "brez oreščkov" not in ask(client, host, "/file", format="json").text
    assert "brez oreščkov" in ask(signed_in(client, seeing), host).text
    assert "brez oreščkov" in ask(client, host, "/file", format="json").text


def test_other_organisations_events_stay_out_of_sight(
    client: FlaskClient, event: Event, host: Organisation, administrator: User
) -> None:
    a_registration(an_event(), email=ADDRESS, organisation="Ganz Woanders GmbH")

    assert "Ganz Woanders" not in ask(signed_in(client, administrator), host).text
    assert "Ganz Woanders" not in ask(client, host, "/file", format="json").text


def test_the_platform_sees_all_events_and_the_account(
    client: FlaskClient, event: Event, platform: User, now: datetime
) -> None:
    people.with_account(now=now)
    a_registration(an_event(), email=ADDRESS, organisation="Ganz Woanders GmbH")

    page = ask(signed_in(client, platform), None)

    assert "Ganz Woanders" in page.text
    assert "Konto" in page.text


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.STAFF, Role.DOOR])
def test_only_administrators_get_there(
    client: FlaskClient, event: Event, host: Organisation, role: Role
) -> None:
    signed_in(client, a_user(host, role))
    here = f"/desk/organisations/{host.id}/privacy"
    given = {"email": ADDRESS, "csrf_token": csrf_of(client.get("/desk/"))}

    assert client.get(here).status_code == 404
    for page in ("/person", "/person/file", "/person/erase"):
        assert client.post(here + page, data=given).status_code == 404
    assert client.get("/desk/platform/privacy").status_code == 404


def test_the_file_for_machines_holds_everything(
    client: FlaskClient, event: Event, platform: User, now: datetime
) -> None:
    people.with_account(now=now)
    answer = ask(signed_in(client, platform), None, "/file", format="json")

    data = json.loads(answer.text)
    for word in WORDS:
        if word != "Žlahtnikova":
            assert word.casefold() in answer.text.casefold()
    assert data["registrations"][0]["people"][0]["family_name"] == "Žlahtnikova"
    assert data["account"]["email"] == ADDRESS
    assert len(data["mails"]) >= 2
    told = {each["address"]: each for each in data["registrations"][0]["last_told"]}
    assert told.keys() == {ADDRESS, FORMER_ADDRESS}
    assert told[ADDRESS]["at"] == "2027-01-12T09:02:00+00:00"
    assert told[ADDRESS]["starts_at"] == event.starts_at.isoformat()
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(("language", "title"), [("de", "Auskunft"), ("sl", "Dostop")])
def test_the_file_to_read_is_a_pdf_in_the_reader_s_language(
    client: FlaskClient, event: Event, platform: User, language: str, title: str
) -> None:
    signed_in(client, platform).get(f"/desk?lang={language}")
    answer = ask(client, None, "/file", format="pdf")

    text = in_words(answer.data)
    assert title in text
    assert "Žlahtnikova" in text
    assert "brez oreščkov" in text


def test_looking_and_taking_leave_who_and_how_much_and_not_whom(
    client: FlaskClient, event: Event, host: Organisation, administrator: User
) -> None:
    ask(signed_in(client, administrator), host)
    ask(client, host, "/file", format="json")

    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action.startswith("privacy.")).order_by(AuditEntry.id)
    ).all()
    assert [entry.action for entry in entries] == ["privacy.person_read", "privacy.person_taken"]
    assert {entry.user_id for entry in entries} == {administrator.id}
    assert {entry.organisation_id for entry in entries} == {host.id}
    assert len(entries[1].changes["sha256"]) == 64
    assert ADDRESS not in str([entry.changes for entry in entries])


def test_erasing_asks_first_and_says_what_goes(
    client: FlaskClient, event: Event, host: Organisation, administrator: User
) -> None:
    page = ask(signed_in(client, administrator), host, "/erase")

    assert page.status_code == 200
    assert event.title["de"] in page.text
    assert traces_of("Žlahtnikova") != []


def test_erasing_without_the_confirmation_is_refused_at_the_field(
    client: FlaskClient, event: Event, host: Organisation, administrator: User
) -> None:
    page = ask(signed_in(client, administrator), host, "/erase", asked="1")

    assert page.status_code == 422
    assert traces_of("Žlahtnikova") != []


def test_a_confirmed_erasure_erases(
    client: FlaskClient, event: Event, host: Organisation, administrator: User
) -> None:
    answer = ask(signed_in(client, administrator), host, "/erase", asked="1", sure="y")

    assert answer.status_code == 302
    assert traces_of(*WORDS) == []
    assert "Alles über diese Person ist gelöscht." in client.get(answer.location).text
    again = ask(client, host)
    assert "Nichts ist über diese Adresse bekannt" in again.text


def test_an_account_that_is_needed_is_refused_in_words(
    client: FlaskClient, platform: User, now: datetime
) -> None:
    organisation = an_organisation()
    people.with_account(now=now, role=Role.ADMINISTRATOR, organisation=organisation)

    page = ask(signed_in(client, platform), None, "/erase", asked="1", sure="y")

    assert page.status_code == 422
    assert traces_of("Žlahtnikova") != []


def test_people_who_share_an_address_are_all_named(
    client: FlaskClient, event: Event, host: Organisation, administrator: User
) -> None:
    a_registration(event, email=ADDRESS, given_name="Herr", family_name="Minister")

    page = ask(signed_in(client, administrator), host, "/erase")

    assert "Herr Minister" in page.text
    assert "Ljudmila Žlahtnikova" in page.text


def test_somebody_of_the_same_name_in_another_party_is_pointed_out_to_staff_alone(
    client: FlaskClient, event: Event, host: Organisation, administrator: User
) -> None:
    other = a_registration(event, companions=1)
    companion = other.attendees[1]
    companion.given_name, companion.family_name = "Ljudmila", "Žlahtnikova"
    companion.sort_key = "zlahtnikova\x1fljudmila"
    db.session.commit()

    page = ask(signed_in(client, administrator), host)
    file = ask(client, host, "/file", format="pdf")

    assert "Vielleicht dieselbe Person" in page.text
    assert "Vielleicht dieselbe Person" not in in_words(file.data)


def test_no_address_is_ever_part_of_an_address_of_ours(
    client: FlaskClient, event: Event, host: Organisation, administrator: User
) -> None:
    page = ask(signed_in(client, administrator), host)

    assert f"={ADDRESS}" not in page.text
    assert "%40" not in page.text


def test_the_overview_needs_no_more_statements_for_more_events(
    client: FlaskClient, event: Event, host: Organisation, administrator: User
) -> None:
    signed_in(client, administrator)
    here = f"/desk/organisations/{host.id}/privacy"
    client.get(here)
    with counted_statements() as few:
        client.get(here)
    for _n in range(5):
        a_registration(an_event(host))
    with counted_statements() as many:
        client.get(here)

    assert len(many) == len(few)


def test_the_event_s_page_tells_what_is_kept_and_what_has_gone(
    client: FlaskClient, event: Event, administrator: User, now: datetime
) -> None:
    here = f"/desk/events/{event.id}/privacy"
    before = signed_in(client, administrator).get(here)
    assert before.status_code == 200
    assert "1. Feb. 2028" in before.text  # twelve months after the first of February

    retention.erase_due(now + timedelta(days=800))
    after = client.get(here)
    assert after.status_code == 200
    assert "2 Personen" in after.text
    assert db.session.scalars(select(Registration.erased_at)).one() is not None


def test_somebody_with_one_name_is_shown_by_it_on_the_page_and_on_paper(
    client: FlaskClient, event: Event, host: Organisation, administrator: User
) -> None:
    a_registration(event, email="suharto@example.org", given_name="", family_name="Suharto")
    asked = {"email": "suharto@example.org"}

    page = ask(signed_in(client, administrator), host, **asked)
    paper = in_words(ask(client, host, "/file", format="pdf", **asked).data)

    assert re.search(r"<dd>\s*Suharto\s*</dd>", page.text)
    assert re.search(r"Name Suharto\b(?!,)", " ".join(paper.split()))
