"""Names in one cell come apart: form of address, titles, given and family name."""

from __future__ import annotations

import pytest

from event_mgmt.registration_desk.imports.person_names import address_of, parted, titled, together


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Maja Kovač", "||Maja|Kovač"),
        ("Kovač, Maja", "||Maja|Kovač"),
        ("Dr. Jörg Weiß", "|Dr.|Jörg|Weiß"),
        ("Frau Prof. Dr. med. Eva Klein", "ms|Prof. Dr. med.|Eva|Klein"),
        ("Prof.Dr. Hans Meier", "|Prof. Dr.|Hans|Meier"),
        ("gospa mag. Ana Kos", "ms|mag.|Ana|Kos"),
        ("izr. prof. dr. Ana Kos", "|izr. prof. dr.|Ana|Kos"),
        ("izr.prof.dr. Ana Kos", "|izr. prof. dr.|Ana|Kos"),
        ("viš. znan. sod. dr. Ana Kos", "|viš. znan. sod. dr.|Ana|Kos"),
        ("MMag. Eva Moser", "|MMag.|Eva|Moser"),
        ("em. o. Univ.-Prof. Dr. Max Weber", "|em. o. Univ.-Prof. Dr.|Max|Weber"),
        ("ao. Univ.-Prof. DI Dr. Max Weber", "|ao. Univ.-Prof. DI Dr.|Max|Weber"),
        ("DI Max Weber", "|DI|Max|Weber"),
        ("DI MAIO Luigi", "||Luigi|DI MAIO"),
        ("Red Smith", "||Red|Smith"),
        ("Doktor", "|||Doktor"),
        ("Herr Mag", "mr|||Mag"),
        ("Dr. Magister", "|Dr.||Magister"),
        ("Jun Doktor", "||Jun|Doktor"),
        ("Herr Jun Doktor", "mr||Jun|Doktor"),
        ("Red Mag, MBA", "|MBA|Red|Mag"),
        ("Li, Jun Doktor", "||Jun Doktor|Li"),
        ("red prof. dr. Ana Kos", "|red prof. dr.|Ana|Kos"),
        ("Edd Kos", "||Edd|Kos"),
        ("O. Dr. Weber", "||O. Dr.|Weber"),
        ("g. Janez Novak", "mr||Janez|Novak"),
        ("G. Novak", "||G.|Novak"),
        ("M. Müller", "||M.|Müller"),
        ("Ms. Jane O'Brien", "ms||Jane|O'Brien"),
        ("Sehr geehrter Herr Jan Meier", "mr||Jan|Meier"),
        ("Hr. Dipl.-Ing. Tom Kurz", "mr|Dipl.-Ing.|Tom|Kurz"),
        ("PD Dr. rer. nat. habil. Jan Weber", "|PD Dr. rer. nat. habil.|Jan|Weber"),
        ("Dr. h. c. mult. Hans M. Müller", "|Dr. h. c. mult.|Hans M.|Müller"),
        ("Ludwig van der Meer", "||Ludwig|van der Meer"),
        ("Maria de la Cruz", "||Maria|de la Cruz"),
        ("Max Graf von Hardenberg", "||Max|Graf von Hardenberg"),
        ("Karl-Heinz von und zu Guttenberg", "||Karl-Heinz|von und zu Guttenberg"),
        ("Bernd Graf", "||Bernd|Graf"),
        ("Anh Le", "||Anh|Le"),
        ("Jane Doe MBA", "|MBA|Jane|Doe"),
        ("Weiß Jr., Jörg", "||Jörg|Weiß Jr."),
        ("Jörg Weiß III", "||Jörg|Weiß III"),
        ("Janez Novak, mag. farm.", "|mag. farm.|Janez|Novak"),
        ("Ing. Petr Novák, Ph.D.", "|Ing., Ph.D.|Petr|Novák"),
        ("Klaus Prof", "||Klaus|Prof"),
        ("Madonna", "|||Madonna"),
        ("MÜLLER Anna", "||Anna|MÜLLER"),
        ("MÜLLER-KOS Anna Maria", "||Anna Maria|MÜLLER-KOS"),
        ("VAN DER MEER Ludwig", "||Ludwig|VAN DER MEER"),
        ("von MÜLLER Anna", "||Anna|von MÜLLER"),
        ("Dr. MÜLLER Anna", "|Dr.|Anna|MÜLLER"),
        ("LI Ming", "||Ming|LI"),
        ("Ana KOS ZAJC", "||Ana|KOS ZAJC"),
        ("Hans M. MÜLLER", "||Hans M.|MÜLLER"),
        ("JR Smith", "||JR|Smith"),
        ("MÜLLER ANNA", "||MÜLLER|ANNA"),
        ("Müller, Anna, Dr.", "|Dr.|Anna|Müller"),
        ("Müller Anna, Dr.", "|Dr.|Müller|Anna"),
        ("Peter in der Au", "||Peter|in der Au"),
        ("dr.Ana Kos,univ.dipl.ekon.", "|dr., univ.dipl.ekon.|Ana|Kos"),
        ("Ana Kos MSc", "|MSc|Ana|Kos"),
        ("  Ana\u00a0 Kos ", "||Ana|Kos"),
        ("明 王", "||明|王"),
    ],
)
def test_a_whole_name_is_taken_apart(cell: str, expected: str) -> None:
    named = parted(cell)

    found = f"{named.form_of_address}|{named.academic_title}"
    found = f"{found}|{named.given_name}|{named.family_name}"
    assert found == expected


