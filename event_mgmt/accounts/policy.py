"""Every permission, in one place. What is not granted here is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NewType, Protocol, TypeVar

from event_mgmt.accounts.models import Role
from event_mgmt.core.ids import TokenId, UserId

Scope = NewType("Scope", str)
"""What a program was allowed: a right's word behind the sort of thing it is about."""


class ScopedRight(Protocol):
    """A right on one sort of thing; ``scope`` is what a program needs to use it."""

    @property
    def scope(self) -> Scope: ...  # noqa: D102 - its name says it


R = TypeVar("R", bound=ScopedRight)


class Right(StrEnum):
    """What somebody may do with one event."""

    SEE_EVENT = "see_event"
    EDIT_EVENT = "edit_event"
    PUBLISH_EVENT = "publish_event"
    ANSWER_PARTNERSHIP = "answer_partnership"
    SEE_ATTENDEES = "see_attendees"
    EDIT_REGISTRATIONS = "edit_registrations"
    DECIDE_REGISTRATIONS = "decide_registrations"
    SEND_MESSAGES = "send_messages"
    SEE_MESSAGES = "see_messages"
    EXPORT_ATTENDEES = "export_attendees"
    CHECK_IN = "check_in"
    SEE_SENSITIVE = "see_sensitive"
    SEE_AUDIT = "see_audit"

    @property
    def scope(self) -> Scope:
        """What a program needs to use it."""
        return Scope(f"event:{self.value}")


class OrganisationRight(StrEnum):
    """What somebody may do with one organisation."""

    CREATE_EVENTS = "create_events"
    MANAGE_MEMBERS = "manage_members"
    EDIT_ORGANISATION = "edit_organisation"
    SEE_AUDIT = "see_audit"
    PROTECT_DATA = "protect_data"

    @property
    def scope(self) -> Scope:
        """What a program needs to use it."""
        return Scope(f"organisation:{self.value}")


PLATFORM_SCOPE: Final = Scope("platform:manage")
"""What a program needs to act as an administrator of the platform or of an organisation."""


class AttendeeScope(StrEnum):
    """Which attendees of an event somebody may see."""

    NONE = "none"
    OWN = "own"
    ALL = "all"


@dataclass(frozen=True)
class Grant:
    """One membership as the policy needs it."""

    role: Role
    sees_sensitive: bool = False


@dataclass(frozen=True)
class Viewer:
    """Whoever asks: a user with grants by organisation id, a program, or an anonymous visitor.

    A program has a token, and the grants of the user or organisation it acts for. ``scopes`` is
    what it was allowed of that; None for people, who may do everything that their rights give.
    ValueError for a token without scopes, and for scopes without a token.
    """

    user_id: UserId | None = None
    is_platform_admin: bool = False
    grants: Mapping[int, Grant] = field(default_factory=dict)
    scopes: frozenset[Scope] | None = None
    token_id: TokenId | None = None

    def __post_init__(self) -> None:
        if (self.scopes is None) != (self.token_id is None):
            raise ValueError("a program has a token and scopes, a person neither")

    @property
    def is_program(self) -> bool:
        """Whether a program asks, and not a person."""
        return self.scopes is not None

    @property
    def organisation_ids(self) -> frozenset[int]:
        """The organisations this viewer works for."""
        return frozenset(self.grants)


ANONYMOUS: Final = Viewer()


@dataclass(frozen=True)
class PartnerAccess:
    """What the policy must know of one co-host: has it accepted, and what may it see."""

    accepted: bool
    declined: bool
    attendee_scope: AttendeeScope


@dataclass(frozen=True)
class EventParties:
    """What the policy must know of an event."""

    host_id: int
    partners: Mapping[int, PartnerAccess] = field(default_factory=dict)


