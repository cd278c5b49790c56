"""In which characters a list is written, without an application."""

from __future__ import annotations

import pytest

from event_mgmt.registration_desk.imports.encodings import ENCODINGS, decoded
from event_mgmt.registration_desk.imports.forms import ReadForm
from event_mgmt.registration_desk.imports.sheets import FileRefused

GERMAN = "Vorname;Nachname;Straße\nJörg;Weiß;Hauptstraße 3\nÄnne;Müller;Königsallee\n"
SLOVENIAN = "Ime;Priimek;E-pošta;Država\nŠpela;Žnidaršič;s@example.org;Slovenija\nJože;Hočevar;;\n"
FRENCH = "Prénom;Nom;E-Mail\nAnaïs;Lefèvre;a@example.org\nAgnès;Crête;;\n"
ALL = {"de": GERMAN, "sl": SLOVENIAN, "fr": FRENCH}


@pytest.mark.parametrize(
    ("language", "encoding", "expected"),
    [
        *((language, "utf-8", "utf-8") for language in ALL),
        *((language, "utf-16", "utf-16") for language in ALL),
        *((language, "utf-16-le", "utf-16") for language in ALL),
        *((language, "utf-16-be", "utf-16") for language in ALL),
        ("de", "cp1252", "cp1250"),  # in which it reads the same
        ("de", "cp850", "cp850"),
        ("de", "mac_roman", "mac_roman"),
        ("sl", "cp1250", "cp1250"),
        ("sl", "iso8859-2", "iso8859-2"),
        ("sl", "cp852", "cp852"),
        ("sl", "mac_latin2", "mac_latin2"),
        ("fr", "cp1252", "cp1252"),
        ("fr", "cp850", "cp850"),
        ("fr", "mac_roman", "mac_roman"),
    ],
)
def test_characters_are_told_by_the_letters_that_result(
    language: str, encoding: str, expected: str
) -> None:
    text, found = decoded(ALL[language].encode(encoding))

    assert (text, found) == (ALL[language], expected)


@pytest.mark.parametrize("name", ["Jörg Weiß", "Żółć Wałęsa", "Erdős Ödön"])
def test_neighbours_lists_in_the_characters_of_windows_stay_what_they_are(name: str) -> None:
    lines = f"Name;E-Mail\n{name};a@example.org\n"

    assert decoded(lines.encode("cp1250"))[0] == lines


def test_one_broken_character_does_not_break_the_others() -> None:
    text, encoding = decoded(GERMAN.encode() + b"Ren\xe9;Kos;\n")

    assert encoding == "utf-8"
    assert text.startswith(GERMAN)


def test_what_was_chosen_is_taken_or_refused_and_never_replaced() -> None:
    assert decoded(SLOVENIAN.encode("cp852"), "cp852") == (SLOVENIAN, "cp852")
    with pytest.raises(FileRefused):
        decoded(GERMAN.encode("cp850"), "utf-8")
    with pytest.raises(FileRefused):
        decoded(b"\0\1\2\0\0\0\3\0")


def test_all_that_is_recognised_can_be_chosen() -> None:
    assert {choice.value for choice in ReadForm.encoding.kwargs["choices"]} == set(ENCODINGS)


def test_what_was_taken_for_the_letters_of_windows_and_saved_again_is_taken_back() -> None:
    garbled = SLOVENIAN.encode().decode("latin-1").encode()

    assert decoded(garbled) == (SLOVENIAN, "utf-8")
    assert decoded(garbled, "utf-8")[0] != SLOVENIAN  # whoever chose it wants it as it is
    beside = "Name\nMÃ¼ller\nMüller\n"
    assert decoded(beside.encode())[0] == beside
