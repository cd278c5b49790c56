"""Records of processing and joint-controller sheets, from an event's real settings."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from event_mgmt.accounts.models import Role, User
from event_mgmt.core.database import db
from event_mgmt.events.enums import AttendeeAccess, PartnerStatus
from event_mgmt.events.models import Event
from tests.builders import a_partner, a_user, an_event, an_organisation
from tests.privacy import people
from tests.web.sign_in import signed_in


@pytest.fixture
def event(sqlite_app: object) -> Event:
    """An event with a co-host that sees its own contingent, and one that has not answered."""
    made = an_event(an_organisation("Gastgeberin", privacy_contact="dsb@gastgeberin.example"))
    a_partner(made, an_organisation("Mitstreiterin"), access=AttendeeAccess.OWN, seats=4)
    a_partner(made, an_organisation("Unentschlossene"), status=PartnerStatus.INVITED)
    people.questions_for(made)
    return made


@pytest.fixture
def organiser(event: Event) -> User:
    a_user(event.host, Role.STAFF, sees_sensitive=True)
    return a_user(event.host, Role.ORGANISER)


def paper(client: FlaskClient, event: Event, name: str) -> str:
    answer = client.get(f"/desk/events/{event.id}/privacy/{name}.pdf")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    return " ".join(text.split())


def test_the_record_of_processing_tells_controllers_questions_access_and_dates(
    client: FlaskClient, event: Event, organiser: User
) -> None:
    text = paper(signed_in(client, organiser), event, "record-of-processing")

    for part in (
        "Gastgeberin",
        "dsb@gastgeberin.example",
        "Mitstreiterin",
        "die Gäste im eigenen Kontingent",
        "1 × Organisation",
        "sensibel (Art. 9 DSGVO)",
        "1. März 2027",
        "15. Februar 2028",
    ):
        assert part in text
    assert "Unentschlossene" not in text


def test_the_record_follows_the_settings(
    client: FlaskClient, event: Event, organiser: User
) -> None:
    event.retention_months, event.sensitive_days = 3, 1
    db.session.commit()

    text = paper(signed_in(client, organiser), event, "record-of-processing")

    assert "3 Monate nach der Veranstaltung" in text
    assert "15. Mai 2027" in text


@pytest.mark.parametrize(
    ("language", "words"), [("de", "Gemeinsam Verantwortliche"), ("sl", "Skupni upravljavci")]
)
def test_the_arrangement_names_who_is_joint_in_the_reader_s_language(
    client: FlaskClient, event: Event, organiser: User, language: str, words: str
) -> None:
    signed_in(client, organiser).get(f"/desk/?lang={language}")
    text = paper(client, event, "joint-controllers")

    assert words in text
    assert "Mitstreiterin" in text
    assert "Unentschlossene" not in text


def test_an_event_of_one_host_has_no_arrangement(client: FlaskClient, sqlite_app: object) -> None:
    event = an_event()
    signed_in(client, a_user(event.host, Role.ORGANISER))

    assert client.get(f"/desk/events/{event.id}/privacy/joint-controllers.pdf").status_code == 404
    assert "joint-controllers" not in client.get(f"/desk/events/{event.id}/privacy").text


def test_staff_and_co_hosts_do_not_get_the_papers(client: FlaskClient, event: Event) -> None:
    co_host = next(p.organisation for p in event.partners if p.status is PartnerStatus.ACCEPTED)
    for user in (a_user(event.host, Role.STAFF), a_user(co_host, Role.ADMINISTRATOR)):
        signed_in(client, user)
        here = f"/desk/events/{event.id}/privacy"
        assert client.get(here).status_code == 404
        assert client.get(f"{here}/record-of-processing.pdf").status_code == 404
