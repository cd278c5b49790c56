"""The essence of the arrangement between joint controllers (Art. 26 GDPR) for one event."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from event_mgmt.accounts.queries import StaffAccess
from event_mgmt.core.privacy_notice import PRIVACY_VERSION
from event_mgmt.events.models import Event
from event_mgmt.privacy.papers import PaperSection, PaperTable
from event_mgmt.privacy.processing_record_paper import (
    access,
    controllers,
    retention,
)
from event_mgmt.privacy.queries import DataHolding
from event_mgmt.web import times


def is_joint(event: Event) -> bool:
    """Whether several organisations host the event together."""
    return len(event.hosts) > 1


def sections(
    holding: DataHolding, staff: Sequence[StaffAccess], *, base_url: str, locale: str
) -> list[PaperSection]:
    """Who does what, who sees what, and to whom guests turn."""
    event = holding.event
    return [
        controllers(event, locale),
        _subject(event, locale),
        _duties(event, locale),
        PaperSection(_("Who sees which guests"), table=access(event, staff, locale)),
        _information(event, base_url),
        retention(holding, locale),
        _signatures(event, locale),
    ]


def _subject(event: Event, locale: str) -> PaperSection:
    facts = [(_("Event"), event.title.into(locale))]
    if event.agreement is not None:
        day = times.date_of(event.agreement.signed_on, locale)
        facts.append((_("Cooperation agreement"), f"{event.agreement.title.into(locale)}, {day}"))
    pools = [
        f"{pool.organisation.short_name.into(locale) if pool.organisation else _('General')}:"
        f" {pool.capacity}"
        for pool in event.pools
    ]
    facts.append((_("Contingents of seats"), ", ".join(pools)))
    words = _(
        "The organisations named decide together on the purposes and means of processing the data"
        " of this event’s guests, and are jointly responsible for it (Art. 26 (1) GDPR)."
    )
    return PaperSection(_("Subject"), (words,), facts)


def _duties(event: Event, locale: str) -> PaperSection:
    host = event.host.short_name.into(locale) or event.host.name.into(locale)
    rows = [
        (_("Guest list, confirmations, reminders"), host),
        (_("Information of the guests (Art. 13 GDPR)"), host),
        (_("Requests of guests: access, correction, erasure"), host),
        (_("Retention and erasure"), host),
        (_("Report of a data breach (Art. 33 and 34 GDPR)"), host),
        (
            _("Confidential use of the guests’ data that it sees, and erasure of its own copies"),
            _("each organisation"),
        ),
    ]
    words = _(
        "Guests may turn to any of the organisations (Art. 26 (3) GDPR); it passes requests on to"
        " the one in charge without delay."
    )
    table = PaperTable((_("Duty"), _("In charge")), rows, (8, 4))
    return PaperSection(_("Who does what"), (words,), table=table)


def _information(event: Event, base_url: str) -> PaperSection:
    facts = (
        (_("Event page, with all hosts"), f"{base_url}/events/{event.slug}"),
        (_("Privacy notice"), f"{base_url}/privacy"),
        (_("Version of the notice"), PRIVACY_VERSION),
    )
    words = _(
        "The essence of this arrangement is made known to guests on the registration form, on their"
        " own page and in the privacy notice (Art. 26 (2) GDPR)."
    )
    return PaperSection(_("Where guests read it"), (words,), facts)


def _signatures(event: Event, locale: str) -> PaperSection:
    rows = [(body.name.into(locale), "\n\n", "\n\n") for body in event.hosts]
    heads = (_("Organisation"), _("Place and date"), _("Signature"))
    return PaperSection(_("Signatures"), table=PaperTable(heads, rows, (5, 4, 5)))
