"""A subject's account, as the dossier tells of it."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from event_mgmt.accounts import queries
from event_mgmt.accounts.models import Membership, User
from event_mgmt.core.personal_data import DataSubject, Reach
from event_mgmt.core.personal_report import Report, ReportReader, ReportSection
from event_mgmt.web import times
from event_mgmt.web.enum_labels import enum_label
from event_mgmt.web.locale import OWN_NAMES

POSITION = 50


def report(subject: DataSubject, _reach: Reach, reader: ReportReader) -> Report:
    """The account, where the subject has one in reach."""
    if not subject.ids("user"):
        return Report(position=POSITION, data={"account": None})
    (user_id,) = subject.ids("user")
    account, teams = queries.user(user_id), queries.memberships_of(user_id)
    goes = _("The account %(name)s with its places in teams", name=account.display_name)
    return Report(
        position=POSITION,
        sections=(_section(account, teams, reader.locale),),
        data={"account": _as_data(account, teams)},
        counts={"accounts": 1},
        goes=(goes,),
    )


def _section(account: User, teams: Sequence[Membership], locale: str) -> ReportSection:
    facts = (
        (_("Name"), account.display_name),
        (_("E-mail"), account.email),
        (_("Language"), OWN_NAMES.get(account.locale, account.locale)),
        (
            _("Account since"),
            times.short_datetime(account.created_at, times.READERS_ZONE, locale),
        ),
        (
            _("Teams"),
            ", ".join(
                f"{team.organisation.name.into(locale)} ({enum_label(team.role)})" for team in teams
            ),
        ),
    )
    return ReportSection(_("Account"), facts=facts)


def _as_data(account: User, teams: Sequence[Membership]) -> dict[str, object]:
    return {
        "email": account.email,
        "given_name": account.given_name,
        "family_name": account.family_name,
        "language": account.locale,
        "created_at": account.created_at.isoformat(),
        "teams": [
            {"organisation": team.organisation.name.as_dict(), "role": team.role} for team in teams
        ],
    }
