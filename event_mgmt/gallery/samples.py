"""What the components show in the gallery: made up, and long where real words are long."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from flask_babel import gettext as _, ngettext

from event_mgmt.core.localized import Localized
from event_mgmt.web import times
from event_mgmt.web.locale import current_language

HERE: Final = "#main"

_EVENT: Final = Localized(
    {
        "de": "Unternehmerdelegation: Leichtbau und Kreislaufwirtschaft bei Autozulieferern",
        "sl": "Gospodarska delegacija: lahka gradnja in krožno gospodarstvo v avtomobilstvu",
        "en": "Trade delegation: lightweight design and circular economy in the car industry",
    }
)
_SHORT: Final = Localized({"de": "Jahresempfang", "sl": "Letni sprejem", "en": "Annual reception"})

HOSTS: Final[list[dict[str, object]]] = [
    {
        "name": "Gospodarska zbornica Slovenije",
        "short_name": "GZS",
        "accent": "#1d5fa8",
        "initials": "GZS",
        "url": HERE,
    },
    {
        "name": "Cluster für Kunststoff und Kreislaufwirtschaft in Nordrhein-Westfalen",
        "short_name": "Kunststoff.NRW",
        "accent": "#b4531f",
        "initials": "K",
    },
    {"name": "Konzulat", "short_name": "", "accent": "#2b7a4b", "initials": ""},
]


@dataclass(frozen=True)
class Samples:
    """Everything that the page shows, in the reader's language."""

    title: str
    short_title: str
    hosts: list[dict[str, object]]
    cards: list[dict[str, object]]
    badges: list[times.DateBadge]
    when: dict[str, object]
    weekdays: list[str]
    days: list[dict[str, object]]
    programme: list[dict[str, str]]
    points: list[dict[str, object]]
    page: dict[str, object]


def of(today: date) -> Samples:
    """Samples whose dates lie around ``today``."""
    locale = current_language()
    title, short = _EVENT.into(locale), _SHORT.into(locale)
    one, several = _badge(today), _badge(today, days=3)
    return Samples(
        title=title,
        short_title=short,
        hosts=_hosts(),
        cards=_cards(title, short, [one, several]),
        badges=[one, several, _badge(today, is_off=True)],
        when={"date_badge": one, "days": times.day(today, locale), "hours": "18:00–21:30"},
        weekdays=times.weekday_names(locale),
        days=_days(today, short),
        programme=[
            {"when": "18:00", "iso": f"{today}T18:00", "title": short},
            {
                "when": "18:30–19:15",
                "title": title,
                "speakers": "Dr. Ana Žagar",
                "place": "Ljubljana",
            },
        ],
        points=[{"label": str(n), "value": n * n} for n in range(1, 9)],
        page=_page(),
    )


def _hosts() -> list[dict[str, object]]:
    roles = (_("Host"), _("Co-host"), _("Co-host"))
    return [{**host, "role": role} for host, role in zip(HOSTS, roles, strict=True)]


def _badge(first: date, *, days: int = 1, is_off: bool = False) -> times.DateBadge:
    begins = datetime.combine(first, time(12), UTC)
    ends = begins + timedelta(days=days - 1)
    return times.date_badge(begins, ends, times.READERS_ZONE, current_language(), is_off=is_off)


def _cards(title: str, short: str, badges: list[times.DateBadge]) -> list[dict[str, object]]:
    places = ngettext(
        "%(num)d of %(total)d places left", "%(num)d of %(total)d places left", 8, total=40
    )
    full = {
        "url": HERE,
        "title": title,
        "kind_label": _("Trade delegation"),
        "kind_icon": "plane",
        "date_badge": badges[1],
        "hosts": HOSTS,
        "facts": [("clock", "18:00–21:30"), ("map-pin", "Ljubljana")],
        "seats": {"taken": 32, "capacity": 40, "label": places, "tone": "warn"},
        "action": {"label": _("Register"), "url": HERE, "primary": True},
    }
    plain = {**full, "title": short, "date_badge": badges[0], "hosts": HOSTS[:1], "seats": None}
    off = {"is_off": True, "tag": {"label": _("Cancelled"), "tone": "danger"}, "action": None}
    return [full, {**plain, "action": None}, {**plain, **off, "date_badge": _off(badges[0])}]


def _off(badge: times.DateBadge) -> times.DateBadge:
    return replace(badge, is_off=True)


def _days(today: date, title: str) -> list[dict[str, object]]:
    """Two weeks, of which the first days lie outside the month."""
    locale = current_language()
    monday = today - timedelta(days=today.weekday())
    return [
        {
            "number": day.day,
            "weekday": times.weekday_names(locale)[day.weekday()],
            "label": times.day(day, locale),
            "iso": day.isoformat(),
            "is_outside": n < 2 and day != today,
            "is_today": day == today,
            "events": [{"url": HERE, "title": title, "time": "18:00", "hosts": HOSTS}]
            if n in {4, 9} or day == today
            else [],
        }
        for n, day in enumerate(monday + timedelta(days=n) for n in range(14))
    ]


def _page() -> dict[str, object]:
    numbers = [{"number": n, "url": HERE, "is_current": n == 2} for n in (1, 2, 3)]
    gap = {"number": None, "url": None, "is_current": False}
    return {
        "first": 51,
        "last": 100,
        "total": 1234,
        "previous_url": HERE,
        "next_url": HERE,
        "links": [*numbers, gap, {"number": 25, "url": HERE, "is_current": False}],
    }
