"""Lists as other programs and people write them: what is expected of each."""

from __future__ import annotations

import time

import pytest
from flask import Flask

from event_mgmt.registration_desk.imports import check_page
from event_mgmt.registration_desk.imports.import_plan import RowFate
from event_mgmt.registration_desk.imports.sheets import Locked
from event_mgmt.registration_desk.imports.uploads import ReadingChoice
from event_mgmt.registrations.enums import Status
from tests.registration_desk.imports.reading_files import FILES, tried

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def in_english(sqlite_app: Flask):
    with sqlite_app.test_request_context("/?lang=en"):
        yield


def test_pretix_positions_are_recognised_with_the_attendees_own_address() -> None:
    list_ = tried("02_pretix_positions_de.csv")

    assert not list_.found.needs_columns
    assert list_.names == ["Jörg|Weißhaupt", "Špela|Žnidaršič"]
    assert [row.email for row in list_.plan.rows] == [
        "j.weisshaupt@beispielwerk.example",
        "spela.z@beispielwerk.example",
    ]
    assert list_.each("country") == ["DE", "DE"]
    assert [row.wish for row in list_.plan.rows] == [Status.CONFIRMED] * 2
    assert {"Bestellnummer", "E-Mail", "Produkt", "Ort"} <= set(list_.unused)
    assert list_.plan.problems == list_.plan.unreadable == []


def test_indico_registrants_are_recognised_and_the_withdrawn_do_not_come() -> None:
    list_ = tried("03_indico_registrants.csv")

    assert not list_.found.needs_columns
    assert list_.people == ["|Dr|Jörg|Weißhaupt", "|Prof|Špela|Žnidaršič"]
    assert [row.wish for row in list_.plan.rows] == [Status.CONFIRMED, Status.CANCELLED]
    assert list_.used["Registration state"] == "status"
    assert list_.unused == ["ID", "Registration date"]


def test_eventbrite_attendees_are_recognised() -> None:
    list_ = tried("04_eventbrite_attendees.csv")

    assert not list_.found.needs_columns
    assert list_.people == ["mr||Jörg|Weißhaupt", "ms||Ana|Kos"]
    assert list_.each("phone") == ["+492115550101", "+38641555014"]
    assert [row.wish for row in list_.plan.rows] == [Status.CONFIRMED, Status.CANCELLED]
    assert "Order #" in list_.unused


def test_an_address_book_of_92_columns_is_read_by_those_that_hold_something() -> None:
    list_ = tried("06_outlook_de_92cols_cp1252.csv")

    assert not list_.found.needs_columns
    assert list_.people == ["mr||Jörg|Weißhaupt", "ms|Dr.|Ana|Köster"]
    assert list_.each("organisation") == ["Beispielwerk GmbH"] * 2
    assert list_.each("function") == ["Einkaufsleiter"] * 2
    assert list_.each("phone") == ["+492115550101"] * 2
    assert "Notizen" in list_.unused
    assert "Hobby" not in list_.unused  # nobody has one


def test_thunderbirds_address_book_is_recognised() -> None:
    list_ = tried("08_thunderbird_en.csv")

    assert not list_.found.needs_columns
    assert list_.names == ["Jörg|Weißhaupt", "Ana|Kos"]
    assert list_.each("phone") == ["+492115550101", ""]
    assert list_.unused == ["Display Name"]


def test_slovenian_lists_in_windows_letters_are_read() -> None:
    list_ = tried("10_slovenian_cp1250.csv")
    variants = tried("10b_slovenian_variants.csv")

    assert list_.names == ["Špela|Žnidaršič", "Jože|Hočevar", "Tina|Đurić"]
    assert list_.each("phone") == ["+38641555012", "+38615550120", "+38615550121"]
    assert variants.people == ["||Špela|Žnidaršič", "|dr.|Jože|Hočevar"]
    assert variants.each("organisation") == ["Čebelarstvo d.o.o.", "Livarna"]
    assert variants.each("phone") == ["+38641555012", ""]
    assert variants.unused == ["Zap. št."]
    assert [row.party.message for row in variants.plan.parties] == ["vegetarijansko", ""]


def test_forms_of_address_and_titles_find_their_own_fields() -> None:
    list_ = tried("11_german_bom.csv")

    assert list_.people == [
        "mr|Dr.-Ing.|Jörg|Weißhaupt",
        "ms|Prof. Dr.|Änne|Müller-Lüdenscheidt",
        "||Kim|Schäfer",
        "mr||Max|von und zu Muster",
        "ms|Dr.|Eva|Klein",
        "mr|Prof. Dr.|Uwe|Groß",
        "||Paul|Lang",
        "ms||Ina|Kurz",
        "ms||Mia|Weit",
    ]
    assert [(p.row, p.words) for p in list_.plan.left_behind] == [
        (8, "“Fam.” is no form of address we know.")
    ]
    assert list_.plan.problems == []


