"""People who are announced without a name, and what is written instead of one."""

from __future__ import annotations

import re
from typing import Final

from event_mgmt.registration_desk.imports.person_names import CODES, TITLES, bare
from event_mgmt.registration_desk.imports.word_lists import by_bars, by_blanks

_NOT_A_NAME: Final = by_blanks(
    "begleitung begleitperson begleiter begleiterin begleitpersonen partner partnerin lebenspartner"
    " ehefrau ehemann ehepartner gatte gattin frau mann gast gaste person personen plus nn"
    " n.n kind kinder tochter sohn kollege kollegin kollegen assistent assistentin fahrer"
    " spremljevalec spremljevalka spremljevalcem spremljevalko spremstvo spremstvom partnerka"
    " partnerjem partnerko soproga soprog soprogo soprogom zena zeno moz mozem gost gostja gostom"
    " oseba osebe otrok otroci kolega"
    " guest guests spouse wife husband companion someone person people family child children"
)
"""What is written of a companion whose name is not known yet."""
_SAYS_WHAT: Final = _NOT_A_NAME | TITLES | frozenset(CODES)
_ANNOUNCES: Final = by_blanks(
    "mit samt with noch offen folgt unbekannt bekannt nicht ein eine einer weitere weiterer zwei"
    " two one another name ime eno ena en dva dve se ni znano neznano open unknown yet not"
    " ihr ihre sein seine ihrem ihrer seiner seinem his her their z s in und and"
)
"""What stands beside such words: "mit Ehemann", "noch offen", "1 weitere Person"."""
_OPEN: Final = by_bars(
    "n n|nn|tba|t b a|tbd|t b d|tbc|tbn|xx|xxx|x|unbekannt|offen|noch offen|name offen"
    "|name noch offen|folgt|name folgt|folgt noch|wird nachgereicht|wird noch benannt|wird benannt"
    "|noch unbekannt"
    "|noch nicht bekannt|nicht bekannt|wird noch bekannt gegeben|vakant|nachfolger|anonym"
    "|neznan|neznano|ni znano|se ni znano|ni se znano|se sporoci|bo sporoceno|sledi|ime sledi"
    "|to be announced|to be confirmed|to be named|to be determined|to follow|open|unknown|vacant"
    "|anonymous|noch zu benennen|zu benennen|nomen nescio"
)
"""What stands where a name is not known yet, as a whole name (there are families Offen)."""
_NEVER: Final = by_bars("n n|nn|tba|t b a|tbd|t b d|tbc|tbn|xx|xxx")
"""Those of them that are no part of a name either: "Anna N.N."."""
_PLACEHOLDER: Final = re.compile(
    r"(?:platzhalter|vertreter(?:in)?|teilnehmer(?:in)?|delegierter?|udelezen(?:ec|ka)"
    r"|predstavni(?:k|ca)|participant|attendee|delegate|representative|placeholder)(?: \d+)?"
    r"|(?:gast|person|platz|gost|oseba|mesto|guest|seat) \d+|\d{1,3} [^\W\d_].*"
)
"""What is written to keep a place: "Teilnehmer 1", "Gast 2", "1 Vertreter der GZS"."""
_SIGNS: Final = re.compile(r"[\W_]+")


def is_open(name: str) -> bool:
    """Whether a whole name only says that it is not known yet: "N. N.", "TBA", "noch offen"."""
    plain = _SIGNS.sub(" ", bare(name)).strip()
    return not plain or plain in _OPEN or bool(_PLACEHOLDER.fullmatch(plain))


def is_awaited(name: str) -> bool:
    """Whether somebody is announced by it: "TBA" and "?", but not "-"."""
    return is_open(name) and any(char.isalpha() or char == "?" for char in name)


def is_open_part(name: str) -> bool:
    """Whether a given or a family name only says that: "N.N.", but not "Offen"."""
    plain = _SIGNS.sub(" ", bare(name)).strip()
    return not plain or plain in _NEVER


def is_name(word: str) -> bool:
    """Whether a single word names somebody, and does not only announce that somebody comes."""
    plain = bare(word)
    return plain not in _SAYS_WHAT and any(char.isalpha() for char in plain)


def names_somebody(text: str) -> bool:
    """Whether one of the words is a name: "mit Ehemann", "1 Person" and "N. N." name nobody."""
    if is_open(text):
        return False
    return any(
        is_name(word) and (bare(word) not in _ANNOUNCES or _is_initial(word))
        for word in text.split()
    )


def _is_initial(word: str) -> bool:
    return len(word) == 2 and word[0].isupper() and word[1] == "."


def without_announcement(text: str) -> str:
    """Text like "Begleitung: Jan Kos" or "mit Jan Kos" without what stands before the name."""
    words = text.replace(":", ": ").split()
    while len(words) > 1 and (
        bare(words[0]) in {"mit", "samt", "with"}
        or (words[0].endswith(":") and bare(words[0]) in _NOT_A_NAME | _ANNOUNCES)
    ):
        words.pop(0)
    return " ".join(words)
