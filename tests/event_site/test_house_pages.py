from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date, timedelta

import pytest

from event_mgmt.core.clock import utc_now
from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import EventStatus, Visibility
from event_mgmt.organisations.models import Agreement, OrganisationKind
from tests.builders import an_event, an_organisation, saved


def test_partners_are_shown_with_their_agreements_and_coming_events(visitor):
    chamber = an_organisation("Gospodarska zbornica Slovenije", slug="gzs", country="SI")
    cluster = an_organisation("Chemie.NRW")
    saved(
        Agreement(
            title=Localized(de="Vereinbarung"),
            signed_on=date(2011, 2, 15),
            place="Düsseldorf",
            parties=[chamber, cluster],
        )
    )
    an_event(chamber, starts_at=utc_now() + timedelta(days=9))

    html = visitor.get("/partners?lang=de").text

    assert "Gospodarska zbornica Slovenije" in html
    assert "Unterzeichnet am 15. Februar 2011 in Düsseldorf" in html
    assert "1 kommender Termin" in html
    assert 'href="/?host=gzs"' in html


def test_companies_and_former_bodies_are_no_partners(visitor):
    an_organisation("Firma", kind=OrganisationKind.COMPANY)
    an_organisation("Ehemalig", valid_to=date(2015, 12, 31))

    html = visitor.get("/partners?lang=de").text

    assert "Firma" not in html
    assert "Ehemalig" not in html


@pytest.mark.parametrize(
    ("locale", "words"),
    [("de", "Art. 26 DSGVO"), ("sl", "26. člen GDPR"), ("en", "Art. 26 GDPR")],
)
def test_the_privacy_page_names_the_joint_controllers(visitor, locale, words):
    an_organisation("Konsulat", privacy_contact="Dr. Ana Zupan, privacy@example.org")

    html = visitor.get(f"/privacy?lang={locale}").text

    assert words in html
    assert "Dr. Ana Zupan, privacy@example.org" in html
    assert "12" in html


def test_the_imprint_says_whom_to_write_to(visitor):
    an_organisation(
        "Konsulat", address="Ständehausstraße 1, 40217 Düsseldorf", email="k@example.org"
    )

    html = visitor.get("/imprint?lang=de").text

    assert "Ständehausstraße 1, 40217 Düsseldorf, Deutschland" in html
    assert 'href="mailto:k@example.org"' in html


def test_the_sitemap_lists_what_may_be_found(visitor):
    shown = an_event(starts_at=utc_now() + timedelta(days=9))
    hidden = an_event(visibility=Visibility.UNLISTED)
    draft = an_event(status=EventStatus.DRAFT)

    response = visitor.get("/sitemap.xml")

    assert response.mimetype == "application/xml"
    ET.fromstring(response.data)
    assert f"http://localhost/events/{shown.slug}</loc>" in response.text
    assert hidden.slug not in response.text
    assert draft.slug not in response.text


def test_robots_find_the_sitemap_and_leave_the_desk_alone(visitor):
    text = visitor.get("/robots.txt").text

    assert "Disallow: /desk/" in text
    assert "Sitemap: http://localhost/sitemap.xml" in text


def test_browsers_that_ask_for_an_icon_get_one(visitor):
    response = visitor.get("/favicon.ico")

    assert response.status_code == 301
    assert response.headers["Location"] == "/static/img/favicon.svg"
