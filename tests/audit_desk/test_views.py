"""Who did what, in words."""

from __future__ import annotations

import ast
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from event_mgmt.accounts.models import Role, User
from event_mgmt.audit import labels
from event_mgmt.audit.models import AuditEntry
from event_mgmt.audit.service import PARTICIPANT, SYSTEM, Actor, record
from event_mgmt.audit_desk import entry_text, queries
from event_mgmt.core.database import transactional
from event_mgmt.core.localized import Localized
from event_mgmt.events.models import Event
from event_mgmt.events.service.change_tracking import audit_snapshot
from event_mgmt.organisations.models import Organisation
from event_mgmt.registrations.enums import Status
from tests.builders import NOW, a_partner, a_user, an_event, an_organisation
from tests.web.sign_in import signed_in

PACKAGE = Path(__file__).resolve().parents[2] / "event_mgmt"


@transactional
def note(action: str, *, by: Actor = SYSTEM, now: datetime = NOW, **given) -> None:
    record(action, by=by, now=now, **{"subject": "event", **given})


@pytest.fixture
def host(sqlite_app: Flask) -> Organisation:
    return an_organisation("Host")


@pytest.fixture
def organiser(host: Organisation) -> User:
    return a_user(host, Role.ORGANISER)


def test_entries_of_one_event_come_newest_first_page_by_page(app: Flask, now: datetime) -> None:
    event, other = an_event(), an_event()
    for minutes in range(queries.PAGE_SIZE + 1):
        note("event_edited", now=now + timedelta(minutes=minutes), event_id=event.id)
    note("event_edited", event_id=other.id)

    first, second = (queries.entries_of_event(event.id, page=n) for n in (1, 2))

    assert first.total == second.total == queries.PAGE_SIZE + 1
    assert first.entries[0].at == now + timedelta(minutes=queries.PAGE_SIZE)
    assert [e.at for e in second.entries] == [now]


def test_an_organisations_history_leaves_its_events_out(app: Flask) -> None:
    host, event = an_organisation(), an_event()
    note("member_changed", subject="user", organisation_id=host.id)
    note("event_edited", organisation_id=host.id, event_id=event.id)
    note("member_changed", subject="user", organisation_id=event.host_id)

    found = queries.entries_of_organisation(host.id)

    assert [entry.action for entry in found.entries] == ["member_changed"]


def test_the_platforms_history_holds_what_belongs_to_no_event_and_no_team(app: Flask) -> None:
    host, event = an_organisation(), an_event()
    note("privacy.person_erased", subject="privacy")
    note("event_edited", event_id=event.id)
    note("member_changed", subject="user", organisation_id=host.id)

    found = queries.entries_of_platform()

    assert [entry.action for entry in found.entries] == ["privacy.person_erased"]


def test_the_platforms_administrator_reads_who_erased_whose_data(client: FlaskClient) -> None:
    operator = a_user(is_platform_admin=True)
    note("privacy.person_erased", subject="privacy", by=Actor.user(operator.id))

    page = signed_in(client, operator).get("/desk/platform/audit?lang=en")

    assert "A person&#39;s data erased" in page.text


def test_the_platforms_history_does_not_exist_for_a_team(
    client: FlaskClient, organiser: User
) -> None:
    assert signed_in(client, organiser).get("/desk/platform/audit").status_code == 404


def test_the_page_tells_who_did_what_and_what_it_was_before(
    client: FlaskClient, host: Organisation, organiser: User
) -> None:
    event = an_event(host)
    changes = {
        "starts_at": ["2027-02-15T17:00:00+00:00", "2027-02-16T17:30:00+00:00"],
        "title": [{"de": "Empfang", "sl": "Sprejem"}, {"de": "Empfang", "sl": "Veliki sprejem"}],
        "country": ["DE", "SI"],
        "approval_needed": [False, True],
    }
    note("event_edited", by=Actor.user(organiser.id), event_id=event.id, changes=changes)
    note("registration.entered", by=PARTICIPANT, event_id=event.id, subject="registration")

    page = signed_in(client, organiser).get(f"/desk/events/{event.id}/audit?lang=en").text

    for shown in (
        organiser.display_name,
        "Guest",
        "15 Feb 2027, 18:00",
        "16 Feb 2027, 18:30",
        "Title (Slovenščina)",
        "Veliki sprejem",
        "Slovenia",
    ):
        assert shown in page, shown
    assert "Title (Deutsch)" not in page


def test_markup_in_a_changed_text_stays_text(
    client: FlaskClient, host: Organisation, organiser: User
) -> None:
    event = an_event(host)
    note("event_edited", event_id=event.id, changes={"city": ["", "<script>alert(1)</script>"]})

    page = signed_in(client, organiser).get(f"/desk/events/{event.id}/audit").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("role", [Role.STAFF, Role.DOOR])
