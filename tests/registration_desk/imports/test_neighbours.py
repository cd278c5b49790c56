"""Lists that are neighbours of those that were given: other words for the same things."""

from __future__ import annotations

import time

import pytest
from flask import Flask

from event_mgmt.registration_desk.imports import check_page
from event_mgmt.registration_desk.imports.statuses import status_of
from event_mgmt.registrations.enums import Status
from tests.registration_desk.imports.lists import a_workbook
from tests.registration_desk.imports.reading_files import tried

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def in_english(sqlite_app: Flask):
    with sqlite_app.test_request_context("/?lang=en"):
        yield


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("hat zugesagt", Status.CONFIRMED),
        ("zugesagt am 3.4.", Status.CONFIRMED),
        ("Teilnahme bestätigt", Status.CONFIRMED),
        ("Da, pridem", Status.CONFIRMED),
        ("prišel", Status.CONFIRMED),
        ("vielleicht", None),
        ("Absage (krank)", Status.CANCELLED),
        ("Ne pridem", Status.CANCELLED),
        ("ja, vielleicht", None),
        ("Zusage (unter Vorbehalt)", None),
        ("keine Antwort", None),
        ("", None),
    ],
)
def test_a_status_is_read_with_a_date_or_a_reason_and_never_guessed(
    cell: str, status: Status | None
) -> None:
    assert status_of(cell) is status


def test_one_who_declined_is_never_entered_because_the_other_answers_are_strange() -> None:
    lines = "".join(f"Eva Kos{n};e{n}@example.org;gern zum Essen\n" for n in range(5))
    found = tried(f"Name;E-Mail;Rückmeldung\nAna Kos;a@example.org;abgesagt\n{lines}".encode())

    assert found.used["Rückmeldung"] == "status"
    assert [row.wish for row in found.plan.parties] == [Status.CANCELLED]
    assert len(found.plan.problems) == 5


@pytest.mark.parametrize("cell", ["1 Person", "mit Ehemann", "noch offen", "1 weitere Person"])
def test_a_companion_who_is_only_announced_is_asked_for(cell: str) -> None:
    found = tried(f"Name;E-Mail;Begleitung\nAna Kos;a@example.org;{cell}\n".encode())

    assert found.names == ["Ana|Kos"]
    assert len(found.plan.left_behind) == 1


@pytest.mark.parametrize("cell", ["Begleitung: Jan Kos", "mit Jan Kos", "Begleitung:Jan Kos"])
def test_the_word_before_a_companion_is_no_part_of_the_name(cell: str) -> None:
    found = tried(f"Name;E-Mail;Begleitung\nAna Zajc;a@example.org;{cell}\n".encode())

    assert found.names == ["Ana|Zajc", "Jan|Kos"]


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        ("Ime;Prezime;E-mail adresa;Tvrtka;Radno mjesto;Broj telefona;Država",
         "Ana;Kos;ana@example.org;Tehnika;direktorica;+38641234567;Slovenija"),
        ("Nome;Cognome;Indirizzo e-mail;Azienda;Ruolo;Telefono;Paese",
         "Ana;Kos;ana@example.org;Tehnika;direktorica;+38641234567;Slovenija"),
        ("Vorname;Nachname;Primäre E-Mail-Adresse;Organisation;Arbeitstitel;Mobil-Tel.-Nr."
         ";Dienstlich: Land",
         "Ana;Kos;ana@example.org;Tehnika;direktorica;+38641234567;Slowenien"),
        ("Attendee name: Given name;Attendee name: Family name;Attendee email;Attendee company"
         ";Email", "Ana;Kos;ana@example.org;Tehnika;buyer@example.org"),
        ("Vaše ime in priimek;Vaš e-naslov;Podjetje", "Ana Kos;ana@example.org;Tehnika"),
        ("E-Mail;Name;Ihr Vorname;Ihr Nachname;Ihre E-Mail-Adresse;Firma",
         "anonymous;;Ana;Kos;ana@example.org;Tehnika"),
    ],
)  # fmt: skip
def test_headings_of_other_programs_and_neighbours_are_recognised(heading: str, row: str) -> None:
    found = tried(f"{heading}\n{row}\n".encode())

    assert found.names == ["Ana|Kos"]
    assert found.plan.parties[0].email == "ana@example.org"
    assert found.each("organisation") == ["Tehnika"]
    assert not [name for name in found.unused if name not in {"Email", "E-Mail"}]


