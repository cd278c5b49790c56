"""Who is on a list, and for whom: on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from event_mgmt.accounts.models import Role, User
from event_mgmt.accounts.policy import ANONYMOUS, Viewer
from event_mgmt.accounts.sessions import viewer_of
from event_mgmt.attendee_lists import queries, statistics
from event_mgmt.attendee_lists.criteria import ListCriteria, PersonFilter, PresenceFilter, SortOrder
from event_mgmt.core.database import db
from event_mgmt.events.enums import AttendeeAccess, PartnerStatus
from event_mgmt.events.models import Event
from event_mgmt.registrations.enums import Status
from tests.attendee_lists.reading import names_on_list
from tests.builders import NOW, a_partner, a_registration, a_user, an_event, an_organisation, saved
from tests.sql_counter import counted_statements


@pytest.mark.parametrize("search", ["zagar", "ŽAGAR", "zagar tehnika", "tehnika ana", "guest@firm"])
def test_search_finds_names_organisations_and_addresses_without_diacritics(
    event: Event, host: Viewer, search: str
) -> None:
    a_registration(
        event,
        given_name="Ana",
        family_name="Žagar",
        organisation="Tehnika d.o.o.",
        email="guest@firma.example",
    )
    a_registration(event, family_name="Weiß", organisation="Werk")

    assert names_on_list(event, host, search=search) == ["Žagar"]


@pytest.mark.parametrize("search", ["%", "_", "\\", "' OR 1=1 --"])
def test_search_takes_signs_literally(event: Event, host: Viewer, search: str) -> None:
    a_registration(event)

    assert names_on_list(event, host, search=search) == []


def test_filters_narrow_together(event: Event, host: Viewer) -> None:
    a_registration(event, family_name="A", country="DE", organisation="Werk", companions=1)
    a_registration(event, family_name="B", country="SI", organisation="Werk")
    a_registration(event, family_name="C", country="DE", status=Status.PENDING)

    assert names_on_list(event, host, country="DE", people=PersonFilter.CONTACTS) == ["A", "C"]
    assert names_on_list(event, host, country="DE", statuses=(Status.PENDING,)) == ["C"]
    assert names_on_list(event, host, organisation="Werk", people=PersonFilter.CONTACTS) == [
        "A",
        "B",
    ]
    assert len(names_on_list(event, host, people=PersonFilter.COMPANIONS)) == 1


def test_the_door_sees_who_has_arrived(event: Event, host: Viewer) -> None:
    arrived = a_registration(event, family_name="A")
    arrived.attendees[0].checked_in_at = NOW
    saved(arrived)
    a_registration(event, family_name="B")

    assert names_on_list(event, host, presence=PresenceFilter.ARRIVED) == ["A"]
    assert names_on_list(event, host, presence=PresenceFilter.AWAITED) == ["B"]


def test_only_this_events_people_are_listed(event: Event, host: Viewer) -> None:
    a_registration(an_event(event.host), family_name="Elsewhere")
    a_registration(event, family_name="Here")

    assert names_on_list(event, host) == ["Here"]


def _two_contingents(event: Event, access: AttendeeAccess) -> User:
    partner = an_organisation("Partner")
    a_partner(event, partner, access=access, seats=20)
    a_registration(event, family_name="General")
    own = next(pool for pool in event.pools if pool.organisation_id == partner.id)
    a_registration(event, family_name="Own", pool=own)
    return a_user(partner, Role.STAFF)


@pytest.mark.parametrize(
    ("access", "expected"),
    [
        (AttendeeAccess.NONE, []),
        (AttendeeAccess.OWN, ["Own"]),
        (AttendeeAccess.ALL, ["General", "Own"]),
    ],
)
def test_a_co_host_sees_what_it_was_granted(
    event: Event, access: AttendeeAccess, expected: list[str]
) -> None:
    viewer = viewer_of(_two_contingents(event, access))

    assert names_on_list(event, viewer) == expected
    streamed = queries.batches_of(
        event,
        viewer=viewer,
        criteria=ListCriteria(),
        order=SortOrder.SURNAME,
        locale="de",
        sources=["family_name"],
    )
    assert [row.family_name for batch in streamed for row in batch] == expected
    assert statistics.statistics_of(event, viewer=viewer).of(Status.CONFIRMED) == len(expected)
    assert sum(n for _, n in statistics.breakdown_of(event, viewer=viewer).countries) == len(
        expected
    )
    assert [n for _, n in statistics.registrations_over_time(event, viewer=viewer)][-1:] == [
        len(expected)
    ][: len(expected)]


def test_a_co_host_cannot_widen_its_sight_by_a_filter(event: Event) -> None:
    viewer = viewer_of(_two_contingents(event, AttendeeAccess.OWN))

    assert names_on_list(event, viewer, contingent="general") == []


def test_a_co_host_that_has_not_accepted_sees_nobody(event: Event) -> None:
    partner = an_organisation()
    a_partner(event, partner, access=AttendeeAccess.ALL, status=PartnerStatus.INVITED)
    a_registration(event)

    assert names_on_list(event, viewer_of(a_user(partner))) == []


def test_strangers_and_visitors_see_nobody(event: Event) -> None:
    a_registration(event)

    assert names_on_list(event, viewer_of(a_user(an_organisation()))) == []
    assert names_on_list(event, ANONYMOUS) == []


def test_the_numbers_count_people_and_seats(event: Event, host: Viewer) -> None:
    a_registration(event, companions=2)
    a_registration(event, status=Status.PENDING, companions=1)
    a_registration(event, status=Status.WAITLISTED)
    a_registration(event, status=Status.CANCELLED)

    found = statistics.statistics_of(event, viewer=host)

    assert found.of(Status.CONFIRMED) == 3
    assert found.of(Status.PENDING) == 2
    assert found.of(Status.WAITLISTED) == 1
    assert found.companions == 2
    assert (found.capacity, found.taken, found.free) == (500, 3, 497)


def test_shares_name_those_who_send_most_first(event: Event, host: Viewer) -> None:
    for organisation, country, people in (("A", "DE", 1), ("B", "SI", 3), ("C", "SI", 2)):
        a_registration(event, organisation=organisation, country=country, companions=people - 1)
    a_registration(event, organisation="D", country="AT", status=Status.CANCELLED)

    found = statistics.breakdown_of(event, viewer=host)

    assert found.organisations == [("B", 3), ("C", 2), ("A", 1)]
    assert found.countries == [("SI", 5), ("DE", 1)]


def test_the_course_counts_days_by_the_events_clock_and_leaves_none_out(
    event: Event, host: Viewer
) -> None:
    late = NOW.replace(hour=23, minute=30)  # half past midnight in Berlin
    a_registration(event, created_at=NOW, companions=1)
    a_registration(event, created_at=late)
    a_registration(event, created_at=NOW + timedelta(days=3))

    found = statistics.registrations_over_time(event, viewer=host)

    assert [(day.day, people) for day, people in found] == [(12, 2), (13, 3), (14, 3), (15, 4)]


def test_pages_beyond_the_last_give_the_last(event: Event, host: Viewer) -> None:
    for n in range(51):
        a_registration(event, family_name=f"N{n:02}")

    assert names_on_list(event, host, number=99) == ["N50"]
    assert len(names_on_list(event, host, number=-3)) == 50


@pytest.mark.parametrize("order", SortOrder)
@pytest.mark.parametrize("locale", ["de", "sl"])
@pytest.mark.parametrize("is_counted", [True, False])
def test_page_after_page_everybody_stands_once_as_in_a_file(
    event: Event,
    host: Viewer,
    monkeypatch: pytest.MonkeyPatch,
    order: SortOrder,
    locale: str,
    is_counted: bool,
) -> None:
    for n, name in enumerate(("Zupan", "Čeh", "Cerar", "Öhm", "Žagar")):
        a_registration(
            event,
            family_name=name,
            organisation=("Šport", "Steel")[n % 2],
            country=("SI", "DE", "AT")[n % 3],
            companions=n % 2,
            status=(Status.CONFIRMED, Status.WAITLISTED)[n // 3],
        )
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    asked = {"viewer": host, "criteria": ListCriteria(), "order": order, "locale": locale}

    pages = [
        queries.page_of(event, number=number, total=7 if is_counted else None, **asked)
        for number in range(1, 5)
    ]

    in_a_file = [
        row[0] for batch in queries.batches_of(event, sources=["id"], **asked) for row in batch
    ]
    assert [row.id for page in pages for row in page.rows] == in_a_file
    assert [len(page.rows) for page in pages] == [2, 2, 2, 1]


def test_the_number_of_statements_does_not_grow_with_the_list(event: Event, host: Viewer) -> None:
    def statements() -> int:
        db.session.expire_all()
        with counted_statements() as counted:
            names_on_list(event, host)
            statistics.statistics_of(event, viewer=host)
            statistics.breakdown_of(event, viewer=host)
            statistics.registrations_over_time(event, viewer=host)
        return len(counted)

    a_registration(event)
    few = statements()
    for _ in range(30):
        a_registration(event, companions=2)

    assert statements() == few


def test_criteria_survive_an_address_and_drop_what_they_do_not_know() -> None:
    criteria = ListCriteria(
        search="Ana",
        statuses=(Status.CONFIRMED, Status.WAITLISTED),
        contingent="7",
        country="SI",
        people=PersonFilter.CONTACTS,
        presence=PresenceFilter.ARRIVED,
    )

    assert ListCriteria.read(criteria.as_dict()) == criteria
    assert (
        ListCriteria.read({"statuses": "owned,root", "people": "x", "contingent": "1 OR 1"})
        == ListCriteria()
    )


def test_letters_of_other_scripts_are_found_in_whatever_a_list_prints(
    event: Event, host: Viewer
) -> None:
    a_registration(
        event, given_name="Žiga", family_name="Đorđević", organisation="Κόσμος Свет „O’Neill“"
    )
    assert queries.rare_letters(event, viewer=host) == ""

    a_registration(
        event, given_name="明", family_name="王", organisation="東京 GmbH", function="한글"
    )
    a_registration(an_event(), family_name="李")

    assert queries.rare_letters(event, viewer=host) == "".join(sorted("明王東京한글"))
    assert queries.rare_letters(event, viewer=ANONYMOUS) == ""
