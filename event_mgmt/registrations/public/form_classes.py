"""The classes of registration forms: one for each version of an event, made once per process."""

from __future__ import annotations

from typing import Final

from flask import current_app

from event_mgmt.events.registration_state import RegistrationState
from event_mgmt.registrations.party_forms import RegistrationForm, form_class
from event_mgmt.registrations.registrable_event import detached_questions
from event_mgmt.web.page_store import Cache

_MOST: Final = 128


def registration_form(state: RegistrationState, locale: str) -> type[RegistrationForm]:
    """The class of the form for the present version of an event, for readers of ``locale``."""

    def make() -> type[RegistrationForm]:
        questions = detached_questions(state.event_id)
        made = form_class(RegistrationForm, questions, largest_party=state.terms.largest_party)
        made.thing = form_thing(state.event_id)
        return made

    return _classes().get((state.version, locale), make)


def form_thing(event_id: int) -> str:
    """What the token of an event's form is good for (web/form_tokens.py)."""
    return f"registration:{event_id}"


def _classes() -> Cache[type[RegistrationForm]]:
    fresh = Cache[type[RegistrationForm]](most=_MOST)
    kept: Cache[type[RegistrationForm]] = current_app.extensions.setdefault("form_classes", fresh)
    return kept
