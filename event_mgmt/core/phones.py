"""Phone numbers as people write them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_NOTHING: Final = frozenset(
    {"", "-", "–", "—", "/", "?", "n/a", "na", "n.a.", "k.a.", "ka", "keine", "keineangabe"}
    | {"none", "no", "nein", "ne", "ni", "nipodatka", "brez", "x", "0"}
)
_EXTENSION: Final = re.compile(
    r"[\s,;(]*(?<![^\W\d_])"
    r"(?:ext(?:ension|n)?|dw|durchwahl|nst|nebenstelle|neb|app(?:arat)?|kl(?:appe)?"
    r"|int(?:erna|erno)?|lok(?:al)?|x|#)"
    r"\s*[.:=]*\s*-?\s*(\d{1,7})\s*\)?\s*$",
    re.IGNORECASE,
)
_NATIONAL_ZERO: Final = re.compile(r"\(\s*0\s*\)")
_NUMBER: Final = re.compile(r"[+(]*\s*\d[\d\s()./\-]*")
_FLOAT: Final = re.compile(r"(\d)[.,](\d+)E\+?(\d{1,2})", re.IGNORECASE)
_TWO_EXTENSIONS: Final = re.compile(r"-\s*\d{1,4}\s*/\s*-?\s*\d{1,4}\s*$")
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_SHORTEST: Final = 6
_LONGEST: Final = 100


def phone_of(text: str, country: str = "") -> str | None:
    """The number that is meant by ``text``, in the international form (ITU-T E.164).

    An extension stays: "+4921112345 ext. 6". A number without country code is one of ``country``
    (ISO 3166-1). '' where ``text`` says that there is none ("-", "k. A."); None where nobody could
    tell, as with two numbers, or one that a spreadsheet has rounded.
    """
    typed = _plain(text)
    if re.sub(r"\s", "", typed.casefold()) in _NOTHING:
        return ""
    if len(typed) > _LONGEST:
        return None
    if float_like := _FLOAT.fullmatch(typed):
        first, decimals, power = float_like.groups()
        typed = first + decimals if len(decimals) == int(power) else ""
    extension = ""
    if found := _EXTENSION.search(typed):
        typed, extension = typed[: found.start()], found[1]
    number = _number(typed, country)
    return number and (f"{number} ext. {extension}" if extension else number)


def _plain(text: str) -> str:
    """``text`` without what cannot be seen, without quotes, and with plain digits and dashes."""
    seen = "".join(c for c in text if unicodedata.category(c) != "Cf")
    typed = unicodedata.normalize("NFKC", seen).translate(_DASHES).strip().lstrip("'\"’").strip()
    typed = re.sub(r"^\++", "+", re.sub(r"^tel:", "", typed, flags=re.IGNORECASE).strip())
    return " ".join(typed.split())


def _number(typed: str, country: str) -> str | None:
    import phonenumbers  # noqa: PLC0415 - large, and few requests need it

    found = [part.strip() for part in _NUMBER.findall(_NATIONAL_ZERO.sub(" ", typed))]
    numbers = [part for part in found if sum(sign.isdigit() for sign in part) > 2]
    if len(numbers) != 1 or len(found) != 1:
        return None
    for meant in _readings(numbers[0], country):
        try:
            number = phonenumbers.parse(meant, country or None)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return None


def _readings(typed: str, country: str) -> list[str]:
    """How ``typed`` may be meant, the likeliest first; none for two numbers in one."""
    if typed.count("+") > 1 or _is_two(typed):
        return []
    digits = re.sub(r"\D", "", typed)
    if len(digits) < _SHORTEST:
        return []
    if typed.startswith("+"):
        return [f"+{digits}"]
    if digits.startswith("00"):
        return [f"+{digits[2:]}"]
    # Spreadsheets drop the plus and the leading zeros of what they take for a number.
    with_code = not digits.startswith("0") and len(digits) > 10
    if with_code and digits.startswith(("49", "386", "43", "385", "39", "41")):
        return [f"+{digits}", digits]
    return [digits] if country else []


def _is_two(typed: str) -> bool:
    """Whether both sides of a stroke are numbers of their own ("0211 5550101 / 0151 1234567").

    So are two extensions of one number ("12345-67 / 68"). What stands before an area code does
    not count: "0049 221 / 1234567" and "033201 / 123456" are one number.
    """
    if _TWO_EXTENSIONS.search(typed):
        return True
    parts = [re.sub(r"\D", "", part) for part in typed.split("/")]
    before = 2 if typed.startswith("+") else 4 if typed.startswith("00") else 0
    before = before or int(typed.startswith("0"))
    parts[0] = parts[0][before:]
    return len(parts) > 1 and all(len(part) > 5 for part in parts)
