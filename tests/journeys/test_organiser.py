"""An organiser and the consulate's staff: plan, publish, take the list."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from event_mgmt.accounts import passwords
from event_mgmt.accounts.models import Role
from event_mgmt.attendee_lists.models import Export
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.events.words import EventStatus
from tests.builders import a_registration, a_user, an_event, an_organisation
from tests.journeys.system import System

PASSWORD = "three green apples on a tree"


@pytest.fixture
def consulate(system: System) -> dict[str, object]:
    """A consulate with an organiser and a member of staff who can sign in."""
    with system.app.app_context():
        house = an_organisation("Konsulat")
        secret = passwords.hash_of(PASSWORD)
        organiser = a_user(house, Role.ORGANISER, password_hash=secret)
        staff = a_user(house, Role.STAFF, password_hash=secret)
        return {"id": house.id, "organiser": organiser.email, "staff": staff.email}


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


def test_staff_take_the_list_as_a_workbook_with_purpose_and_proof(
    system: System, consulate: dict, desktop: Page, tmp_path: Path
) -> None:
    with system.app.app_context():
        from event_mgmt.organisations.models import Organisation

        host = db.session.get_one(Organisation, consulate["id"])
        event = an_event(host, seats=50)
        for name in ("Žagar", "Čeh", "Aßmann", "=cmd|' /C calc'!A0"):
            a_registration(event, family_name=name, companions=0)
        event_id = event.id

    _sign_in(desktop, consulate["staff"])
    desktop.goto(f"/desk/events/{event_id}/attendee-list/export")
    desktop.fill("[name=purpose]", "Einlass am Abend")
    with desktop.expect_download() as download:
        desktop.locator("button[name=do][value=take]").click()
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
