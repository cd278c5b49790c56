"""Which attendees a list shows, and in which order: plain values that fit into an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.party import one_line
from event_mgmt.web.row_ids import row_id

W = TypeVar("W", bound=StrEnum)

GENERAL: Final = "general"
"""How the general contingent is called in criteria; the others go by their organisation's id."""


class PersonFilter(StrEnum):
    """Contacts, companions, or both."""

    ALL = "all"
    CONTACTS = "contacts"
    COMPANIONS = "companions"


class PresenceFilter(StrEnum):
    """Whether people have been checked in at the door."""

    ALL = "all"
    ARRIVED = "arrived"
    AWAITED = "awaited"


class SortOrder(StrEnum):
    """The orders of a list. Each ends with the surname and is the same every time."""

    SURNAME = "surname"
    ORGANISATION = "organisation"
    COUNTRY = "country"
    REGISTERED = "registered"
    STATUS = "status"


@dataclass(frozen=True)
class ListCriteria:
    """What is asked for. No ``statuses`` means every status."""

    search: str = ""
    statuses: tuple[Status, ...] = ()
    contingent: str = ""
    country: str = ""
    organisation: str = ""
    people: PersonFilter = PersonFilter.ALL
    presence: PresenceFilter = PresenceFilter.ALL

    @classmethod
    def read(cls, given: Mapping[str, str | Sequence[str] | None]) -> ListCriteria:
        """Criteria from an address or from storage; whatever is not understood is left out.

        ``given`` has single values, and for ``statuses`` a sequence or words with commas.
        """
        statuses = given.get("statuses") or ()
        words = statuses.split(",") if isinstance(statuses, str) else [str(s) for s in statuses]
        contingent = one_line(str(given.get("contingent") or ""))
        return cls(
            search=one_line(str(given.get("search") or ""))[:100],
            statuses=tuple(s for s in Status if s.value in words),
            contingent=contingent if contingent == GENERAL or row_id(contingent) else "",
            country=one_line(str(given.get("country") or ""))[:2].upper(),
            organisation=one_line(str(given.get("organisation") or ""))[:200],
            people=_member(PersonFilter, given.get("people"), PersonFilter.ALL),
            presence=_member(PresenceFilter, given.get("presence"), PresenceFilter.ALL),
        )

    def as_dict(self) -> dict[str, str]:
        """What differs from "everybody", as single words: for addresses, storage and the audit."""
        plain = {
            "search": self.search,
            "statuses": ",".join(self.statuses),
            "contingent": self.contingent,
            "country": self.country,
            "organisation": self.organisation,
            "people": "" if self.people is PersonFilter.ALL else self.people.value,
            "presence": "" if self.presence is PresenceFilter.ALL else self.presence.value,
        }
        return {name: value for name, value in plain.items() if value}


def read_order(word: object, default: SortOrder = SortOrder.SURNAME) -> SortOrder:
    """The order of that name, else ``default``."""
    return _member(SortOrder, word, default)


def _member(words: type[W], given: object, default: W) -> W:
    return next((word for word in words if word.value == given), default)
