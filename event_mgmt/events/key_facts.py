"""What an event's page and the pages beside it say in short: where it is and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from event_mgmt.events import rules
from event_mgmt.events.enums import EventKind
from event_mgmt.events.models import Event
from event_mgmt.web.lang_text import LangText, lang_text
from event_mgmt.web.locale import current_language
from event_mgmt.web.templating import country_name


@dataclass(frozen=True)
class KeyFact:
    """One line beside an icon; ``sub`` is a quieter second line."""

    icon: str
    text: str | LangText
    sub: str = ""
    url: str = ""


def location_facts(event: Event, locale: str) -> Iterator[KeyFact]:
    """The place with its address, and whether one can take part online."""
    if event.venue_name or event.city:
        country = country_name(event.country, locale) if event.country else ""
        line = rules.place_text(event.venue_address, city=event.city, country=country)
        yield KeyFact("map-pin", event.venue_name or line, line if event.venue_name else "")
    if event.online_url:
        yield KeyFact("video", _("Online"), _("Registered guests get the link."))


def cost_facts(event: Event, locale: str) -> Iterator[KeyFact]:
    """The fee; journeys that say nothing of it are not called free."""
    if event.fee_note:
        yield KeyFact("ticket", lang_text(event.fee_note, locale))
    elif event.kind is not EventKind.TRADE_DELEGATION:
        yield KeyFact("ticket", _("Free of charge"))


def contact_facts(event: Event) -> Iterator[KeyFact]:
    """Whom to ask."""
    if address := event.reply_to or event.host.email:
        yield KeyFact("mail", address, _("for your questions"), url=f"mailto:{address}")


def key_facts(event: Event) -> list[KeyFact]:
    """Where it is and what it costs, in the reader's language: what stands beside a form."""
    locale = current_language()
    place = [replace(f, sub="") if f.icon == "video" else f for f in location_facts(event, locale)]
    return [*place, *cost_facts(event, locale)]
