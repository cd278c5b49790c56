from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from event_mgmt.web import times

ZONE = "Europe/Berlin"
EVENING = datetime(2027, 2, 15, 17, 0, tzinfo=UTC), datetime(2027, 2, 15, 20, 30, tzinfo=UTC)
JOURNEY = datetime(2027, 3, 9, 9, 0, tzinfo=UTC), datetime(2027, 3, 12, 15, 0, tzinfo=UTC)
OVER_EASTER = datetime(2027, 3, 30, 8, 0, tzinfo=UTC), datetime(2027, 4, 2, 14, 0, tzinfo=UTC)
OVER_NEW_YEAR = datetime(2026, 12, 30, 9, 0, tzinfo=UTC), datetime(2027, 1, 2, 9, 0, tzinfo=UTC)
BALL = datetime(2027, 2, 6, 19, 0, tzinfo=UTC), datetime(2027, 2, 7, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("de", "Montag, 15. Februar 2027, 18:00–21:30 Uhr"),
        ("sl", "ponedeljek, 15. februar 2027, 18:00–21:30"),
        ("en", "Monday, 15 February 2027, 18:00–21:30"),
    ],
)
def test_an_evening_is_one_day_with_its_hours(locale, words):
    assert times.span(*EVENING, ZONE, locale) == words


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("de", "Di., 9. März, 10:00 Uhr – Fr., 12. März 2027, 16:00 Uhr"),
        ("sl", "tor., 9. mar., 10:00 – pet., 12. mar. 2027, 16:00"),
        ("en", "Tue, 9 Mar, 10:00 – Fri, 12 Mar 2027, 16:00"),
    ],
)
def test_a_journey_names_both_ends_and_the_year_once(locale, words):
    assert times.span(*JOURNEY, ZONE, locale) == words


@pytest.mark.parametrize(
    ("stretch", "locale", "words"),
    [
        (EVENING, "de", "Montag, 15. Februar 2027"),
        (JOURNEY, "de", "9.–12. März 2027"),
        (JOURNEY, "sl", "9.–12. marec 2027"),
        (JOURNEY, "en", "9–12 March 2027"),
        (OVER_EASTER, "de", "30. März – 2. April 2027"),
        (OVER_EASTER, "sl", "30. marec – 2. april 2027"),
        (OVER_EASTER, "en", "30 March – 2 April 2027"),
        (OVER_NEW_YEAR, "de", "30. Dezember 2026 – 2. Januar 2027"),
        (OVER_NEW_YEAR, "en", "30 December 2026 – 2 January 2027"),
    ],
)
def test_days_are_joined_as_each_language_joins_them(stretch, locale, words):
    assert times.days(*stretch, ZONE, locale) == words


def test_a_ball_that_ends_at_two_is_one_evening():
    assert times.days(*BALL, ZONE, "de") == "Samstag, 6. Februar 2027"
    assert times.span(*BALL, ZONE, "de") == "Samstag, 6. Februar 2027, 20:00–02:00 Uhr"
    assert times.date_badge(*BALL, ZONE, "de").span == ""


def test_the_days_are_those_of_the_events_own_clock():
    late = datetime(2027, 2, 15, 23, 30, tzinfo=UTC), datetime(2027, 2, 16, 11, 0, tzinfo=UTC)

    assert times.first_and_last_day(*late, ZONE) == (date(2027, 2, 16), date(2027, 2, 16))
    assert times.first_and_last_day(*late, "Europe/London") == (
        date(2027, 2, 15),
        date(2027, 2, 16),
    )


@pytest.mark.parametrize(
    ("locale", "weekday", "month"),
    [("de", "Mo", "Feb."), ("sl", "Pon", "feb."), ("en", "Mon", "Feb")],
)
def test_a_leaf_shows_one_day(locale, weekday, month):
    badge = times.date_badge(*EVENING, ZONE, locale)

    assert (badge.weekday, badge.day, badge.month, badge.span) == (weekday, "15", month, "")
    assert badge.iso == "2027-02-15"
    assert badge.label == times.day(date(2027, 2, 15), locale)


def test_a_leaf_shows_a_span_within_a_month_and_across_months():
    journey, easter = (
        times.date_badge(*JOURNEY, ZONE, "de"),
        times.date_badge(*OVER_EASTER, ZONE, "de"),
    )

    assert (journey.weekday, journey.day, journey.span) == ("Di–Fr", "9", "12")
    assert (easter.day, easter.month, easter.span) == ("30", "März", "2. Apr.")


def test_a_deadline_reads_within_a_sentence():
    at = datetime(2027, 2, 8, 17, 0, tzinfo=UTC)

    assert times.deadline(at, ZONE, "de") == "Mo., 8. Februar 2027, 18:00 Uhr"
    assert times.deadline(at, ZONE, "sl") == "pon., 8. februarja 2027, 18:00"
    assert times.deadline(at, ZONE, "en") == "Mon, 8 February 2027, 18:00"


