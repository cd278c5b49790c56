"""Recipients of mail as lists."""

from __future__ import annotations

import pytest

from event_mgmt.registration_desk.imports.mailing_lists import recipients
from tests.registration_desk.imports.lists import a_workbook
from tests.registration_desk.imports.reading_files import tried

ANNA, JAN, JOERG = (
    ("Anna Müller", "anna@example.org"),
    ("Jan Kos", "jan@example.org"),
    ("Weiß, Jörg", "j@example.org"),
)


@pytest.mark.parametrize(
    "text",
    [
        'Anna Müller <anna@example.org>\nJan Kos <jan@example.org>\n"Weiß, Jörg" <j@example.org>\n',
        "Anna Müller <anna@example.org>; Jan Kos <jan@example.org>; Weiß, Jörg <j@example.org>",
        'Anna Müller <anna@example.org>, Jan Kos <jan@example.org>, "Weiß, Jörg" <j@example.org>',
        "Anna Müller <anna@example.org>;\r\nJan Kos <jan@example.org>;\r\nWeiß, Jörg <j@example.org>",
        "An: Anna Müller <anna@example.org>; Jan Kos <jan@example.org>\nCc: Weiß, Jörg <j@example.org>",
        "Anna Müller (anna@example.org); Jan Kos (jan@example.org); Weiß, Jörg (j@example.org)",
        "Teilnehmende\nAnna Müller <mailto:anna@example.org>\nJan Kos <jan@example.org>\n"
        "Weiß, Jörg <j@example.org>",
    ],
)  # fmt: skip
def test_recipients_are_read_with_name_and_address(text: str) -> None:
    assert recipients(text) == [ANNA, JAN, JOERG]


def test_bare_addresses_are_recipients_without_a_name() -> None:
    assert recipients("a@example.org; b@example.org") == [
        ("", "a@example.org"),
        ("", "b@example.org"),
    ]
    assert recipients("E-Mail\na@example.org\nb@example.org\n")[1] == ("", "b@example.org")
    assert recipients("a@example.org, Jan Kos <jan@example.org>")[1] == JAN


@pytest.mark.parametrize(
    "text",
    [
        "Name;E-Mail\nAna;a@example.org",
        "Ana Kos, a@example.org\nJan Kos, j@example.org",
        "Ana Kos\ta@example.org",
        "Ana Kos <a@example.org> kommt gern",
        "Liebe Ana,\nbitte schreiben Sie an a@example.org.\n",
        "Ana <Kos>",
        "",
    ],
)
def test_other_texts_are_no_recipients(text: str) -> None:
    assert recipients(text) == []


def test_much_text_is_gone_through_in_one_go() -> None:
    assert len(recipients("a@example.org " * 20_000)) == 20_000
    assert recipients("x@" * 100_000) == recipients("Ana <" * 50_000 + "@") == []


@pytest.fixture
def in_english(sqlite_app):
    with sqlite_app.test_request_context("/?lang=en"):
        yield


@pytest.mark.usefixtures("in_english")
def test_a_mailing_list_can_be_imported_and_asks_for_names_that_are_not_there() -> None:
    found = tried("Anna Müller <anna@example.org>; Weiß, Jörg <j@example.org>; k@e.org".encode())

    assert not found.found.needs_columns
    assert found.names == ["Anna|Müller", "Jörg|Weiß"]
    assert [(problem.row, problem.place) for problem in found.plan.problems] == [(3, 0)]


@pytest.mark.usefixtures("in_english")
def test_so_can_a_sheet_of_one_column() -> None:
    rows = [("Anna Müller <anna@example.org>",), ("Jan Kos <jan@example.org>",)]
    found = tried(a_workbook(*rows, header=("Gäste",)))

    assert found.names == ["Anna|Müller", "Jan|Kos"]
    assert [row.row for row in found.plan.rows] == [2, 3]
