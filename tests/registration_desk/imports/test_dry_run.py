"""The dry run: what each row of a list would come to."""

from __future__ import annotations

import pytest
from flask import Flask

from event_mgmt.core.localized import Localized
from event_mgmt.core.text import fold
from event_mgmt.events.enums import EventStatus, QuestionKind, Visibility, WaitingListMode
from event_mgmt.events.models import Question
from event_mgmt.events.registration_phase import RegistrationTerms
from event_mgmt.registration_desk.imports import columns, dry_run as planning
from event_mgmt.registration_desk.imports.import_plan import ImportContext, ImportPlan, RowFate
from event_mgmt.registration_desk.imports.opened_list import open_list
from event_mgmt.registration_desk.imports.uploads import ReadingChoice
from event_mgmt.registration_desk.queries import RegisteredContacts
from event_mgmt.registration_desk.rules import PoolSeats
from event_mgmt.registrations.enums import FormOfAddress, Status
from tests.builders import NOW
from tests.registration_desk.imports.lists import a_csv

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def in_english(sqlite_app: Flask):
    with sqlite_app.test_request_context("/?lang=en"):
        yield


def planned(
    *rows: tuple[str, ...],
    header: tuple[str, ...],
    questions: tuple[Question, ...] = (),
    known: tuple[tuple[str, str], ...] = (),
) -> ImportPlan:
    found = open_list(a_csv(*rows, header=header), ReadingChoice(), questions)
    people = frozenset((email, fold(name)) for email, name in known)
    names = frozenset(fold(name) for _email, name in known)
    setting = ImportContext(questions, RegisteredContacts(people, names), "de", "DE")
    return planning.plan(found.table, found.targets, setting)


def fates(plan: ImportPlan) -> list[tuple[int, RowFate]]:
    return [(row.row, row.fate) for row in plan.rows]


SHORT = ("Vorname", "Nachname", "E-Mail")


@pytest.mark.parametrize(
    "header",
    [
        ("Vorname", "Name", "E-Mail-Adresse", "Firma", "Land", "Tel.", "Anrede", "Titel"),
        (
            "Ime",
            "Priimek",
            "E-pošta",
            "Podjetje",
            "Država",
            "Telefon",
            "Nagovor",
            "Akademski naziv",
        ),
        ("First name", "SURNAME", "e_mail", "Company", "Country", "Phone", "Salutation", "Title"),
    ],
    ids=["de", "sl", "en"],
)
def test_columns_are_recognised_in_three_languages(header: tuple[str, ...]) -> None:
    row = (
        "Maja",
        "Kovač",
        "Maja@Example.org",
        "Tehnika",
        "Slowenien",
        "01 234 56 78",
        "ga.",
        "dr.",
    )

    party = planned(row, header=header).parties[0].party

    assert party is not None
    person = party.contact
    assert (person.given_name, person.family_name, party.email) == (
        "Maja",
        "Kovač",
        "maja@example.org",
    )
    assert (person.organisation, person.country, person.phone) == ("Tehnika", "SI", "+38612345678")
    assert (person.form_of_address, person.academic_title) == (FormOfAddress.MS, "dr.")


@pytest.mark.parametrize("written", ["SI", "svn", "Slowenien", "Slovenija", "Slovenia", "SLO"])
def test_countries_are_known_by_name_and_by_code(written: str) -> None:
    plan = planned(("A", "B", "a@e.org", written), header=(*SHORT, "Land"))

    assert plan.parties[0].party.contact.country == "SI"


@pytest.mark.parametrize(
    "written", ["+49 211 123456", "0049 211 123456", "0211/123456", "49211123456", "'+49211123456"]
)
def test_phones_become_international(written: str) -> None:
    plan = planned(("A", "B", "a@e.org", written), header=(*SHORT, "Telefon"))

    assert plan.parties[0].party.contact.phone == "+49211123456"


@pytest.mark.parametrize("written", ["Maja Ana Kovač", "Kovač, Maja Ana"])
def test_a_name_in_one_column_is_parted(written: str) -> None:
    plan = planned((written, "m@e.org"), header=("Ime in priimek", "E-naslov"))

    person = plan.parties[0].party.contact
    assert (person.given_name, person.family_name) == ("Maja Ana", "Kovač")


def test_a_title_above_the_header_is_passed_over() -> None:
    plan = planned(SHORT, ("Maja", "Kovač", "m@e.org"), header=("Gästeliste Jahresempfang",))

    assert fates(plan) == [(3, RowFate.ENTERED)]


