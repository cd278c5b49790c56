"""Who comes, in which seats, and who waits."""

from __future__ import annotations

from typing import Final

from event_mgmt.registrations import (
    address_commands,
    audit_labels,
    blueprint,
    enum_labels,
    erasure,
    models,
    offer_commands,
    personal_data,
    personal_report,
    recipient_kinds,
    subscribers,
)
from event_mgmt.registrations.changes import proposal_commands
from event_mgmt.registrations.mails import mail_kinds
from event_mgmt.registrations.participant import new_address_views, participant_views
from event_mgmt.registrations.people import display_names
from event_mgmt.registrations.public import form_page, registration_views
from event_mgmt.rooms import PersonalData, Room

ROOM: Final = Room(
    name="registrations",
    models=(models,),
    blueprints=(blueprint.bp,),
    views=(registration_views, participant_views, new_address_views),
    visitor_pages=(form_page.FOR_VISITORS,),
    template_filters={
        "full_name": display_names.titled_name,
        "surname_first": display_names.surname_first,
        "decided_name": display_names.approved_name,
        "form_of_address": display_names.form_of_address_label,
    },
    mail_kinds=mail_kinds.MAIL_KINDS,
    recipient_kinds=recipient_kinds.RECIPIENT_KINDS,
    jobs=(
        offer_commands.expire_offers,
        proposal_commands.expire_proposals,
        address_commands.process_unconfirmed,
    ),
    listeners=subscribers.LISTENERS,
    enum_labels=enum_labels.ENUM_LABELS,
    audit_labels=audit_labels.AUDIT_LABELS,
    personal_data=PersonalData(
        tables=personal_data.TABLES,
        addresses=personal_data.addresses,
        find=personal_data.find,
        report=personal_report.report,
        erase=personal_data.erase,
        sensitive_events=erasure.holding_sensitive,
        erase_sensitive=personal_data.erase_sensitive,
        holds_people=erasure.holding_data,
        next_people=personal_data.next_people,
        count_event=personal_data.count_event,
        count_holdings=personal_data.count_holdings,
    ),
)
