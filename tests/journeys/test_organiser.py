"""An organiser, the consulate's staff and the door: plan, publish, write, take the list, receive."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from event_mgmt.accounts import passwords
from event_mgmt.accounts.models import Role
from event_mgmt.attendee_lists.models import Export
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.organisations.models import Organisation
from event_mgmt.registrations.models import Attendee
from tests.builders import a_partner, a_registration, a_user, an_event, an_organisation
from tests.journeys.system import System

PASSWORD = "three green apples on a tree"


@pytest.fixture
def consulate(system: System) -> dict[str, object]:
    """A consulate with an organiser, a member of staff and one at the door who can sign in."""
    with system.app.app_context():
        house = an_organisation("Konsulat")
        secret = passwords.hash_of(PASSWORD)
        organiser = a_user(house, Role.ORGANISER, password_hash=secret)
        staff = a_user(house, Role.STAFF, password_hash=secret)
        door = a_user(house, Role.DOOR, password_hash=secret, locale="sl")
        people = {"organiser": organiser.email, "staff": staff.email, "door": door.email}
        return {"id": house.id, **people}


def _sign_in(page: Page, address: object) -> None:
    page.goto("/login")
    page.fill("[name=email]", str(address))
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/desk/")


def _plan(page: Page, title: str, day: str) -> None:
    page.goto("/desk/events/new")
    page.locator("[name=kind][value=consulate_event]").check(force=True)
    page.fill("[name=title-de]", title)
    page.fill("[name=date]", day)
    page.fill("[name=venue_name]", "Ständehaus")
    page.fill("[name=city]", "Düsseldorf")


def test_an_organiser_plans_and_publishes_and_everybody_finds_it(
    system: System, consulate: dict, desktop: Page
) -> None:
    title = "Lesung im Konsulat"
    day = (utc_now() + timedelta(days=20)).date().isoformat()

    _sign_in(desktop, consulate["organiser"])
    _plan(desktop, title, day)
    desktop.locator("button[name=action][value=publish]").click()
    expect(desktop.locator("main")).to_contain_text(title)

    with system.app.app_context():
        event = db.session.query(Event).filter_by(host_id=consulate["id"]).one()
        assert event.status is EventStatus.PUBLISHED
    desktop.context.clear_cookies()
    desktop.goto("/")
    expect(desktop.locator("main")).to_contain_text(title)
    desktop.get_by_role("link", name=title).first.click()
    expect(desktop.locator("h1")).to_have_text(title)


def test_a_simple_event_needs_three_fields_and_one_press(
    system: System, consulate: dict, desktop: Page
) -> None:
    _sign_in(desktop, consulate["organiser"])

    desktop.get_by_role("link", name="Neue Veranstaltung").first.click()
    desktop.get_by_role("textbox", name="Deutsch").first.fill("Sommerfest im Garten")
    desktop.get_by_label("Datum", exact=True).fill(
        (utc_now() + timedelta(days=9)).date().isoformat()
    )
    desktop.get_by_label("Ort", exact=True).fill("Köln")
    desktop.get_by_role("button", name="Veröffentlichen").click()

    expect(desktop.locator("h1")).to_have_text("Sommerfest im Garten")
    with system.app.app_context():
        event = db.session.query(Event).filter_by(host_id=consulate["id"]).one()
        assert event.status is EventStatus.PUBLISHED


def test_what_is_wrong_stands_at_its_field_and_everything_typed_stays(
    consulate: dict, desktop: Page
) -> None:
    _sign_in(desktop, consulate["organiser"])
    _plan(desktop, "Ein Titel", "2020-01-01")
    desktop.fill("[name=seats]", "0")
    desktop.locator("main form").last.evaluate("form => form.noValidate = true")
    desktop.locator("button[name=action][value=publish]").click()

    expect(desktop.locator("[name=seats]")).to_have_attribute("aria-invalid", "true")
    expect(desktop.locator("[name=title-de]")).to_have_value("Ein Titel")
    expect(desktop.locator("[name=city]")).to_have_value("Düsseldorf")


def test_a_folded_line_of_the_programme_follows_what_is_typed_and_opens_for_what_is_wrong(
    system: System, consulate: dict, desktop: Page
) -> None:
    with system.app.app_context():
        event_id = _event_of(consulate).id
    _sign_in(desktop, consulate["organiser"])
    desktop.goto(f"/desk/events/{event_id}/programme")
    line = desktop.locator("#row-items-0")

    desktop.fill("[name=items-0-title-de]", "Grußwort")
    desktop.fill("[name=items-0-start_time]", "18:15")
    desktop.fill("[name=items-0-end_time]", "18:05")
    line.locator("summary").click()
    expect(desktop.locator("[name=items-0-place]")).to_be_hidden()
    expect(line.locator("summary")).to_contain_text("18:15–18:05")
    expect(line.locator("summary")).to_contain_text("Grußwort")

    desktop.get_by_role("button", name="Programm speichern").click()
    expect(desktop.locator("[name=items-0-end_time]")).to_have_attribute("aria-invalid", "true")
    line.locator("summary").click()
    desktop.locator("[data-error-summary] a").click()
    expect(desktop.locator("[name=items-0-end_time]")).to_be_focused()
    expect(desktop.locator("[name=items-0-end_time]")).to_be_visible()


def test_the_words_in_the_search_of_the_attendee_list_are_not_cut(
    system: System, consulate: dict, desktop: Page
) -> None:
    with system.app.app_context():
        event = _event_of(consulate)
        a_partner(event, an_organisation("Chemie.NRW"), seats=4)
        event_id = event.id
    _sign_in(desktop, consulate["organiser"])
    desktop.goto(f"/desk/events/{event_id}/attendee-list")

    expect(desktop.locator("[name=contingent]")).to_be_visible()
    room, needed = desktop.locator("[name=search]").evaluate(_ROOM_AND_WORDS)
    assert needed < room


_ROOM_AND_WORDS = """(input) => {
  const style = getComputedStyle(input), pen = document.createElement("canvas").getContext("2d");
  pen.font = style.font;
  const inside = input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return [inside, pen.measureText(input.placeholder).width];
}"""
"""How wide the text of an input may be, and how wide its placeholder is, in pixels."""


def test_staff_take_the_list_as_a_workbook_with_purpose_and_proof(
    system: System, consulate: dict, desktop: Page, tmp_path: Path
) -> None:
    with system.app.app_context():
        event = _event_of(consulate)
        for name in ("Žagar", "Čeh", "Aßmann", "=cmd|' /C calc'!A0"):
            a_registration(event, family_name=name, companions=0)
        event_id = event.id

    _sign_in(desktop, consulate["staff"])
    desktop.goto(f"/desk/events/{event_id}/attendee-list/export")
    desktop.get_by_label("Wofür brauchen Sie die Liste?").fill("Einlass am Abend")
    with desktop.expect_download() as download:
        desktop.get_by_role("button", name="Liste herunterladen").click()
    path = tmp_path / "list.xlsx"
    download.value.save_as(path)

    sheet = load_workbook(path).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    texts = [str(cell.value) for cell in cells]
    assert {"Žagar", "Čeh", "Aßmann"} <= set(texts)
    assert not [cell for cell in cells if cell.data_type == "f"], "a formula in the list"
    with system.app.app_context():
        record = db.session.query(Export).filter_by(event_id=event_id).one()
        assert record.row_count == 4
        assert record.purpose == "Einlass am Abend"
        assert record.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_staff_hold_the_door_list_after_two_clicks(
    system: System, consulate: dict, desktop: Page, tmp_path: Path
) -> None:
    with system.app.app_context():
        event = _event_of(consulate, title=Localized(de="Empfang am Abend"))
        a_registration(event, family_name="Žagar")
    _sign_in(desktop, consulate["staff"])

    desktop.get_by_role("link", name=re.compile("Listen.*Empfang am Abend")).click()
    with desktop.expect_download() as download:
        desktop.get_by_role("button", name=re.compile("Herunterladen.*Einlassliste")).click()
    download.value.save_as(tmp_path / "door.pdf")

    assert (tmp_path / "door.pdf").read_bytes().startswith(b"%PDF-")
    with system.app.app_context():
        record = db.session.query(Export).filter_by(event_id=event.id).one()
        assert (record.format, record.row_count) == ("door", 1)
        assert record.purpose == "Empfang der Gäste am Einlass"


def test_the_door_checks_people_in_on_a_phone_and_takes_it_back(
    system: System, consulate: dict, phone: Page
) -> None:
    with system.app.app_context():
        event = _event_of(consulate, starts_at=utc_now() + timedelta(hours=1))
        guest = a_registration(event, family_name="Žagar").attendees[0].id
        event_id = event.id
    _sign_in(phone, consulate["door"])
    phone.goto(f"/desk/events/{event_id}/attendee-list?search=zagar")

    phone.get_by_role("button", name=re.compile("Zabeleži prihod.*Žagar, Luka")).tap()
    expect(phone.locator(f"#person-{guest}")).to_contain_text("Tu od")
    with system.app.app_context():
        assert db.session.get_one(Attendee, guest).checked_in_at is not None

    phone.get_by_role("button", name=re.compile("Razveljavi.*Žagar, Luka")).tap()
    expect(phone.locator(f"#person-{guest}")).not_to_contain_text("Tu od")
    assert "search=zagar" in phone.url


def test_an_organiser_writes_to_the_two_people_picked_on_the_list(
    system: System, consulate: dict, desktop: Page
) -> None:
    with system.app.app_context():
        event = _event_of(consulate)
        guests = [a_registration(event, family_name=name) for name in ("Kos", "Lah", "Mak")]
        addresses, event_id = [guest.email for guest in guests], event.id
    _sign_in(desktop, consulate["organiser"])
    desktop.goto(f"/desk/events/{event_id}/attendee-list")

    for name in ("Kos", "Mak"):
        desktop.get_by_role("checkbox", name=f"{name}, Luka").check()
    desktop.get_by_role("button", name="Ihnen schreiben …").click()
    expect(desktop.locator("main")).to_contain_text("2 ausgewählte Anmeldungen")
    desktop.fill("[name=subject-de]", "Parken im Hof")
    desktop.fill("[name=body-de]", "Die Einfahrt ist links.")
    desktop.get_by_role("button", name="Erst ansehen").click()
    desktop.get_by_role("button", name="An 2 Personen senden").click()

    for address in (addresses[0], addresses[2]):
        system.letterbox.to(address, about="Parken im Hof")
    told = {letter["To"] for letter in system.letterbox.letters}
    assert not [to for to in told if addresses[1] in to]


def _event_of(consulate: dict, **given: Any) -> Event:
    host = db.session.get_one(Organisation, consulate["id"])
    starts_at = given.pop("starts_at", utc_now() + timedelta(days=9))
    return an_event(host, seats=50, starts_at=starts_at, **given)


def test_a_list_that_is_too_large_is_told_before_it_is_sent(
    system: System, consulate: dict, desktop: Page, tmp_path: Path
) -> None:
    with system.app.app_context():
        host = db.session.get(Organisation, consulate["id"])
        event = an_event(host, starts_at=utc_now() + timedelta(days=9)).id
    large, small = tmp_path / "groß.csv", tmp_path / "klein.csv"
    large.write_bytes(b"Vorname;Nachname;E-Mail\n" + b"Ana;Kos;a@example.org\n" * 120_000)
    small.write_text("Name;E-Mail\nAnna u. Peter Müller;a@example.org\n")
    _sign_in(desktop, consulate["organiser"])
    here = f"/desk/events/{event}/registrations/import"
    desktop.goto(here)
    desktop.wait_for_load_state("networkidle")

    desktop.set_input_files("[name=file]", large)
    expect(desktop.get_by_role("alert")).to_have_text("Diese Datei ist zu groß: höchstens 2 MB.")
    desktop.select_option("[name=language]", "sl")
    desktop.get_by_role("button", name="Liste prüfen").click()
    expect(desktop.locator("[name=file]")).to_be_focused()
    assert desktop.url.endswith(here)

    desktop.set_input_files("[name=file]", small)
    expect(desktop.get_by_role("alert")).to_have_count(0)
    expect(desktop.locator("[name=language]")).to_have_value("sl")
    desktop.get_by_role("button", name="Liste prüfen").click()
    expect(desktop.locator("main")).to_contain_text("wird als 2 Personen gelesen")
