"""Forms and confirmations are kept drawn: each visitor gets only their own, and always the newest."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import TestResponse

from event_mgmt.audit.service import SYSTEM
from event_mgmt.core.clock import utc_now
from event_mgmt.core.localized import Localized
from event_mgmt.events import service as events
from event_mgmt.events.enums import QuestionKind
from event_mgmt.events.inputs import QuestionInput
from event_mgmt.events.models import Event
from tests.builders import a_partner, a_registration, a_user, an_event, an_organisation
from tests.registrations.guest_pages import GUEST
from tests.sql_counter import counted_statements
from tests.web.sign_in import signed_in
from tests.web.visitor import Visitor

pytestmark = pytest.mark.usefixtures("frozen")

Browsers = Callable[[], Visitor]


def form_of(browser: Visitor, event: Event, query: str = "") -> TestResponse:
    page = browser.get(f"/events/{event.slug}/register{query}")
    assert page.status_code == 200
    return page


def tokens_in(page: TestResponse) -> dict[str, str]:
    found = dict(re.findall(r'name="(csrf_token|nonce)"[^>]*? value="([^"]+)"', page.text))
    assert set(found) == {"csrf_token", "nonce"}
    return found


def registered(browser: Visitor, event: Event, **fields: Any) -> TestResponse:
    page = form_of(browser, event)
    answer = browser.post(
        f"/events/{event.slug}/register", data={**GUEST, **tokens_in(page), **fields}
    )
    assert answer.status_code == 303
    return browser.get(answer.location)


def test_each_guest_gets_tokens_of_their_own_in_a_form_that_is_kept(a_browser: Browsers) -> None:
    event = an_event()
    form_of(a_browser(), event)

    with counted_statements() as seen:
        one, other = form_of(a_browser(), event), form_of(a_browser(), event)

    assert seen == [], "drawn anew: this test would show nothing"
    assert set(tokens_in(one).values()).isdisjoint(tokens_in(other).values())
    for page in (one, other):
        assert page.headers["Cache-Control"] == "no-store"


def test_a_form_that_was_kept_is_taken_from_each_of_its_guests(a_browser: Browsers) -> None:
    event = an_event()
    browsers = [a_browser() for _ in range(3)]
    pages = [form_of(browser, event) for browser in browsers]

    answers = [
        browser.post(
            f"/events/{event.slug}/register",
            data={**GUEST, **tokens_in(page), "given_name": f"Ana {n}"},
        )
        for n, (browser, page) in enumerate(zip(browsers, pages, strict=True))
    ]

    assert [answer.status_code for answer in answers] == [303, 303, 303]


def test_a_confirmation_that_is_kept_names_only_its_reader(a_browser: Browsers) -> None:
    event = an_event()
    registered(a_browser(), event, email="first@example.org")

    page = registered(a_browser(), event, email="o'second&co@example.org")

    assert "first@example.org" not in page.text
    assert "o&#39;second&amp;co@example.org" in page.text


def test_a_reader_with_the_hosts_own_address_leaves_it_in_the_next_ones_page(
    a_browser: Browsers,
) -> None:
    event = an_event(reply_to="welcome@example.org")
    registered(a_browser(), event, email="welcome@example.org")

    page = registered(a_browser(), event, email="guest@example.org")

    assert "welcome@example.org" in page.text
    assert "guest@example.org" in page.text


def test_a_confirmation_tells_a_party_its_own_size(a_browser: Browsers) -> None:
    event = an_event()
    alone = registered(a_browser(), event)
    fields = {"companions-0-given_name": "Ivo", "companions-0-family_name": "Kos"}

    together = registered(a_browser(), event, email="other@example.org", **fields)

    assert "2 Personen" not in alone.text
    assert "2 Personen" in together.text


def test_a_change_of_the_event_is_in_the_next_form(a_browser: Browsers) -> None:
    event = an_event()
    before = form_of(a_browser(), event)
    ask = QuestionInput(ref="1", kind=QuestionKind.SHORT_TEXT, label=Localized(de="Welche Halle?"))
    events.set_questions(event.id, [ask], by=SYSTEM, now=utc_now())

    after = form_of(a_browser(), event)
    required = replace(ask, id=event.questions[0].id, is_required=True)
    events.set_questions(event.id, [required], by=SYSTEM, now=utc_now())
    sent = a_browser()
    answer = sent.post(
        f"/events/{event.slug}/register", data={**GUEST, **tokens_in(form_of(sent, event))}
    )

    assert "Welche Halle?" not in before.text
    assert "Welche Halle?" in after.text
    assert answer.status_code == 422


def test_the_last_seat_shows_in_the_next_form(a_browser: Browsers) -> None:
    event = an_event(seats=1)
    free = form_of(a_browser(), event)
    a_registration(event)

    full = form_of(a_browser(), event)

    assert "Warteliste" not in free.text
    assert "Warteliste" in full.text


def test_a_form_is_kept_for_each_contingent_and_language(a_browser: Browsers) -> None:
    event = an_event()
    chamber = an_organisation("Kammer")
    a_partner(event, chamber, seats=5)
    for query in ("", f"?pool={chamber.slug}"):
        form_of(a_browser(), event, query)

    with counted_statements() as seen:
        general, own = (form_of(a_browser(), event, q) for q in ("", f"?pool={chamber.slug}"))
    slovenian = form_of(a_browser(), event, "?lang=sl")

    assert seen == [], "drawn anew: this test would show nothing"
    assert f'value="{chamber.slug}"' not in general.text
    assert f'value="{chamber.slug}"' in own.text
    assert '<html lang="sl">' in slovenian.text
    assert '<html lang="de">' in form_of(a_browser(), event).text


def test_what_a_query_says_stays_out_of_the_form_that_is_kept(a_browser: Browsers) -> None:
    event = an_event()

    odd = form_of(a_browser(), event, "?pool=nobody&x=marker")
    plain = form_of(a_browser(), event)

    assert "marker" in odd.text
    assert "marker" not in plain.text


def test_the_frame_of_somebody_signed_in_is_shown_to_nobody_else(a_browser: Browsers) -> None:
    event = an_event()
    member = signed_in(a_browser(), a_user(event.host))

    seen_by_member = form_of(member, event)
    seen_by_guest = form_of(a_browser(), event)

    assert "/desk/" in seen_by_member.text
    assert "/desk/" not in seen_by_guest.text
    assert "/desk/" in form_of(member, event).text


@pytest.mark.parametrize("companions", [0, 3])
def test_a_complete_registration_takes_at_most_twelve_statements(
    a_browser: Browsers, companions: int
) -> None:
    """From another network, whose tries are counted, and with a question of the organiser's."""
    event = an_event(largest_party=4)
    ask = QuestionInput(ref="1", kind=QuestionKind.SHORT_TEXT, label=Localized(de="Welche Halle?"))
    events.set_questions(event.id, [ask], by=SYSTEM, now=utc_now())
    guests = {
        f"companions-{n}-{name}": f"Gost {n}"
        for n in range(companions)
        for name in ("given_name", "family_name")
    }
    registered(a_browser(), event, **guests)
    guest = a_browser()
    fields = {**GUEST, **guests, "email": "b@example.org", f"question-{event.questions[0].id}": "3"}

    with counted_statements() as shown:
        page = form_of(guest, event)
    with counted_statements() as sent:
        answer = guest.post(
            f"/events/{event.slug}/register",
            data={**fields, **tokens_in(page)},
            environ_base={"REMOTE_ADDR": "192.0.2.7"},
        )
    with counted_statements() as told:
        confirmation = guest.get(answer.location)

    assert "b@example.org" in confirmation.text
    assert (len(shown), len(sent), len(told)) == (1, 10, 1), sent