@pytest.mark.parametrize("cell", ["Weiß Jörg", "Weiß, Jörg", "van der Meer Ludwig"])
def test_the_family_name_may_stand_first(cell: str) -> None:
    named = parted(cell, surname_first=True)

    assert named.given_name in {"Jörg", "Ludwig"}
    assert named.family_name in {"Weiß", "van der Meer"}


def test_what_stands_in_brackets_is_no_name() -> None:
    assert parted("Žnidaršič, Špela (GZS)").aside == "GZS"
    assert parted("Žnidaršič, Špela (GZS)").family_name == "Žnidaršič"


@pytest.mark.parametrize(
    ("cell", "given", "family", "born"),
    [
        ("Anna Müller geb. Kos", "Anna", "Müller", "geb. Kos"),
        ("Anna Müller, geb. von Kos, Dr.", "Anna", "Müller", "geb. von Kos"),
        ("Müller geb. Kos, Anna", "Anna", "Müller", "geb. Kos"),
        ("Ana Novak (roj. Kos)", "Ana", "Novak", "roj. Kos"),
        ("Ana Novak rojena Kos", "Ana", "Novak", "rojena Kos"),
        ("Ann Smith née Kos", "Ann", "Smith", "née Kos"),
        ("Max Born", "Max", "Born", ""),
        ("Ana Roj", "Ana", "Roj", ""),
    ],
)
def test_a_name_at_birth_is_no_part_of_the_name(
    cell: str, given: str, family: str, born: str
) -> None:
    named = parted(cell)

    assert (named.given_name, named.family_name, named.born) == (given, family, born)
    assert (named.aside, titled("Müller, geb. Kos").family_name) == ("", "Müller")


def test_a_title_behind_the_name_lets_doubt_which_name_stands_first() -> None:
    assert parted("Müller Anna, Dr.").is_doubtful
    assert not parted("Müller, Anna, Dr.").is_doubtful
    assert not parted("Ana Kos, univ. dipl. inž.").is_doubtful


@pytest.mark.parametrize("cell", ["", ",", "()", "Dr.", "Herr", "(GZS)", ", , ,", "." * 300])
def test_odd_cells_lose_nothing_and_break_nothing(cell: str) -> None:
    named = parted(cell)

    kept = f"{named.form_of_address}{named.academic_title}{named.family_name}{named.aside}"
    assert kept or not cell.strip(",() ")


def test_a_title_before_a_part_of_the_name_is_no_name() -> None:
    assert (titled("dr. Jože").family_name, titled("dr. Jože").academic_title) == ("Jože", "dr.")
    assert titled("Prof.").family_name == "Prof."
    assert titled("von Muster").family_name == "von Muster"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Frau Dr.", ("ms", "Dr.")),
        ("Herrn", ("mr", "")),
        ("Mr.", ("mr", "")),
        ("ga.", ("ms", "")),
        ("w", ("ms", "")),
        ("divers", ("", "")),
        ("Prof", ("", "Prof")),
        ("Fam.", (None, "")),
        ("Herr/Frau", (None, "")),
        ("Frau Müller", (None, "")),
    ],
)
def test_forms_of_address_are_told_from_anything_else(cell: str, expected: tuple) -> None:
    assert address_of(cell) == expected


def test_titles_from_two_columns_are_said_once() -> None:
    assert together("Dr.", "Dr") == "Dr."
    assert together("Prof. Dr.", "Dr.") == "Prof. Dr."
    assert together("", "Dr.") == "Dr."
    assert together("Dr.-Ing.", "Prof.") == "Dr.-Ing. Prof."
