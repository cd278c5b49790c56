"""Rows of forms that are added, removed and moved without a script."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, strategies as st
from werkzeug.datastructures import MultiDict

from event_mgmt.event_desk.form_rows import rearranged, row_around

TYPED = MultiDict(
    [
        ("csrf_token", "t"),
        ("items-0-title-de", "eins"),
        ("items-0-speakers-0-name", "Ana"),
        ("items-0-speakers-1-name", "Bor"),
        ("items-1-title-de", "zwei"),
        ("items-10-title-de", "elf"),
        ("itemsets-0-title-de", "anders"),
    ]
)


def titles(typed):
    return [value for key, value in typed.items() if key.startswith("items-") and "title" in key]


def test_a_row_is_added_after_the_last_with_what_it_begins_with():
    changed = rearranged(TYPED, "add:items", {"day": "2027-02-15"})
    assert changed["items-11-day"] == "2027-02-15"
    assert set(TYPED) < set(changed)


@pytest.mark.parametrize(
    ("command", "row"),
    [
        ("add:items-2-speakers", 2),
        ("remove:items-12-speakers:0", 12),
        ("add:items", None),
        ("remove:items:3", None),
        ("no command", None),
    ],
)
def test_a_command_tells_which_row_it_is_about(command, row):
    assert row_around(command) == row


def test_a_row_inside_a_row_begins_empty():
    changed = rearranged(TYPED, "add:items-0-speakers", {"day": "2027-02-15"})
    assert changed["items-0-speakers-2-row"] == ""
    assert "items-0-speakers-2-day" not in changed


def test_the_first_row_of_an_empty_list_is_number_nought():
    assert "items-0-row" in rearranged(MultiDict(), "add:items")


def test_a_removed_row_takes_all_of_it_along_and_the_others_close_up():
    changed = rearranged(TYPED, "remove:items:0")
    assert changed["items-0-title-de"] == "zwei"
    assert changed["items-1-title-de"] == "elf"
    assert not any("speakers" in key for key in changed)
    assert changed["itemsets-0-title-de"] == "anders"


def test_a_row_inside_a_row_is_removed():
    changed = rearranged(TYPED, "remove:items-0-speakers:0")
    assert changed["items-0-speakers-0-name"] == "Bor"
    assert "items-0-speakers-1-name" not in changed


def test_rows_move_with_what_is_inside_them():
    changed = rearranged(TYPED, "down:items:0")
    assert changed["items-0-title-de"] == "zwei"
    assert changed["items-1-title-de"] == "eins"
    assert changed["items-1-speakers-1-name"] == "Bor"
    back = rearranged(changed, "up:items:1")
    assert back["items-0-title-de"] == "eins"


@pytest.mark.parametrize("command", ["up:items:0", "down:items:10"])
def test_a_row_at_the_end_stays_there(command):
    assert sorted(titles(rearranged(TYPED, command))) == sorted(titles(TYPED))


@pytest.mark.parametrize(
    "command",
    [
        *["", "remove:items", "remove:items:7", "drop:items:0", "add:(.*):1", "add:Items"],
        *["remove:items:\u00b2", f"remove:items:{'9' * 5000}", f"up:items-{'9' * 5000}-speakers:0"],
    ],
)
def test_nothing_typed_is_lost_by_a_command_that_makes_no_sense(command):
    assert rearranged(TYPED, command) == TYPED


VERBS = st.sampled_from(["add", "remove", "up", "down"])
LISTS = st.sampled_from(["items", "items-0-speakers", "items-7-speakers", "itemsets", "nothing"])
COMMANDS = st.builds(":".join, st.tuples(VERBS, LISTS, st.integers(0, 12).map(str)))


@given(COMMANDS | st.text(max_size=40))
def test_no_command_breaks_a_form(command):
    changed = rearranged(TYPED, command)

    lost = Counter(TYPED.values()) - Counter(changed.values())
    assert not lost or command.startswith("remove:")
    assert rearranged(changed, "") == changed
