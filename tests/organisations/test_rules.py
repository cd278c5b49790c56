"""Pure decisions about organisations, and the checking of pictures."""

from __future__ import annotations

import struct
import zlib
from datetime import date

import pytest

from event_mgmt.organisations import png_image
from event_mgmt.organisations.enum_labels import ACCENT_NAMES
from event_mgmt.organisations.rules import (
    ACCENTS,
    is_period,
    is_web_address,
    least_used_accent,
    makes_successor_circle,
    slug_of,
)
from tests.organisations.pictures import a_chunk, a_png


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("accent", ACCENTS)
def test_white_initials_read_well_on_every_colour_and_it_has_a_name(accent: str) -> None:
    assert 1.05 / (_luminance(accent) + 0.05) >= 4.5
    assert accent in ACCENT_NAMES


def test_a_new_organisation_gets_a_colour_that_few_have() -> None:
    assert least_used_accent([]) == ACCENTS[0]
    assert least_used_accent([ACCENTS[0], ACCENTS[1], "#123456"]) == ACCENTS[2]
    assert least_used_accent(ACCENTS) == ACCENTS[0]


def test_addresses_are_plain_and_unique() -> None:
    assert (
        slug_of("Gospodarska zbornica Slovenije – ČŠŽ", []) == "gospodarska-zbornica-slovenije-csz"
    )
    assert slug_of("Chemie.NRW", ["chemie-nrw", "chemie-nrw-2"]) == "chemie-nrw-3"
    assert slug_of("***", []) == "organisation"


@pytest.mark.parametrize("room", [40, 80])
def test_the_like_of_a_long_name_finds_room_for_its_number(room: int) -> None:
    first = slug_of("9" * 200, [], room=room)
    second = slug_of("9" * 200, [first], room=room)

    assert first != second
    assert len(second) <= room


@pytest.mark.parametrize("text", ["https://www.gzs.si/", "http://example.org/a?b=c"])
def test_complete_addresses_are_websites(text: str) -> None:
    assert is_web_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)//.",
        "www.gzs.si",
        "https://",
        "https://localhost",
        "https://[x",
        "data:,",
    ],
)
def test_everything_else_is_none(text: str) -> None:
    assert not is_web_address(text)


def test_an_organisation_ends_after_it_began() -> None:
    assert is_period(date(2011, 1, 1), date(2011, 1, 1))
    assert is_period(None, date(2011, 1, 1))
    assert not is_period(date(2011, 1, 2), date(2011, 1, 1))


def test_nobody_follows_themselves_not_even_in_the_end() -> None:
    assert makes_successor_circle(1, 1, {})
    assert makes_successor_circle(1, 2, {2: 3, 3: 1})
    assert not makes_successor_circle(1, 2, {2: 3})
    assert not makes_successor_circle(1, 2, {2: 3, 3: 2})


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize(("colour", "depth"), [(0, 1), (2, 8), (3, 4), (4, 16), (6, 8)])
def test_sound_pictures_of_every_kind_stay_as_they_are(
    colour: int, depth: int, interlaced: bool
) -> None:
    picture = a_png(65, 70, colour=colour, depth=depth, interlaced=interlaced)

    assert png_image.cleaned_png(picture, least=64, most=1024) == picture


def test_what_is_not_the_picture_is_left_out() -> None:
    plain = a_png(64, 64)
    note = a_chunk(b"tEXt", b"Author\0Somebody")
    place = a_chunk(b"eXIf", b"MM\0*")
    end = plain.rindex(b"IEND") - 4
    laden = plain[:end] + note + place + plain[end:] + b"<script>alert(1)</script>PK\x03\x04"

    assert png_image.cleaned_png(laden, least=64, most=1024) == plain


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        png_image.SIGNATURE,
        a_png(64, 64)[:-1],
        a_png(64, 64)[:60],
        a_png(63, 64),
        a_png(64, 1025),
        a_png(64, 64).replace(b"IHDR", b"IHDX"),
        a_png(64, 64, pixels=b"\0" * 10),
        a_png(64, 64, pixels=b"\0" * 10_000_000),
        a_png(64, 64, packed=b"no zlib"),
        a_png(64, 64, colour=5),
        a_png(64, 64, colour=2, depth=4),
        a_png(64, 64, colour=3, palette=False),
        png_image.SIGNATURE + struct.pack(">I4s", 2**31, b"IHDR"),
        png_image.SIGNATURE + a_chunk(b"IDAT", zlib.compress(b"")) + a_chunk(b"IEND", b""),
        png_image.SIGNATURE + a_chunk(b"ABCD", b"") + a_chunk(b"IEND", b""),
    ],
)
def test_unsound_pictures_are_refused(content: bytes) -> None:
    with pytest.raises(png_image.NotPng):
        png_image.cleaned_png(content, least=64, most=1024)
