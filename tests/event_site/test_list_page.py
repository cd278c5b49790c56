from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from event_mgmt.core.localized import Localized
from event_mgmt.core.text import fold, searchable
from event_mgmt.event_site import list_queries
from event_mgmt.event_site.cards import language_names
from event_mgmt.event_site.list_page import page_from, wanted_from
from event_mgmt.event_site.list_queries import EventSearch
from event_mgmt.events.enums import EventKind, EventStatus, PartnerStatus, Visibility
from event_mgmt.organisations.models import Sector
from tests.builders import NOW, a_partner, an_event, an_organisation, saved
from tests.sql_counter import counted_statements


def _titles(html: str) -> list[str]:
    return re.findall(r'<h3><a href="/events/[^"]+">(?:<span[^>]*>)?([^<]+)', html)


def _found(now=NOW, page=1, **wanted) -> list[str]:
    found = list_queries.public_events(EventSearch(**wanted), page=page, now=now)
    assert found.total >= len(found.events)
    return [event.title["de"] for event in found.events]


def _event(title: str, **given):
    return an_event(given.pop("host", None), title=Localized(de=title), **given)


def test_the_agenda_shows_what_is_coming_the_next_first(app):
    _event("Später", starts_at=NOW + timedelta(days=9))
    _event("Bald", starts_at=NOW + timedelta(days=2))
    _event("Gerade", starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=1))
    _event("Vorbei", starts_at=NOW - timedelta(days=2))

    assert _found() == ["Gerade", "Bald", "Später"]
    assert _found(is_past=True) == ["Vorbei"]


def test_the_agenda_shows_only_what_is_public(app):
    _event("Entwurf", status=EventStatus.DRAFT, published_at=None)
    _event("Verborgen", visibility=Visibility.UNLISTED)
    _event("Geladen", visibility=Visibility.INVITATION)
    _event("Abgelegt", status=EventStatus.ARCHIVED)
    _event("Abgesagt", status=EventStatus.CANCELLED)

    assert _found() == ["Abgesagt"]


def test_searching_needs_neither_accents_nor_order(app):
    _event("Empfang", search_text=fold("Empfang im Ständehaus Düsseldorf Škoda"))
    _event("Andere", search_text=fold("Werkstoffdialog Ljubljana"))

    assert _found(words="skoda STANDEHAUS") == ["Empfang"]
    assert _found(words="Ständehaus Ljubljana") == []
    assert _found(words="100%") == []
    assert _found(words="_") == []


@pytest.mark.parametrize("words", ["koeln", "Köln", "Ljubljana koeln", "ЉУБЉАНА"])
def test_an_event_is_found_however_its_words_are_spelt(app, words):
    _event("Empfang", search_text=searchable("Köln Љубљана"))
    _event("Andere", search_text=searchable("Kolding"))

    assert _found(words=words) == ["Empfang"]


def test_filters_narrow_the_agenda(app):
    chemistry = saved(Sector(code="chemistry", name=Localized(de="Chemie")))
    chamber = an_organisation(slug="gzs")
    journey = _event(
        "Reise",
        kind=EventKind.TRADE_DELEGATION,
        country="SI",
        languages=["sl", "en"],
        sectors=[chemistry],
    )
    a_partner(journey, chamber)
    invited = _event("Empfang", languages=["de"])
    a_partner(invited, chamber, status=PartnerStatus.INVITED)

    assert _found(kind=EventKind.TRADE_DELEGATION) == ["Reise"]
    assert _found(sector="chemistry") == ["Reise"]
    assert _found(host="gzs") == ["Reise"]
    assert _found(country="SI") == ["Reise"]
    assert _found(language="de") == ["Empfang"]
    assert _found(language="s") == []
    assert _found(country="SI", language="de") == []


def test_a_month_holds_what_takes_place_in_it(app):
    over_the_end = datetime(2027, 2, 27, 9, tzinfo=UTC)
    _event("Über den Monatswechsel", starts_at=over_the_end, ends_at=over_the_end + timedelta(3))
    _event("Am Ersten um Mitternacht", starts_at=datetime(2027, 2, 28, 23, 0, tzinfo=UTC))
    _event("Im Februar", starts_at=datetime(2027, 2, 28, 12, 0, tzinfo=UTC))

    march = wanted_from({"month": "2027-03"})

    assert _found(begin=march.begin, end=march.end) == [
        "Über den Monatswechsel",
        "Am Ersten um Mitternacht",
    ]


def test_long_agendas_are_paged(app):
    for n in range(list_queries.PAGE_SIZE + 2):
        _event(f"Nr. {n:02}", starts_at=NOW + timedelta(days=n + 1))

    assert len(_found(page=1)) == list_queries.PAGE_SIZE
    assert _found(page=2) == ["Nr. 20", "Nr. 21"]
    assert _found(page=99) == []


