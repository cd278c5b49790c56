"""Reading events for the desk: what is out of sight is as if it did not exist."""

from __future__ import annotations

from datetime import timedelta

import pytest

from event_mgmt.accounts.models import Role
from event_mgmt.accounts.policy import ANONYMOUS, Grant, Viewer, rights_on_event
from event_mgmt.core.localized import Localized
from event_mgmt.events import queries
from event_mgmt.events.enums import EventKind, EventStatus, PartnerStatus, Visibility
from event_mgmt.events.queries import PAGE, EventFilter, EventListTab
from event_mgmt.organisations.models import Sector
from tests.builders import NOW, a_partner, an_event, an_organisation, saved


def viewer_of(*organisations, role=Role.ORGANISER):
    return Viewer(user_id=1, grants={body.id: Grant(role) for body in organisations})


def found(viewer, **wanted):
    return [
        event.id for event in queries.events_for_desk(viewer, EventFilter(**wanted), now=NOW).events
    ]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("status", list(PartnerStatus))
def test_the_list_shows_exactly_what_the_policy_lets_see(app, role, status):
    mine, other = an_organisation(), an_organisation()
    events = [an_event(mine), an_event(other), an_event(other)]
    a_partner(events[1], mine, status=status)
    viewer = viewer_of(mine, role=role)

    allowed = [e.id for e in events if rights_on_event(viewer, e.parties())]

    assert found(viewer) == allowed


def test_who_belongs_to_nothing_sees_nothing(app):
    an_event()
    assert found(ANONYMOUS) == []
    assert found(Viewer(user_id=1, is_platform_admin=True)) == []


def test_every_event_stands_on_one_shelf(app):
    host = an_organisation()
    long_ago = NOW - timedelta(days=9)
    on = {
        EventListTab.UPCOMING: [
            an_event(host),
            an_event(host, starts_at=long_ago, status=EventStatus.POSTPONED),
            an_event(host, status=EventStatus.CANCELLED),
        ],
        EventListTab.DRAFTS: [an_event(host, starts_at=long_ago, status=EventStatus.DRAFT)],
        EventListTab.PAST: [an_event(host, starts_at=long_ago, status=EventStatus.FINISHED)],
        EventListTab.ARCHIVED: [an_event(host, status=EventStatus.ARCHIVED)],
    }

    for tab, events in on.items():
        assert set(found(viewer_of(host), tab=tab)) == {event.id for event in events}
    counts = queries.events_for_desk(viewer_of(host), EventFilter(), now=NOW).tab_counts
    assert counts == {tab: len(events) for tab, events in on.items()}


def test_the_list_is_searched_and_filtered(app):
    host = an_organisation()
    journey = an_event(host, kind=EventKind.TRADE_DELEGATION, search_text="potovanje zalec 100%")
    an_event(host, search_text="sprejem celje")

    assert found(viewer_of(host), text="ŽALEC Potovanje") == [journey.id]
    assert found(viewer_of(host), text="zalec celje") == []
    assert found(viewer_of(host), text="0%") == [journey.id]
    assert found(viewer_of(host), text="_") == []
    assert found(viewer_of(host), kind=EventKind.TRADE_DELEGATION) == [journey.id]
    assert found(viewer_of(host), status=EventStatus.CANCELLED) == []


def test_a_long_list_is_paged_in_order(app):
    host = an_organisation()
    events = [an_event(host, starts_at=NOW + timedelta(days=30 - n)) for n in range(PAGE + 2)]
    in_order = [event.id for event in reversed(events)]

    first = queries.events_for_desk(viewer_of(host), EventFilter(), now=NOW)

    assert [event.id for event in first.events] == in_order[:PAGE]
    assert first.total == PAGE + 2
    assert found(viewer_of(host), page=2) == in_order[PAGE:]
    assert found(viewer_of(host), page=3) == []


def test_events_at_the_same_time_are_found_by_host_co_host_and_sector(app):
    host, gzs = an_organisation(), an_organisation()
    steel = saved(Sector(code="steel", name=Localized(de="Stahl")))
    event = an_event(host)
    event.sectors = [steel]
    saved(event)
    a_partner(event, gzs)
    by_host, by_partner, by_sector = an_event(host), an_event(gzs), an_event()
    by_sector.sectors = [steel]
    saved(by_sector)
    an_event()
    an_event(host, starts_at=event.ends_at)
    an_event(host, status=EventStatus.CANCELLED)

    others = queries.overlapping_events(event, viewer_of(host))

    assert {other.id for other in others} == {by_host.id, by_partner.id, by_sector.id}


def test_an_overlap_gives_no_foreign_draft_away(app):
    host, gzs = an_organisation(), an_organisation()
    event = an_event(host)
    a_partner(event, gzs)
    an_event(gzs, status=EventStatus.DRAFT)
    an_event(gzs, visibility=Visibility.UNLISTED)
    own = an_event(host, status=EventStatus.DRAFT)

    assert [other.id for other in queries.overlapping_events(event, viewer_of(host))] == [own.id]


def test_a_missing_event_is_none(app):
    assert queries.event_for_desk(4711) is None