def test_hours_without_an_end_are_a_time():
    assert times.hours(EVENING[0], None, ZONE, "de") == "18:00 Uhr"


def test_months_head_lists_with_a_capital():
    assert [times.month_name(date(2027, 5, 1), locale) for locale in ("de", "sl", "en")] == [
        "Mai 2027",
        "Maj 2027",
        "May 2027",
    ]


def test_weeks_begin_on_monday():
    assert times.weekday_names("de") == ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"]
    assert times.weekday_names("sl")[0] == "Pon"


def test_a_zone_is_named_only_where_its_clock_differs():
    at = EVENING[0]

    assert times.foreign_zone(at, "Europe/Ljubljana", "de") == ""
    assert times.foreign_zone(at, "Europe/London", "en") == "Greenwich Mean Time (UTC+00:00)"
    assert "UTC+02:00" in times.foreign_zone(at, "Europe/Helsinki", "de")


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Europe/Istanbul", "Istanbul (UTC+03:00)"),
        ("Asia/Kathmandu", "Kathmandu (UTC+05:45)"),
        ("Etc/GMT+3", "UTC-03:00"),
        ("UTC", "Koordinierte Weltzeit (UTC+00:00)"),
    ],
)
def test_a_clock_without_a_name_is_that_of_its_city(zone: str, expected: str) -> None:
    assert times.foreign_zone(EVENING[0], zone, "de") == expected


def test_letters_name_a_foreign_clock_with_every_time():
    at = EVENING[0]
    zone = " (Osteuropäische Normalzeit, UTC+02:00)"

    assert times.clock_in_zone(at, "Europe/Helsinki", "de") == f"19:00 Uhr{zone}"
    assert times.deadline_in_zone(at, "Europe/Helsinki", "de").endswith(f"2027, 19:00 Uhr{zone}")
    assert times.span_in_zone(*EVENING, "Europe/Helsinki", "de").endswith(f"22:30 Uhr{zone}")
    for tells in (times.clock_in_zone, times.deadline_in_zone):
        assert "UTC" not in tells(at, "Europe/Ljubljana", "de")
    assert "UTC" not in times.span_in_zone(*EVENING, "Europe/Ljubljana", "de")


def test_a_clock_that_changes_on_the_way_is_named_twice():
    starts_at = datetime(2027, 3, 13, 15, 0, tzinfo=UTC)

    said = times.span_in_zone(starts_at, starts_at + timedelta(days=2), "America/New_York", "en")

    assert said == (
        "Sat, 13 Mar, 10:00 (Eastern Standard Time, UTC-05:00)"
        " – Mon, 15 Mar 2027, 11:00 (Eastern Daylight Time, UTC-04:00)"
    )


def test_a_clock_that_becomes_the_readers_own_is_named_while_it_is_foreign():
    starts_at = datetime(2027, 10, 30, 8, 0, tzinfo=UTC)  # Algiers keeps one time all the year

    said = times.span_in_zone(starts_at, starts_at + timedelta(days=2), "Africa/Algiers", "en")

    assert said == (
        "Sat, 30 Oct, 09:00 (Central European Standard Time, UTC+01:00) – Mon, 1 Nov 2027, 09:00"
    )


def test_a_reader_across_the_change_of_the_clocks_sees_the_wall_clock():
    before, after = (
        datetime(2027, 3, 28, 0, 30, tzinfo=UTC),
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
    )

    assert times.hours(before, after, ZONE, "de") == "01:30–03:30 Uhr"


@pytest.mark.parametrize("month", range(1, 13))
def test_a_slovenian_month_within_a_sentence_is_in_the_genitive(month):
    name = times.month_name(date(2027, month, 1), "sl").split()[0].lower()

    within = times.date_within(date(2027, month, 3), "sl")

    assert within.endswith("a 2027")
    assert within.removeprefix("3. ")[: len(name) - 2] == name[: len(name) - 2]


def test_days_and_hours_stand_in_two_lines():
    one, several = times.event_times(*EVENING, ZONE, "de"), times.event_times(*JOURNEY, ZONE, "de")

    assert (one.days, one.hours) == ("Montag, 15. Februar 2027", "18:00–21:30 Uhr")
    assert several.days == "9.–12. März 2027"
    assert several.hours == "Di., 9. März, 10:00 Uhr – Fr., 12. März 2027, 16:00 Uhr"
    assert (several.date_badge.day, several.date_badge.span) == ("9", "12")


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (datetime(2026, 12, 20, tzinfo=UTC), "15. Feb., 18:00"),
        (datetime(2027, 8, 1, tzinfo=UTC), "15. Feb., 18:00"),
        (datetime(2026, 8, 1, tzinfo=UTC), "15. Feb. 2027, 18:00"),
        (datetime(2027, 12, 1, tzinfo=UTC), "15. Feb. 2027, 18:00"),
        (None, "15. Feb. 2027, 18:00"),
    ],
)
def test_a_column_says_the_year_only_where_it_is_not_clear(now, words):
    assert times.short_datetime(EVENING[0], ZONE, "de", now=now) == words
