"""What this room's actions and their details are called in the audit log."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.accounts.models import Role
from event_mgmt.audit.labels import AuditLabels, Detail

AUDIT_LABELS: Final = AuditLabels(
    actions={
        "account_created": _l("Account made"),
        "account_taken_up": _l("Account taken up"),
        "account_profile_changed": _l("Own details changed"),
        "account_password_changed": _l("Password changed"),
        "account_password_reset": _l("Password set anew by mail"),
        "account_signed_out": _l("Signed out everywhere"),
        "account_second_factor_on": _l("Code by app turned on"),
        "account_second_factor_off": _l("Code by app turned off"),
        "account_recovery_codes_renewed": _l("Recovery codes renewed"),
        "member_invited": _l("Invited to the team"),
        "member_invited_again": _l("Invited once more"),
        "member_changed": _l("Role or rights changed"),
        "member_removed": _l("Removed from the team"),
        "member_blocked": _l("Account blocked"),
        "member_opened": _l("Account let in again"),
    },
    details={
        "user": {
            "email": Detail(_l("E-mail address")),
            "name": Detail(_l("Name")),
            "locale": Detail(_l("Language")),
            "role": Detail(_l("Role"), words=Role),
            "sees_sensitive": Detail(_l("May see sensitive answers")),
            "is_platform_admin": Detail(_l("Looks after the platform")),
        }
    },
)
