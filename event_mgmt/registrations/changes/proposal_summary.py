"""What a guest sees of a change that is not in force yet, and the link to a new address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from event_mgmt.registrations.changes import (
    approved_names,
    change_text,
    proposal_commands,
)
from event_mgmt.registrations.lifecycle import persistence, proposal_persistence
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.party import Person
from event_mgmt.registrations.people import name_corrections, party_differences


@dataclass(frozen=True)
class ProposalSummary:
    """A proposed change beside what is in force: (field, old, new), and hidden changes.

    ``new_people`` are those of the proposed ``people`` who are not in the party yet.
    ``version_stamp`` names what somebody has seen who decides.
    """

    made_at: datetime
    email: str
    differences: list[tuple[str, str, str]]
    hidden_changes: list[str]
    people: tuple[Person, ...]
    new_people: list[Person]
    seats: tuple[int, int]
    awaits_address: bool
    needs_decision: bool
    version_stamp: str

    @property
    def awaits_decision(self) -> bool:
        """Whether organisers decide about it now."""
        return self.needs_decision and not self.awaits_address


def summary_of(registration: Registration) -> ProposalSummary | None:
    """What is proposed for a registration, or None."""
    proposal = proposal_persistence.find_proposal(registration.id)
    if proposal is None:
        return None
    before, after = (
        persistence.party_of(registration),
        proposal_commands.requested_party(registration),
    )
    return ProposalSummary(
        made_at=proposal.made_at,
        email=proposal.email,
        differences=change_text.labelled_differences(
            party_differences.shown_differences(before, after)
        ),
        hidden_changes=change_text.hidden_labels(
            party_differences.hidden_differences(before, after)
        ),
        people=after.people,
        new_people=name_corrections.new_people(
            approved_names.approved_party(registration).people, after.people
        ),
        seats=(before.seats, after.seats),
        awaits_address=proposal.awaits_address,
        needs_decision=proposal.needs_decision,
        version_stamp=proposal_commands.version_stamp(proposal, registration),
    )


def saved_message(registration_id: int) -> str:
    """What the guest reads after sending the form."""
    proposal = proposal_persistence.find_proposal(registration_id)
    if proposal is None:
        return _("Your changes have been saved.")
    if proposal.awaits_address:
        return _(
            "We have written to %(address)s. The address counts as soon as it is confirmed there.",
            address=proposal.email,
        )
    return _("The organiser decides about your change and will write to you.")