def test_problems_name_row_and_column_in_words() -> None:
    plan = planned(
        ("Maja", "Kovač", "m@e.org", "Slovenia", "+386 1 234 56 78"),
        ("", "", "not an address", "Atlantis", "call me"),
        ("Ivo", "Kos", "", "", "#N/A"),
        header=(*SHORT, "Land", "Telefon"),
    )

    assert fates(plan) == [(2, RowFate.ENTERED), (3, RowFate.FAULTY), (4, RowFate.FAULTY)]
    assert [(p.row, p.column, p.words) for p in plan.problems] == [
        (3, "E-mail", "“not an address” is no e-mail address."),
        (3, "Family name", "Please enter a name; a single one is enough."),
        (4, "E-mail", "Please enter an e-mail address."),
    ]
    assert [(p.row, p.column, p.words) for p in plan.unreadable] == [
        (3, "Country", "“Atlantis” is no country we know."),
        (3, "Phone", "“call me” is no phone number with its country code."),
        (4, "Phone", "The spreadsheet shows an error here: #N/A"),
    ]


def test_a_text_that_does_not_fit_is_a_problem() -> None:
    plan = planned(("x" * 101, "Kovač", "m@e.org"), header=SHORT)

    assert [(p.row, p.column) for p in plan.problems] == [(2, "Given name")]


def test_doubles_in_the_list_and_at_the_event_are_passed_over() -> None:
    plan = planned(
        ("Maja", "Kovač", "maja@example.org"),
        ("MAJA", "Kovac", "Maja@Example.org"),
        ("Ivo", "Kos", "ivo@example.org"),
        ("Ana", "Novak", "ana@new.example"),
        header=SHORT,
        known=(("ivo@example.org", "Ivo Kos"), ("ana@old.example", "Ana Novak")),
    )

    assert fates(plan) == [
        (2, RowFate.ENTERED),
        (3, RowFate.TWICE),
        (4, RowFate.KNOWN),
        (5, RowFate.ENTERED),
    ]
    assert plan.rows[1].hint == "The same as row 2."
    assert "another address" in plan.rows[3].hint


def test_two_people_may_share_an_address() -> None:
    plan = planned(
        ("Maja", "Kovač", "office@example.org"), ("Ivo", "Kos", "office@example.org"), header=SHORT
    )

    assert len(plan.parties) == 2


def test_companions_join_the_contact_they_name() -> None:
    plan = planned(
        ("Jörg", "Weiß", "", "Maja Kovac"),
        ("Maja", "Kovač", "m@e.org", ""),
        ("Eva", "Weiß", "", "Nobody Known"),
        header=(*SHORT, "Begleitung von"),
    )

    assert fates(plan) == [(2, RowFate.COMPANION), (3, RowFate.ENTERED), (4, RowFate.FAULTY)]
    party = plan.parties[0].party
    assert [p.full_name for p in party.people] == ["Maja Kovač", "Jörg Weiß"]
    assert "is not in this list" in plan.problems[0].words


@pytest.mark.parametrize(("given", "family"), [("Suharto", ""), ("", "Suharto")])
def test_somebody_with_one_name_comes(given: str, family: str) -> None:
    plan = planned((given, family, "s@e.org"), header=SHORT)

    assert plan.parties[0].party.contact.full_name == "Suharto"
    assert plan.parties[0].hint == "Only one name."


@pytest.mark.parametrize("cell", ["Suharto", "Ms Suharto"])
def test_a_companion_with_one_name_comes_along(cell: str) -> None:
    plan = planned(("Maja", "Kovač", "m@e.org", cell), header=(*SHORT, "Begleitung"))

    assert [p.full_name for p in plan.parties[0].party.companions] == ["Suharto"]
    assert not plan.unreadable


@pytest.mark.parametrize("cell", ["+1", "Begleitung", "N.N.", "Ehefrau", "Frau", "Dr.", "spouse"])
def test_a_companion_who_is_only_announced_is_asked_for(cell: str) -> None:
    plan = planned(("Maja", "Kovač", "m@e.org", cell), header=(*SHORT, "Begleitung"))

    assert plan.parties[0].party.companions == ()
    assert [problem.column for problem in plan.unreadable] == ["Companion: name"]


def test_a_companion_joins_a_contact_whose_name_is_spelt_otherwise() -> None:
    plan = planned(
        ("Jörg", "Müller-O’Brien", "m@e.org", ""),
        ("Eva", "Kos", "", "Mueller O'Brien, Joerg"),
        header=(*SHORT, "Begleitung von"),
    )

    assert fates(plan) == [(2, RowFate.ENTERED), (3, RowFate.COMPANION)]