def test_unicode_text_quoted_lines_and_odd_characters_stay_as_they_are() -> None:
    unicode = tried("12_excel_unicode_text_utf16le.txt")
    quoted = tried("13b_quoted_newlines_mixed_eol.csv")
    nasty = tried("61_nasty.csv")

    assert unicode.names == ["Jörg|Weißhaupt", "Špela|Žnidaršič"]
    assert unicode.each("organisation") == ['Beispielwerk "Süd" GmbH', "Čebela d.o.o."]
    assert quoted.names == ["Jörg|Weißhaupt", "Ana|Kos", "Eva|Klein"]
    assert quoted.each("organisation") == ["Beispielwerk GmbH", "Primer, d.o.o.", ""]
    assert quoted.plan.parties[0].party.message == "Zeile 1\nZeile 2"
    assert nasty.people[0] == (
        "ms|Prof. Dr.-Ing. habil. Dr. h. c. mult.|Maximiliane Charlotte Friederike"
        "|Freifrau von Hohenstein-Oberländer-Wackerbarth"
    )
    assert nasty.names[2:7] == [
        "-Minus|+Plus", "Олена|Шевченко", "明|王", "ليلى|حداد", "Łukasz|Żółć",
    ]  # fmt: skip
    assert nasty.names[-2:] == ["Ida|Begleit", "0123|007"]
    assert nasty.plan.parties[0].party.seats == 2
    assert nasty.plan.problems == nasty.plan.unreadable == []


def test_titles_above_and_totals_below_are_nobody() -> None:
    titled = tried("15_title_lines.csv")
    far_down = tried("15b_header_row_14.csv")
    marked = tried("16_two_header_rows.csv")

    assert titled.names == ["Jörg|Weiß", "Ana|Kos"]
    assert [number for number, _words in check_page.reading(titled.found).left_out] == [1, 2, 8]
    assert far_down.names == ["Jörg|Weiß"]
    assert marked.people == ["mr||Jörg|Weiß"]
    assert [number for number, _words in check_page.reading(marked.found).left_out] == [1, 3]


def test_decorated_headings_are_headings() -> None:
    list_ = tried("16c_decorated_headers.csv")

    assert (list_.names, list_.unused) == (["Jörg|Weiß"], [])
    assert (list_.each("function"), list_.each("country")) == (["Leiter"], ["DE"])


def test_names_in_one_column_come_apart() -> None:
    list_ = tried("17_name_column.csv")
    surname_first = tried("17b_name_vorname.csv")

    assert list_.people[:8] == [
        "||Jörg|Weißhaupt",
        "|Dr.|Jörg|Weißhaupt",
        "|Prof. Dr.-Ing.|Änne|Müller-Lüdenscheidt",
        "||Ludwig|van der Meer",
        "||Maja Kovač|Novak",
        "|Dr.|Max|Graf von Hardenberg",
        "mr||Jörg|Weiß",
        "||Kovač|Maja",
    ]
    assert list_.people[8] == "|||Madonna"
    assert next(row.hint for row in list_.plan.rows if row.row == 10) == "Only one name."
    assert list_.people[-5:] == [
        "|Dr.|Jörg|Weiß",
        "||Špela|Žnidaršič",
        "||Jörg|Weiß Jr.",
        "||JÖRG|WEISS",
        "|dr., univ. dipl. inž.|Janez|Novak",
    ]
    assert [(doubt.row, doubt.keeps_out) for doubt in list_.plan.doubts] == [(9, False)]
    assert "Does the family name stand first" in list_.plan.doubts[0].words
    assert surname_first.names == ["Jörg|Weißhaupt", "Jörg|Weißhaupt"]


def test_companions_in_columns_of_their_own_come_along() -> None:
    list_ = tried("20_companions_columns.csv")

    assert list_.names == [
        "Jörg|Weiß", "Ina|Weiß", "Ana|Kos", "Marko|Kos", "Luka|Kos", "Eva|Klein",
    ]  # fmt: skip
    assert [row.party.seats for row in list_.plan.parties] == [2, 3, 1]
    assert list_.plan.unreadable == []


@pytest.mark.parametrize("name", ["20b_companion_yes.csv", "60_gast_ja.csv"])
def test_a_yes_to_a_companion_asks_for_the_name_and_never_is_one(name: str) -> None:
    list_ = tried(name)

    assert list_.names[:2] == ["Jörg|Weiß", "Ana|Kos"]
    assert [person.full_name for person in list_.plan.parties[1].party.companions] in (
        [["Marko Kos"], ["Luka Kos"]]
    )
    assert [(p.row, p.is_optional) for p in list_.plan.unreadable] == [(2, True)]
    assert "who comes along?" in list_.plan.unreadable[0].words


def test_phones_are_read_where_a_person_could() -> None:
    list_ = tried("21_phones.csv")

    phones = dict(zip("ABCDEFGHIJKLMNOPQRSTU", list_.each("phone"), strict=True))
    assert phones["A"] == phones["B"] == ""  # a spreadsheet has rounded them
    assert {phones[sign] for sign in "CDE"} == {"+491511234567"}
    assert {phones[sign] for sign in "FGHQSTU"} == {"+492115550101"}
    assert phones["I"] == "+49211555010123"
    assert {phones[sign] for sign in "JKL"} == {""}
    assert {phones[sign] for sign in "MNOP"} == {"+38641555012"}
    assert phones["R"].startswith("+492115550101")
    assert phones["R"].endswith("12")
    assert [p.row for p in list_.plan.left_behind] == [2, 3]
    assert list_.plan.problems == []


