"""What this room's actions and their details are called in the audit log."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.audit.labels import AuditLabels, Detail

AUDIT_LABELS: Final = AuditLabels(
    actions={
        "registration_erased": _l("Data erased on request"),
        "privacy_person_erased": _l("A person's data erased"),
        "privacy_person_read": _l("Everything about a person looked at"),
        "privacy_person_taken": _l("Everything about a person taken as a file"),
        "privacy_person_erased_again": _l("A person's data erased anew after a restore"),
        "retention_sensitive": _l("Sensitive answers erased: their time had come"),
        "retention_personal": _l("Personal data erased: their time had come"),
    },
    details={
        "privacy": {
            "registrations": Detail(_l("Registrations")),
            "people": Detail(_l("People")),
            "sensitive_answers": Detail(_l("Sensitive answers")),
            "called_off": Detail(_l("Called off")),
            "mails": Detail(_l("Mails")),
            "uploads": Detail(_l("Lists waiting to be imported")),
            "tasks": Detail(_l("Tasks and their results")),
            "files": Detail(_l("Files")),
            "mentions": Detail(_l("Mentions in notes and exports")),
            "organisations": Detail(_l("Organisations")),
            "sha256": Detail(_l("Check sum (SHA-256)")),
            "accounts": Detail(_l("Accounts")),
        }
    },
)
