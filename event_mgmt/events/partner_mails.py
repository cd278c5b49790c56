"""The mails to organisations that are asked to co-host an event."""

from __future__ import annotations

from flask_babel import gettext as _

from event_mgmt.core.links import public_url
from event_mgmt.events import queries
from event_mgmt.events.enums import PartnerStatus
from event_mgmt.events.models import Event, Partner
from event_mgmt.mail.letters import Button, Facts, Host, Letter, NotNeeded, Paragraph
from event_mgmt.mail.models import Message
from event_mgmt.web import times
from event_mgmt.web.enum_labels import enum_label
from event_mgmt.web.locale import current_language


def partner_invited(message: Message) -> Letter:
    """Another organisation would like to hold an event together with the reader's.

    Nothing is left to say once the invitation was answered or taken back.
    """
    event = queries.event_for_desk(message.event_id or 0)
    partner = _open_invitation(event, message.facts["organisation_id"])
    if event is None or partner is None:
        raise NotNeeded
    locale = current_language()
    host, title = event.host.name.into(locale), event.title.into(locale)
    return Letter(
        subject=_("%(host)s invites you to co-host: %(event)s", host=host, event=title),
        greeting=_("Hello %(name)s,", name=message.to_name),
        blocks=(
            Paragraph(
                _(
                    "%(host)s would like to hold this event together with %(organisation)s.",
                    host=host,
                    organisation=partner.organisation.name.into(locale),
                )
            ),
            Facts(_facts(event, partner, locale)),
            Paragraph(
                _(
                    "Please accept or decline on your desk. Until you do, you are not named"
                    " on the event’s page."
                )
            ),
            Button(
                _("Look at it and answer"), public_url("event_desk.partnership", event_id=event.id)
            ),
        ),
        hosts=tuple(
            Host(body.short_name.into(locale), body.accent)
            for body in (event.host, partner.organisation)
        ),
        sender_name=event.host.short_name.into(locale),
        reply_to=event.reply_to,
        footer=(_("You get this mail because you plan events for your organisation."),),
    )


def _open_invitation(event: Event | None, organisation_id: object) -> Partner | None:
    if event is None:
        return None
    return next(
        (
            partner
            for partner in event.partners
            if partner.organisation_id == organisation_id
            and partner.status is PartnerStatus.INVITED
        ),
        None,
    )


def _facts(event: Event, partner: Partner, locale: str) -> tuple[tuple[str, str], ...]:
    when = times.span_in_zone(event.starts_at, event.ends_at, event.time_zone, locale)
    where = ", ".join(part for part in (event.venue_name, event.city) if part)
    own = next((p.capacity for p in event.pools if p.organisation_id == partner.organisation_id), 0)
    rows = [
        (_("Event"), event.title.into(locale)),
        (_("When"), when),
        (_("Where"), where or (_("Online") if event.online_url else "")),
        (_("Seats of your own"), str(own) if own else ""),
        (_("You see"), enum_label(partner.attendee_access)),
    ]
    return tuple(row for row in rows if row[1])
