"""The words and tones in which enumerations show themselves: ``{{ event.status | word }}``."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Literal

from flask_babel import lazy_gettext as _l

from event_mgmt.accounts.models import Role
from event_mgmt.mail.models import MessageState
from event_mgmt.organisations.models import OrganisationKind

Tone = Literal["neutral", "ok", "warn", "danger", "brand"]

_Key = tuple[type[StrEnum], str]
_words: Final[dict[_Key, object]] = {}
_tones: Final[dict[_Key, Tone]] = {}


def _key(member: StrEnum) -> _Key:
    """Members of two enumerations that share a value are equal; here they must not be."""
    return type(member), member.value


def teach(member: StrEnum, word: object, tone: Tone = "neutral") -> None:
    """Let a room say what one of its words is called on screen, and in which tone."""
    _words[_key(member)] = word
    _tones[_key(member)] = tone


def word(member: StrEnum) -> str:
    """The reader's word for ``member``."""
    return str(_words[_key(member)])


def tone(member: StrEnum) -> Tone:
    """The tone of the tag that shows ``member``."""
    return _tones[_key(member)]


teach(Role.ADMINISTRATOR, _l("Administrator"))
teach(Role.ORGANISER, _l("Organiser"))
teach(Role.STAFF, _l("Staff"))
teach(Role.DOOR, _l("Door"))
teach(OrganisationKind.CLUSTER, _l("Cluster"))
teach(OrganisationKind.CHAMBER, _l("Chamber"))
teach(OrganisationKind.CONSULATE, _l("Consulate"))
teach(OrganisationKind.ASSOCIATION, _l("Association"))
teach(OrganisationKind.INSTITUTION, _l("Institution"))
teach(OrganisationKind.COMPANY, _l("Company"))
teach(MessageState.QUEUED, _l("Waiting to go out"), "neutral")
teach(MessageState.SENDING, _l("Being sent"), "brand")
teach(MessageState.SENT, _l("Sent"), "ok")
teach(MessageState.FAILED, _l("Not delivered"), "danger")
teach(MessageState.UNCERTAIN, _l("Perhaps delivered"), "warn")
teach(MessageState.WITHDRAWN, _l("Withdrawn"), "neutral")
teach(MessageState.SKIPPED, _l("Not needed any more"), "neutral")
