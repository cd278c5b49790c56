"""Events with their programme, partners, questions and seats."""

from __future__ import annotations

from typing import Final

from event_mgmt.accounts import resolvers
from event_mgmt.events import (
    audit_labels,
    enum_labels,
    key_facts,
    mail_kinds,
    models,
    queries,
    service,
)
from event_mgmt.rooms import Room

ROOM: Final = Room(
    name="events",
    models=(models,),
    resolvers={"event_id": resolvers.whole("event", queries.event_for_desk, models.Event.parties)},
    template_filters={"key_facts": key_facts.key_facts},
    mail_kinds=mail_kinds.MAIL_KINDS,
    letter_sources=mail_kinds.LETTER_SOURCES,
    jobs=(service.finish,),
    enum_labels=enum_labels.ENUM_LABELS,
    audit_labels=audit_labels.AUDIT_LABELS,
)
