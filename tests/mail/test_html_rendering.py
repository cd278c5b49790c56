"""The blocks of a letter say the same in words and encoded, whatever is a reader's own in them."""

from __future__ import annotations

from quopri import decodestring

import pytest

from event_mgmt.mail import html_rendering
from event_mgmt.mail.html_rendering import RenderedBlock, render_letter
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


def _blocks(word: str) -> list[RenderedBlock]:
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
    return list(render_letter(letter, "de").blocks)


@pytest.mark.parametrize("word", WORDS)
def test_a_block_reads_the_same_encoded_and_plain(sqlite_app, word: str) -> None:
    for block in _blocks(word):
        for plain, encoded in (
            (block.text, block.text_encoded),
            (block.html, block.html_encoded),
        ):
            lines = plain.replace("\r\n", "\n").replace("\n", "\r\n")
            assert decodestring(encoded).decode() == lines
            assert max(len(line) for line in encoded.split(b"\r\n")) <= _MOST
            assert b" \r\n" not in encoded


@pytest.mark.parametrize("word", ["Luka", "Ana\nKos", "<b>", "a b" * 40])
def test_a_piece_put_together_reads_as_if_it_were_drawn_at_once(sqlite_app, word: str) -> None:
    drawn = html_rendering._encoded_block(*html_rendering._render_macro("greeting", word))
    together = html_rendering._greeting(word)

    assert (together.text, together.html) == (drawn.text, drawn.html)
    url = f"https://example.org/{word}"
    hint = html_rendering._button_hint("de")
    drawn = html_rendering._encoded_block(*html_rendering._render_macro("button", "Go", url, hint))
    together = html_rendering._button("Go", url, "de")
    assert (together.text, together.html) == (drawn.text, drawn.html)


def test_a_word_that_ends_with_a_space_loses_no_more_than_that_space(sqlite_app) -> None:
    block = html_rendering._fact("Who", "Luka \n")

    assert decodestring(block.text_encoded).decode().rstrip() == "Who: Luka"
