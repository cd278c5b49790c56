"""Decisions about passwords, tries, memberships and where to go after signing in."""

from __future__ import annotations

import ipaddress
import itertools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from event_mgmt.accounts.common_passwords import STEMS
from event_mgmt.accounts.models import LinkPurpose, Role

MIN_PASSWORD_LENGTH: Final = 12
MAX_PASSWORD_LENGTH: Final = 256  # bounds the work of hashing; far above what anybody types
_RUNS: Final = ("0123456789" * 3, "abcdefghijklmnopqrstuvwxyz", "qwertzuiop", "qwertyuiop")

SESSION_LIMIT: Final = timedelta(days=7)
SECOND_FACTOR_TIMEOUT: Final = timedelta(minutes=10)
LINK_LIFETIME: Final = {
    LinkPurpose.INVITATION: timedelta(days=7),
    LinkPurpose.PASSWORD_RESET: timedelta(hours=1),
}


@dataclass(frozen=True)
class AttemptLimit:
    """How many tries one key has in a window."""

    tries: int
    window: timedelta


# One person mistypes a few times; a whole office may share one address; a robot does neither.
ATTEMPTS_FROM_ADDRESS_ON_ACCOUNT: Final = AttemptLimit(10, timedelta(minutes=15))
ATTEMPTS_ON_ACCOUNT: Final = AttemptLimit(50, timedelta(minutes=15))
ATTEMPTS_FROM_ADDRESS: Final = AttemptLimit(200, timedelta(minutes=15))
SECOND_FACTOR_ATTEMPTS: Final = AttemptLimit(10, timedelta(minutes=15))
RESETS_OF_ACCOUNT: Final = AttemptLimit(3, timedelta(hours=1))
RESETS_FROM_ADDRESS: Final = AttemptLimit(30, timedelta(hours=1))


class PasswordWeakness(StrEnum):
    """Why a password is not accepted."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    COMMON = "common"
    PERSONAL = "personal"


def password_weakness(password: str, *, about: Iterable[str] = ()) -> PasswordWeakness | None:
    """What is wrong with a new password, or ``None``.

    ``about`` are words about its owner (e-mail address, names). Length counts, composition does
    not; common and obvious ones are refused (NIST SP 800-63B, 3.1.1.2).
    """
    text = unicodedata.normalize("NFKC", password)
    if len(text) < MIN_PASSWORD_LENGTH:
        return PasswordWeakness.TOO_SHORT
    if len(text) > MAX_PASSWORD_LENGTH:
        return PasswordWeakness.TOO_LONG
    folded = text.casefold()
    letters = _unrepeated(re.sub(r"[\W\d_]+", "", folded))
    if len(set(folded)) < 4 or letters in STEMS or any(folded in run for run in _RUNS):
        return PasswordWeakness.COMMON
    if not letters and _is_run(folded):
        return PasswordWeakness.COMMON
    if folded in _personal(about) or (letters and letters in _personal(about)):
        return PasswordWeakness.PERSONAL
    return None


def _unrepeated(text: str) -> str:
    """The shortest part that ``text`` is a repetition of."""
    for length in range(1, len(text) // 2 + 1):
        if len(text) % length == 0 and text[:length] * (len(text) // length) == text:
            return text[:length]
    return text


def _is_run(digits: str) -> bool:
    steps = {ord(b) - ord(a) for a, b in itertools.pairwise(digits)}
    return steps <= {1, -9} or steps <= {-1, 9}


def _personal(about: Iterable[str]) -> set[str]:
    words = [word.casefold() for word in about if word]
    parts = [part for word in words for part in re.split(r"[\W\d_]+", word) if part]
    joined = {a + b for a in parts for b in parts}
    return {*words, *parts, *joined, *(re.sub(r"[\W\d_]+", "", word) for word in words)}


def safe_redirect_path(text: str | None) -> str | None:
    """``text`` if it is a path of this site to go to after signing in, else ``None``.

    Browsers read a backslash as a slash and skip control characters, so that what looks like a
    path may lead elsewhere (CWE-601).
    """
    if not text or not text.startswith("/") or text.startswith("//") or len(text) > 2000:
        return None
    if "\\" in text or any(ord(c) < 33 or ord(c) == 127 for c in text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else text


def network_of(address: str) -> str:
    """The address that tries are counted for: an IPv6 customer has a whole /64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


class MembershipObstacle(StrEnum):
    """Why a membership may not be changed in this way."""

    OWN = "own"
    LAST_ADMINISTRATOR = "last_administrator"


def membership_obstacle(
    *, is_own: bool, was: Role, becomes: Role | None, other_administrators: int
) -> MembershipObstacle | None:
    """Whether somebody's membership may change from ``was`` to ``becomes`` (``None``: ends).

    Nobody changes their own, so that nobody raises themselves; an organisation keeps at least one
    administrator.
    """
    if is_own:
        return MembershipObstacle.OWN
    leaves = was is Role.ADMINISTRATOR and becomes is not Role.ADMINISTRATOR
    if leaves and other_administrators < 1:
        return MembershipObstacle.LAST_ADMINISTRATOR
    return None
