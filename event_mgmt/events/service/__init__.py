"""What can be done with events. Each verb is one transaction; all take ``by`` and ``now``."""

from event_mgmt.events.service.capacity import change_capacity
from event_mgmt.events.service.contents import set_programme, set_questions
from event_mgmt.events.service.duplicate_event import duplicate
from event_mgmt.events.service.partners import answer_partnership, set_partners
from event_mgmt.events.service.planning import create, edit, edit_basics, edit_details
from event_mgmt.events.service.status import archive, cancel, finish, move, postpone, publish

__all__ = [
    "answer_partnership",
    "archive",
    "cancel",
    "change_capacity",
    "create",
    "duplicate",
    "edit",
    "edit_basics",
    "edit_details",
    "finish",
    "move",
    "postpone",
    "publish",
    "set_partners",
    "set_programme",
    "set_questions",
]
