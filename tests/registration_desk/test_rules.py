"""What a decision would do, worked out beforehand."""

from __future__ import annotations

from event_mgmt.events.enums import WaitingListMode
from event_mgmt.registration_desk.rules import (
    AdmissionCase,
    DecisionForecast,
    PoolSeats,
    forecast_decision,
)
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.party import Party, Person
from event_mgmt.registrations.people.person_matching import with_unshown_details

OFFER, OFF = WaitingListMode.OFFER, WaitingListMode.OFF


def pending(*sizes: int) -> list[AdmissionCase]:
    return [AdmissionCase(1, size, Status.PENDING) for size in sizes]


def of(
    cases: list[AdmissionCase], free: int, mode: WaitingListMode = OFFER, *, accept: bool = True
):
    return forecast_decision(cases, {1: PoolSeats(free, is_waited_for=False)}, mode, accept=accept)


def test_seats_go_in_order_and_nobody_passes_who_has_to_wait() -> None:
    found = of(pending(2, 2, 1), 3)

    assert found.reached == {Status.CONFIRMED: 1, Status.WAITLISTED: 2}
    assert (found.seats, found.mails) == (2, 3)


def test_without_a_waiting_list_smaller_parties_still_find_seats() -> None:
    found = of(pending(2, 2, 1), 3, OFF)

    assert (found.reached, found.full, found.mails) == ({Status.CONFIRMED: 2}, 1, 2)


def test_pools_are_counted_apart() -> None:
    cases = [AdmissionCase(1, 1, Status.PENDING), AdmissionCase(2, 1, Status.PENDING)]
    seats = {1: PoolSeats(1, is_waited_for=False), 2: PoolSeats(1, is_waited_for=True)}

    assert forecast_decision(cases, seats, OFFER, accept=True).reached == {
        Status.CONFIRMED: 1,
        Status.WAITLISTED: 1,
    }


def test_what_is_decided_already_stays() -> None:
    cases = [
        AdmissionCase(1, 1, Status.CONFIRMED),
        AdmissionCase(1, 1, Status.CANCELLED),
        *pending(1),
    ]

    assert of(cases, 9) == DecisionForecast({Status.CONFIRMED: 1}, seats=1, unchanged=2)


def test_a_no_takes_those_who_wait_too() -> None:
    cases = [
        AdmissionCase(1, 1, Status.WAITLISTED),
        AdmissionCase(1, 1, Status.DECLINED),
        *pending(1),
    ]

    assert of(cases, 9, accept=False) == DecisionForecast({Status.DECLINED: 2}, unchanged=1)


def a_person(name: str, **given) -> Person:
    return Person(name, "Kos", **given)


def parties(stored: list[Person], typed: list[Person]) -> tuple[Party, Party]:
    contact = a_person("Ana", sensitive={"1": "nuts"})
    return (
        Party("a@e.org", "sl", contact, tuple(stored), privacy_version="2026-11"),
        Party("a@e.org", "sl", a_person("Ana"), tuple(typed), privacy_version="new"),
    )


def test_what_the_form_does_not_show_of_companions_is_kept() -> None:
    eva = a_person("Eva", country="SI", phone="+38640123456", sensitive={"1": "vegan"})
    stored, typed = parties([a_person("Ivo"), eva], [a_person("Eva", function="CEO")])

    party = with_unshown_details(stored, typed, question_ids=())

    companion = party.companions[0]
    assert (companion.phone, companion.country, companion.function) == ("+38640123456", "", "CEO")
    assert companion.sensitive == {"1": "vegan"}
    assert party.contact.sensitive == {"1": "nuts"}
    assert party.privacy_version == "2026-11"


def test_a_corrected_name_keeps_its_answers_and_a_replaced_person_does_not() -> None:
    eva = a_person("Eva", sensitive={"1": "vegan"})

    corrected = with_unshown_details(*parties([eva], [a_person("Evita")]), question_ids=())
    replaced = with_unshown_details(*parties([eva], [a_person("Jan")]), question_ids=())
    joined = with_unshown_details(
        *parties([eva], [a_person("Jan"), a_person("Evita")]), question_ids=()
    )

    assert corrected.companions[0].sensitive == {"1": "vegan"}
    assert replaced.companions[0].sensitive == {}
    assert [c.sensitive for c in joined.companions] == [{}, {"1": "vegan"}]


def test_answers_that_were_shown_count_as_typed() -> None:
    eva = a_person("Eva", sensitive={"1": "vegan"})

    party = with_unshown_details(*parties([eva], [a_person("Eva")]), question_ids=["1"])

    assert party.companions[0].sensitive == {}
    assert party.contact.sensitive == {}