_HOST: Final[Mapping[Role, frozenset[Right]]] = {
    Role.ADMINISTRATOR: frozenset(Right) - {Right.ANSWER_PARTNERSHIP, Right.SEE_SENSITIVE},
    Role.ORGANISER: frozenset(Right) - {Right.ANSWER_PARTNERSHIP, Right.SEE_SENSITIVE},
    Role.STAFF: frozenset(
        {
            Right.SEE_EVENT,
            Right.SEE_ATTENDEES,
            Right.EDIT_REGISTRATIONS,
            Right.SEE_MESSAGES,
            Right.EXPORT_ATTENDEES,
            Right.CHECK_IN,
        }
    ),
    Role.DOOR: frozenset({Right.SEE_EVENT, Right.SEE_ATTENDEES, Right.CHECK_IN}),
}
_PARTNER: Final[Mapping[Role, frozenset[Right]]] = {
    Role.ADMINISTRATOR: frozenset({Right.SEE_EVENT, Right.ANSWER_PARTNERSHIP}),
    Role.ORGANISER: frozenset({Right.SEE_EVENT, Right.ANSWER_PARTNERSHIP}),
    Role.STAFF: frozenset({Right.SEE_EVENT}),
    Role.DOOR: frozenset({Right.SEE_EVENT}),
}
_PARTNER_LISTS: Final[Mapping[Role, frozenset[Right]]] = {
    Role.ADMINISTRATOR: frozenset({Right.SEE_ATTENDEES, Right.EXPORT_ATTENDEES}),
    Role.ORGANISER: frozenset({Right.SEE_ATTENDEES, Right.EXPORT_ATTENDEES}),
    Role.STAFF: frozenset({Right.SEE_ATTENDEES, Right.EXPORT_ATTENDEES}),
    Role.DOOR: frozenset({Right.SEE_ATTENDEES}),
}
_ORGANISATION: Final[Mapping[Role, frozenset[OrganisationRight]]] = {
    Role.ADMINISTRATOR: frozenset(OrganisationRight),
    Role.ORGANISER: frozenset({OrganisationRight.CREATE_EVENTS}),
    Role.STAFF: frozenset(),
    Role.DOOR: frozenset(),
}


def within_scopes(viewer: Viewer, rights: frozenset[R]) -> frozenset[R]:
    """Of these rights those that the viewer's scopes allow: all of them for a person."""
    scopes = viewer.scopes
    if scopes is None:
        return rights
    return frozenset(right for right in rights if right.scope in scopes)


def rights_on_event(viewer: Viewer, event: EventParties) -> frozenset[Right]:
    """All that ``viewer`` may do with ``event``; an empty set means it is out of sight."""
    rights: set[Right] = set()
    host = viewer.grants.get(event.host_id)
    if host is not None:
        rights |= _HOST[host.role]
        if host.sees_sensitive:
            rights.add(Right.SEE_SENSITIVE)
    for organisation_id, partner in event.partners.items():
        grant = viewer.grants.get(organisation_id)
        if grant is None or partner.declined:
            continue
        rights |= _PARTNER[grant.role]
        if partner.accepted and partner.attendee_scope is not AttendeeScope.NONE:
            rights |= _PARTNER_LISTS[grant.role]
    return within_scopes(viewer, frozenset(rights))


def organisations_with_visible_events(viewer: Viewer) -> frozenset[int]:
    """The organisations whose events ``viewer`` sees, hosted and co-hosted."""
    return frozenset(
        organisation_id
        for organisation_id in viewer.organisation_ids
        if Right.SEE_EVENT in rights_on_event(viewer, EventParties(organisation_id))
    )


def attendee_scope(viewer: Viewer, event: EventParties) -> tuple[AttendeeScope, frozenset[int]]:
    """Which attendees ``viewer`` may see: the scope, and for OWN the organisations whose seats."""
    if Right.SEE_ATTENDEES not in rights_on_event(viewer, event):
        return AttendeeScope.NONE, frozenset()
    if event.host_id in viewer.grants:
        return AttendeeScope.ALL, frozenset()
    mine = {
        organisation_id: partner.attendee_scope
        for organisation_id, partner in event.partners.items()
        if organisation_id in viewer.grants and partner.accepted
    }
    if AttendeeScope.ALL in mine.values():
        return AttendeeScope.ALL, frozenset()
    return AttendeeScope.OWN, frozenset(
        o for o, scope in mine.items() if scope is AttendeeScope.OWN
    )


def rights_on_organisation(viewer: Viewer, organisation_id: int) -> frozenset[OrganisationRight]:
    """All that ``viewer`` may do with the organisation."""
    grant = viewer.grants.get(organisation_id)
    rights = _ORGANISATION[grant.role] if grant else frozenset[OrganisationRight]()
    if viewer.is_platform_admin:
        rights |= {OrganisationRight.MANAGE_MEMBERS, OrganisationRight.EDIT_ORGANISATION}
    return within_scopes(viewer, rights)


def may_administer(viewer: Viewer) -> bool:
    """Whether the viewer runs an organisation or the platform, and is told how the system does."""
    return _reaches_platform(viewer) and (
        viewer.is_platform_admin
        or any(grant.role is Role.ADMINISTRATOR for grant in viewer.grants.values())
    )


def may_manage_platform(viewer: Viewer) -> bool:
    """Whether the viewer may add organisations, sectors and agreements."""
    return viewer.is_platform_admin and _reaches_platform(viewer)


def _reaches_platform(viewer: Viewer) -> bool:
    return viewer.scopes is None or PLATFORM_SCOPE in viewer.scopes
