from __future__ import annotations

import json
import re
from datetime import date, timedelta

import pytest

from event_mgmt.core.clock import utc_now
from event_mgmt.core.localized import Localized
from event_mgmt.events.models import ProgrammeItem
from event_mgmt.events.words import (
    EventKind,
    EventStatus,
    PartnerStatus,
    Visibility,
    WaitingListMode,
)
from event_mgmt.organisations.models import Agreement
from tests.builders import a_partner, a_registration, a_user, an_event, an_organisation, saved
from tests.sql_counter import counted_statements


@pytest.fixture
def soon():
    return utc_now().replace(minute=0, second=0, microsecond=0) + timedelta(days=40)


def _page(visitor, event, query="?lang=de") -> str:
    response = visitor.get(f"/events/{event.slug}{query}")
    assert response.status_code == 200
    return response.text


def _data(html: str) -> dict:
    return json.loads(re.search(r'ld\+json"[^>]*>(.*?)</script>', html, re.DOTALL)[1])


def test_the_page_names_all_accepted_hosts_and_nobody_else(visitor, soon):
    event = an_event(an_organisation("Konsulat"), starts_at=soon)
    a_partner(event, an_organisation("Chemie.NRW", accent="#0a7466"))
    a_partner(event, an_organisation("Unentschieden"), status=PartnerStatus.INVITED)
    a_partner(event, an_organisation("Nein danke"), status=PartnerStatus.DECLINED)

    html = _page(visitor, event)

    assert "Konsulat" in html
    assert "Chemie.NRW" in html
    assert "Unentschieden" not in html
    assert "Nein danke" not in html
    assert html.count('fill="#0a7466"') >= 2  # the stripe and the badge


def test_an_open_event_leads_to_its_form(visitor, soon):
    event = an_event(starts_at=soon, seats=20)
    a_registration(event)

    html = _page(visitor, event)

    assert f'href="/events/{event.slug}/register"' in html
    assert "noch 19 von 20 Plätzen frei" in html


def test_a_registration_shows_on_the_page_at_once(visitor, soon):
    event = an_event(starts_at=soon, seats=20)
    assert "20 Plätze" in _page(visitor, event, "")

    a_registration(event, companions=2)

    assert "noch 17 von 20" in _page(visitor, event, "")


def test_a_change_of_the_event_shows_on_the_page_at_once(visitor, soon):
    event = an_event(starts_at=soon)
    _page(visitor, event, "")
    event.title, event.version = Localized(de="Neuer Titel"), event.version + 1
    saved(event)

    assert "Neuer Titel" in _page(visitor, event, "")


def test_a_host_that_accepts_shows_on_the_page_at_once(visitor, soon):
    event = an_event(starts_at=soon)
    partner = a_partner(event, an_organisation("Chemie.NRW"), status=PartnerStatus.INVITED)
    assert "Chemie.NRW" not in _page(visitor, event, "")
    partner.status = PartnerStatus.ACCEPTED
    saved(partner)

    assert "Chemie.NRW" in _page(visitor, event, "")


def test_each_language_has_its_own_page(visitor, soon):
    event = an_event(starts_at=soon)

    german = visitor.get(f"/events/{event.slug}", headers={"Accept-Language": "de"}).text
    slovenian = visitor.get(f"/events/{event.slug}", headers={"Accept-Language": "sl"}).text

    assert event.title["de"] in german
    assert event.title["sl"] in slovenian
    assert '<html lang="sl">' in slovenian


def test_each_visit_of_a_kept_page_has_its_own_nonce(visitor, soon):
    event = an_event(starts_at=soon)

    visits = [visitor.get(f"/events/{event.slug}") for _ in range(2)]

    nonces = [re.search(r'nonce="([^"]+)"', visit.text)[1] for visit in visits]
    assert nonces[0] != nonces[1]
    for visit, nonce in zip(visits, nonces, strict=True):
        assert f"'nonce-{nonce}'" in visit.headers["Content-Security-Policy"]


def test_a_kept_page_does_not_show_one_visitor_what_belongs_to_another(visitor, soon):
    event = an_event(starts_at=soon)
    user = a_user(event.host)
    member = visitor.application.test_client()
    with member.session_transaction() as session:
        session["_user_id"] = f"{user.id}:{user.session_version}"
        session["_fresh"] = True

    with visitor.application.app_context():
        seen_by_member = member.get(f"/events/{event.slug}").text
    seen_by_all = _page(visitor, event, "")

    assert "/desk/" in seen_by_member
    assert "/desk/" not in seen_by_all
    assert "csrf" not in seen_by_all