def test_countries_and_languages_are_read_where_a_person_could() -> None:
    list_ = tried("22_countries.csv")

    assert list_.each("country") == [
        *(["DE", "DE", "DE", "DE", "DE", "SI", "SI", "SI", "SI", "DE", "DE", "DE", "CZ", "CZ", "CZ", "GB", "GB", "NL", "NL", "AT", "AT", "US", "US", "BA", "MK", "CH"]),
        *("", ""),
    ]  # fmt: skip
    assert [row.party.locale for row in list_.plan.parties][:12] == [
        *(["de", "de", "de", "de", "de", "sl", "sl", "sl", "sl", "de", "de", "de"])
    ]
    assert [(p.row, p.words) for p in list_.plan.left_behind] == [
        (19, "“nl” is none of our languages."),
        (20, "“fr” is none of our languages."),
        (25, "“hr” is none of our languages."),
    ]


def test_a_list_without_headings_is_guessed_and_asked_about() -> None:
    list_ = tried("23_no_header.csv")

    assert list_.found.needs_columns
    assert list(list_.used.values()) == ["given_name", "family_name", "organisation", "email"]
    assert list_.names == ["Jörg|Weiß", "Ana|Kos", "Eva|Klein"]


def test_which_row_holds_the_headings_can_be_said() -> None:
    second = tried("23_no_header.csv", ReadingChoice(heading=2))
    none = tried("15b_header_row_14.csv", ReadingChoice(heading=0))

    assert second.found.table.header.number == 2
    assert len(second.found.table.rows) == 1
    assert none.found.table.header is None
    assert len(none.found.table.rows) == 15


def test_a_table_in_html_is_read_whatever_the_file_is_called() -> None:
    assert tried("26_html_as.xls").names == ["Jörg|Weiß"]


def test_whoever_declined_is_not_entered_as_confirmed() -> None:
    list_ = tried("28_status_column.csv")

    assert [row.wish for row in list_.plan.rows] == [
        Status.CONFIRMED, Status.CANCELLED, Status.CANCELLED,
    ]  # fmt: skip
    assert list_.used["Status"] == "status"


def test_the_sheet_with_people_is_read_first() -> None:
    third, second = tried("41_sheets_data_on_third.xlsx"), tried("41b_first_sheet_empty.xlsx")
    both = tried("41c_two_sheets_both_people.xlsx")
    other = tried("41c_two_sheets_both_people.xlsx", ReadingChoice(sheet=1))

    assert (third.found.sheet.name, second.found.sheet.name) == ("Gäste", "Tabelle2")
    assert third.names == second.names == ["Jörg|Weißhaupt", "Špela|Žnidaršič"]
    assert (both.found.sheet.name, both.names) == ("Deutsche", ["Jörg|Weißhaupt"])
    assert "Slowenen" in check_page.reading(both.found).notices[0]
    assert other.names == ["Špela|Žnidaršič"]


def test_hidden_rows_and_columns_are_told_and_left_out_unless_wanted() -> None:
    usual = tried("42_filtered_rows_hidden_cols.xlsx")
    whole = tried(
        "42_filtered_rows_hidden_cols.xlsx", ReadingChoice(hidden_rows=True, hidden_columns=True)
    )

    assert [row.row for row in usual.plan.parties] == [2, 4, 6, 8]
    assert "Firma" not in usual.used
    rows, column = check_page.reading(usual.found).notices
    assert rows.startswith("4 rows are hidden")
    assert column.endswith("left out: Firma.")
    assert len(whole.plan.rows) == 8
    assert whole.each("organisation") == ["Werk"] * 8
    assert [row.wish for row in whole.plan.rows][:2] == [Status.CONFIRMED, Status.CANCELLED]
    assert check_page.reading(whole.found).notices == []


def test_styled_rows_without_people_cost_nothing() -> None:
    contents = (FILES / "43_styled_5000_empty_rows.xlsx").read_bytes()

    began = time.process_time()
    list_ = tried(contents)

    assert list_.names == ["Jörg|Weißhaupt", "Špela|Žnidaršič"]
    assert time.process_time() - began < 1


def test_a_password_is_told_as_such() -> None:
    with pytest.raises(Locked, match="protected by a password"):
        tried("46c_password.xlsx")


def test_an_opendocument_spreadsheet_is_read() -> None:
    list_ = tried("51_libreoffice.ods")

    assert list_.names == ["Jörg|Weißhaupt", "Špela|Žnidaršič", "Eva|Klein"]
    assert list_.each("phone")[0] == "+492115550101"
    assert list_.each("country")[:2] == ["DE", "SI"]


@pytest.mark.parametrize("path", sorted(FILES.iterdir()), ids=lambda path: path.name)
def test_every_file_is_read_or_refused_in_words(path) -> None:
    try:
        list_ = tried(path.name)
    except Locked:
        return
    fates = {row.fate for row in list_.plan.rows}

    assert RowFate.ENTERED in fates
    assert list_.found.targets
