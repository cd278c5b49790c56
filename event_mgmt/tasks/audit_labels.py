"""What this room's actions and their details are called in the audit log."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.audit.labels import AuditLabels, Detail
from event_mgmt.tasks.enum_labels import REASONS
from event_mgmt.tasks.enums import Reason
from event_mgmt.tasks.kinds import called


def _reason(value: str) -> str:
    return str(REASONS[Reason(value)]) or value


AUDIT_LABELS: Final = AuditLabels(
    actions={
        "task_asked": _l("Task asked for"),
        "task_cancelled": _l("Task stopped"),
        "task_failed": _l("Task failed"),
        "task_result_taken": _l("Result of a task taken"),
    },
    details={
        "task": {
            "kind": Detail(_l("Task"), called=called),
            "reason": Detail(_l("Reason"), called=_reason),
            "sha256": Detail(_l("Check sum (SHA-256)")),
        }
    },
)