def test_a_full_event_says_so_and_offers_the_waiting_list(visitor, soon):
    event = an_event(starts_at=soon, seats=1)
    a_registration(event)

    html = _page(visitor, event)

    assert "Auf die Warteliste" in html
    assert f"/events/{event.slug}/register" in html


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"status": EventStatus.CANCELLED}, "Diese Veranstaltung ist abgesagt"),
        ({"status": EventStatus.POSTPONED}, "Diese Veranstaltung ist verschoben"),
        ({"status": EventStatus.FINISHED}, "Diese Veranstaltung ist vorbei"),
        ({"visibility": Visibility.INVITATION}, "nur auf Einladung"),
        ({"registration_closes_at": utc_now() - timedelta(days=1)}, "Anmeldeschluss war"),
        ({"registration_opens_at": utc_now() + timedelta(days=9)}, "Die Anmeldung öffnet am"),
    ],
)
def test_where_nobody_can_register_the_page_says_why_and_shows_no_button(
    visitor, soon, given, words
):
    html = _page(visitor, an_event(starts_at=soon, **given))

    assert words in html
    assert "/register" not in html


def test_a_full_event_without_waiting_list_shows_no_button(visitor, soon):
    event = an_event(starts_at=soon, seats=1, waiting_list=WaitingListMode.OFF)
    a_registration(event)

    html = _page(visitor, event)

    assert "eine Warteliste gibt es nicht" in html
    assert "/register" not in html


def test_the_page_says_whom_to_ask(visitor, soon):
    host = an_organisation(email="office@example.org")

    assert "mailto:office@example.org" in _page(visitor, an_event(host, starts_at=soon))
    own = an_event(host, starts_at=soon, reply_to="reception@example.org")
    assert "mailto:reception@example.org" in _page(visitor, own)


def test_the_reason_of_a_cancellation_is_told(visitor, soon):
    event = an_event(
        starts_at=soon,
        status=EventStatus.CANCELLED,
        cancel_reason=Localized(de="Das Werk wird umgebaut."),
    )

    assert "Das Werk wird umgebaut." in _page(visitor, event)


def test_each_contingent_leads_to_its_own_seats(visitor, soon):
    event = an_event(starts_at=soon)
    a_partner(event, an_organisation("Chemie.NRW", slug="chemie"), seats=15)

    html = _page(visitor, event)

    assert f'href="/events/{event.slug}/register?pool=chemie"' in html
    assert "15 Plätze" in html


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
    hidden = _page(visitor, an_event(starts_at=soon, visibility=visibility))
    public = _page(visitor, an_event(starts_at=soon))

    assert '<meta name="robots" content="noindex">' in hidden
    assert "noindex" not in public


def test_the_way_into_an_online_event_is_not_told_to_everybody(visitor, soon):
    event = an_event(
        starts_at=soon, venue_name="", city="", online_url="https://meet.example.org/geheim"
    )

    html = _page(visitor, event)

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

    html = _page(visitor, event)

    assert "Maja Kovač (Konsulin, Konsulat)" in html
    assert html.index("Begrüßung") < html.index("Rundgang")
    assert len(re.findall(r"<h3>\w+, \d+\. \w+ \d{4}</h3>", html)) == 2


def test_a_zone_with_another_clock_is_named(visitor, soon):
    event = an_event(starts_at=soon, time_zone="Europe/London")

    assert "UTC+0" in _page(visitor, event)
    assert "UTC+" not in _page(visitor, an_event(starts_at=soon, time_zone="Europe/Ljubljana"))


def test_texts_in_another_language_are_marked_and_a_hint_is_given(visitor, soon):
    event = an_event(
        starts_at=soon,
        title=Localized(de="Jahresempfang", sl="Letni sprejem"),
        summary=Localized(de="Ein Abend."),
        description=Localized(de="Mit **Musik**."),
    )

    html = _page(visitor, event, "?lang=sl")

    assert '<span lang="de">Ein Abend.</span>' in html
    assert '<div class="prose" lang="de">' in html
    assert "samo v nemščini" in html
    assert "nur auf" not in _page(visitor, event, "?lang=de")


def test_markdown_is_drawn_and_made_harmless(visitor, soon):
    event = an_event(
        starts_at=soon,
        title=Localized(de="<script>alert(1)</script>"),
        description=Localized(
            de="# Thema\n\n* eins\n\n[gut](https://example.org) [böse](javascript:alert(1))"
            "\n\n<img src=x onerror=alert(2)>\n\n![bild](https://example.org/zaehler.gif)"
        ),
    )

    html = _page(visitor, event)

    assert "<h3>Thema</h3>" in html
    assert "<li>eins</li>" in html
    assert 'href="https://example.org" rel="noopener noreferrer nofollow"' in html
    assert "<script>alert" not in html
    assert 'href="javascript' not in html
    assert "<img src=x" not in html
    assert '<img src="https://example.org' not in html


