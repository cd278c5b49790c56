from __future__ import annotations

from datetime import timedelta

import icalendar

from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import EventStatus, PartnerStatus, Visibility
from tests.builders import a_partner, an_event, an_organisation, saved
from tests.sql_counter import counted_statements


def _titles(body: bytes) -> list[str]:
    return [str(e["SUMMARY"]) for e in icalendar.Calendar.from_ical(body).walk("VEVENT")]


def test_the_feed_holds_what_is_public(visitor, soon):
    an_event(title=Localized(de="Offen"), starts_at=soon)
    an_event(title=Localized(de="Entwurf"), starts_at=soon, status=EventStatus.DRAFT)
    an_event(title=Localized(de="Verborgen"), starts_at=soon, visibility=Visibility.UNLISTED)
    an_event(title=Localized(de="Geladen"), starts_at=soon, visibility=Visibility.INVITATION)
    an_event(title=Localized(de="Lange her"), starts_at=soon - timedelta(days=400))

    response = visitor.get("/calendar.ics?lang=de")

    assert response.mimetype == "text/calendar"
    assert _titles(response.data) == ["Offen"]


def test_a_feed_says_what_it_is_called_and_how_often_to_come_back(visitor, soon):
    an_event(starts_at=soon)

    feed = icalendar.Calendar.from_ical(visitor.get("/calendar.ics?lang=sl").data)

    assert feed["METHOD"] == "PUBLISH"
    assert feed["X-WR-CALNAME"] == feed["NAME"] == "Dogodki in delegacije"
    assert feed["REFRESH-INTERVAL"].to_ical() == b"PT6H"
    assert feed["SOURCE"] == "http://localhost/calendar.ics?lang=sl"
    assert len(feed.walk("VTIMEZONE")) == 1


def test_a_cancelled_event_stays_in_the_feed_as_cancelled(visitor, soon):
    an_event(title=Localized(en="Fair"), starts_at=soon, status=EventStatus.CANCELLED)

    (entry,) = icalendar.Calendar.from_ical(visitor.get("/calendar.ics?lang=en").data).walk(
        "VEVENT"
    )

    assert (entry["STATUS"], entry["SUMMARY"]) == ("CANCELLED", "Cancelled: Fair")


def test_a_hosts_feed_holds_what_it_hosts_and_co_hosts(visitor, soon):
    chamber, cluster = an_organisation(slug="gzs"), an_organisation()
    an_event(chamber, title=Localized(de="Eigen"), starts_at=soon)
    joint = an_event(cluster, title=Localized(de="Gemeinsam"), starts_at=soon + timedelta(days=1))
    a_partner(joint, chamber)
    open_ = an_event(cluster, title=Localized(de="Noch offen"), starts_at=soon)
    a_partner(open_, chamber, status=PartnerStatus.INVITED)
    an_event(cluster, title=Localized(de="Fremd"), starts_at=soon)

    assert _titles(visitor.get("/hosts/gzs.ics").data) == ["Eigen", "Gemeinsam"]


def test_an_unknown_host_has_no_feed(visitor):
    assert visitor.get("/hosts/nobody.ics").status_code == 404


def test_a_reader_who_has_the_feed_is_told_that_nothing_changed(visitor, soon):
    event = an_event(starts_at=soon)
    first = visitor.get("/calendar.ics?lang=de")

    again = visitor.get("/calendar.ics?lang=de", headers={"If-None-Match": first.headers["ETag"]})
    other = visitor.get("/calendar.ics?lang=sl", headers={"If-None-Match": first.headers["ETag"]})
    event.version += 1
    saved(event)
    after = visitor.get("/calendar.ics?lang=de", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert other.status_code == 200
    assert after.status_code == 200


def test_the_feeds_statements_do_not_grow_with_its_events(visitor, soon):
    for _ in range(3):
        a_partner(an_event(starts_at=soon), an_organisation())
    visitor.get("/calendar.ics")
    with counted_statements() as few:
        visitor.get("/calendar.ics")
    for _ in range(9):
        a_partner(an_event(starts_at=soon), an_organisation())
    with counted_statements() as many:
        visitor.get("/calendar.ics")

    assert len(many) == len(few) <= 4


def test_one_event_comes_as_a_file(visitor, soon):
    event = an_event(starts_at=soon, visibility=Visibility.UNLISTED)

    response = visitor.get(f"/events/{event.slug}.ics?lang=de")

    assert response.headers["Content-Disposition"] == f'attachment; filename="{event.slug}.ics"'
    assert _titles(response.data) == [event.title["de"]]


def test_a_draft_has_no_file(visitor, soon):
    event = an_event(starts_at=soon, status=EventStatus.DRAFT)

    assert visitor.get(f"/events/{event.slug}.ics").status_code == 404
