"""The tasks that a subject has asked for, as the dossier tells of them.

Not their arguments and results: they may name somebody else.
"""

from __future__ import annotations

from flask_babel import gettext as _

from event_mgmt.core.personal_data import DataSubject, Reach
from event_mgmt.core.personal_report import EventInstant, Report, ReportReader, table_section
from event_mgmt.tasks import queries
from event_mgmt.tasks.kinds import called
from event_mgmt.tasks.models import Task
from event_mgmt.web.enum_labels import enum_label

POSITION = 60


def report(subject: DataSubject, _reach: Reach, _reader: ReportReader) -> Report:
    """The tasks of the last day that the subject's account asked for, with the account."""
    users = subject.ids("user")
    if not users:
        return Report(position=POSITION)
    tasks = [task for user_id in users for task in queries.tasks_of(user_id)]
    rows = [
        (EventInstant(task.created_at), called(task.kind), enum_label(task.state)) for task in tasks
    ]
    heads = (_("When"), _("Task"), _("State"))
    return Report(
        position=POSITION,
        sections=table_section(_("Tasks asked for"), heads, rows, (3, 7, 3)),
        data={"account": {"tasks": [_as_data(task) for task in tasks]}},
    )


def _as_data(task: Task) -> dict[str, object]:
    return {
        "kind": task.kind,
        "created_at": task.created_at.isoformat(),
        "state": task.state.value,
        "result": task.result_name,
    }
