"""What the demo tells: one past beginning, and a year of work together around today."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import AttendeeAccess, EventKind, Visibility, WaitingListMode

CLUSTERS: Final = ("autocluster-nrw", "chemie-nrw", "kunststoff-nrw", "produktion-nrw")
CONSULATE: Final = "konsulat-slowenien"
GZS: Final = "gzs"

DUSSELDORF: Final = ("Ständehaus", "Ständehausstraße 1, 40217 Düsseldorf", "Düsseldorf", "DE")
LJUBLJANA: Final = (
    "Gospodarska zbornica Slovenije",
    "Dimičeva ulica 13, 1000 Ljubljana",
    "Ljubljana",
    "SI",
)


@dataclass(frozen=True)
class CoHost:
    """A co-host's terms."""

    slug: str
    seats: int | None = None
    access: AttendeeAccess = AttendeeAccess.NONE
    accepts: bool = True


@dataclass(frozen=True)
class ProgrammeSlot:
    """A programme item: day of the event (0 is the first), from, to (wall clock), title, people."""

    day: int
    starts: str
    ends: str
    title: Localized
    speakers: tuple[tuple[str, str, str], ...] = ()
    place: str = ""


@dataclass(frozen=True)
class Chapter:
    """One demo event. ``in_days`` counts from today; ``guests`` is how many parties try to come."""

    host: str
    kind: EventKind
    title: Localized
    summary: Localized
    in_days: int
    starts: str
    ends: str
    seats: int
    where: tuple[str, str, str, str] = DUSSELDORF
    days: int = 1
    zone: str = "Europe/Berlin"
    description: Localized = field(default_factory=Localized)
    partners: tuple[CoHost, ...] = ()
    sectors: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("de", "sl")
    online_url: str = ""
    guests: int = 0
    approval: bool = False
    decide: int = 0
    visibility: Visibility = Visibility.PUBLIC
    waiting_list: WaitingListMode = WaitingListMode.OFFER
    outcome: str = "published"
    reason: Localized = field(default_factory=Localized)
    programme: tuple[ProgrammeSlot, ...] = ()
    asks_diet: bool = False
    fee_note: Localized = field(default_factory=Localized)


