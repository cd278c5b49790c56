"""The letters about changes that guests propose, and about new addresses."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import gettext as _

from event_mgmt.core.links import public_url
from event_mgmt.mail.letters import Block, Button, Facts, Letter, NotNeeded
from event_mgmt.mail.models import Message
from event_mgmt.registrations import rules
from event_mgmt.registrations.changes import change_text, proposal_commands
from event_mgmt.registrations.enums import OPEN
from event_mgmt.registrations.lifecycle import proposal_persistence
from event_mgmt.registrations.mails.mail_context import (
    MailContext,
    context_of,
    deadline_in_event_zone,
    event_facts,
    greeting_for_name,
    participant_page_button,
    reason_quote,
    registration_letter,
    shared_parts,
)


def proposed(message: Message) -> Letter:
    """We have the change that you ask for; until it is agreed to, what was agreed stays."""
    context = context_of(message, *OPEN)
    proposal = proposal_persistence.find_proposal(context.registration.id)
    if proposal is None:
        raise NotNeeded
    stays = []
    if proposal.awaits_address:
        words = _(
            "Another e-mail address was given for your registration. Until it is confirmed through"
            " the mail that we sent there, we go on writing to this one."
        )
        stays.append(words)
    if proposal.needs_decision:
        words = _(
            "The organiser decides and will write to you. Until then everything stays as it was."
        )
        stays.append(words)
    return registration_letter(
        context,
        _("Change asked for: %(title)s", title=context.title),
        [
            _("You have asked for a change of your registration."),
            *_changes(context),
            *stays,
            _("Through your personal link you can withdraw it."),
            _("If you did not want this, please answer this mail."),
            event_facts(context),
            participant_page_button(context),
        ],
    )


def declined(message: Message) -> Letter:
    """The change is not possible; what was agreed stays."""
    context = context_of(message, *OPEN)
    return registration_letter(
        context,
        _("Change not accepted: %(title)s", title=context.title),
        [
            _(
                "Unfortunately the organiser cannot accept the change that you asked for. Your"
                " registration stands as it was."
            ),
            *reason_quote(context.facts.get("reason", "")),
            *_changes(context),
            event_facts(context),
            participant_page_button(context),
        ],
    )


def new_address_check(message: Message) -> Letter:
    """Please confirm that this is your address. To somebody who may know of nothing."""
    context = context_of(message, *OPEN)
    proposal = proposal_persistence.find_proposal(context.registration.id)
    version = int(context.facts.get("version", 0))
    if proposal is None or proposal.version != version or not proposal.awaits_address:
        raise NotNeeded
    if proposal.email != message.to_address:
        raise NotNeeded
    by = deadline_in_event_zone(context, proposal.made_at + rules.ADDRESS_CHECK_LASTS)
    link = public_url("registrations.new_address", token=proposal_commands.address_token(proposal))
    said = registration_letter(
        context,
        _("Please confirm your new address: %(title)s", title=context.title),
        [
            _("For a registration for this event, this was given as the new e-mail address."),
            Facts(tuple(shared_parts(context.event, context.locale).when_and_where)),
            _("Please confirm by %(deadline)s that the address is yours.", deadline=by),
            Button(_("Confirm the address"), link),
            _("If it was not you, please do nothing; the old address then stays."),
        ],
    )
    return replace(said, greeting=greeting_for_name(message.to_name))


def _changes(context: MailContext) -> list[Block]:
    rows = change_text.mail_lines(
        context.facts.get("changes", ()), context.facts.get("unshown", ())
    )
    return [Facts(tuple(rows))] if rows else []
