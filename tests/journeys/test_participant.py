"""A participant on a phone: register, change, call off; and who moves up then."""

from __future__ import annotations

import re
from datetime import timedelta
from email.message import EmailMessage

from playwright.sync_api import Page, expect

from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import WaitingListMode
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.models import Registration
from tests.builders import an_event
from tests.journeys.system import System
from tests.serving.processes import until

SEND = "main form button[type=submit]:visible"


def _event(system: System, **given: object) -> tuple[int, str]:
    with system.app.app_context():
        event = an_event(**_in_a_month(), **given)
        return event.id, event.slug


def _in_a_month() -> dict[str, object]:
    starts_at = utc_now().replace(hour=17, minute=0, second=0, microsecond=0) + timedelta(days=30)
    return {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=3)}


def _text(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return part.get_content()


def _link(letter: EmailMessage) -> str:
    found = re.search(r"http://\S+/registration/\S+", _text(letter))
    assert found is not None, _text(letter)
    return found.group()


def _fill(page: Page, address: str, given_name: str = "Tjaša", family_name: str = "Čeh") -> None:
    page.fill("[name=given_name]", given_name)
    page.fill("[name=family_name]", family_name)
    page.fill("[name=email]", address)
    page.fill("[name=organisation]", "Orodjarna Sora d.o.o.")
    page.select_option("[name=country]", "SI")


def _status(system: System, address: str) -> tuple[Status, int]:
    with system.app.app_context():
        found = db.session.query(Registration).filter_by(email=address).one()
        return found.status, found.seats


def _taken(system: System, event_id: int) -> int:
    with system.app.app_context():
        return db.session.query(SeatPool).filter_by(event_id=event_id).one().taken


def test_a_participant_registers_on_a_phone_changes_the_party_and_calls_off(
    system: System, phone: Page
) -> None:
    event_id, slug = _event(system, seats=20)
    address = "tjasa.ceh@example.org"

    phone.goto(f"/events/{slug}")
    phone.locator(f"a[href*='/events/{slug}/register']:visible").first.click()
    _fill(phone, address)
    phone.click("[data-row-add]")
    phone.fill("[name=companions-0-given_name]", "Uroš")
    phone.fill("[name=companions-0-family_name]", "Žnidaršič")
    phone.locator(SEND).last.click()
    expect(phone.locator("h1")).to_be_visible()

    assert _status(system, address) == (Status.CONFIRMED, 2)
    confirmation = system.letterbox.to(address)
    assert confirmation["Auto-Submitted"] == "auto-generated"
    assert any(part.get_content_type() == "text/calendar" for part in confirmation.walk())

    phone.goto(_link(confirmation))
    expect(phone).not_to_have_url(re.compile(r"registration/\S{30,}"))
    expect(phone.locator("main")).to_contain_text("Žnidaršič")

    phone.locator("main a[href$='/change']").click()
    phone.click("[data-row-remove]")
    phone.locator(SEND).last.click()
    expect(phone.locator("main")).not_to_contain_text("Žnidaršič")
    assert _status(system, address) == (Status.CONFIRMED, 1)

    phone.locator("main a[href$='/cancel']").click()
    phone.locator(SEND).last.click()
    until(lambda: _status(system, address)[0] is Status.CANCELLED, "the registration is called off")
    assert _taken(system, event_id) == 0


def test_nothing_typed_is_lost_when_something_is_wrong(system: System, phone: Page) -> None:
    _event_id, slug = _event(system)

    phone.goto(f"/events/{slug}/register")
    _fill(phone, "not an address")
    phone.click("[data-row-add]")
    phone.fill("[name=companions-0-given_name]", "Uroš")
    phone.locator("form").last.evaluate("form => form.noValidate = true")
    phone.locator(SEND).last.click()

    expect(phone.locator("[name=email]")).to_have_attribute("aria-invalid", "true")
    expect(phone.locator("[name=email]")).to_have_value("not an address")
    expect(phone.locator("[name=given_name]")).to_have_value("Tjaša")
    expect(phone.locator("[name=companions-0-given_name]")).to_have_value("Uroš")


def test_going_back_and_sending_again_gives_one_registration(system: System, phone: Page) -> None:
    event_id, slug = _event(system)
    address = "back@example.org"

    phone.goto(f"/events/{slug}/register")
    _fill(phone, address)
    phone.locator(SEND).last.click()
    phone.wait_for_load_state()
    phone.go_back()
    phone.locator(SEND).last.click()
    phone.wait_for_load_state()

    assert _status(system, address) == (Status.CONFIRMED, 1)
    assert _taken(system, event_id) == 1


def test_when_somebody_calls_off_the_next_on_the_waiting_list_gets_the_seat(
    system: System, phone: Page
) -> None:
    event_id, slug = _event(system, seats=1, waiting_list=WaitingListMode.IMMEDIATE)
    first, second = "first@example.org", "second@example.org"
    for address, name in ((first, "Prva"), (second, "Druga")):
        phone.goto(f"/events/{slug}/register")
        _fill(phone, address, family_name=name)
        phone.locator(SEND).last.click()
        phone.wait_for_load_state()
    assert _status(system, second)[0] is Status.WAITLISTED

    phone.goto(_link(system.letterbox.to(first)))
    phone.locator("main a[href$='/cancel']").click()
    phone.locator(SEND).last.click()

    until(lambda: _status(system, first)[0] is Status.CANCELLED, "the first has called off")
    until(lambda: _status(system, second)[0] is Status.CONFIRMED, "the second has the seat")
    assert _taken(system, event_id) == 1


def test_the_whole_way_works_without_scripts(system: System, scriptless: Page) -> None:
    event_id, slug = _event(system, title=Localized(en="An evening"))
    address = "scriptless@example.org"

    scriptless.goto("/")
    scriptless.goto(f"/events/{slug}/register")
    _fill(scriptless, address)
    scriptless.locator("[name=add_companion]").click()
    scriptless.fill("[name=companions-0-given_name]", "Uroš")
    scriptless.fill("[name=companions-0-family_name]", "Kos")
    scriptless.locator(".party-row summary").click()
    scriptless.fill("[name=companions-0-function]", "Dolmetscher")
    scriptless.locator(SEND).last.click()
    assert _status(system, address) == (Status.CONFIRMED, 2)

    scriptless.goto(_link(system.letterbox.to(address)))
    expect(scriptless.locator("main")).to_contain_text("Dolmetscher")
    scriptless.locator("main a[href$='/participants']").click()
    scriptless.locator("form[action$='/share-name'] button").click()
    expect(scriptless.locator("[role=status]")).to_contain_text("on the list")
    scriptless.locator("main a.btn-quiet").click()
    scriptless.locator("main a[href$='/cancel']").click()
    scriptless.locator(SEND).last.click()

    assert _status(system, address)[0] is Status.CANCELLED
    with system.app.app_context():
        assert db.session.get_one(Event, event_id).pools[0].taken == 0
