"""Degrees in salutations, by the rules and examples of the handbooks of protocol."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from event_mgmt.registrations.mails.mail_context import greeting
from event_mgmt.registrations.mails.salutations import Degree, degrees_in
from event_mgmt.registrations.models import Attendee

# (language, form of address, title, given name, family name, salutation); the names of the first
# column of each block are those of the examples that a ministry, a language council and a guide
# to forms of address give.
CASES = [
    ("de", "ms", "Prof. Dr.", "Eva", "Lang", "Sehr geehrte Frau Professorin Lang,"),
    ("de", "mr", "Prof. Dr.", "Max", "Kern", "Sehr geehrter Herr Professor Kern,"),
    ("de", "mr", "Dr.", "Max", "Kern", "Sehr geehrter Herr Dr. Kern,"),
    ("de", "ms", "Dr.", "Ute", "Klos", "Sehr geehrte Frau Dr. Klos,"),
    ("de", "mr", "Dr. h. c.", "Otto", "Kern", "Sehr geehrter Herr Dr. Kern,"),
    ("de", "mr", "Dr. Dr. h.c. mult.", "Otto", "Kern", "Sehr geehrter Herr Dr. Kern,"),
    ("de", "mr", "Dipl.-Ing.", "Thomas", "Weiß", "Sehr geehrter Herr Weiß,"),
    ("de", "mr", "Dr.-Ing.", "Thomas", "Weiß", "Sehr geehrter Herr Dr. Weiß,"),
    ("de", "ms", "Dr. rer. nat.", "Ute", "Klos", "Sehr geehrte Frau Dr. Klos,"),
    ("de", "ms", "Univ.-Prof. Dr. med.", "Ute", "Klos", "Sehr geehrte Frau Professorin Klos,"),
    ("de", "ms", "Univ.-Prof.in", "Ute", "Klos", "Sehr geehrte Frau Professorin Klos,"),
    ("de", "ms", "Priv.-Doz. Dr.", "Ute", "Klos", "Sehr geehrte Frau Dr. Klos,"),
    ("de", "ms", "M. A.", "Ute", "Klos", "Sehr geehrte Frau Klos,"),
    ("de", "ms", "MBA", "Ute", "Klos", "Sehr geehrte Frau Klos,"),
    ("de", "ms", "mag.", "Janja", "Novak", "Sehr geehrte Frau Novak,"),
    ("de", "ms", "izr. prof. dr.", "Ana", "Kos", "Sehr geehrte Frau Professorin Kos,"),
    ("de", "", "", "Kim", "Schuster", "Guten Tag Kim Schuster,"),
    ("de", "", "Dr.", "Kim", "Schuster", "Guten Tag Dr. Kim Schuster,"),
    ("de", "", "Prof. Dr.", "Kim", "Schuster", "Guten Tag Prof. Dr. Kim Schuster,"),
    ("de", "", "Dipl.-Ing.", "Kim", "Schuster", "Guten Tag Kim Schuster,"),
    ("sl", "ms", "prof. dr.", "Eva", "Novak", "Spoštovana gospa profesorica Novak,"),
    ("sl", "mr", "dr.", "Janez", "Novak", "Spoštovani gospod doktor Novak,"),
    ("sl", "ms", "dr.", "Janja", "Novak", "Spoštovana gospa doktorica Novak,"),
    ("sl", "mr", "ddr.", "Janez", "Novak", "Spoštovani gospod doktor Novak,"),
    ("sl", "ms", "mag.", "Janja", "Novak", "Spoštovana gospa magistrica Novak,"),
    ("sl", "mr", "mag. farm.", "Janez", "Novak", "Spoštovani gospod Novak,"),
    ("sl", "mr", "prof. slov.", "Janez", "Novak", "Spoštovani gospod Novak,"),
    ("sl", "ms", "univ. dipl. inž. les.", "Ana", "Kovač", "Spoštovana gospa Kovač,"),
    ("sl", "mr", "akad. prof. dr.", "Janez", "Novak", "Spoštovani gospod akademik Novak,"),
    ("sl", "mr", "dr. med.", "Janez", "Novak", "Spoštovani gospod doktor Novak,"),
    ("sl", "ms", "doc. dr.", "Ana", "Kos", "Spoštovana gospa docentka Kos,"),
    ("sl", "ms", "izr. prof. dr.", "Ana", "Kos", "Spoštovana gospa profesorica Kos,"),
    ("sl", "mr", "asist. dr.", "Janez", "Novak", "Spoštovani gospod doktor Novak,"),
    ("sl", "mr", "Prof. Dr.", "Max", "Kern", "Spoštovani gospod profesor Kern,"),
    ("sl", "", "dr.", "Kim", "Schuster", "Pozdravljeni, Kim Schuster,"),
    ("en", "ms", "Professor Dr", "Eva", "Lang", "Dear Professor Lang,"),
    ("en", "ms", "Dr.", "Eva", "Weißhaupt", "Dear Dr Weißhaupt,"),
    ("en", "mr", "PhD", "Janez", "Novak", "Dear Dr Novak,"),
    ("en", "mr", "Ph.D.", "Janez", "Novak", "Dear Dr Novak,"),
    ("en", "ms", "Dipl.-Ing.", "Eva", "Lang", "Dear Ms Lang,"),
    ("en", "mr", "mag.", "Marko", "Zupan", "Dear Mr Zupan,"),
    ("en", "", "", "Kim", "Schuster", "Dear Kim Schuster,"),
    ("en", "", "Dr", "Kim", "Schuster", "Dear Dr Schuster,"),
    ("en", "ms", "Gewinnerin", "Eva", "Lang", "Dear Ms Lang,"),
    *[
        case
        for title in (
            "MUDr.",
            "JUDr.",
            "PhDr.",
            "RNDr.",
            "DDDr.",
            "DPhil",
            "D. Phil.",
            "DSc",
            "D.Sc.",
        )
        for case in (
            ("de", "ms", title, "Eva", "Nováková", "Sehr geehrte Frau Dr. Nováková,"),
            ("de", "mr", title, "Jan", "Novák", "Sehr geehrter Herr Dr. Novák,"),
            ("de", "", title, "Kim", "Novák", "Guten Tag Dr. Kim Novák,"),
            ("sl", "ms", title, "Eva", "Nováková", "Spoštovana gospa doktorica Nováková,"),
            ("sl", "mr", title, "Jan", "Novák", "Spoštovani gospod doktor Novák,"),
            ("en", "ms", title, "Eva", "Nováková", "Dear Dr Nováková,"),
            ("en", "", title, "Kim", "Novák", "Dear Dr Novák,"),
        )
    ],
    ("de", "mr", "prof. MUDr.", "Jan", "Novák", "Sehr geehrter Herr Professor Novák,"),
    ("sl", "mr", "doc. MUDr.", "Jan", "Novák", "Spoštovani gospod docent Novák,"),
    ("de", "mr", "MD", "Jan", "Weber", "Sehr geehrter Herr Weber,"),
    ("de", "mr", "CSc.", "Jan", "Novák", "Sehr geehrter Herr Novák,"),
    ("de", "ms", "Dr.Li", "Eva", "Max.Weber", "Sehr geehrte Frau Dr. Max. Weber,"),
    ("de", "", "", "Jo.De", "Vries", "Guten Tag Jo. De Vries,"),
    ("sl", "", "", "Jo.De", "Vries", "Pozdravljeni, Jo. De Vries,"),
    ("en", "", "", "Wei.Li", "", "Dear Wei. Li,"),
]


@pytest.mark.parametrize(("locale", "form", "title", "given", "family", "salutation"), CASES)
def test_a_letter_begins_with_the_degree_that_is_spoken(
    sqlite_app: Flask, locale: str, form: str, title: str, given: str, family: str, salutation: str
) -> None:
    person = Attendee(
        given_name=given, family_name=family, academic_title=title, form_of_address=form
    )

    with force_locale(locale):
        assert greeting(person) == salutation


@pytest.mark.parametrize(
    ("title", "degrees"),
    [
        ("", set()),
        ("Prof.Dr.", {Degree.PROFESSOR, Degree.DOCTOR}),
        ("PROF. DR.", {Degree.PROFESSOR, Degree.DOCTOR}),
        ("Prof. em. Dr.", {Degree.PROFESSOR, Degree.DOCTOR}),
        ("Prof. (FH)", {Degree.PROFESSOR}),
        ("Prof. h. c. mult.", {Degree.PROFESSOR}),
        ("mag. dr.", {Degree.MASTER, Degree.DOCTOR}),
        ("Drehbuchautor", set()),
        ("Konsulin", set()),
        ("Univ.-Prof.in Dr.in", {Degree.PROFESSOR, Degree.DOCTOR}),
        ("Prof.in", {Degree.PROFESSOR}),
        ("Prof.ⁱⁿ", {Degree.PROFESSOR}),
        ("Prof. (FH) Mag. Dr.", {Degree.PROFESSOR, Degree.MASTER, Degree.DOCTOR}),
        ("Prof. MBA", {Degree.PROFESSOR}),
        ("Prof. OStR", {Degree.PROFESSOR}),
        ("Juniorprofessorin Dr.", {Degree.PROFESSOR, Degree.DOCTOR}),
        ("MMag. Dr.in", {Degree.MASTER, Degree.DOCTOR}),
        ("Mag.a", {Degree.MASTER}),
        ("akad. slikar", set()),
        ("Akad. Rat", set()),
        ("Dr. cand.", set()),
        ("PhD candidate", set()),
        ("PhD student, M.Sc.", set()),
        ("MUDr. Mgr.", {Degree.DOCTOR}),
        ("MUDr., PhD.", {Degree.DOCTOR}),
        ("MVDr.", {Degree.DOCTOR}),
        ("Sc.D.", {Degree.DOCTOR}),
        ("PhDr. mag.", {Degree.DOCTOR, Degree.MASTER}),
        ("doc. dr.", {Degree.DOCENT, Degree.DOCTOR}),
        ("prof. šp. vzg.", set()),
    ],
)
def test_degrees_are_read_from_what_people_write(title: str, degrees: set[Degree]) -> None:
    assert degrees_in(title) == degrees
