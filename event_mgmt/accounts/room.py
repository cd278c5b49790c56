"""Sign-in, memberships, and who may do what."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.accounts import (
    account_views,
    audit_labels,
    blueprint,
    enum_labels,
    mail_kinds,
    member_views,
    models,
    personal_data,
    personal_report,
    queries,
    recipient_kinds,
    resolvers,
    sessions,
    sign_in_views,
)
from event_mgmt.accounts.policy import OrganisationRight
from event_mgmt.core.ids import OrganisationId
from event_mgmt.rooms import NavigationEntry, PersonalData, Place, Room

ROOM: Final = Room(
    name="accounts",
    models=(models,),
    blueprints=(blueprint.bp,),
    views=(sign_in_views, account_views, member_views),
    resolvers={
        # Its id is all that pages need to ask for rights; those that show it read it.
        "organisation_id": resolvers.whole("organisation_id", OrganisationId, OrganisationId),
        "membership_id": resolvers.part(
            "membership", within="organisation_id", kind=int, find=queries.visible_membership
        ),
    },
    before_request=(sessions.end_expired_session,),
    mail_kinds=mail_kinds.MAIL_KINDS,
    recipient_kinds=recipient_kinds.RECIPIENT_KINDS,
    enum_labels=enum_labels.ENUM_LABELS,
    audit_labels=audit_labels.AUDIT_LABELS,
    navigation=(
        NavigationEntry(
            place=Place.ORGANISATION,
            position=10,
            endpoint="accounts.members",
            label=_l("Team"),
            icon="users",
            right=OrganisationRight.MANAGE_MEMBERS,
        ),
    ),
    personal_data=PersonalData(
        tables=personal_data.TABLES,
        addresses=personal_data.addresses,
        find=personal_data.find,
        report=personal_report.report,
        check_erasable=personal_data.check_erasable,
        erase=personal_data.erase,
    ),
)
