"""Every page about a change that a guest proposes, on three screens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from event_mgmt.core import tokens
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.organisations.models import Organisation
from event_mgmt.registrations.changes import proposal_commands
from tests.builders import a_proposal, a_registration, an_event
from tests.journeys.sound import (
    MAJA,
    VIEWS,
    Scheme,
    a_context,
    ask_everything,
    faults_of,
    listening,
    sign_in,
)
from tests.journeys.system import System


@pytest.fixture(scope="module")
def proposed(told: System) -> dict[str, str]:
    """The pages about a proposed change: the guest's, the new address's and Maja's."""
    with told.app.app_context():
        starts_at = utc_now() + timedelta(days=30)
        host = db.session.scalars(
            select(Organisation).where(Organisation.slug == "konsulat-slowenien")
        ).one()
        event = an_event(
            host, approval_needed=True, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3)
        )
        ask_everything(event.id)
        found = {}
        made_at, address = utc_now(), f"{'sehr-lang-' * 5}@{'praezisionstechnik.' * 3}example.org"
        for name, given in {
            "to decide": {},
            "address to confirm": {"email": address, "checks_address": True},
            "address confirmed": {
                "email": address,
                "checks_address": True,
                "address_confirmed_at": made_at,
            },
        }.items():
            party = a_registration(event, companions=1)
            proposal = a_proposal(party, made_at=made_at, **given)
            token = tokens.sign("registration", party.id, party.link_version)
            found[f"guest: {name}"] = f"/registration/{token}"
            found[f"link: {name}"] = (
                f"/registration/new-address/{proposal_commands.address_token(proposal)}"
            )
            found[f"desk: {name}"] = f"/desk/events/{event.id}/registrations/{party.id}"
        del found["link: to decide"]
        return found


@VIEWS
def test_every_page_about_a_proposed_change_is_sound(
    browser: Browser,
    told: System,
    proposed: dict[str, str],
    width: int,
    locale: str,
    scheme: Scheme,
) -> None:
    context = a_context(browser, told, width, locale, scheme)
    page = context.new_page()
    said = listening(page)
    sign_in(page, MAJA, locale)
    found = {}
    for name, path in proposed.items():
        faults = faults_of(page, said, path, width)
        if "Maja Kos" not in (html := page.content()) and "confirmation" not in html:
            faults.append("not the page that is meant")
        if faults:
            found[name] = faults
    context.close()

    assert found == {}
