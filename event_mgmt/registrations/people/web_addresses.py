"""Names and web addresses: what guests may not call themselves, and how a name stands in a mail.

Our mails repeat names that strangers typed, and mail programs make links of anything that looks
like a host. What can only be an address is refused. What may be a name as well ("Dr.Li", "Jo.De
Vries", "Prof.in": .li, .de and .in are top-level domains) is taken, and stands in mails so that no
program finds a link in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from linkify_it.tlds import TLDS

from event_mgmt.core import academic_titles

_WORD_JOINER: Final = "\u2060"
_OTHER_SCRIPTS: Final = {t[4:].encode().decode("punycode") for t in TLDS if t.startswith("XN--")}
_TOP_LEVEL: Final = frozenset(t.lower() for t in TLDS) | _OTHER_SCRIPTS
_NEVER_A_NAME: Final = frozenset({"com", "net", "org", "info", "biz"})

_DOTS: Final = str.maketrans("。․", "..")
_RUN: Final = re.compile(r"[^\W_][\w-]*(?:\.[\w-]+)+")
_NUMBERS: Final = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w)")
_PLAIN_SIGNS: Final = re.compile(r"://|@|\bwww\.|\bhttps?\b|\.\w+/", re.IGNORECASE)
_SPACED_DOT: Final = re.compile(r"\s+\.(?=\w)|\s*\.\s+(?=(?:com|net|org)\b)")
_NEXT_WORD: Final = re.compile(r"[.\s]+(\w)")

_TITLES: Final = (
    (academic_titles.DOCTORS | academic_titles.BEFORE_NAMES | academic_titles.BEFORE_PROFESSOR)
    | {"a", "arch", "art", "as", "asist", "avv", "ba", "bgm", "br", "bsc", "capt", "col"}
    | {"ddddr", "dipl", "dir", "don", "dott", "dottssa", "doz", "drs", "e", "em", "eng"}
    | {"esq", "fh", "fr", "frau", "ga", "gen", "geom", "h", "habil", "hc", "herr", "hr"}
    | {"in", "ing", "inž", "ir", "iur", "jr", "jur", "labg", "lic", "lt", "ma", "magr"}
    | {"maj", "mba", "md", "med", "mgr", "min", "mons", "mr", "mrs", "ms", "msc", "msgr"}
    | {"nat", "oec", "pd", "pharm", "phil", "pol", "prim", "priv", "rag", "rep", "rer"}
    | {"rev", "sc", "sen", "sig", "sir", "spec", "sr", "sra", "ssa", "st", "vet", "znan"}
)
"""What titles and forms of address are made of, where they are written without spaces."""

_DEGREES: Final = frozenset({"M.Sc", "B.Sc", "m.sc", "b.sc", "M.Com", "B.Com"})
_PARTICLES: Final = frozenset({"al", "as", "da", "de", "do", "in", "la", "st", "van"})
_SURNAMES: Final = frozenset(
    {"abbott", "bentley", "black", "bond", "bosch", "camp", "chase", "dell", "do"}
    | {"dupont", "ferrari", "ferrero", "ford", "fox", "gallo", "george", "gold", "gu", "ho"}
    | {"hu", "hughes", "kim", "la", "lamborghini", "lancaster", "lasalle", "latrobe"}
    | {"leclerc", "li", "lilly", "lincoln", "linde", "love", "lu", "lundbeck", "ly", "ma"}
    | {"maserati", "mckinsey", "mo", "moe", "ng", "nico", "norton", "page", "paris"}
    | {"philips", "pictet", "rich", "rogers", "schaeffler", "schmidt", "schwarz", "shaw"}
    | {"so", "song", "su", "suzuki", "sydney", "tiffany", "to", "vu", "walter", "wang"}
    | {"weber", "weir", "ye", "zara"}
)
"""Top-level domains that are people's names, too."""


@dataclass(frozen=True)
class _Host:
    """Words joined by dots of which the last is a top-level domain, and what comes after it."""

    heads: tuple[str, ...]
    top: str
    rest: str

    @property
    def may_be_a_name(self) -> bool:
        """Whether somebody may well be called that, or bear that title."""
        top, has_capital = self.top.lower(), self.top[:1].isupper()
        if ".".join((*self.heads, self.top)) in _DEGREES:
            return True
        if top in _NEVER_A_NAME:
            return False
        if all(head.lower() in _TITLES or len(head) == 1 for head in self.heads):
            is_title = top in _TITLES and len(self.heads[-1]) > 1
            return is_title or has_capital or top in _SURNAMES or self._goes_on(top, any_case=True)
        if not all(head[:1].isupper() for head in self.heads):
            return False
        return has_capital and (top in _SURNAMES or self._goes_on(top))

    def _goes_on(self, top: str, *, any_case: bool = False) -> bool:
        """Whether ``top`` is a particle before a name: "De Vries"."""
        after = _NEXT_WORD.match(self.rest)
        if top not in _PARTICLES or after is None:
            return False
        return any_case or after[1].isupper()


def holds_web_address(text: str) -> bool:
    """Whether something in ``text``, a name or a title, can only be a web or an e-mail address."""
    plain = _plain(text)
    if _PLAIN_SIGNS.search(plain) or _NUMBERS.search(plain):
        return True
    return any(not host.may_be_a_name for host in _hosts_in(plain))


def without_links(name: str) -> str:
    """``name`` as it stands in a mail: a space after the dots of what mail programs would link.

    "Dr.Li" becomes "Dr. Li". A feminine ending stays where it is ("Prof.in"), with a sign behind
    the dot that nobody sees and no host can have (U+2060).
    """
    if "." not in name:
        return name
    return _RUN.sub(lambda run: _apart(run.group()), name)


def _apart(run: str) -> str:
    first, *labels = run.split(".")
    if not any(_is_top_level(re.split("[-_]", label)[0]) for label in labels):
        return run
    joined = first
    for label in labels:
        is_ending = label.lower() == "in"
        joined += f".{_WORD_JOINER if is_ending else ' '}{label}"
    return joined


def _plain(text: str) -> str:
    """``text`` as a reader sees it: no invisible signs, no other dots, none beside a space."""
    plain = unicodedata.normalize("NFKC", text).translate(_DOTS).replace("_", " ")
    plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    return _SPACED_DOT.sub(".", plain)


def _hosts_in(plain: str) -> Iterator[_Host]:
    """Each host that a run of words and dots begins with: "evil.com.x" begins with "evil.com"."""
    for run in _RUN.finditer(plain):
        labels = [label.strip("-") for label in run.group().split(".")]
        end = run.start() + len(run.group().split(".")[0])
        for place, written in enumerate(run.group().split(".")[1:], start=1):
            end += 1 + len(written)
            label = labels[place]
            begins = label.partition("-")[0]
            top = begins if begins.lower() in _NEVER_A_NAME else label
            if _is_top_level(top):
                yield _Host(tuple(labels[:place]), top, plain[end:])


def _is_top_level(label: str) -> bool:
    return label.lower() in _TOP_LEVEL
