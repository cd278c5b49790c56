"""What the page of one event says, to whom, and in which language."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import EventStatus, PartnerStatus, Visibility
from event_mgmt.events.models import ProgrammeItem
from event_mgmt.organisations.models import Agreement
from tests.builders import a_partner, an_event, an_organisation, saved
from tests.event_site.pages import page_of


def test_the_page_names_all_accepted_hosts_and_nobody_else(visitor, soon):
    event = an_event(an_organisation("Konsulat"), starts_at=soon)
    a_partner(event, an_organisation("Chemie.NRW", accent="#0a7466"))
    a_partner(event, an_organisation("Unentschieden"), status=PartnerStatus.INVITED)
    a_partner(event, an_organisation("Nein danke"), status=PartnerStatus.DECLINED)

    html = page_of(visitor, event)

    assert "Konsulat" in html
    assert "Chemie.NRW" in html
    assert "Unentschieden" not in html
    assert "Nein danke" not in html
    assert html.count('fill="#0a7466"') >= 2  # the stripe and the badge


def test_each_language_has_its_own_page(visitor, soon):
    event = an_event(starts_at=soon)

    german = visitor.get(f"/events/{event.slug}", headers={"Accept-Language": "de"}).text
    slovenian = visitor.get(f"/events/{event.slug}", headers={"Accept-Language": "sl"}).text

    assert event.title["de"] in german
    assert event.title["sl"] in slovenian
    assert '<html lang="sl">' in slovenian


def test_the_page_says_whom_to_ask(visitor, soon):
    host = an_organisation(email="office@example.org")

    assert "mailto:office@example.org" in page_of(visitor, an_event(host, starts_at=soon))
    own = an_event(host, starts_at=soon, reply_to="reception@example.org")
    assert "mailto:reception@example.org" in page_of(visitor, own)


def test_the_reason_of_a_cancellation_is_told(visitor, soon):
    event = an_event(
        starts_at=soon,
        status=EventStatus.CANCELLED,
        cancel_reason=Localized(de="Das Werk wird umgebaut."),
    )

    assert "Das Werk wird umgebaut." in page_of(visitor, event)


def test_a_draft_does_not_exist_for_the_public(visitor, soon):
    draft = an_event(starts_at=soon, status=EventStatus.DRAFT)
    never_published = an_event(starts_at=soon, status=EventStatus.ARCHIVED, published_at=None)

    assert visitor.get(f"/events/{draft.slug}").status_code == 404
    assert visitor.get(f"/events/{never_published.slug}").status_code == 404
    assert visitor.get("/events/nothing-here").status_code == 404


@pytest.mark.parametrize("visibility", [Visibility.UNLISTED, Visibility.INVITATION])
def test_what_is_not_public_is_shown_to_whoever_has_the_link_but_not_to_search_engines(
    visitor, soon, visibility
):
    hidden = page_of(visitor, an_event(starts_at=soon, visibility=visibility))
    public = page_of(visitor, an_event(starts_at=soon))

    assert '<meta name="robots" content="noindex">' in hidden
    assert "noindex" not in public


def test_the_way_into_an_online_event_is_not_told_to_everybody(visitor, soon):
    event = an_event(
        starts_at=soon, venue_name="", city="", online_url="https://meet.example.org/geheim"
    )

    html = page_of(visitor, event)

    assert "geheim" not in html
    assert "Online" in html


def test_the_programme_stands_by_day_in_the_events_own_clock(visitor, soon):
    begin = soon.replace(hour=8)
    event = an_event(starts_at=begin, ends_at=begin + timedelta(days=1, hours=8))
    event.programme.append(
        ProgrammeItem(
            starts_at=begin,
            ends_at=begin + timedelta(hours=1),
            title=Localized(de="Begrüßung"),
            speakers=[{"name": "Maja Kovač", "function": "Konsulin", "organisation": "Konsulat"}],
        )
    )
    event.programme.append(
        ProgrammeItem(starts_at=begin + timedelta(days=1), title=Localized(de="Rundgang"))
    )
    saved(event)

    html = page_of(visitor, event)

    assert "Maja Kovač (Konsulin, Konsulat)" in html
    assert html.index("Begrüßung") < html.index("Rundgang")
    assert len(re.findall(r"<h3>\w+, \d+\. \w+ \d{4}</h3>", html)) == 2


def test_a_zone_with_another_clock_is_named(visitor, soon):
    event = an_event(starts_at=soon, time_zone="Europe/London")

    assert "UTC+0" in page_of(visitor, event)
    assert "UTC+" not in page_of(visitor, an_event(starts_at=soon, time_zone="Europe/Ljubljana"))


def test_texts_in_another_language_are_marked_and_a_hint_is_given(visitor, soon):
    event = an_event(
        starts_at=soon,
        title=Localized(de="Jahresempfang", sl="Letni sprejem"),
        summary=Localized(de="Ein Abend."),
        description=Localized(de="Mit **Musik**."),
    )

    html = page_of(visitor, event, "?lang=sl")

    assert '<span lang="de">Ein Abend.</span>' in html
    assert '<div class="prose" lang="de">' in html
    assert "samo v nemščini" in html
    assert "nur auf" not in page_of(visitor, event, "?lang=de")


def test_markdown_is_drawn_and_made_harmless(visitor, soon):
    event = an_event(
        starts_at=soon,
        title=Localized(de="<script>alert(1)</script>"),
        description=Localized(
            de="# Thema\n\n* eins\n\n[gut](https://example.org) [böse](javascript:alert(1))"
            "\n\n<img src=x onerror=alert(2)>\n\n![bild](https://example.org/zaehler.gif)"
        ),
    )

    html = page_of(visitor, event)

    assert "<h3>Thema</h3>" in html
    assert "<li>eins</li>" in html
    assert 'href="https://example.org" rel="noopener noreferrer nofollow"' in html
    assert "<script>alert" not in html
    assert 'href="javascript' not in html
    assert "<img src=x" not in html
    assert '<img src="https://example.org' not in html


def test_the_agreement_is_named_with_its_day(visitor, soon):
    agreement = saved(
        Agreement(title=Localized(de="Kooperationsvereinbarung"), signed_on=date(2011, 2, 15))
    )
    event = an_event(starts_at=soon, agreement_id=agreement.id)

    html = page_of(visitor, event)

    assert "Im Rahmen der Vereinbarung vom 15. Februar 2011" in html
    assert f'href="/partners#agreement-{agreement.id}"' in html


def test_the_page_is_found_in_its_other_languages(visitor, soon):
    event = an_event(starts_at=soon)

    html = page_of(visitor, event)

    url = f"http://localhost/events/{event.slug}"
    assert f'<link rel="canonical" href="{url}">' in html
    assert f'hreflang="sl" href="{url}?lang=sl"' in html
    assert f'<meta property="og:url" content="{url}">' in html
