"""A room of the tests: registrations under an argument of its own, and programs that ask for them.

A program is whoever sends its name: ``PROGRAMS`` holds those that there are.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from flask import Blueprint, render_template_string, request
from werkzeug.exceptions import NotFound

from event_mgmt.accounts import resolvers
from event_mgmt.accounts.access import current_actor, identify, on, open_to
from event_mgmt.accounts.policy import EventParties, OrganisationRight, Right, Viewer
from event_mgmt.audit import service as audit
from event_mgmt.core.database import db, transactional
from event_mgmt.core.ids import OrganisationId
from event_mgmt.events.models import Event
from event_mgmt.organisations.models import Organisation
from event_mgmt.registrations.models import Attendee, Registration
from event_mgmt.rooms import Room

bp: Final = Blueprint("visits", __name__)
NOW: Final = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
PROGRAMS: Final[dict[str, Viewer]] = {}
asked_for: Final[list[int]] = []
"""Which guests were looked for."""


@bp.get("/visits/<int:visit_id>")
@open_to(on("visit_id", Right.SEE_ATTENDEES))
def show(visit: Registration) -> str:
    """The visit, and whether its event may be edited."""
    return render_template_string("{{ id }}{% if may('edit_event') %} edit{% endif %}", id=visit.id)


@bp.post("/visits/<int:visit_id>/note")
@open_to(on("visit_id", Right.EDIT_REGISTRATIONS), form_checks_csrf=True)
def note(visit: Registration) -> str:
    """Something that is recorded."""
    _note(visit.id)
    return "noted"


@transactional
def _note(visit_id: int) -> None:
    by = current_actor()
    audit.record("visit.noted", by=by, now=NOW, subject="visit", subject_id=visit_id)


@bp.get("/visits/<int:visit_id>/guests/<int:guest_id>")
@open_to(on("guest_id", Right.SEE_ATTENDEES))
def guest(visit: Registration, guest: Attendee) -> str:
    """One of its people."""
    return f"{visit.id} {guest.id}"


@bp.get("/branches/<int:branch_id>")
@open_to(on("branch_id", OrganisationRight.SEE_AUDIT))
def branch(branch: Organisation) -> str:
    """Something of an organisation's own."""
    return str(branch.id)


@bp.get("/misdeclared/<int:branch_id>")
@open_to(on("branch_id", Right.SEE_AUDIT))
def misdeclared(branch: Organisation) -> str:
    """A right on events is demanded of an organisation."""
    return str(branch.id)


def _visit(visit_id: int) -> Registration | None:
    return db.session.get(Registration, visit_id)


def _owner(visit: Registration) -> EventParties:
    return db.session.get_one(Event, visit.event_id).parties()


def _guest(visit: Registration, _viewer: Viewer, guest_id: int) -> Attendee | None:
    asked_for.append(guest_id)
    return next((each for each in visit.attendees if each.id == guest_id), None)


def _branch(branch_id: int) -> Organisation | None:
    return db.session.get(Organisation, branch_id)


def _identify() -> None:
    name = request.headers.get("X-Program")
    if name is not None:
        if name not in PROGRAMS:
            raise NotFound
        identify(PROGRAMS[name])


ROOM: Final = Room(
    name="visits",
    blueprints=(bp,),
    resolvers={
        "visit_id": resolvers.whole("visit", _visit, _owner),
        "guest_id": resolvers.part("guest", within="visit_id", kind=Registration, find=_guest),
        "branch_id": resolvers.whole("branch", _branch, lambda found: OrganisationId(found.id)),
    },
    before_request=(_identify,),
)