def test_search_engines_are_told_what_the_event_is(visitor, soon):
    event = an_event(
        an_organisation("Konsulat", website="https://konsulat.example.org"),
        starts_at=soon,
        venue_address="Ständehausstraße 1",
    )

    data = _data(_page(visitor, event))

    assert data["@type"] == "Event"
    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    assert data["eventAttendanceMode"] == "https://schema.org/OfflineEventAttendanceMode"
    assert data["startDate"].endswith(("+01:00", "+02:00"))
    assert data["location"][0]["address"]["addressLocality"] == "Düsseldorf"
    assert data["organizer"][0]["name"] == "Konsulat"
    assert data["offers"]["price"] == "0"
    assert data["offers"]["availability"] == "https://schema.org/InStock"
    assert data["url"] == f"http://localhost/events/{event.slug}"


def test_data_for_search_engines_cannot_end_their_script(visitor, soon):
    event = an_event(starts_at=soon, title=Localized(de="</script><script>alert(1)</script>"))

    html = _page(visitor, event)

    assert "</script><script>alert" not in html
    assert _data(html)["name"] == "</script><script>alert(1)</script>"


def test_a_moved_event_says_what_was_planned_before(visitor, soon):
    event = an_event(starts_at=soon, postponed_from=soon - timedelta(days=14))

    html = _page(visitor, event)

    assert "Diese Veranstaltung hat einen neuen Termin" in html
    assert _data(html)["eventStatus"] == "https://schema.org/EventRescheduled"
    assert _data(html)["previousStartDate"].startswith(f"{soon - timedelta(days=14):%Y-%m-%d}")


@pytest.mark.parametrize(
    ("status", "word"),
    [(EventStatus.CANCELLED, "EventCancelled"), (EventStatus.POSTPONED, "EventPostponed")],
)
def test_search_engines_learn_that_an_event_is_off(visitor, soon, status, word):
    data = _data(_page(visitor, an_event(starts_at=soon, status=status)))

    assert data["eventStatus"] == f"https://schema.org/{word}"
    assert "offers" not in data


def test_an_event_with_a_fee_is_not_called_free(visitor, soon):
    event = an_event(starts_at=soon, fee_note=Localized(de="750 € netto"))

    html = _page(visitor, event)

    assert "750 € netto" in html
    assert "Kostenfrei" not in html
    assert "price" not in _data(html)["offers"]


def test_a_journey_is_applied_for(visitor, soon):
    event = an_event(starts_at=soon, kind=EventKind.TRADE_DELEGATION, approval_needed=True)

    html = _page(visitor, event)

    assert ">Bewerben</a>" in html
    assert "Kostenfrei" not in html


def test_the_agreement_is_named_with_its_day(visitor, soon):
    agreement = saved(
        Agreement(title=Localized(de="Kooperationsvereinbarung"), signed_on=date(2011, 2, 15))
    )
    event = an_event(starts_at=soon, agreement_id=agreement.id)

    html = _page(visitor, event)

    assert "Im Rahmen der Vereinbarung vom 15. Februar 2011" in html
    assert f'href="/partners#agreement-{agreement.id}"' in html


def test_the_page_is_found_in_its_other_languages(visitor, soon):
    event = an_event(starts_at=soon)

    html = _page(visitor, event)

    url = f"http://localhost/events/{event.slug}"
    assert f'<link rel="canonical" href="{url}">' in html
    assert f'hreflang="sl" href="{url}?lang=sl"' in html
    assert f'<meta property="og:url" content="{url}">' in html


def test_a_page_at_hand_costs_one_statement(visitor, soon):
    event = an_event(starts_at=soon)
    for _ in range(4):
        a_partner(event, an_organisation(), seats=5)
    _page(visitor, event, "")

    with counted_statements() as seen:
        _page(visitor, event, "")

    assert len(seen) == 1


def test_drawing_a_page_anew_costs_a_fixed_number_of_statements(visitor, soon):
    def cost_with(partners: int) -> int:
        event = an_event(starts_at=soon)
        for _ in range(partners):
            a_partner(event, an_organisation(), seats=5)
        path = f"/events/{event.slug}"
        with counted_statements() as seen:
            assert visitor.get(path).status_code == 200
        return len(seen)

    cost_with(partners=0)  # the first page of all also looks at the schema

    assert cost_with(partners=1) == cost_with(partners=5) <= 6
