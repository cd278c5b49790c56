"""The demo's events of the far half of the year; most of them wait for their first guests."""

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

FAR_MONTHS: Final = (
    Chapter(
        host="autocluster-nrw",
        kind=CLUSTER,
        title=Localized(
            de="Fachforum Batterie und Leichtbau",
            sl="Forum: baterije in lahka gradnja",
            en="Forum on batteries and lightweight design",
        ),
        summary=Localized(
            de="Gehäuse, Wärme, Brandschutz: was Serie ist und was noch Versuch.",
            sl="Ohišja, toplota, požarna varnost: kaj je serija in kaj še poskus.",
            en="Housings, heat, fire safety: what is series and what still trial.",
        ),
        in_days=159,
        starts="09:30",
        ends="17:00",
        seats=120,
        where=("Technologiezentrum", "Campus-Boulevard 55, 52074 Aachen", "Aachen", "DE"),
        partners=(
            CoHost("kunststoff-nrw", 25, AttendeeAccess.OWN),
            CoHost(GZS, 15, AttendeeAccess.OWN),
        ),
        sectors=("automotive", "plastics", "energy"),
        languages=("de", "en"),
        guests=9,
    ),
    Chapter(
        host="kunststoff-nrw",
        kind=CLUSTER,
        title=Localized(
            de="Runder Tisch Kreislaufwirtschaft",
            sl="Okrogla miza o krožnem gospodarstvu",
            en="Round table on the circular economy",
        ),
        summary=Localized(
            de="Chemie und Kunststoff an einem Tisch: Mengen, Mindestquoten, Massenbilanz.",
            sl="Kemija in plastika za isto mizo: količine, najmanjši deleži, masna bilanca.",
            en="Chemistry and plastics at one table: volumes, minimum shares, mass balance.",
        ),
        in_days=176,
        starts="15:00",
        ends="18:00",
        seats=24,
        where=("Haus der Technik", "Hollestraße 1, 45127 Essen", "Essen", "DE"),
        partners=(CoHost("chemie-nrw", 12, AttendeeAccess.ALL),),
        sectors=("plastics", "chemistry"),
        languages=("de",),
        guests=4,
    ),
    Chapter(
        host=CONSULATE,
        kind=CONSULAR,
        title=Localized(
            de="Sommerfest im Garten des Konsulats",
            sl="Poletno srečanje na vrtu konzulata",
            en="Summer party in the consulate’s garden",
        ),
        summary=Localized(
            de="Für alle, die sich im Jahr begegnet sind, mit Musik aus Prekmurje.",
            sl="Za vse, ki so se srečali med letom, z glasbo iz Prekmurja.",
            en="For everybody who met during the year, with music from Prekmurje.",
        ),
        in_days=208,
        starts="17:00",
        ends="21:00",
        seats=150,
        partners=tuple(
            CoHost(slug) for slug in ("autocluster-nrw", "chemie-nrw", "kunststoff-nrw")
        ),
        sectors=("public",),
        guests=12,
    ),
    Chapter(
        host="produktion-nrw",
        kind=CLUSTER,
        title=Localized(
            de="Messerundgang mit Gesprächen am Gemeinschaftsstand",
            sl="Ogled sejma s pogovori na skupnem razstavnem prostoru",
            en="A tour of the fair with meetings at the joint stand",
        ),
        summary=Localized(
            de="Sechs Stände in drei Stunden, danach ein Glas Rebula.",
            sl="Šest razstavljavcev v treh urah, nato kozarec rebule.",
            en="Six stands in three hours, then a glass of Rebula.",
        ),
        in_days=243,
        starts="11:00",
        ends="16:00",
        seats=35,
        where=(
            "Messe Düsseldorf",
            "Stockumer Kirchstraße 61, 40474 Düsseldorf",
            "Düsseldorf",
            "DE",
        ),
        partners=(CoHost(GZS, 10, AttendeeAccess.OWN),),
        sectors=("machinery", "plastics"),
        languages=("de", "sl", "en"),
    ),
    Chapter(
        host=GZS,
        kind=CLUSTER,
        title=Localized(
            de="Slowenisch-deutsches Innovationsforum",
            sl="Slovensko-nemški forum inovacij",
            en="Slovenian-German innovation forum",
        ),
        summary=Localized(
            de="Junge Unternehmen stellen vor, etablierte suchen: zwölf Begegnungen am Nachmittag.",
            sl="Mlada podjetja predstavljajo, uveljavljena iščejo: dvanajst srečanj v popoldnevu.",
            en="Young companies present, established ones look: twelve encounters in an afternoon.",
        ),
        in_days=271,
        starts="13:00",
        ends="18:00",
        seats=100,
        where=LJUBLJANA,
        zone="Europe/Ljubljana",
        partners=(CoHost(CONSULATE), CoHost("produktion-nrw", 15, AttendeeAccess.OWN)),
        sectors=("machinery", "energy"),
        languages=("sl", "de", "en"),
    ),
    Chapter(
        host=CONSULATE,
        kind=CONSULAR,
        title=Localized(
            de="Wirtschaftsgespräch: Energie zwischen Rhein und Save",
            sl="Gospodarski pogovor: energija med Renom in Savo",
            en="Business talk: energy between Rhine and Sava",
        ),
        summary=Localized(
            de="Netze, Speicher, Wasserstoff: ein Abend mit Fachleuten aus beiden Ländern.",
            sl="Omrežja, hranilniki, vodik: večer s strokovnjaki iz obeh držav.",
            en="Grids, storage, hydrogen: an evening with experts of both countries.",
        ),
        in_days=299,
        starts="18:00",
        ends="20:30",
        seats=60,
        partners=(CoHost("chemie-nrw", 15, AttendeeAccess.OWN),),
        sectors=("energy", "public"),
    ),
    Chapter(
        host="autocluster-nrw",
        kind=CLUSTER,
        title=Localized(
            de="Jahrestreffen der vier Branchencluster",
            sl="Letno srečanje štirih gospodarskih grozdov",
            en="Annual meeting of the four clusters",
        ),
        summary=Localized(
            de="Was gemeinsam gelang, und was das nächste Jahr bringt.",
            sl="Kaj je skupaj uspelo in kaj prinaša naslednje leto.",
            en="What was achieved together, and what next year brings.",
        ),
        in_days=336,
        starts="14:00",
        ends="19:00",
        seats=200,
        partners=(
            CoHost("chemie-nrw", 40, AttendeeAccess.OWN),
            CoHost("kunststoff-nrw", 40, AttendeeAccess.OWN),
            CoHost("produktion-nrw", 40, AttendeeAccess.OWN),
            CoHost(GZS, None, AttendeeAccess.NONE),
        ),
        sectors=("automotive", "chemistry", "plastics", "machinery"),
    ),
)