def test_in_outlooks_slovenian_export_naziv_is_the_title_beside_that_of_the_office() -> None:
    found = tried(
        "Naziv;Ime;Priimek;Naziv delovnega mesta;E-poštni naslov\n"
        "dr.;Ana;Kos;direktorica;ana@example.org\n".encode()
    )

    assert found.people == ["|dr.|Ana|Kos"]
    assert found.each("function") == ["direktorica"]


def test_the_buyers_given_name_is_not_put_into_an_attendees_name() -> None:
    found = tried("Ime udeleženca;E-pošta udeleženca;Ime\nAna Kos;ana@example.org;Luka\n".encode())

    assert found.names == ["Ana|Kos"]
    assert found.unused == ["Ime"]


def test_the_second_participant_of_a_row_comes_along() -> None:
    found = tried(
        b"E-Mail;Teilnehmer 1;Teilnehmer 2;Teilnehmer 3\n"
        b"a@example.org;Dr. Anna Weiss;Jan Kos;\nb@example.org;Eva Zajc;;Ida Zajc\n"
    )

    assert found.names == ["Anna|Weiss", "Jan|Kos", "Eva|Zajc", "Ida|Zajc"]


def test_a_second_participant_who_is_the_only_one_is_the_contact() -> None:
    assert tried(b"E-Mail;Teilnehmer 2\na@example.org;Jan Kos\n").names == ["Jan|Kos"]
    beside = tried(b"Vorname;Nachname;E-Mail;Teilnehmer 2\nAna;Kos;a@example.org;Jan Kos\n")
    assert beside.names == ["Ana|Kos", "Jan|Kos"]


@pytest.mark.parametrize(
    "heading",
    ["Ali se boste udeležili?", "Boste prišli?", "Nehmen Sie teil?", "Ich nehme teil", "Zu- oder Absage", "Will you attend?", "Are you coming?", "Bitte teilen Sie uns mit, ob" " Sie teilnehmen"],
)  # fmt: skip
def test_a_question_whether_somebody_comes_is_answered_by_the_status(heading: str) -> None:
    found = tried(
        f'Ime;Priimek;E-pošta;"{heading}"\nAna;Kos;a@e.org;Da\nEva;Kos;e@e.org;Ne\n'.encode()
    )

    assert [row.wish for row in found.plan.parties] == [Status.CONFIRMED, Status.CANCELLED]


def test_a_column_that_may_say_who_comes_is_pointed_out() -> None:
    lines = "Ana;Kos;a@e.org;Ja;Nein\nEva;Kos;e@e.org;Nein;Ja\n"
    found = tried(
        f"Vorname;Nachname;E-Mail;Nehmen Sie am Empfang teil?;Vegetarisch?\n{lines}".encode()
    )

    assert len(found.plan.parties) == 2
    (notice,) = check_page.reading(found.found).notices
    assert "“Nehmen Sie am Empfang teil?” is not used" in notice


def test_a_column_for_names_without_any_asks_for_each() -> None:
    found = tried(b"Name;E-Mail\n;a@example.org\n;b@example.org\n")

    assert not found.found.needs_columns
    assert [(problem.row, problem.place) for problem in found.plan.problems] == [(2, 0), (3, 0)]


def test_what_stands_beneath_the_table_is_told_and_nobody() -> None:
    found = tried(b"Name;E-Mail\nAna Kos;a@e.org\n\nGesamt: 1;\nStand: 3.4.2026;\n")

    assert found.names == ["Ana|Kos"]
    assert [row.number for row in found.found.table.notes] == [4, 5]
    assert found.plan.problems == []


def test_a_heading_over_two_columns_of_names_has_to_be_explained() -> None:
    found = tried(b"Name;;E-Mail\nAna;Kos;a@example.org\nEva;Zajc;e@example.org\n")

    assert found.found.needs_columns
    assert found.unused == ["Name", "Column B"]
    whole = tried(b"Name;;E-Mail\nAna Kos;Herr;a@example.org\nEva Zajc;Frau;e@example.org\n")
    assert not whole.found.needs_columns


def test_a_formula_without_a_value_says_so() -> None:
    found = tried(
        a_workbook(("=B1", "Kos", "a@example.org", "X"), ("Eva", "Kos", "e@e.org", "=A1"))
    )

    assert found.names == ["Eva|Kos"]
    assert ["formula" in problem.words for problem in found.plan.problems] == [True]
    assert ["formula" in problem.words for problem in found.plan.left_behind] == [True]


def test_names_as_long_as_a_page_are_refused_at_once() -> None:
    lines = "".join(f"{'Anna u. ' * 110};a{n}@example.org\n" for n in range(200))
    started = time.process_time()
    found = tried(f"Name;E-Mail\n{lines}".encode())

    assert len(found.plan.problems) == 200
    assert time.process_time() - started < 3
