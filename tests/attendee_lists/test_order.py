"""In which order people stand on a list: on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from event_mgmt.accounts.policy import Viewer
from event_mgmt.attendee_lists import queries
from event_mgmt.attendee_lists.criteria import ListCriteria, SortOrder
from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.registrations import erasure
from event_mgmt.registrations.enums import Status
from tests.attendee_lists.reading import names_on_list
from tests.builders import NOW, a_registration, saved

SURNAMES = ("Zupan", "Žagar", "Čeh", "Cvetko", "Dolenc", "Öztürk", "Oman", "Weiß", "Weisz", "Ćosić")


def test_surnames_stand_as_german_readers_expect(event: Event, host: Viewer) -> None:
    for surname in SURNAMES:
        a_registration(event, family_name=surname)

    assert names_on_list(event, host) == [
        "Čeh",
        "Ćosić",
        "Cvetko",
        "Dolenc",
        "Oman",
        "Öztürk",
        "Weiß",
        "Weisz",
        "Žagar",
        "Zupan",
    ]


def test_surnames_stand_as_slovenian_readers_expect(event: Event, host: Viewer) -> None:
    for surname in SURNAMES:
        a_registration(event, family_name=surname)

    assert names_on_list(event, host, locale="sl") == [
        "Cvetko",
        "Čeh",
        "Ćosić",
        "Dolenc",
        "Oman",
        "Öztürk",
        "Weiß",
        "Weisz",
        "Zupan",
        "Žagar",
    ]


@pytest.mark.parametrize(
    ("locale", "expected"),
    [("de", ["Čebela", "Celje", "Zlatarna"]), ("sl", ["Celje", "Čebela", "Zlatarna"])],
)
def test_organisations_stand_in_the_readers_order(
    event: Event, host: Viewer, locale: str, expected: list[str]
) -> None:
    for organisation in ("Zlatarna", "Čebela", "Celje"):
        a_registration(event, family_name=organisation, organisation=organisation)

    assert names_on_list(event, host, order=SortOrder.ORGANISATION, locale=locale) == expected


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("de", ["", "DE", "AT", "CH", "SI", "AE"]),  # Deutschland, Österreich, …, Vereinigte
        ("sl", ["", "AT", "DE", "SI", "CH", "AE"]),  # Avstrija, Nemčija, …, Švica, Združeni
        ("en", ["", "AT", "DE", "SI", "CH", "AE"]),
    ],
)
def test_countries_stand_by_the_names_that_readers_see(
    event: Event, host: Viewer, locale: str, expected: list[str]
) -> None:
    for country in ("SI", "AE", "DE", "", "CH", "AT"):
        a_registration(event, family_name=country, country=country)

    assert names_on_list(event, host, order=SortOrder.COUNTRY, locale=locale) == expected


def test_a_changed_organisation_takes_its_new_place(event: Event, host: Viewer) -> None:
    registration = a_registration(event, family_name="B", organisation="Beta")
    a_registration(event, family_name="M", organisation="Mi")

    registration.attendees[0].organisation = "Omega"
    saved(registration)

    assert names_on_list(event, host, order=SortOrder.ORGANISATION) == ["M", "B"]


def test_people_of_one_name_always_stand_in_the_same_order(event: Event, host: Viewer) -> None:
    for _ in range(120):
        a_registration(event, family_name="Novak", given_name="Ana")

    seen = []
    for number in (1, 2, 3):
        page = queries.page_of(
            event,
            viewer=host,
            criteria=ListCriteria(),
            order=SortOrder.ORGANISATION,
            locale="sl",
            number=number,
        )
        seen += [row.id for row in page.rows]

    assert len(seen) == 120
    assert seen == sorted(seen)


def test_the_order_by_status_begins_with_those_who_come(event: Event, host: Viewer) -> None:
    for status in (Status.CANCELLED, Status.WAITLISTED, Status.PENDING, Status.CONFIRMED):
        a_registration(event, family_name=status.value, status=status)

    assert names_on_list(event, host, order=SortOrder.STATUS) == [
        "confirmed",
        "pending",
        "waitlisted",
        "cancelled",
    ]


def test_the_order_by_time_keeps_parties_together(event: Event, host: Viewer) -> None:
    a_registration(event, family_name="Zupan", companions=1)
    a_registration(event, family_name="Adam", created_at=NOW + timedelta(hours=1))

    names = names_on_list(event, host, order=SortOrder.REGISTERED)

    assert names[0] == "Zupan"
    assert names[1].startswith("Begleitung")
    assert names[2] == "Adam"


@pytest.mark.parametrize("locale", ["de", "sl"])
def test_whose_data_have_gone_stand_behind_names_in_every_script(
    event: Event, host: Viewer, locale: str
) -> None:
    gone = a_registration(event, family_name="Aaa")
    for surname in ("Шевченко", "Παπαδόπουλος", "王", "ꯃꯅꯤ", "𐓏", "Zupan"):
        a_registration(event, family_name=surname)
    erasure.erase_people([saved(gone).id], now=NOW)
    db.session.commit()

    names = names_on_list(event, host, locale=locale)

    assert names[0] == "Zupan"
    assert names[-1] == ""
