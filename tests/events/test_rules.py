"""The pure rules of events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, strategies as st

from event_mgmt.core.localized import Localized
from event_mgmt.core.text import search_parts
from event_mgmt.events import refusals, rules
from event_mgmt.events.enums import EventStatus, QuestionKind
from event_mgmt.events.fields import MATERIAL_FIELDS

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
BERLIN = "Europe/Berlin"


def an_outline(**given):
    values = {
        "starts_at": NOW + timedelta(days=10),
        "ends_at": NOW + timedelta(days=10, hours=2),
        "venue_name": "",
        "city": "Celje",
        "online_url": "",
        **given,
    }
    return SimpleNamespace(**values)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (EventStatus.CANCELLED, EventStatus.PUBLISHED),
        (EventStatus.ARCHIVED, EventStatus.DRAFT),
        (EventStatus.DRAFT, EventStatus.CANCELLED),
        (EventStatus.FINISHED, EventStatus.POSTPONED),
    ],
)
def test_a_step_back_or_aside_is_refused(old, new):
    with pytest.raises(refusals.InvalidTransition):
        rules.check_transition(old, new)


def test_every_status_leads_to_the_archive():
    reached = {status: set(rules.STATUS_TRANSITIONS[status]) for status in EventStatus}
    for _ in EventStatus:
        for ways in reached.values():
            ways |= {further for way in ways for further in rules.STATUS_TRANSITIONS[way]}

    for status in set(EventStatus) - {EventStatus.ARCHIVED}:
        assert EventStatus.ARCHIVED in reached[status]


@pytest.mark.parametrize(
    ("outline", "seats", "refusal"),
    [
        (an_outline(ends_at=NOW), 5, refusals.EndsBeforeItStarts),
        (an_outline(starts_at=NOW), 5, refusals.StartsInThePast),
        (an_outline(city=""), 5, refusals.PlaceMissing),
        (an_outline(), 0, refusals.SeatsMissing),
    ],
)
def test_what_guests_could_not_attend_is_not_announced(outline, seats, refusal):
    with pytest.raises(refusal):
        rules.check_publishable(outline, Localized(sl="Sprejem"), seats=seats, now=NOW)


def test_an_online_event_needs_no_city():
    outline = an_outline(city="", online_url="https://meet.example.org/1")
    rules.check_publishable(outline, Localized(sl="Sprejem"), seats=1, now=NOW)


def test_an_event_without_a_name_is_not_announced():
    with pytest.raises(refusals.TitleMissing):
        rules.check_publishable(an_outline(), Localized(), seats=1, now=NOW)


def test_registration_cannot_close_before_it_opens():
    with pytest.raises(refusals.RegistrationClosesBeforeOpening):
        rules.check_registration_window(
            opens_at=NOW, closes_at=NOW, changes_close_at=None, ends_at=NOW + timedelta(days=1)
        )


@pytest.mark.parametrize("name", ["closes_at", "changes_close_at"])
def test_no_deadline_lies_after_the_event(name):
    deadlines = {"closes_at": None, "changes_close_at": None, name: NOW + timedelta(hours=1)}

    with pytest.raises(refusals.DeadlineAfterEvent) as refused:
        rules.check_registration_window(opens_at=None, ends_at=NOW, **deadlines)

    assert (
        refused.value.field
        == {
            "closes_at": "registration_closes",
            "changes_close_at": "changes_close",
        }[name]
    )


def test_a_party_must_fit_into_the_largest_contingent():
    rules.check_largest_party(4, [2, 4])
    with pytest.raises(refusals.LargestPartyExceedsSeats):
        rules.check_largest_party(5, [2, 4])


def test_a_small_event_has_small_parties():
    assert rules.default_largest_party(2) == 2
    assert rules.default_largest_party(200) == 4


def test_guests_change_their_registration_until_two_days_before_by_the_wall_clock():
    starts_at = datetime(2027, 3, 29, 8, 0, tzinfo=UTC)  # 10:00 in Berlin, after the change

    closes = rules.default_changes_close(starts_at, BERLIN, now=NOW)

    assert closes == datetime(2027, 3, 27, 9, 0, tzinfo=UTC)  # 10:00 in Berlin, before it


def test_at_short_notice_guests_change_their_registration_until_it_starts():
    starts_at = NOW + timedelta(days=1)
    assert rules.default_changes_close(starts_at, BERLIN, now=NOW) == starts_at


def test_a_deadline_keeps_its_hour_when_the_event_moves_into_summer_time():
    shift = rules.DateShift(
        datetime(2027, 2, 10, 17, 0, tzinfo=UTC),
        BERLIN,
        datetime(2027, 4, 10, 16, 0, tzinfo=UTC),
        BERLIN,
    )

    assert shift.of(datetime(2027, 2, 8, 11, 0, tzinfo=UTC)) == datetime(
        2027, 4, 8, 10, 0, tzinfo=UTC
    )
    assert shift.of_any(None) is None


def test_a_time_keeps_its_hour_when_the_event_moves_to_another_time_zone():
    shift = rules.DateShift(NOW, BERLIN, NOW + timedelta(hours=1), "Europe/London")  # 10:00 in both
    assert shift.of(NOW + timedelta(hours=2)) == NOW + timedelta(hours=3)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC)),
    st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC)),
    st.integers(0, 20 * 24 * 60),
)
def test_what_follows_the_start_still_follows_it_after_any_shift(old, new, minutes):
    shift = rules.DateShift(old, BERLIN, new, BERLIN)
    # An hour's slack: a wall-clock time that the change of clocks skips moves past the gap.
    assert shift.of(old + timedelta(minutes=minutes)) >= new - timedelta(hours=1)


def test_only_time_and_place_are_news_for_guests():
    old = dict.fromkeys(MATERIAL_FIELDS, "same")
    new = dict.fromkeys(MATERIAL_FIELDS, "same") | {"city": "Maribor"}
    assert rules.material_changes(old, new) == {"city"}


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        (Localized(de="Jahresempfang für Gäste – Köln & Düsseldorf"), None),
        (Localized(sl="Srečanje čebelarjev, Žalec 2027"), "srecanje-cebelarjev-zalec-2027"),
        (Localized(de="Größe"), "groesse"),
        (Localized(de="!!!"), "event"),
    ],
)
def test_an_address_is_readable(title, slug):
    expected = slug or "jahresempfang-fuer-gaeste-koeln-duesseldorf"
    assert rules.slug_of(title) == expected


@given(st.text(max_size=300))
def test_an_address_is_always_safe_and_short(text):
    slug = rules.slug_of(Localized(de=text))
    assert 1 <= len(slug) <= rules.SLUG_LENGTH
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not slug.startswith("-")
    assert not slug.endswith("-")


def test_a_taken_address_gets_the_year_and_then_a_number():
    taken = {"empfang"}
    assert rules.free_slug("empfang", taken, year=2027) == "empfang-2027"
    taken |= {"empfang-2027"}
    assert rules.free_slug("empfang", taken, year=2027) == "empfang-2027-2"
    assert rules.free_slug("empfang-2027", taken, year=2027) == "empfang-2027-2"


def test_a_search_finds_every_language_without_accents():
    text = rules.search_text([Localized(de="Empfang", sl="Sprejem žirije"), "Köln"])
    assert text == "empfang sprejem zirije koln"


@pytest.mark.parametrize(
    "typed", ["koeln", "KÖLN", "Ljubljana", "ljubljana koln", "Љубљана", "athina"]
)
def test_an_event_is_found_however_its_title_is_written(typed: str) -> None:
    text = rules.search_text([Localized(de="Abend in Köln", sl="Љубљана"), "Αθήνα"])

    assert all(part in text for part in search_parts(typed))


def test_a_text_is_missing_only_where_another_language_has_it():
    texts = {"title": Localized(de="Titel", en="Title"), "summary": Localized()}
    assert rules.missing_translations(texts) == {"sl": ["title"]}


CHOICE = ("diet", QuestionKind.CHOICE, ["meat", "vegan"], None)


def test_a_question_may_depend_on_an_earlier_answer():
    rules.check_questions([CHOICE, ("wine", QuestionKind.YES_NO, [], ("diet", "meat"))])


@pytest.mark.parametrize(
    "asks",
    [
        [("wine", QuestionKind.YES_NO, [], ("diet", "meat")), CHOICE],
        [CHOICE, ("wine", QuestionKind.YES_NO, [], ("diet", "fish"))],
        [CHOICE, ("wine", QuestionKind.YES_NO, [], ("wine", "yes"))],
    ],
)
def test_a_question_cannot_depend_on_what_is_not_asked_before(asks):
    with pytest.raises(refusals.UnknownCondition):
        rules.check_questions(asks)


def test_a_choice_needs_two_options():
    with pytest.raises(refusals.OptionsMissing) as refused:
        rules.check_questions([("diet", QuestionKind.CHOICE, ["meat"], None)])
    assert refused.value.field == "diet"
