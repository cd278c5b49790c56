"""What a guest sees of a change that is not in force yet, and the link to a new address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event_mgmt.accounts.access import ANYONE, open_to
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing, Refusal
from event_mgmt.organisations.badges import badge
from event_mgmt.registrations import (
    change_words,
    changing,
    corrections,
    decided,
    proposal_rows,
    proposals,
    rows,
)
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.offers import offer_by_id
from event_mgmt.registrations.party import Person
from event_mgmt.web import wrong_links
from event_mgmt.web.forms import ConfirmForm


@dataclass(frozen=True)
class Shown:
    """A proposed change beside what is in force: (field, old, new), and what only is named.

    ``newcomers`` are those of the proposed ``people`` who are not in the party yet. ``stamp``
    names what somebody has seen who decides.
    """

    made_at: datetime
    email: str
    compared: list[tuple[str, str, str]]
    named: list[str]
    people: tuple[Person, ...]
    newcomers: list[Person]
    seats: tuple[int, int]
    awaits_address: bool
    needs_decision: bool
    stamp: str

    @property
    def awaits_decision(self) -> bool:
        """Whether organisers decide about it now."""
        return self.needs_decision and not self.awaits_address


def shown_of(registration: Registration) -> Shown | None:
    """What is proposed for a registration, or None."""
    proposal = proposal_rows.of(registration.id)
    if proposal is None:
        return None
    before, after = rows.party_of(registration), proposals.newest_party(registration)
    return Shown(
        made_at=proposal.made_at,
        email=proposal.email,
        compared=change_words.compared(changing.differences(before, after)),
        named=change_words.named(changing.unshown(before, after)),
        people=after.people,
        newcomers=corrections.newcomers(decided.party_of(registration).people, after.people),
        seats=(before.seats, after.seats),
        awaits_address=proposal.awaits_address,
        needs_decision=proposal.needs_decision,
        stamp=proposals.stamp(proposal, registration),
    )


def words_after_change(registration_id: int) -> str:
    """What the guest reads after sending the form."""
    proposal = proposal_rows.of(registration_id)
    if proposal is None:
        return _("Your changes have been saved.")
    if proposal.awaits_address:
        return _(
            "We have written to %(address)s. The address counts as soon as it is confirmed there.",
            address=proposal.email,
        )
    return _("The organiser decides about your change and will write to you.")


@open_to(ANYONE)
def new_address(token: str) -> Response:
    """Ask whoever reads a new address whether it is theirs; a POST says so."""
    with wrong_links.limit_wrong_links():
        proposal = proposals.by_new_address(token)
    registration = db.session.get(Registration, proposal.registration_id)
    if registration is None or registration.erased_at is not None:
        raise Missing
    offer = offer_by_id(registration.event_id)
    address = proposal.email
    is_done = not proposal.awaits_address
    if request.method == "POST" and not is_done and ConfirmForm().validate_on_submit():
        try:
            counts = proposals.confirm_new_address(token, now=utc_now())
        except Missing:
            raise
        except Refusal as refusal:
            flash(str(refusal), "warn")
        else:
            if counts:
                flash(_("From now on mails go to %(address)s.", address=address), "ok")
                return _private(redirect(url_for("event_site.event", slug=offer.event.slug), 303))
            is_done = True
    page = render_template(
        "registrations/new_address.html",
        event=offer.event,
        hosts=[badge(host) for host in offer.controllers],
        address=address,
        token=token,
        is_done=is_done,
    )
    return _private(make_response(page))


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
