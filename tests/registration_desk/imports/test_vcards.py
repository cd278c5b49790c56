"""vCards of others than people."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.registration_desk.imports.reading_files import tried

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def in_english(sqlite_app: Flask):
    with sqlite_app.test_request_context("/?lang=en"):
        yield


def cards(*lines: str) -> bytes:
    whole = [f"BEGIN:VCARD\r\nVERSION:3.0\r\n{each}\r\nEND:VCARD" for each in lines]
    return ("\r\n".join(whole) + "\r\n").encode()


ANA = "N:Kos;Ana;;;\r\nFN:Ana Kos\r\nEMAIL:ana@example.org"


@pytest.mark.parametrize(
    "group",
    [
        "X-ADDRESSBOOKSERVER-KIND:group\r\nN:Vorstand\r\nFN:Vorstand"
        "\r\nX-ADDRESSBOOKSERVER-MEMBER:urn:uuid:1",
        "KIND:group\r\nFN:Vorstand\r\nMEMBER:mailto:ana@example.org",
        "KIND:Group\r\nFN:Vorstand\r\nEMAIL:vorstand@example.org",
        "KIND:location\r\nFN:Vorstand",
    ],
)
def test_a_group_is_nobody_and_the_page_says_so(group: str) -> None:
    found = tried(cards(ANA, group))

    assert found.names == ["Ana|Kos"]
    assert [row.cells for row in found.found.table.notes] == [("Vorstand",)]
    assert found.plan.problems == []


@pytest.mark.parametrize(
    "company",
    [
        "N:;;;;\r\nFN:Tehnika d.o.o.\r\nORG:Tehnika d.o.o.;\r\nX-ABShowAs:COMPANY",
        "KIND:org\r\nFN:Tehnika d.o.o.",
        "N:;;;;\r\nFN:Tehnika d.o.o.\r\nORG:Tehnika d.o.o.",
        "N:Tehnika d.o.o.;;;;\r\nFN:Tehnika d.o.o.\r\nORG:Tehnika d.o.o.",
    ],
)
def test_a_company_is_asked_for_somebodys_name(company: str) -> None:
    found = tried(cards(ANA, f"{company}\r\nEMAIL:info@example.org"))

    assert found.names == ["Ana|Kos"]
    assert [problem.row for problem in found.plan.problems] == [2]
    assert found.plan.rows[1].organisation == "Tehnika d.o.o."


def test_a_person_shown_by_the_company_is_a_person_all_the_same() -> None:
    found = tried(cards(f"{ANA}\r\nORG:Tehnika d.o.o.\r\nX-ABShowAs:COMPANY"))

    assert (found.names, found.each("organisation")) == (["Ana|Kos"], ["Tehnika d.o.o."])


def test_a_person_with_one_name_is_no_company() -> None:
    assert tried(cards("N:Madonna;;;;\r\nFN:Madonna\r\nEMAIL:m@example.org")).names == ["|Madonna"]
