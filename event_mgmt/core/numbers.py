"""Numbers as people write them, and written as they read them. Pure.

German and Slovenian readers write 1.200,5 where English ones write 1,200.5; Swiss ones 1'200.5; all
of them also 1 200. What can be read in one way only is taken; what two people would read
differently is asked back (``Ambiguous``), never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

_DECIMAL: Final = {"de": ",", "sl": ",", "en": "."}
_GROUP: Final = {"de": ".", "sl": ".", "en": ","}
_QUIET: Final = re.compile("[\\s'\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}´`]")
_SIGNS: Final = {"+": 1, "-": -1, "\N{MINUS SIGN}": -1, "\N{EN DASH}": -1}
_AS_WE_WRITE: Final = str.maketrans({"\N{ARABIC DECIMAL SEPARATOR}": ".", "٬": "'"})
_NO_CENTS: Final = re.compile("(?<=\\d)([.,])(?:[-\N{EN DASH}\N{EM DASH}]{1,2})?$")
_POWER: Final = re.compile(r"(\d+(?:[.,]\d+)?)e([+-]?\d{1,2})", re.IGNORECASE)
_LONGEST: Final = 60


class NotANumber(ValueError):
    """What was written is no number."""


class Ambiguous(NotANumber):
    """What was written can be read as ``large`` and as ``small``; both as one would write them."""

    def __init__(self, large: str, small: str) -> None:
        super().__init__(f"{large} or {small}")
        self.large, self.small = large, small


def parse(text: str, locale: str, *, whole: bool = False) -> int | float:
    """The number that a writer in ``locale`` means; raises NotANumber, or Ambiguous.

    With ``whole`` only whole numbers are taken, which settles what else would be ambiguous.
    """
    typed = unicodedata.normalize("NFKC", text).translate(_AS_WE_WRITE).strip()
    if len(typed) > _LONGEST:
        raise NotANumber(text)
    sign = _SIGNS.get(typed[:1], 0)
    number = _unsigned(typed[1:].lstrip() if sign else typed, locale, whole=whole)
    value = number * (sign or 1)
    if value == value.to_integral_value():
        return int(value)
    if whole:
        raise NotANumber(text)
    return float(value)


def _unsigned(typed: str, locale: str, *, whole: bool) -> Decimal:
    if power := _POWER.fullmatch(typed):
        return Decimal(power[1].replace(",", ".")).scaleb(int(power[2]))
    typed = _NO_CENTS.sub(r"\g<1>00", typed)
    marks = [sign for sign in typed if sign in ".,"]
    has_quiet = _QUIET.search(typed) is not None
    if not marks:
        return _exactly(_grouped(typed, _QUIET), "")
    if len(set(marks)) == 2 or has_quiet:
        return _with_both(typed, marks)
    before, _, after = typed.rpartition(marks[0])
    if len(marks) > 1:
        return _exactly(_grouped(typed, re.compile(re.escape(marks[0]))), "")
    if not _could_be_group(before, after):
        return _exactly(before or "0", after)
    large, small = _exactly(before + after, ""), _exactly(before, after)
    if marks[0] == _GROUP[locale] or (whole and small != small.to_integral_value()):
        return large
    if whole and large != small:  # "1,000": one, or a thousand
        raise Ambiguous(before + after, before)
    raise Ambiguous(before + after, format_number(float(small), locale, grouped=False))


def _could_be_group(before: str, after: str) -> bool:
    """Whether "before.after" could be thousands: "1.200", and neither "0.125" nor "1234.567"."""
    return len(after) == 3 and 1 <= len(before) <= 3 and not before.startswith("0")


def _with_both(typed: str, marks: list[str]) -> Decimal:
    """Signs of two kinds: the last one begins the decimals, if it stands there once."""
    last = marks[-1]
    if marks.count(last) > 1 and len(set(marks)) > 1:
        raise NotANumber(typed)
    if marks.count(last) > 1:
        return _exactly(_grouped(typed, re.compile(f"{_QUIET.pattern}|{re.escape(last)}")), "")
    before, _, after = typed.rpartition(last)
    other = next((mark for mark in marks if mark != last), None)
    group = _QUIET if other is None else re.compile(re.escape(other))
    return _exactly(_grouped(before, group), after)


def _grouped(typed: str, group: re.Pattern[str]) -> str:
    """The digits of a whole number whose thousands may be set apart, evenly and by one sign."""
    first, *others = group.split(typed)
    if others and (not 1 <= len(first) <= 3 or any(len(part) != 3 for part in others)):
        raise NotANumber(typed)
    if len({sign for sign in group.findall(typed) if not sign.isspace()}) > 1:
        raise NotANumber(typed)
    return first + "".join(others)


def _exactly(whole: str, decimals: str) -> Decimal:
    if not (whole + decimals).isdecimal():
        raise NotANumber(whole)
    return Decimal(f"{whole}.{decimals}" if decimals else whole)


def format_number(number: float, locale: str, *, grouped: bool = True) -> str:
    """``number`` as a reader of ``locale`` writes it, so that ``parse`` takes it back everywhere.

    Three decimals get a fourth: "1,234" might be taken for thousands.
    """
    exact = Decimal(str(number))
    plain = format(exact.normalize(), "f").replace("-", "\N{MINUS SIGN}" if grouped else "-")
    whole, _, decimals = plain.partition(".")
    if _could_be_group(whole.lstrip("-\N{MINUS SIGN}"), decimals):
        decimals += "0"
    if grouped:
        digits = whole.lstrip("\N{MINUS SIGN}")
        whole = whole[: len(whole) - len(digits)] + f"{int(digits):,}".replace(",", _GROUP[locale])
    return whole + (_DECIMAL[locale] + decimals if decimals else "")
