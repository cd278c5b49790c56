"""The pieces of a letter say the same in words and encoded, whatever is a reader's own in them."""

from __future__ import annotations

from quopri import decodestring

import pytest

from event_mgmt.mail import drawing
from event_mgmt.mail.drawing import Piece, words_of
from event_mgmt.mail.letters import Button, Facts, Letter, Paragraph, Quote

_MOST = 76  # characters in a line of quoted-printable (RFC 2045, 6.7)

WORDS = [
    "Luka Žagar",
    "Ana = <Kos> & Sohn =3D",
    ". a dot first\n..two",
    "two lines\r\nand a third\nof them",
    "ž" * 300,
    "a" * 75,
    *("a" * n + " b" for n in range(60, 78)),
    "Αθανασία \u200f(שלום)",
    "https://example.org/a?b=c&d=e",
    "x",
    "",
]


def _pieces(word: str) -> list[Piece]:
    letter = Letter(
        subject=word,
        greeting=word,
        blocks=[
            Facts(((word, word), ("Who", word))),
            Paragraph(word),
            Quote(word),
            Button(word, f"https://example.org/{word}"),
        ],
        closing=word,
        footer=(word,),
    )
    return list(words_of(letter, "de").pieces)


@pytest.mark.parametrize("word", WORDS)
def test_a_piece_reads_the_same_encoded_and_plain(sqlite_app, word: str) -> None:
    for piece in _pieces(word):
        for plain, encoded in (
            (piece.text, piece.text_encoded),
            (piece.html, piece.html_encoded),
        ):
            lines = plain.replace("\r\n", "\n").replace("\n", "\r\n")
            assert decodestring(encoded).decode() == lines
            assert max(len(line) for line in encoded.split(b"\r\n")) <= _MOST
            assert b" \r\n" not in encoded


@pytest.mark.parametrize("word", ["Luka", "Ana\nKos", "<b>", "a b" * 40])
def test_a_piece_put_together_reads_as_if_it_were_drawn_at_once(sqlite_app, word: str) -> None:
    drawn = drawing._piece(*drawing._drawn_by("greeting", word))
    together = drawing._greeting(word)

    assert (together.text, together.html) == (drawn.text, drawn.html)
    url = f"https://example.org/{word}"
    hint = drawing._button_hint("de")
    drawn = drawing._piece(*drawing._drawn_by("button", "Go", url, hint))
    together = drawing._button("Go", url, "de")
    assert (together.text, together.html) == (drawn.text, drawn.html)


def test_a_word_that_ends_with_a_space_loses_no_more_than_that_space(sqlite_app) -> None:
    piece = drawing._fact("Who", "Luka \n")

    assert decodestring(piece.text_encoded).decode().rstrip() == "Who: Luka"
