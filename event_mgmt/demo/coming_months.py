"""The demo's events of the months to come, with their first guests."""

from __future__ import annotations

from typing import Final

from event_mgmt.core.localized import Localized
from event_mgmt.demo.story import CONSULATE, GZS, LJUBLJANA, Chapter, CoHost
from event_mgmt.events.enums import AttendeeAccess, EventKind

CLUSTER, DELEGATION, CONSULAR = (
    EventKind.CLUSTER_ACTIVITY,
    EventKind.TRADE_DELEGATION,
    EventKind.CONSULATE_EVENT,
)

COMING_MONTHS: Final = (
    Chapter(
        host="autocluster-nrw",
        kind=CLUSTER,
        title=Localized(
            de="Zuliefererfrühstück: Elektronik im Fahrzeug",
            sl="Zajtrk dobaviteljev: elektronika v vozilu",
            en="Suppliers’ breakfast: electronics in the car",
        ),
        summary=Localized(
            de="Zwei kurze Vorträge, viel Kaffee, und um zehn sind alle wieder im Betrieb.",
            sl="Dve kratki predavanji, veliko kave, ob desetih so vsi spet v podjetju.",
            en="Two short talks, plenty of coffee, and everybody back at work by ten.",
        ),
        in_days=29,
        starts="07:45",
        ends="09:45",
        seats=45,
        where=("Automotive Center", "Kölner Straße 125, 57439 Attendorn", "Attendorn", "DE"),
        sectors=("automotive",),
        languages=("de",),
        guests=16,
    ),
    Chapter(
        host="chemie-nrw",
        kind=CLUSTER,
        title=Localized(
            de="Online: PFAS-Beschränkung – was jetzt zu tun ist",
            sl="Na spletu: omejitev PFAS – kaj storiti zdaj",
            en="Online: restricting PFAS – what to do now",
        ),
        summary=Localized(
            de="Der Stand des Verfahrens und drei Betriebe, die schon umgestellt haben.",
            sl="Stanje postopka in tri podjetja, ki so že prešla na nadomestke.",
            en="Where the procedure stands, and three companies that have switched already.",
        ),
        in_days=61,
        starts="14:00",
        ends="15:30",
        seats=250,
        where=("", "", "", "DE"),
        online_url="https://meet.example.org/pfas",
        partners=(CoHost("kunststoff-nrw", None, AttendeeAccess.ALL), CoHost(GZS, 80)),
        sectors=("chemistry", "plastics"),
        languages=("de", "en"),
        guests=21,
    ),
    Chapter(
        host=CONSULATE,
        kind=CONSULAR,
        title=Localized(
            de="Lesung: Slowenische Literatur am Rhein",
            sl="Literarni večer: slovenska književnost ob Renu",
            en="A reading: Slovenian literature on the Rhine",
        ),
        summary=Localized(
            de="Zwei Autorinnen lesen aus neuen Büchern, auf Slowenisch und Deutsch.",
            sl="Avtorici bereta iz novih knjig, v slovenščini in nemščini.",
            en="Two authors read from new books, in Slovenian and German.",
        ),
        in_days=68,
        starts="19:00",
        ends="21:00",
        seats=70,
        where=("Haus der Literatur", "Bilker Straße 5, 40213 Düsseldorf", "Düsseldorf", "DE"),
        sectors=("public",),
        guests=19,
    ),
    Chapter(
        host="kunststoff-nrw",
        kind=CLUSTER,
        title=Localized(
            de="Spritzgießtag: Werkzeuge, Automation, Energie",
            sl="Dan brizganja plastike: orodja, avtomatizacija, energija",
            en="Injection moulding day: tools, automation, energy",
        ),
        summary=Localized(
            de="Vier Stationen an laufenden Maschinen, mit Anwendern aus beiden Ländern.",
            sl="Štiri postaje ob delujočih strojih, z uporabniki iz obeh držav.",
            en="Four stations at running machines, with users from both countries.",
        ),
        in_days=82,
        starts="09:00",
        ends="16:30",
        seats=80,
        where=("Kunststoff-Institut", "Karolinenstraße 8, 58507 Lüdenscheid", "Lüdenscheid", "DE"),
        partners=(CoHost("produktion-nrw", 20, AttendeeAccess.OWN),),
        sectors=("plastics", "machinery"),
        languages=("de", "en"),
        guests=14,
    ),
    Chapter(
        host=CONSULATE,
        kind=CONSULAR,
        title=Localized(
            de="Konsularischer Sprechtag in Dortmund",
            sl="Konzularni dan v Dortmundu",
            en="Consular day in Dortmund",
        ),
        summary=Localized(
            de="Pässe, Beglaubigungen und Auskünfte im östlichen Ruhrgebiet.",
            sl="Potni listi, overitve in informacije v vzhodnem Porurju.",
            en="Passports, certifications and advice in the eastern Ruhr area.",
        ),
        in_days=90,
        starts="09:00",
        ends="15:00",
        seats=40,
        where=("Haus der Vielfalt", "Beuthstraße 21, 44147 Dortmund", "Dortmund", "DE"),
        sectors=("public",),
        guests=6,
    ),
    Chapter(
        host=GZS,
        kind=DELEGATION,
        title=Localized(
            de="Einkäuferreise nach Celje und Velenje",
            sl="Obisk nemških nabavnikov v Celju in Velenju",
            en="Buyers’ journey to Celje and Velenje",
        ),
        summary=Localized(
            de="Zwei Tage bei Gießereien, Werkzeugbauern und Herstellern von Haushaltsgeräten.",
            sl="Dva dneva pri livarnah, orodjarnah in proizvajalcih gospodinjskih aparatov.",
            en="Two days with foundries, toolmakers and makers of household appliances.",
        ),
        in_days=110,
        starts="08:30",
        ends="16:00",
        days=2,
        seats=25,
        where=("Celjski sejem", "Dečkova cesta 1, 3000 Celje", "Celje", "SI"),
        zone="Europe/Ljubljana",
        partners=(CoHost("produktion-nrw", None, AttendeeAccess.ALL), CoHost(CONSULATE)),
        sectors=("machinery", "automotive"),
        languages=("sl", "de", "en"),
        guests=8,
        approval=True,
    ),
    Chapter(
        host="produktion-nrw",
        kind=CLUSTER,
        title=Localized(
            de="Erfahrungskreis Instandhaltung",
            sl="Krog izkušenj: vzdrževanje",
            en="Maintenance: a circle of experience",
        ),
        summary=Localized(
            de="Vorausschauend warten mit dem, was die Maschinen schon heute melden.",
            sl="Napovedno vzdrževanje s tem, kar stroji javljajo že danes.",
            en="Predictive maintenance with what machines report today.",
        ),
        in_days=124,
        starts="13:00",
        ends="17:00",
        seats=30,
        where=("Produktionszentrum", "Emil-Figge-Straße 75, 44227 Dortmund", "Dortmund", "DE"),
        sectors=("machinery",),
        languages=("de",),
        guests=7,
    ),
    Chapter(
        host="chemie-nrw",
        kind=DELEGATION,
        title=Localized(
            de="Chemie und Pharma: Delegationsreise nach Ljubljana und Novo mesto",
            sl="Kemija in farmacija: delegacija v Ljubljani in Novem mestu",
            en="Chemistry and pharma: a delegation to Ljubljana and Novo mesto",
        ),
        summary=Localized(
            de="Drei Tage mit Werksbesuchen, einem Abend bei der Wirtschaftskammer und Gesprächen"
            " nach Maß.",
            sl="Trije dnevi z obiski tovarn, večerom na gospodarski zbornici in pogovori po meri.",
            en="Three days of plant visits, an evening at the chamber and meetings made to measure.",
        ),
        in_days=145,
        starts="09:00",
        ends="17:00",
        days=3,
        seats=22,
        where=LJUBLJANA,
        zone="Europe/Ljubljana",
        partners=(
            CoHost(GZS, None, AttendeeAccess.ALL),
            CoHost("kunststoff-nrw", None, AttendeeAccess.ALL),
        ),
        sectors=("chemistry", "plastics"),
        languages=("de", "en"),
        guests=5,
        approval=True,
        fee_note=Localized(
            de="590 € je Unternehmen (netto); Reise und Hotel tragen die Teilnehmenden selbst.",
            sl="590 € na podjetje (neto); pot in hotel plačajo udeleženci sami.",
            en="€590 per company (net); participants pay for travel and hotel themselves.",
        ),
    ),
)