RECEPTION: Final = Chapter(
    host=CONSULATE,
    kind=EventKind.CONSULATE_EVENT,
    title=Localized(
        de="Jahresempfang des Konsulats und der vier Branchencluster",
        sl="Letni sprejem konzulata in štirih gospodarskih grozdov",
        en="Annual reception of the consulate and the four clusters",
    ),
    summary=Localized(
        de="Ein Abend für alle, die zwischen Rhein und Save zusammenarbeiten: Rückblick, Ausblick"
        " und viel Zeit für Gespräche.",
        sl="Večer za vse, ki sodelujejo med Renom in Savo: pogled nazaj, pogled naprej in veliko"
        " časa za pogovore.",
        en="An evening for everybody who works together between Rhine and Sava: looking back,"
        " looking ahead, and plenty of time to talk.",
    ),
    description=Localized(
        de="Zum Jahrestag der Kooperationsvereinbarung laden das Konsulat der Republik Slowenien,"
        " die vier Branchencluster und die Wirtschaftskammer Slowenien ein.\n\n"
        "**Was Sie erwartet**\n\n- Grußworte und ein kurzer Blick auf die gemeinsamen Vorhaben\n"
        "- drei Unternehmen berichten, was aus ihrer Reise wurde\n- Empfang mit slowenischer Küche",
        sl="Ob obletnici sporazuma o sodelovanju vabijo Konzulat Republike Slovenije, štirje grozdi"
        " in Gospodarska zbornica Slovenije.\n\n**Kaj vas čaka**\n\n- pozdravni nagovori in kratek"
        " pogled na skupne načrte\n- tri podjetja povedo, kaj je nastalo iz njihove poti\n- sprejem s"
        " slovensko kuhinjo",
        en="On the anniversary of the cooperation agreement the consulate, the four clusters and the"
        " Chamber of Commerce and Industry of Slovenia invite you.\n\n**What to expect**\n\n- words"
        " of welcome and a short look at what we plan together\n- three companies tell what became"
        " of their journey\n- a reception with Slovenian food",
    ),
    in_days=34,
    starts="18:00",
    ends="21:30",
    seats=180,
    partners=(
        CoHost("autocluster-nrw", 15, AttendeeAccess.OWN),
        CoHost("chemie-nrw", 15, AttendeeAccess.OWN),
        CoHost("kunststoff-nrw", 15, AttendeeAccess.ALL),
        CoHost("produktion-nrw", 15, AttendeeAccess.OWN),
    ),
    sectors=("public", "automotive", "chemistry", "plastics", "machinery"),
    guests=112,
    asks_diet=True,
    programme=(
        ProgrammeSlot(
            0, "18:00", "18:30", Localized(de="Einlass", sl="Prihod gostov", en="Doors open")
        ),
        ProgrammeSlot(
            0,
            "18:30",
            "19:00",
            Localized(de="Begrüßung", sl="Pozdrav", en="Welcome"),
            (("Maja Kovač", "Konsulin", "Konsulat der Republik Slowenien"),),
        ),
        ProgrammeSlot(
            0,
            "19:00",
            "19:45",
            Localized(
                de="Drei Unternehmen, drei Wege nach Slowenien",
                sl="Tri podjetja, tri poti v Slovenijo",
                en="Three companies, three ways to Slovenia",
            ),
            (
                ("Henrike Brockmann-Schlüter", "Clustermanagerin", "AutoCluster.NRW"),
                ("Nataša Hočevar", "vodja mednarodnega sodelovanja", "GZS"),
            ),
        ),
        ProgrammeSlot(0, "19:45", "21:30", Localized(de="Empfang", sl="Sprejem", en="Reception")),
    ),
)

OPENING: Final = Chapter(
    host=CONSULATE,
    kind=EventKind.CONSULATE_EVENT,
    title=Localized(
        de="Eröffnung des Konsulats der Republik Slowenien in Düsseldorf",
        sl="Odprtje Konzulata Republike Slovenije v Düsseldorfu",
        en="Opening of the Consulate of the Republic of Slovenia in Düsseldorf",
    ),
    summary=Localized(
        de="Mit der Unterzeichnung der Kooperationsvereinbarung zwischen den vier Branchenclustern"
        " und der Wirtschaftskammer Slowenien.",
        sl="S podpisom sporazuma o sodelovanju med štirimi grozdi in Gospodarsko zbornico"
        " Slovenije.",
        en="With the signing of the cooperation agreement between the four clusters and the Chamber"
        " of Commerce and Industry of Slovenia.",
    ),
    in_days=0,
    starts="11:00",
    ends="14:00",
    seats=100,
    partners=(*(CoHost(slug) for slug in CLUSTERS), CoHost(GZS)),
    sectors=("public",),
    outcome="finished",
    programme=(
        ProgrammeSlot(
            0,
            "11:00",
            "11:45",
            Localized(de="Eröffnung des Konsulats", sl="Odprtje konzulata", en="Opening"),
            (
                ("Dr. Angelica Schwall-Düren", "Ministerin", "Land Nordrhein-Westfalen"),
                ("Mitja Drobnič", "Botschafter", "Republik Slowenien"),
            ),
        ),
        ProgrammeSlot(
            0,
            "11:45",
            "12:15",
            Localized(
                de="Unterzeichnung der Kooperationsvereinbarung",
                sl="Podpis sporazuma o sodelovanju",
                en="Signing of the cooperation agreement",
            ),
        ),
        ProgrammeSlot(0, "12:15", "14:00", Localized(de="Empfang", sl="Sprejem", en="Reception")),
    ),
)
"""15 February 2011; ``in_days`` is not used for it."""
