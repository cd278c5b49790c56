"""When reminders are due and whose words they carry: pure, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from event_mgmt.messaging import rules
from event_mgmt.messaging.enums import Phase, Unit
from event_mgmt.messaging.rules import PLACEHOLDERS, Timing

START = datetime(2027, 2, 15, 17, 0, tzinfo=UTC)
BERLIN = "Europe/Berlin"
WEEK, DAY, TWO_HOURS = Timing(7, Unit.DAYS), Timing(1, Unit.DAYS), Timing(2, Unit.HOURS)
LONG_AGO = START - timedelta(days=100)


def _due(timing: Timing, start: str, zone: str = BERLIN) -> str:
    due = rules.due_at(timing, starts_at=datetime.fromisoformat(start), zone=zone)
    return due.isoformat()


def _phase(
    timing: Timing, now: datetime, *, start: datetime = START, armed_at: datetime = LONG_AGO
) -> Phase:
    return rules.phase(timing, starts_at=start, zone=BERLIN, armed_at=armed_at, now=now)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2027-03-28T18:00+02:00", "2027-03-27T17:00:00+00:00"),  # the night the clocks skip 02:30
        ("2027-10-31T18:00+01:00", "2027-10-30T16:00:00+00:00"),  # the night 02:30 comes twice
        ("2027-03-29T02:30+02:00", "2027-03-28T01:30:00+00:00"),  # due at a time that is skipped
        ("2027-11-01T02:30+01:00", "2027-10-31T00:30:00+00:00"),  # due at a time that comes twice
        ("2027-06-15T18:00+02:00", "2027-06-14T16:00:00+00:00"),
    ],
)
def test_one_day_before_is_the_same_time_on_the_wall(start: str, due: str) -> None:
    assert _due(DAY, start) == due


def test_hours_before_are_hours_by_the_watch_across_a_clock_change() -> None:
    assert _due(Timing(24, Unit.HOURS), "2027-03-28T18:00+02:00") == "2027-03-27T16:00:00+00:00"
    assert _due(Timing(24, Unit.HOURS), "2027-10-31T18:00+01:00") == "2027-10-30T17:00:00+00:00"


def test_hours_before_are_counted_from_the_start_that_is_meant_where_it_exists_twice() -> None:
    two_hours = Timing(2, Unit.HOURS)

    assert _due(two_hours, "2027-10-31T02:30+02:00") == "2027-10-30T22:30:00+00:00"
    assert _due(two_hours, "2027-10-31T02:30+01:00") == "2027-10-30T23:30:00+00:00"


def test_days_after_the_start_are_by_the_wall_clock_too() -> None:
    assert _due(Timing(-1, Unit.DAYS), "2027-03-27T18:00+01:00") == "2027-03-28T16:00:00+00:00"


def test_the_zone_is_the_events_own() -> None:
    assert _due(DAY, "2027-03-14T18:00-04:00", "America/New_York") == "2027-03-13T23:00:00+00:00"


def test_a_point_in_time_is_due_then_wherever_the_event_moves() -> None:
    at = datetime(2027, 2, 1, 8, 0, tzinfo=UTC)

    assert rules.due_at(Timing(at=at), starts_at=START, zone=BERLIN) == at
    assert rules.occurrence(Timing(at=at), START) == rules.occurrence(Timing(at=at), LONG_AGO)


def test_a_moved_event_is_another_occurrence() -> None:
    assert rules.occurrence(DAY, START) != rules.occurrence(DAY, START + timedelta(days=7))
    assert rules.key(3, 5, rules.occurrence(DAY, START)) == "reminder:3:5:1802710800"


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"amount": 1},
        {"unit": Unit.DAYS},
        {"amount": 1, "unit": Unit.DAYS, "at": START},
        {"amount": 1, "at": START},
        {"amount": 0, "unit": Unit.DAYS},
        {"amount": 366, "unit": Unit.DAYS},
        {"amount": -721, "unit": Unit.HOURS},
    ],
)
def test_a_timing_is_relative_or_absolute_and_within_bounds(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"either an amount|between 1 and"):
        Timing(**wrong)


@pytest.mark.parametrize(
    ("timing", "before_start", "expected"),
    [
        (WEEK, timedelta(days=7, seconds=1), Phase.UPCOMING),
        (WEEK, timedelta(days=7), Phase.DUE),
        (WEEK, timedelta(days=3, hours=12), Phase.DUE),
        (WEEK, timedelta(days=3, hours=11), Phase.OVER),
        (DAY, timedelta(hours=12), Phase.DUE),
        (DAY, timedelta(hours=11), Phase.OVER),
        (TWO_HOURS, timedelta(hours=1), Phase.DUE),
        (TWO_HOURS, timedelta(minutes=59), Phase.OVER),
        (TWO_HOURS, timedelta(0), Phase.OVER),
        (Timing(-1, Unit.DAYS), timedelta(days=-1, seconds=1), Phase.UPCOMING),
        (Timing(-1, Unit.DAYS), timedelta(days=-8), Phase.DUE),
        (Timing(-1, Unit.DAYS), timedelta(days=-8, seconds=-1), Phase.OVER),
    ],
)
def test_a_late_reminder_goes_out_while_it_makes_sense(
    timing: Timing, before_start: timedelta, expected: Phase
) -> None:
    assert _phase(timing, START - before_start) is expected


def test_after_a_long_standstill_the_usual_rules_do_not_all_speak_at_once() -> None:
    spoken = [
        [t for t in (WEEK, DAY, TWO_HOURS) if _phase(t, START - timedelta(minutes=m)) is Phase.DUE]
        for m in range(0, 9 * 24 * 60, 10)
    ]

    assert max(len(at_once) for at_once in spoken) == 1


def test_a_rule_that_was_due_before_it_was_made_came_too_late() -> None:
    due = START - timedelta(days=1)

    assert _phase(DAY, due, armed_at=due) is Phase.DUE
    assert (
        _phase(DAY, due + timedelta(seconds=1), armed_at=due + timedelta(seconds=1)) is Phase.OVER
    )


@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)),
    amount=st.integers(1, 365),
    unit=st.sampled_from(Unit),
)
def test_before_rules_never_speak_once_the_event_has_begun(
    start: datetime, amount: int, unit: Unit
) -> None:
    start = start.replace(tzinfo=UTC)

    latest = rules.latest_at(Timing(amount, unit), starts_at=start, zone=BERLIN)

    assert rules.due_at(Timing(amount, unit), starts_at=start, zone=BERLIN) < latest < start


@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)),
    amount=st.integers(-365, 365).filter(bool),
    unit=st.sampled_from(Unit),
    into=st.floats(0, 1),
)
def test_the_search_window_misses_no_event_that_is_due(
    start: datetime, amount: int, unit: Unit, into: float
) -> None:
    start, timing = start.replace(tzinfo=UTC), Timing(amount, unit)
    due = rules.due_at(timing, starts_at=start, zone=BERLIN)
    now = due + into * (rules.latest_at(timing, starts_at=start, zone=BERLIN) - due)

    first, last = rules.window_of_starts(timing, now=now, slack=timedelta(hours=3))

    assert first <= start <= last


VALUES = {name: f"<{name}>" for name in PLACEHOLDERS}


def test_known_placeholders_are_filled_in() -> None:
    text = "Dear {given_name} {family_name}: {event}, {date}, {time}, {place}. {link}"

    assert rules.fill(text, VALUES) == (
        "Dear <given_name> <family_name>: <event>, <date>, <time>, <place>. <link>"
    )


@pytest.mark.parametrize(
    "text",
    [
        "{unknown}",
        "{}",
        "{0}",
        "{given_name.__class__}",
        "{given_name!r}",
        "{given_name:>99999999}",
        "{link[0]}",
        "{{7*7}}",
        "{% for x in y %}",
        "%(given_name)s",
        "100 % { }",
    ],
)
def test_everything_else_in_braces_stays_text(text: str) -> None:
    assert rules.fill(text, VALUES) == text


def test_what_is_filled_in_is_not_read_again() -> None:
    values = {**VALUES, "given_name": "{link}", "link": "secret"}

    assert rules.fill("Dear {given_name}", values) == "Dear {link}"


@given(st.text(), st.dictionaries(st.sampled_from(PLACEHOLDERS), st.text()))
def test_text_without_placeholders_is_never_touched(text: str, values: dict[str, str]) -> None:
    plain = text.replace("{", "(")

    assert rules.fill(plain, values) == plain


@given(st.lists(st.one_of(st.sampled_from(PLACEHOLDERS), st.text(alphabet="ab {}%\\$'é\n"))))
def test_filling_in_replaces_exactly_the_placeholders(parts: list[str]) -> None:
    """Whatever stands around them: a part that is a name is written as a placeholder."""
    values = dict.fromkeys(PLACEHOLDERS, "\x00")
    texts = [p.replace("{", "(").replace("}", ")") if p not in PLACEHOLDERS else p for p in parts]
    written = "".join(f"{{{p}}}" if p in PLACEHOLDERS else p for p in texts)

    assert rules.fill(written, values) == "".join("\x00" if p in PLACEHOLDERS else p for p in texts)


def test_misspelt_placeholders_are_named_once_and_in_order() -> None:
    texts = ("{vornahme} {event} {Anfang}", "{vornahme} {datun}")

    assert rules.unknown_placeholders(*texts) == ("vornahme", "Anfang", "datun")


@pytest.mark.parametrize(
    "text",
    [
        "{Vorname} {Nachname} {Veranstaltung} {Datum} {Uhrzeit} {Ort} {Link}",
        "{ime} {priimek} {dogodek} {datum} {ura} {kraj} {povezava}",
        "{VORNAME} {nachname} {Event} {date} {TIME} {place} {link}",
    ],
)
def test_placeholders_are_called_as_those_who_write_call_them(text: str) -> None:
    filled = "<given_name> <family_name> <event> <date> <time> <place> <link>"

    assert rules.fill(text, VALUES) == filled
    assert rules.unknown_placeholders(text) == ()


@given(st.text())
def test_a_subject_is_one_line(text: str) -> None:
    assert len(rules.one_line(text).splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hallo {Vorname}!", "Hallo Suharto!"),
        ("Guten Tag, {given_name} {family_name},", "Guten Tag, Suharto,"),
        ("{priimek}, {ime}: {event} {ime} {priimek}", "Suharto: Ball Suharto"),
        ("{family_name}", "Suharto"),
    ],
)
def test_a_guest_with_one_name_is_called_by_it_once(text: str, filled: str) -> None:
    values = {"given_name": "", "family_name": "Suharto", "event": "Ball"}

    assert rules.fill(text, values) == filled


@pytest.mark.parametrize(
    ("before", "heard", "helps"),
    [
        ("a day", timedelta(days=3), True),
        ("a day", timedelta(hours=12), True),
        ("a day", timedelta(hours=11, minutes=59), False),
        ("a day", timedelta(), False),
        ("a week", timedelta(days=4), True),
        ("a week", timedelta(days=3), False),
        ("an hour", timedelta(minutes=30), True),
        ("an hour", timedelta(minutes=29), False),
        ("a day after", timedelta(), True),
        ("on a date", timedelta(), True),
    ],
)
def test_a_second_reminder_helps_whoever_heard_of_the_new_date_long_enough_before(
    before: str, heard: timedelta, helps: bool
) -> None:
    start = datetime(2027, 6, 10, 16, tzinfo=UTC)
    timing = {
        "a day": Timing(1, Unit.DAYS),
        "a week": Timing(7, Unit.DAYS),
        "an hour": Timing(1, Unit.HOURS),
        "a day after": Timing(-1, Unit.DAYS),
        "on a date": Timing(at=start - timedelta(days=2)),
    }[before]
    due = rules.due_at(timing, starts_at=start, zone=BERLIN)

    told_at = due - heard

    assert rules.applies_to_new_date(timing, starts_at=start, zone=BERLIN, told_at=told_at) is helps
