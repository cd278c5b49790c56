"""Invented guests with plausible names, functions, companies and universities.

Nobody here is real; the same seed gives the same guests on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from event_mgmt.core.text import fold
from event_mgmt.registrations.enums import FormOfAddress
from event_mgmt.registrations.party import Party, Person

_GERMAN: Final = (
    "Jens Katrin Ulrich Sabine Thorsten Birgit Stefan Annette Holger Christiane Dirk Monika Rainer"
    " Silke Frank Heike Lars Ursula Matthias Nicole Jürgen Lena Sebastian Jana Björn Friederike",
    "Lindner Wagenknecht Hüsken Overbeck Terbrüggen Schäfer Niehoff Kämmerling Völker Büscher"
    " Dahlhaus Eickhoff Grünewald Holtkamp Jülicher Krautmacher Löhr Müllenbach Oesterhelt Pöppelmann"
    " Rübsamen Strathmann Uhlenbrock Westerhoff Zirngibl Aßmann",
)
_SLOVENIAN: Final = (
    "Luka Ana Matej Tjaša Gašper Nina Žiga Špela Rok Katja Uroš Urška Blaž Mojca Jernej Barbara Aleš"
    " Simona Tomaž Polona Miha Vesna Primož Alenka Jaka Neža",
    "Žagar Novak Kranjc Šuštaršič Golob Čeh Hribar Turk Kočevar Mlakar Potočnik Rozman Bizjak"
    " Jereb Kastelic Lesjak Medved Oblak Pečnik Rupnik Štrukelj Tomšič Vodopivec Zajc Žnidaršič Kos",
)
"""Men's and women's given names take turns."""
_GERMAN_ORGANISATIONS: Final = (
    "Fahrzeugtechnik Verbund GmbH",
    "Rhein-Ruhr Antriebe GmbH & Co. KG",
    "Niederrheinische Formenbau GmbH",
    "Westfälische Spritzguss AG",
    "Bergische Werkzeugmaschinen GmbH",
    "Chemiepark Lippe Service GmbH",
    "Sauerland Präzisionsteile GmbH",
    "Kölner Lack- und Farbenwerke KG",
    "Institut für Kunststofftechnik Rheinland",
    "Hochschule Ruhr-Emscher",
    "Technische Universität Bergisch Land",
    "Wirtschaftsförderung Rheinschiene",
    "Münsterländer Landmaschinen GmbH",
    "Aachener Sensorik GmbH",
)
_SLOVENIAN_ORGANISATIONS: Final = (
    "Polimeri Savinja d.o.o.",
    "Tehnika Žagar d.o.o.",
    "Primorje Kompoziti d.d.",
    "Orodjarna Sora d.o.o.",
    "Avtodeli Krka d.o.o.",
    "Kemična tovarna Zasavje d.d.",
    "Strojegradnja Pohorje d.o.o.",
    "Livarna Notranjska d.o.o.",
    "Univerza ob Dravi",
    "Inštitut za materiale Ljubljana",
    "Robotika Koroška d.o.o.",
    "Embalaža Dolenjska d.o.o.",
    "Energetika Posočje d.d.",
    "Tehnološki park Gorenjska",
)
_FUNCTIONS: Final = {
    "de": (
        "Geschäftsführung",
        "Leitung Entwicklung",
        "Einkauf",
        "Vertrieb Südosteuropa",
        "Produktionsleitung",
        "Clustermanagement",
        "Professur für Werkstofftechnik",
        "Qualitätsmanagement",
        "Referat Internationales",
    ),
    "sl": (
        "uprava",
        "vodja razvoja",
        "nabava",
        "prodaja DACH",
        "vodja proizvodnje",
        "izvoz",
        "raziskave materialov",
        "kakovost",
        "mednarodno sodelovanje",
    ),
}
_TITLES: Final = {
    "de": ("", "", "", "", "Dr.", "Prof. Dr.", "Dr.-Ing."),
    "sl": ("", "", "", "dr.", "mag."),
}


def guests(seed: int) -> Iterator[Party]:
    """Endless invented parties, each with its own address; the same for the same ``seed``."""
    chance = random.Random(seed)  # noqa: S311 - demo data, nothing secret
    number = 0
    while True:
        number += 1
        locale = chance.choice(("de", "de", "sl"))
        contact = _person(chance, locale)
        companions = tuple(
            _person(chance, locale, organisation=contact.organisation)
            for _ in range(chance.choice((0, 0, 0, 0, 1, 1, 2)))
        )
        name = fold(f"{contact.given_name}.{contact.family_name}").replace(" ", "")
        yield Party(
            email=f"{name}.{seed}-{number}@example.org",
            locale=chance.choice((locale, locale, locale, "en")),
            contact=contact,
            companions=companions,
            shares_name=chance.random() < 0.4,
            privacy_version="2026-11",
        )


def _person(chance: random.Random, locale: str, organisation: str = "") -> Person:
    given, family = _SLOVENIAN if locale == "sl" else _GERMAN
    organisations = _SLOVENIAN_ORGANISATIONS if locale == "sl" else _GERMAN_ORGANISATIONS
    country = "SI" if locale == "sl" else chance.choice(("DE",) * 12 + ("AT", "NL", "BE"))
    phone = f"+386 1 {chance.randrange(2000000, 5900000)}" if country == "SI" else ""
    name = chance.choice(given.split())
    return Person(
        form_of_address=_form_of_address(given.split().index(name)),
        given_name=name,
        family_name=chance.choice(family.split()),
        academic_title=chance.choice(_TITLES[locale]),
        function=chance.choice(_FUNCTIONS[locale]),
        organisation=organisation or chance.choice(organisations),
        country=country,
        phone=phone.replace(" ", ""),
    )


def _form_of_address(place: int) -> str:
    """What the person chose on the form; a few choose nothing."""
    if place % 9 == 8:
        return ""
    return FormOfAddress.MS if place % 2 else FormOfAddress.MR
