"""What states of tasks, and reasons for a failure, are called on screen."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.tasks.enums import Reason, TaskState
from event_mgmt.web.enum_labels import EnumLabel

ENUM_LABELS: Final = (
    EnumLabel(TaskState.WAITING, _l("Waiting")),
    EnumLabel(TaskState.RUNNING, _l("In progress"), "brand"),
    EnumLabel(TaskState.DONE, _l("Done"), "ok"),
    EnumLabel(TaskState.FAILED, _l("Failed"), "danger"),
    EnumLabel(TaskState.CANCELLED, _l("Stopped")),
)

REASONS: Final = {
    Reason.NONE: "",
    Reason.REFUSED: "",
    Reason.DIED: _l(
        "The process that did it ended unexpectedly three times. The operator finds more in the"
        " log."
    ),
    Reason.INTERRUPTED: _l(
        "It was interrupted, and it is not known how much of it was done. Please check before you"
        " ask for it again."
    ),
    Reason.TOO_LARGE: _l("It needed more memory than a task may take. Please ask for less."),
    Reason.TOO_LONG: _l("It took longer than a task may take. Please ask for less."),
    Reason.NO_RIGHT: _l("You no longer have the right to do this."),
    Reason.UNREADABLE: _l("It cannot be read by this version. Please ask for it once more."),
    Reason.ERASED: _l(
        "Meanwhile the data of a person were erased who may have been in it. Please ask for it"
        " once more."
    ),
    Reason.RESTORED: _l(
        "The system was restored from a backup meanwhile. Please ask for it once more."
    ),
}
"""Why a task failed, as a sentence; what a rule refused has its own words."""