def test_staff_and_partners_see_no_history(
    client: FlaskClient, host: Organisation, role: Role
) -> None:
    event = an_event(host)
    guest_house = an_organisation()
    a_partner(event, guest_house)
    url = f"/desk/events/{event.id}/audit"

    assert signed_in(client, a_user(host, role)).get(url).status_code == 404
    partner = a_user(guest_house, Role.ADMINISTRATOR)
    assert signed_in(client, partner).get(url).status_code == 404


def test_an_organisations_history_is_for_its_administrators(
    client: FlaskClient, host: Organisation, organiser: User
) -> None:
    administrator = a_user(host, Role.ADMINISTRATOR)
    changes = {"role": ["staff", "organiser"]}
    note(
        "member_changed",
        by=Actor.user(administrator.id),
        subject="user",
        subject_id=organiser.id,
        organisation_id=host.id,
        changes=changes,
    )
    url = f"/desk/organisations/{host.id}/audit"

    page = signed_in(client, administrator).get(url).text
    assert organiser.display_name in page
    assert signed_in(client, organiser).get(url).status_code == 404
    foreign = a_user(an_organisation(), Role.ADMINISTRATOR)
    assert signed_in(client, foreign).get(url).status_code == 404


def test_an_empty_history_says_what_will_stand_there(
    client: FlaskClient, host: Organisation
) -> None:
    administrator = a_user(host, Role.ADMINISTRATOR)

    page = signed_in(client, administrator).get(f"/desk/organisations/{host.id}/audit").text

    assert "Noch ist nichts geschehen" in page
    assert "Jede Veranstaltung hat ihren eigenen Verlauf" in page


def _shown(sqlite_app: Flask, subject: str, changes: dict) -> list[tuple[str, str, str]]:
    entry = AuditEntry(
        at=NOW, actor="system", action="event_edited", subject=subject, changes=changes
    )
    with sqlite_app.test_request_context("/?lang=en"):
        found = entry_text.audit_line(entry, {}, zone="Europe/Berlin")
        return [(change.label, change.old, change.new) for change in found.changes]


def test_values_are_shown_as_readers_know_them(sqlite_app: Flask) -> None:
    assert _shown(sqlite_app, "event", {"status": ["draft", "published"]}) == [
        ("Status", "Draft", "Published")
    ]
    assert _shown(
        sqlite_app, "registration", {"status": [None, "confirmed"], "seats": [None, 2]}
    ) == [
        ("Status", "", "Confirmed"),
        ("Seats", "", "2"),
    ]
    assert _shown(sqlite_app, "reminder_rule", {"statuses": ["confirmed", "offered"]}) == [
        ("To whom", "", "Confirmed, Seat offered")
    ]
    assert _shown(sqlite_app, "reminder_rule", {"statuses": [["confirmed"], []]}) == [
        ("To whom", "Confirmed", "–")
    ]
    assert _shown(sqlite_app, "organisation", {"valid_to": [None, "2027-03-01"]}) == [
        ("Until", "", "Monday, 1 March 2027")
    ]
    assert _shown(
        sqlite_app, "event", {"city": [None, ""], "description": [{}, {"de": "x" * 999}]}
    ) == [("Description", "", "")]
    assert _shown(sqlite_app, "event", {"something_internal": ["a", "b"]}) == []
    [(_label, _old, new)] = _shown(sqlite_app, "event", {"venue_name": ["", "x" * 500]})
    assert len(new) == entry_text.LONGEST


def test_every_detail_of_an_event_has_words(sqlite_app: Flask) -> None:
    event = an_event()

    nameless = [name for name in audit_snapshot(event) if labels.detail_of("event", name) is None]

    assert nameless == []


def _recorded_deeds() -> set[str]:
    """The first argument of each call that writes an entry, as far as it is a plain text."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called not in {
                "record",
                "_record",
                "_record_agreement",
                "record_own",
                "note",
                "tracked_change",
                "_set_password",
            }:
                continue
            found |= {
                inner.value
                for argument in node.args
                for inner in ast.walk(argument)
                if isinstance(inner, ast.Constant) and isinstance(inner.value, str)
            }
    return {deed for deed in found if "_" in deed or "." in deed}


def test_every_deed_that_is_written_has_words(sqlite_app: Flask) -> None:
    written = {deed.replace(".", "_") for deed in _recorded_deeds()}
    written |= {f"registration_{status}" for status in Status}
    assert {"member_invited", "event_cancelled", "attendees_exported"} <= written

    known = labels.known_actions()
    begun = {deed for deed in written if deed.endswith("_")}  # the rest is filled in at run time
    assert {
        beginning for beginning in begun if not any(k.startswith(beginning) for k in known)
    } == set()
    assert written - begun - known == set()


def test_localized_texts_of_events_are_compared_by_language(sqlite_app: Flask) -> None:
    event: Event = an_event(title=Localized(de="A", en="B"))
    facts = audit_snapshot(event)

    assert dict(facts["title"]) == {"de": "A", "en": "B"}
