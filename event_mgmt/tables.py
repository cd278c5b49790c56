"""Imports every table, so that the metadata is whole for migrations and tests."""

from event_mgmt.accounts import models as accounts
from event_mgmt.attendee_lists import models as attendee_lists
from event_mgmt.audit import models as audit
from event_mgmt.core import throttle
from event_mgmt.events import models as events
from event_mgmt.files import models as files
from event_mgmt.mail import models as mail
from event_mgmt.mail.bounces import models as bounces
from event_mgmt.messaging import models as reminders
from event_mgmt.organisations import models as organisations
from event_mgmt.privacy import models as privacy
from event_mgmt.registration_desk.imports import models as imports
from event_mgmt.registrations import models as registrations

__all__ = [
    "accounts",
    "attendee_lists",
    "audit",
    "bounces",
    "events",
    "files",
    "imports",
    "mail",
    "organisations",
    "privacy",
    "registrations",
    "reminders",
    "throttle",
]
