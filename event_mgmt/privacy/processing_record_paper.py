"""The record of processing activities of one event (Art. 30 GDPR), from its real settings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from flask_babel import gettext as _, ngettext

from event_mgmt.accounts.queries import StaffAccess
from event_mgmt.events.enums import AttendeeAccess
from event_mgmt.events.models import Event, Question
from event_mgmt.privacy.papers import PaperSection, PaperTable
from event_mgmt.privacy.queries import DataHolding
from event_mgmt.settings import Settings
from event_mgmt.web import times
from event_mgmt.web.enum_labels import enum_label
from event_mgmt.web.templating import country_name


def sections(
    holding: DataHolding, staff: Sequence[StaffAccess], settings: Settings, *, locale: str
) -> list[PaperSection]:
    """The points of Art. 30 (1) GDPR, a to g."""
    event = holding.event
    return [
        controllers(event, locale),
        _purposes(event),
        _categories(event, locale),
        _recipients(event, staff, settings, locale),
        PaperSection(
            _("Transfers to third countries"),
            (_("None. What the mail relay does is agreed with whoever runs it."),),
        ),
        retention(holding, locale),
        _measures(settings),
    ]


def controllers(event: Event, locale: str) -> PaperSection:
    """Who answers for the data."""
    rows = [
        (
            body.name.into(locale),
            _("Host") if body is event.host else _("Co-host"),
            ", ".join(
                p for p in (body.address, body.city, country_name(body.country, locale)) if p
            ),
            body.privacy_contact or body.email or "–",
        )
        for body in event.hosts
    ]
    heads = (_("Name"), _("Role"), _("Address"), _("Contact for data protection"))
    return PaperSection(_("Controllers"), table=PaperTable(heads, rows, (5, 3, 5, 5)))


def _purposes(event: Event) -> PaperSection:
    facts = [
        (
            _("Registration"),
            _(
                "To plan and hold the event, to confirm, remind and tell of changes"
                " (Art. 6 (1) b GDPR)"
            ),
        ),
        (_("Lists and the door"), _("To receive the guests (Art. 6 (1) b and f GDPR)")),
        (_("Record of mails and exports"), _("To be able to prove it (Art. 5 (2) GDPR)")),
    ]
    if any(question.is_sensitive for question in _asked(event)):
        words = _("To care for guests, with their explicit consent (Art. 9 (2) a GDPR)")
        facts.append((_("Sensitive answers"), words))
    return PaperSection(_("Purposes and legal grounds"), facts=facts)


def _asked(event: Event) -> list[Question]:
    return [question for question in event.questions if question.retired_at is None]


def _categories(event: Event, locale: str) -> PaperSection:
    words = (
        _("Guests and those who come with them; speakers as far as the programme names them."),
        _(
            "Of each guest: form of address, academic title, name, function, organisation, country,"
            " phone, e-mail address, language, message, status, time of registration, arrival."
        ),
    )
    rows = [
        (
            question.label.into(locale),
            enum_label(question.kind),
            _("sensitive (Art. 9 GDPR), kept apart") if question.is_sensitive else _("ordinary"),
            _("contact and companions") if question.asks_companions else _("contact"),
        )
        for question in _asked(event)
    ]
    heads = (_("Question"), _("Kind"), _("Category"), _("Asked of"))
    return PaperSection(
        _("Categories of people and data"), words, table=PaperTable(heads, rows, (6, 3, 5, 4))
    )


def _recipients(
    event: Event, staff: Sequence[StaffAccess], settings: Settings, locale: str
) -> PaperSection:
    relay = settings.mail.host or _("none: mails are written to files on the machine")
    return PaperSection(
        _("Recipients"),
        table=access(event, staff, locale),
        facts=((_("Mail relay"), relay), (_("Operator of the system"), settings.public_base_url)),
    )


def access(event: Event, staff: Iterable[StaffAccess], locale: str) -> PaperTable:
    """Which organisation sees which guests, and with how many people."""
    shares = {p.organisation_id: p.attendee_access for p in event.partners}
    by_body: dict[int, list[StaffAccess]] = {}
    for each in staff:
        by_body.setdefault(each.organisation_id, []).append(each)
    rows = []
    for body in event.hosts:
        seen = AttendeeAccess.ALL if body is event.host else shares[body.id]
        team = by_body.get(body.id, [])
        sensitive = sum(each.sees_sensitive for each in team) if body is event.host else 0
        rows.append(
            (
                body.short_name.into(locale) or body.name.into(locale),
                access_words(seen),
                ", ".join(f"{each.people} × {enum_label(each.role)}" for each in team) or "–",
                ngettext("%(num)d person", "%(num)d people", sensitive) if sensitive else "–",
            )
        )
    heads = (_("Organisation"), _("Sees"), _("With"), _("Sensitive answers"))
    return PaperTable(heads, rows, (4, 5, 6, 4))


def access_words(seen: AttendeeAccess) -> str:
    """What an organisation sees of the guests."""
    return {
        AttendeeAccess.ALL: _("all guests"),
        AttendeeAccess.OWN: _("the guests in its own contingent"),
        AttendeeAccess.NONE: _("no guests"),
    }[seen]


def retention(holding: DataHolding, locale: str) -> PaperSection:
    """When what goes."""
    event = holding.event

    def on(instant: datetime) -> str:
        return times.date_of(instant, locale, event.time_zone)

    days = ngettext(
        "%(num)d day after the event", "%(num)d days after the event", event.sensitive_days
    )
    months = ngettext(
        "%(num)d month after the event", "%(num)d months after the event", event.retention_months
    )
    rows = [
        (_("Sensitive answers"), days, on(holding.sensitive_go_at)),
        (_("Names, addresses, organisations, answers"), months, on(holding.personal_go_at)),
        (_("Mails"), months, on(holding.personal_go_at)),
        (_("Lists prepared as tasks"), _("one day after they were made"), "–"),
        (_("Record of exports and history"), _("stays, without names"), "–"),
    ]
    words = _(
        "The system erases by itself, in the night in which the day begins, and records how much"
        " went. Seats, status and numbers stay; they name nobody."
    )
    table = PaperTable((_("Data"), _("Kept"), _("Goes on")), rows, (6, 5, 4))
    return PaperSection(_("Retention"), (words,), table=table)


def _measures(settings: Settings) -> PaperSection:
    facts = [
        (
            _("In transit"),
            _("TLS; links and cookies only over it")
            if settings.is_https
            else _("not encrypted by the system: a proxy must do that"),
        ),
        (
            _("Access"),
            _("accounts with roles for each organisation; a second factor for those who want it"),
        ),
        (
            _("Sensitive answers"),
            _("in a table of their own, for people with a right of their own; reading is noted"),
        ),
        (
            _("Taking lists away"),
            _("recorded with person, purpose, number of people and check sum"),
        ),
        (_("Personal links"), _("signed, for one registration each, revocable")),
    ]
    return PaperSection(_("Technical and organisational measures (Art. 32 GDPR)"), facts=facts)
