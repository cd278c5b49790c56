"""The page of one event is kept: it is never old, and nobody sees another's."""

from __future__ import annotations

import re

from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import PartnerStatus
from tests.builders import a_partner, a_registration, a_user, an_event, an_organisation, saved
from tests.event_site.pages import page_of
from tests.sql_counter import counted_statements


def test_a_registration_shows_on_the_page_at_once(visitor, soon):
    event = an_event(starts_at=soon, seats=20)
    assert "20 Plätze" in page_of(visitor, event, "")

    a_registration(event, companions=2)

    assert "noch 17 von 20" in page_of(visitor, event, "")


def test_a_change_of_the_event_shows_on_the_page_at_once(visitor, soon):
    event = an_event(starts_at=soon)
    page_of(visitor, event, "")
    event.title, event.version = Localized(de="Neuer Titel"), event.version + 1
    saved(event)

    assert "Neuer Titel" in page_of(visitor, event, "")


def test_a_host_that_accepts_shows_on_the_page_at_once(visitor, soon):
    event = an_event(starts_at=soon)
    partner = a_partner(event, an_organisation("Chemie.NRW"), status=PartnerStatus.INVITED)
    assert "Chemie.NRW" not in page_of(visitor, event, "")
    partner.status = PartnerStatus.ACCEPTED
    saved(partner)

    assert "Chemie.NRW" in page_of(visitor, event, "")


def test_each_visit_of_a_kept_page_has_its_own_nonce(visitor, soon):
    event = an_event(starts_at=soon)

    visits = [visitor.get(f"/events/{event.slug}") for _ in range(2)]

    nonces = [re.search(r'nonce="([^"]+)"', visit.text)[1] for visit in visits]
    assert nonces[0] != nonces[1]
    for visit, nonce in zip(visits, nonces, strict=True):
        assert f"'nonce-{nonce}'" in visit.headers["Content-Security-Policy"]


def test_a_kept_page_does_not_show_one_visitor_what_belongs_to_another(visitor, soon):
    event = an_event(starts_at=soon)
    user = a_user(event.host)
    member = visitor.application.test_client()
    with member.session_transaction() as session:
        session["_user_id"] = f"{user.id}:{user.session_version}"
        session["_fresh"] = True

    with visitor.application.app_context():
        seen_by_member = member.get(f"/events/{event.slug}").text
    seen_by_all = page_of(visitor, event, "")

    assert "/desk/" in seen_by_member
    assert "/desk/" not in seen_by_all
    assert "csrf" not in seen_by_all


def test_a_page_at_hand_costs_one_statement_after_a_commit_and_none_before(visitor, soon):
    event = an_event(starts_at=soon)
    for _ in range(4):
        a_partner(event, an_organisation(), seats=5)
    page_of(visitor, event, "")

    with counted_statements() as seen:
        page_of(visitor, event, "")
    an_organisation()
    with counted_statements() as seen_after_a_commit:
        page_of(visitor, event, "")

    assert (len(seen), len(seen_after_a_commit)) == (0, 1)


def test_drawing_a_page_anew_costs_a_fixed_number_of_statements(visitor, soon):
    def cost_with(partners: int) -> int:
        event = an_event(starts_at=soon)
        for _ in range(partners):
            a_partner(event, an_organisation(), seats=5)
        path = f"/events/{event.slug}"
        with counted_statements() as seen:
            assert visitor.get(path).status_code == 200
        return len(seen)

    cost_with(partners=0)  # the first page of all also looks at the schema

    assert cost_with(partners=1) == cost_with(partners=5) <= 7
