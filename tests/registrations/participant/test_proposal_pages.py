"""The guest's pages about a change that is not in force yet, and the link to a new address."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from event_mgmt.core.database import db
from event_mgmt.mail.models import Message
from event_mgmt.registrations.changes import proposal_commands
from event_mgmt.registrations.lifecycle import proposal_persistence
from event_mgmt.registrations.models import Registration
from tests.builders import NOW, a_proposal, a_registration, an_event
from tests.registrations.guest_pages import main_text, opened, the_registration
from tests.web.sign_in import submit

pytestmark = pytest.mark.usefixtures("frozen")


def a_guest(**given: object) -> Registration:
    """An accepted guest with one companion."""
    return a_registration(an_event(approval_needed=True), companions=1, **given)


def test_the_page_shows_both_and_the_guest_withdraws(client: FlaskClient) -> None:
    guest = a_guest()
    a_proposal(guest)
    url = opened(client, guest)

    words = main_text(client.get(f"{url}?lang=en").text)
    assert "Maja Kos" in words
    assert "Your change waits for a decision" in words

    submit(client, url, to=f"{url}/withdraw-change")
    assert proposal_persistence.find_proposal(guest.id) is None
    assert "Maja Kos" not in client.get(url).text


def test_the_form_goes_on_with_what_was_proposed(client: FlaskClient) -> None:
    guest = a_guest()
    a_proposal(guest)
    url = opened(client, guest)

    page = client.get(f"{url}/change")
    sent = submit(client, f"{url}/change", function="Direktor")

    assert "Maja" in page.text
    assert sent.status_code == 303
    wanted = proposal_commands.requested_party(the_registration())
    assert (wanted.contact.function, len(wanted.companions)) == ("Direktor", 2)
    assert the_registration().seats == 2


def test_a_new_companion_is_proposed_and_said_so(client: FlaskClient) -> None:
    guest = a_guest()
    url = opened(client, guest)

    submit(
        client,
        f"{url}/change?lang=en",
        to=f"{url}/change",
        **{"companions-0-given_name": "Uwe", "companions-0-family_name": "Maier"},
    )

    assert "The organiser decides about your change" in client.get(f"{url}?lang=en").text
    assert the_registration().attendees[1].family_name != "Maier"


@pytest.mark.parametrize("checks", [True, False])
def test_the_form_says_when_another_address_counts(client: FlaskClient, checks: bool) -> None:
    guest = a_registration(an_event(address_check=checks))
    url = opened(client, guest)

    page = client.get(f"{url}/change?lang=en").text

    assert ("Another address counts once it is confirmed" in page) == checks
    assert ("Your confirmation goes here." in page) != checks


def test_the_link_to_a_new_address_opens_a_page_and_a_button_confirms(
    client: FlaskClient,
) -> None:
    guest = a_registration(an_event(address_check=True))
    proposal = a_proposal(
        guest, email="new@example.org", needs_decision=False, checks_address=True, made_at=NOW
    )
    url = f"/registration/new-address/{proposal_commands.address_token(proposal)}"

    assert "new@example.org" in client.get(url).text
    assert the_registration().email == guest.email

    sent = submit(client, url, to=url)
    assert sent.status_code == 303
    assert the_registration().email == "new@example.org"
    assert client.get(url).status_code == 404


def test_other_links_are_no_links_to_a_new_address(client: FlaskClient) -> None:
    guest = a_registration(an_event(address_check=True))
    proposal = a_proposal(guest, checks_address=True)
    personal = re.search(r"\d+", opened(client, guest))

    assert personal is not None
    assert client.get("/registration/new-address/forged").status_code == 404
    token = proposal_commands.address_token(proposal)
    assert client.get(f"/registration/{token}").status_code == 404


def test_strangers_words_other_than_names_go_to_no_new_address(client: FlaskClient) -> None:
    """Neither what is old nor what is new: the address may be anybody's."""
    guest = a_registration(an_event(address_check=True), function="Prokurist")
    url = opened(client, guest)

    submit(client, f"{url}/change", email="new@example.org", function="Buy now")

    mails = db.session.scalars(select(Message).where(Message.to_address == "new@example.org")).all()
    assert [mail.kind for mail in mails] == ["new_address_check"]
    assert "Buy" not in str(mails[0].facts)
    assert the_registration().attendees[0].function == "Buy now"
    assert the_registration().email == guest.email


def test_the_page_of_somebody_erased_says_nothing(client: FlaskClient) -> None:
    guest = a_guest(erased_at=NOW + timedelta(0))
    proposal = a_proposal(guest, checks_address=True)

    assert (
        client.get(
            f"/registration/new-address/{proposal_commands.address_token(proposal)}"
        ).status_code
        == 404
    )