def test_a_companion_without_a_name_keeps_nobody_else_out() -> None:
    plan = planned(
        ("Maja", "Kovač", "m@e.org", ""),
        ("", "", "", "Maja Kovač"),
        header=(*SHORT, "Begleitung von"),
    )

    assert fates(plan) == [(2, RowFate.ENTERED), (3, RowFate.FAULTY)]
    assert plan.parties[0].party.seats == 1


def a_question(number: int, kind: QuestionKind, label: str, **given) -> Question:
    return Question(
        id=number,
        event_id=1,
        kind=kind,
        label=Localized(de=label),
        options=given.pop("options", []),
        is_required=given.pop("is_required", False),
        is_sensitive=given.pop("is_sensitive", False),
        asks_companions=False,
        shown_if_question=None,
        shown_if_value="",
    )


def test_answers_are_read_as_people_write_them() -> None:
    options = [
        {"key": "veg", "label": {"de": "Vegetarisch", "sl": "Vegetarijansko"}},
        {"key": "meat", "label": {"de": "Mit Fleisch"}},
    ]
    questions = (
        a_question(1, QuestionKind.YES_NO, "Bus?"),
        a_question(2, QuestionKind.CHOICE, "Menü", options=options, is_sensitive=True),
        a_question(3, QuestionKind.CHOICES, "Themen", options=options),
        a_question(4, QuestionKind.DATE, "Anreise"),
        a_question(5, QuestionKind.NUMBER, "Nächte"),
    )

    plan = planned(
        ("Maja", "Kovač", "m@e.org", "ja", "vegetarijansko", "Mit Fleisch, veg", "3. 2. 2027", "2"),
        ("Ivo", "Kos", "i@e.org", "maybe", "Fisch", "", "soon", "two"),
        header=(*SHORT, "Bus?", "Menü", "Themen", "Anreise", "Nächte"),
        questions=questions,
    )

    person = plan.parties[0].party.contact
    assert person.answers == {"1": True, "3": ["veg", "meat"], "4": "2027-02-03", "5": 2}
    assert person.sensitive == {"2": "veg"}
    assert plan.parties[1].party.contact.answers == {}
    assert [(p.row, p.column) for p in plan.left_behind] == [
        (3, "Bus?"),
        (3, "Menü"),
        (3, "Anreise"),
        (3, "Nächte"),
    ]


def a_plan_of_three() -> ImportPlan:
    rows = [(f"Gast {n}", "Kos", f"g{n}@e.org") for n in range(3)]
    return planned(*rows, header=SHORT)


def terms(mode: WaitingListMode = WaitingListMode.OFFER) -> RegistrationTerms:
    return RegistrationTerms(
        EventStatus.PUBLISHED, Visibility.PUBLIC, NOW, NOW, "Europe/Berlin", waiting_list=mode
    )


def foreseen(
    seats: PoolSeats, mode: WaitingListMode = WaitingListMode.OFFER, waits=None
) -> ImportPlan:
    return planning.forecast_statuses(a_plan_of_three(), 1, {1: seats}, terms(mode), waits)


def test_seats_go_in_the_order_of_the_list() -> None:
    plan = foreseen(PoolSeats(2, is_waited_for=False))

    assert [row.status for row in plan.rows] == [
        Status.CONFIRMED,
        Status.CONFIRMED,
        Status.WAITLISTED,
    ]


def test_nobody_in_a_list_passes_those_who_wait() -> None:
    plan = foreseen(PoolSeats(9, is_waited_for=True))

    assert plan.reached == {Status.WAITLISTED: 3}


def test_without_a_waiting_list_the_last_rows_are_problems() -> None:
    plan = foreseen(PoolSeats(1, is_waited_for=False), WaitingListMode.OFF)

    assert [row.fate for row in plan.rows] == [RowFate.ENTERED, RowFate.FULL, RowFate.FULL]
    assert [problem.row for problem in plan.problems] == [3, 4]


def test_where_the_organiser_decides_everybody_waits_for_that() -> None:
    plan = foreseen(PoolSeats(0, is_waited_for=False), WaitingListMode.OFF, Status.PENDING)

    assert plan.reached == {Status.PENDING: 3}


def test_a_select_by_hand_may_only_name_what_there_is() -> None:
    questions = (a_question(7, QuestionKind.SHORT_TEXT, "Wunsch"),)

    assert columns.is_target("question-7", questions)
    assert not columns.is_target("question-8", questions)
    assert not columns.is_target("staff_note", questions)