def test_one_can_filter_by_what_there_is(app):
    metal = saved(Sector(code="metal", name=Localized(de="Metall")))
    saved(Sector(code="unused", name=Localized(de="Unbenutzt")))
    host, partner = an_organisation(), an_organisation()
    an_organisation("Ohne Termine")
    event = _event("A", host=host, country="SI", languages=["sl", "en"], sectors=[metal])
    a_partner(event, partner)
    _event("Vorbei", host=host, country="AT", languages=["it"], starts_at=NOW - timedelta(days=9))

    there = list_queries.choices(now=NOW, is_past=False)

    assert [sector.code for sector in there.sectors] == ["metal"]
    assert [body.id for body in there.hosts] == [host.id, partner.id]
    assert there.countries == ["SI"]
    assert there.languages == ["en", "sl"]


def test_partners_are_counted_with_what_they_host_and_co_host(app):
    host, partner = an_organisation(), an_organisation()
    a_partner(_event("Gemeinsam", host=host), partner)
    _event("Allein", host=host)
    _event("Vorbei", host=host, starts_at=NOW - timedelta(days=9))

    assert list_queries.upcoming_of_hosts(now=NOW) == {host.id: 2, partner.id: 1}


def test_wishes_that_make_no_sense_are_passed_over():
    wanted = wanted_from({"kind": "party", "month": "2027-13", "past": "maybe", "q": " x "})

    assert wanted == EventSearch(words="x")
    assert [page_from({"page": text}) for text in ("2", "0", "-1", "", "zwei", "²", "9" * 99)] == [
        2,
        1,
        1,
        1,
        1,
        1,
        1,
    ]


def test_the_page_groups_events_by_month(visitor, soon):
    _event("Erster", starts_at=soon)
    _event("Zweiter", starts_at=soon + timedelta(days=62))

    html = visitor.get("/?lang=de").text

    assert _titles(html) == ["Erster", "Zweiter"]
    assert html.count('class="month-head"') == 2


def test_cards_say_what_is_off_and_offer_no_button_there(visitor, soon):
    _event("Abgesagtes", starts_at=soon, status=EventStatus.CANCELLED)
    _event("Verschobenes", starts_at=soon, status=EventStatus.POSTPONED)

    html = visitor.get("/?lang=de").text

    assert '<span class="tag is-danger">Abgesagt</span>' in html
    assert '<span class="tag is-warn">Verschoben</span>' in html
    assert "/register" not in html


def test_a_filter_that_finds_nothing_says_how_to_go_on(visitor, soon):
    _event("Einer", starts_at=soon)

    html = visitor.get("/?lang=de&q=gibtesnicht").text

    assert "Dazu gibt es keinen Termin" in html
    assert 'value="gibtesnicht"' in html
    assert 'content="noindex, follow"' in html


def test_an_empty_agenda_offers_the_feed(visitor):
    html = visitor.get("/?lang=de").text

    assert "Zurzeit sind keine Termine geplant" in html
    assert "/calendar.ics" in html


def test_filters_survive_turning_the_page(visitor, soon):
    for n in range(list_queries.PAGE_SIZE + 1):
        _event(f"Nr. {n}", starts_at=soon, country="SI")

    html = visitor.get("/?lang=de&country=SI").text

    assert 'href="/?country=SI&amp;page=2" rel="next"' in html


def test_what_a_reader_typed_comes_back_as_text(visitor):
    html = visitor.get('/?q="><script>alert(1)</script>&host="><b>').text

    assert "<script>alert" not in html
    assert '"><b>' not in html


def test_the_agendas_statements_do_not_grow_with_its_events(visitor, soon):
    for _ in range(2):
        a_partner(_event("A", starts_at=soon), an_organisation())
    visitor.get("/")
    with counted_statements() as few:
        visitor.get("/")
    for _ in range(12):
        a_partner(_event("B", starts_at=soon), an_organisation())
    with counted_statements() as many:
        visitor.get("/")

    assert len(many) == len(few) <= 8


def test_languages_are_written_as_each_language_writes_a_list_of_them(sqlite_app):
    assert language_names(["sl", "de"], "sl") == "Slovenščina, nemščina"
    assert language_names(["sl", "de"], "de") == "Slowenisch, Deutsch"
    assert language_names(["sl", "de"], "en") == "Slovenian, German"


@pytest.mark.parametrize(("query", "has_filters"), [("", False), ("?q=abc", True)])
def test_an_agenda_without_events_has_nothing_to_narrow_down(visitor, query, has_filters):
    page = visitor.get(f"/{query}").text

    assert ('role="search"' in page) is has_filters
    assert page.count('href="/calendar.ics') >= 1
