"""Reminders, messages to groups, and the outbox as organisers see it."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.accounts import resolvers
from event_mgmt.accounts.policy import Right
from event_mgmt.events import signals
from event_mgmt.events.models import Event
from event_mgmt.messaging import (
    audit_labels,
    enum_labels,
    mail_kinds,
    message_views,
    models,
    planner,
    queries,
    reminder_mails,
    reminder_views,
    service,
    todo,
)
from event_mgmt.rooms import NavigationEntry, Place, Room

ROOM: Final = Room(
    name="messaging",
    models=(models,),
    blueprints=(reminder_views.bp, message_views.bp),
    views=(reminder_views, message_views),
    resolvers={
        "message_id": resolvers.part(
            "message", within="event_id", kind=Event, find=queries.visible_message
        ),
        "rule_id": resolvers.part("rule", within="event_id", kind=Event, find=queries.visible_rule),
    },
    mail_kinds=mail_kinds.MAIL_KINDS,
    letter_sources=reminder_mails.LETTER_SOURCES,
    jobs=(planner.plan,),
    listeners=(
        (signals.created, service.add_default_rules),
        (signals.duplicated, service.copy_rules),
        (signals.changed, service.reschedule_reminders),
        (signals.postponed, service.pause_reminders),
        (signals.cancelled, service.pause_reminders),
    ),
    enum_labels=enum_labels.ENUM_LABELS,
    audit_labels=audit_labels.AUDIT_LABELS,
    navigation=(
        NavigationEntry(
            place=Place.DESK,
            position=30,
            endpoint="messaging.index",
            label=_l("Messages"),
            icon="mail",
        ),
        NavigationEntry(
            place=Place.EVENT,
            position=50,
            endpoint="messaging_reminders.index",
            label=_l("Reminders"),
            right=Right.SEND_MESSAGES,
        ),
        NavigationEntry(
            place=Place.EVENT,
            position=60,
            endpoint="messaging.of_event",
            label=_l("Messages"),
            right=Right.SEE_MESSAGES,
        ),
    ),
    todo=todo.todo,
)
