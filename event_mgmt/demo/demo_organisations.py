"""The six organisations of the agreement of 15 February 2011, and their sectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from event_mgmt.core.localized import Localized
from event_mgmt.organisations.models import OrganisationKind

SECTORS: Final[dict[str, Localized]] = {
    "automotive": Localized(de="Automobil", sl="Avtomobilska industrija", en="Automotive"),
    "chemistry": Localized(de="Chemie", sl="Kemija", en="Chemistry"),
    "energy": Localized(de="Energie und Klima", sl="Energija in podnebje", en="Energy and climate"),
    "machinery": Localized(de="Maschinenbau", sl="Strojegradnja", en="Mechanical engineering"),
    "plastics": Localized(de="Kunststoff", sl="Plastika", en="Plastics"),
    "public": Localized(
        de="Staat und Kultur", sl="Država in kultura", en="Public life and culture"
    ),
}


@dataclass(frozen=True)
class DemoOrganisation:
    """One organisation and the people who work for it: (given name, family name, role)."""

    slug: str
    kind: OrganisationKind
    name: Localized
    short_name: Localized
    initials: str
    accent: str
    country: str
    city: str
    about: Localized
    sectors: tuple[str, ...]
    staff: tuple[tuple[str, str, str], ...]


ORGANISATIONS: Final = (
    DemoOrganisation(
        "autocluster-nrw",
        OrganisationKind.CLUSTER,
        Localized(de="AutoCluster.NRW", sl="AutoCluster.NRW", en="AutoCluster.NRW"),
        Localized(de="AutoCluster.NRW"),
        "AC",
        "#1d5fa8",
        "DE",
        "Düsseldorf",
        Localized(
            de="Drehscheibe für Innovationen in der Fahrzeugtechnik: verbindet Partner entlang der"
            " automobilen Wertschöpfungskette mit Nachbarclustern, Wirtschaft und Wissenschaft.",
            sl="Stičišče za inovacije v avtomobilski tehniki: povezuje partnerje v verigi vrednosti"
            " s sosednjimi grozdi, gospodarstvom in znanostjo.",
            en="A hub for innovation in vehicle technology that links partners along the automotive"
            " value chain with neighbouring clusters, industry and science.",
        ),
        ("automotive",),
        (("Henrike", "Brockmann-Schlüter", "organiser"),),
    ),
    DemoOrganisation(
        "chemie-nrw",
        OrganisationKind.CLUSTER,
        Localized(de="Chemie.NRW", sl="Chemie.NRW", en="Chemie.NRW"),
        Localized(de="Chemie.NRW"),
        "CH",
        "#0a7466",
        "DE",
        "Düsseldorf",
        Localized(
            de="Stärkt Innovationen, indem es Chemieunternehmen mit Kundenbranchen, Universitäten"
            " und Instituten vernetzt.",
            sl="Krepi inovacije s povezovanjem kemijskih podjetij s panogami odjemalcev,"
            " univerzami in inštituti.",
            en="Strengthens innovation by linking chemical companies with customer industries,"
            " universities and institutes.",
        ),
        ("chemistry", "energy"),
        (("Tobias", "Wehmeyer", "organiser"),),
    ),
    DemoOrganisation(
        "kunststoff-nrw",
        OrganisationKind.CLUSTER,
        Localized(de="Kunststoff.NRW", sl="Kunststoff.NRW", en="Kunststoff.NRW"),
        Localized(de="Kunststoff.NRW"),
        "KU",
        "#b34f0a",
        "DE",
        "Krefeld",
        Localized(
            de="Plattform für Information, Kommunikation und Kooperation entlang der"
            " Wertschöpfungskette Kunststoff.",
            sl="Platforma za informacije, komunikacijo in sodelovanje v verigi vrednosti plastike.",
            en="A platform for information, communication and cooperation along the plastics value"
            " chain.",
        ),
        ("plastics",),
        (("Anke", "Terhorst", "organiser"),),
    ),
    DemoOrganisation(
        "produktion-nrw",
        OrganisationKind.CLUSTER,
        Localized(de="ProduktionNRW", sl="ProduktionNRW", en="ProduktionNRW"),
        Localized(de="ProduktionNRW"),
        "PR",
        "#9b1c31",
        "DE",
        "Düsseldorf",
        Localized(
            de="Cluster für Maschinenbau und Produktionstechnik, getragen vom VDMA NRW: vernetzt"
            " Unternehmen, Institutionen und Netzwerke.",
            sl="Grozd za strojegradnjo in proizvodno tehniko pod okriljem VDMA NRW: povezuje"
            " podjetja, ustanove in mreže.",
            en="The cluster of mechanical engineering and production technology, run by VDMA NRW:"
            " links companies, institutions and networks.",
        ),
        ("machinery",),
        (("Markus", "Oberländer", "organiser"),),
    ),
    DemoOrganisation(
        "gzs",
        OrganisationKind.CHAMBER,
        Localized(
            de="Wirtschaftskammer Slowenien",
            sl="Gospodarska zbornica Slovenije",
            en="Chamber of Commerce and Industry of Slovenia",
        ),
        Localized(de="GZS", sl="GZS", en="GZS"),
        "GZS",
        "#2f6b1f",
        "SI",
        "Ljubljana",
        Localized(
            de="Vertritt die slowenische Wirtschaft und begleitet ihre Unternehmen auf"
            " Auslandsmärkte.",
            sl="Zastopa slovensko gospodarstvo in spremlja podjetja na tuje trge.",
            en="Represents the Slovenian economy and accompanies its companies to markets abroad.",
        ),
        ("automotive", "chemistry", "machinery", "plastics"),
        (("Nataša", "Hočevar", "organiser"), ("Gregor", "Šinkovec", "staff")),
    ),
    DemoOrganisation(
        "konsulat-slowenien",
        OrganisationKind.CONSULATE,
        Localized(
            de="Konsulat der Republik Slowenien in Düsseldorf",
            sl="Konzulat Republike Slovenije v Düsseldorfu",
            en="Consulate of the Republic of Slovenia in Düsseldorf",
        ),
        Localized(de="Konsulat Slowenien", sl="Konzulat Slovenije", en="Consulate of Slovenia"),
        "SI",
        "#3b3a8f",
        "DE",
        "Düsseldorf",
        Localized(
            de="Für slowenische Bürgerinnen und Bürger in Nordrhein-Westfalen und für alle, die mit"
            " Slowenien zusammenarbeiten.",
            sl="Za slovenske državljanke in državljane v Severnem Porenju - Vestfaliji in za vse,"
            " ki sodelujejo s Slovenijo.",
            en="For Slovenian citizens in North Rhine-Westphalia, and for everybody who works with"
            " Slovenia.",
        ),
        ("public",),
        (
            ("Maja", "Kovač", "administrator"),
            ("Andrej", "Zupančič", "organiser"),
            ("Petra", "Vidmar", "staff"),
            ("Jonas", "Feldkamp", "door"),
        ),
    ),
)

AGREEMENT: Final = Localized(
    de="Kooperationsvereinbarung der vier Branchencluster mit der Wirtschaftskammer Slowenien",
    sl="Sporazum o sodelovanju štirih grozdov z Gospodarsko zbornico Slovenije",
    en="Cooperation agreement of the four clusters with the Chamber of Commerce and Industry of"
    " Slovenia",
)
