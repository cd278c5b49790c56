"""Which names are web addresses, and how names stand in mails."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, strategies
from linkify_it import LinkifyIt

from event_mgmt.core.text import fold
from event_mgmt.registrations.people.web_addresses import holds_web_address, without_links

LISTS = Path(__file__).parents[2] / "registration_desk" / "imports" / "files"

ATTACKS = [
    "http://evil.example",
    "https://x",
    "Klick www.evil",
    "evil.com",
    "Evil.Com",
    "EVIL.COM",
    "Ana evil.com/win",
    "bit.ly/3xY",
    "bit.ly",
    "Gewinn auf preis.si!",
    "Gewinn auf Preis.De",
    "GEWINN.DE",
    "gewinn.de jetzt",
    "ana@evil.example",
    "evil．com",
    "evil。com",
    "evil｡com",
    "evil․com",
    "ev\u200bil.\u00adcom",
    "evil.\u202ecom",
    "a.b.evil.shop",
    "xn--evl-1na.com",
    "zürich-preis.ch",
    "t.me/evil",
    "t.me",
    "t.co",
    "g.co",
    "x.com",
    "in.com",
    "dr.com",
    "Dr.Com",
    "1.2.3.4/x",
    "1.2.3.4",
    "evil.consulting",
    "evil.zip",
    "evil.рф",
    "evil.xn--p1ai",
    "evil.com-",
    "evil.com-gewinn",
    "evil.com_",
    "_evil.com_",
    "evil_site.com",
    "evil.com.x",
    "evil.com.X",
    "evil.com.Vries",
    "evil .com",
    "evil . com",
    "evil. com",
    "evil .de",
    "dr.evil.de",
    "prof.win",
    "dr.shop",
]

GIVEN = ["Jo", "Ana", "Änne", "Špela", "J.", "Ji-min", "Anna-Maria", "Jean-Luc", "Željka", "王"]
FAMILY = [
    *("De Vries", "De Boer", "Van de Velde", "Di Marco", "La Torre", "Do Carmo", "Al Saud"),
    *("Li", "Ma", "Mo", "Ng", "So", "Su", "Hu", "Lu", "Vu", "Kim", "Wang", "Song", "Ye", "Do"),
    *("Weber", "Schwarz", "Schmidt", "Walter", "George", "Fox", "Lincoln", "Gold", "Page", "Rich"),
    *("Müller-Lüdenscheidt", "O'Brien", "St. Clair", "Žagar", "Čeh", "Kovač", "Schwall-Düren"),
    *("Kos", "Novak", "Horvat", "van der Meer", "Graf von Hardenberg", "Пушкин", "小明"),
]
TITLES = [
    *("Dr.", "Prof.", "Prof.Dr.", "Univ.-Prof.in", "Dipl.-Ing.", "Rev.", "Dott."),
    *("Dott.ssa", "MUDr.", "Ing.", "mag.", "izr.prof.dr.", "Sir", "Frau", "Hr."),
]

NAMES = [
    "",
    "J. R. R. Tolkien",
    "J.R.R.",
    "St.Clair",
    "Jo.De Vries",
    "JO.DE VRIES",
    "Jo.De.Vries",
    "Dr.De Boer",
    "dr.de boer",
    "Prof.Dr.De",
    "Dr.La Torre",
    "Dr.Li",
    "dr.li",
    "Wei.Li",
    "Max.Weber",
    "J.Kim",
    "J.De Vries",
    "Rev.Fr",
    "Rev.Fr.",
    "Dott.ing",
    "Dott.Ing. Rossi",
    "Mons.Sen",
    "Dr. med.",
    "Dr.med.",
    "Dr.med.vet",
    "Dr.rer.nat.",
    "Dipl.-Ing.",
    "Dipl.Ing.",
    "mag. phil., univ. dipl. inž.",
    "M.Sc.",
    "m.sc.",
    "B.Com",
    "Prof.Dr.",
    "Mag.Dr.",
    "Dr.in",
    "Mag.a Dr.in",
    "Univ.-Prof.in",
    "Priv.-Doz.in",
    "Dipl.-Ing.in",
    "Prof.ⁱⁿ",
    "doc.dr.",
    "izr.prof.dr",
    "prim.dr.",
    "Mag.art.",
    "Mag.pharm.Dr",
    "Prof./Dr.",
    "MdB/MdL",
    "Kos/Novak",
    "А.С. Пушкин",
    "d.o.o.",
    "Anna-Maria.K",
    "Jr.",
    "Marie-Luise v. d. Heide",
    "Anne.Marie",
    "王小明",
]


def _names_of_lists() -> set[str]:
    """What stands under headings of names and titles in the lists that people send us."""
    found = set()
    for path in sorted(LISTS.glob("*.csv")):
        raw = path.read_bytes()
        for encoding in ("utf-8-sig", "cp1252"):
            try:
                text = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
        delimiter = max(";,\t", key=text.count)
        columns: dict[int, str] = {}
        for row in csv.reader(text.splitlines(), delimiter=delimiter):
            named = {n: cell for n, cell in enumerate(row) if _is_of_names(cell)}
            columns = named or columns
            found.update(row[n] for n in columns if n < len(row) and n not in named)
    return {name for name in found if name and "@" not in name}


def _is_of_names(heading: str) -> bool:
    words = set(fold(heading).replace("/", " ").split())
    return bool(
        words & {"vorname", "nachname", "name", "titel", "ime", "priimek", "firstname"}
    ) or ({"first", "name"} <= words or {"last", "name"} <= words)


@pytest.mark.parametrize("text", ATTACKS)
def test_a_web_address_is_no_name(text: str) -> None:
    assert holds_web_address(text)


@pytest.mark.parametrize("text", [*NAMES, *GIVEN, *FAMILY, *TITLES])
def test_a_name_or_title_is_no_web_address(text: str) -> None:
    assert not holds_web_address(text)


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("family", FAMILY)
def test_a_title_may_stand_before_a_name_without_a_space(title: str, family: str) -> None:
    assert not holds_web_address(f"{title}{family}")
    assert not holds_web_address(f"{title} {family}")


@pytest.mark.parametrize("family", FAMILY)
def test_an_initial_may_stand_before_a_name_without_a_space(family: str) -> None:
    assert not holds_web_address(f"J.{family}")
    assert not holds_web_address(f"J.R.{family}")


def test_nobody_on_the_lists_that_people_send_is_refused() -> None:
    names = _names_of_lists()

    assert len(names) > 60
    assert {name for name in names if holds_web_address(name)} == set()


@pytest.mark.parametrize(
    ("name", "in_a_mail"),
    [
        ("Ana Kos", "Ana Kos"),
        ("J.R.R. Tolkien", "J.R.R. Tolkien"),
        ("Dr.Li", "Dr. Li"),
        ("Jo.De Vries", "Jo. De Vries"),
        ("Max.Weber", "Max. Weber"),
        ("Dr.med.vet", "Dr. med. vet"),
        ("Prof.in Dr.in Ute Klos", "Prof.\u2060in Dr.\u2060in Ute Klos"),
        ("evil.com", "evil. com"),
        ("evil.com_x", "evil. com_x"),
        ("evil.com-x", "evil. com-x"),
        ("d.o.o.", "d.o.o."),
        ("Anne.Marie", "Anne.Marie"),
    ],
)
def test_in_a_mail_a_space_keeps_names_from_being_links(name: str, in_a_mail: str) -> None:
    assert without_links(name) == in_a_mail


_TOPS = ("de", "De", "com", "in", "Li", "ing")
_as_mail_programs_do = LinkifyIt(options={"fuzzy_link": True, "fuzzy_email": False})
_as_mail_programs_do.tlds(["zip", "shop", "weber", "ing", "kim"], keep_old=True)


@given(
    strategies.lists(
        strategies.sampled_from(
            [*("Dr", "Jo", "evil", "g", "Prof", ".", ".", "-", " ", "_"), *_TOPS]
        ),
        max_size=8,
    ).map("".join)
)
def test_no_program_finds_a_link_in_a_name_that_is_taken(name: str) -> None:
    if not holds_web_address(name):
        assert not _as_mail_programs_do.match(without_links(name))
