"""What a column of a list can be, and the headings by which each is known in three languages.

They are those that people write, and those of address books and registration systems (Outlook,
Thunderbird, Google, pretix, Indico, Eventbrite).
"""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.registration_desk.imports.word_lists import by_bars
from event_mgmt.registrations.person_fields import PERSON_FIELDS, NamePart

_OFFERED_FIRST: Final = {"organisation": 0, "function": 1, "country": 2, "phone": 3}
"""What lists have most often is offered first."""

_BESIDE_THE_NAME: Final = sorted(
    (field for field in PERSON_FIELDS if field.name_part is not NamePart.NAME),
    key=lambda field: _OFFERED_FIRST.get(field.name, len(_OFFERED_FIRST)),
)

LABELS: Final = {
    **{field.name: field.label for field in PERSON_FIELDS if field.name_part is NamePart.NAME},
    "full_name": _l("Given and family name"),
    "surname_first": _l("Family and given name"),
    "more_given_names": _l("Further given names"),
    "name_suffix": _l("Suffix of the name"),
    "email": _l("E-mail"),
    **{field.name: field.label for field in _BESIDE_THE_NAME},
    "language": _l("Language"),
    "status": _l("Status"),
    "message": _l("Message to the organiser"),
    "companion": _l("Companion: name"),
    "companion_given_name": _l("Companion: given name"),
    "companion_family_name": _l("Companion: family name"),
    "companion_of": _l("Companion of"),
    "party": _l("People in the party"),
    "registration": _l("Registration no."),
}
"""What a column can be, in the order in which it is offered; besides the organiser's questions."""

OWN_LABELS: Final = {"message": _l("Message to the hosts"), "status": _l("Status")}
"""What our own lists call columns that are called otherwise here."""

SEVERAL: Final = frozenset({"phone", "companion", "companion_given_name", "companion_family_name"})
"""What several columns may be: other numbers, other companions."""

COMPANIONS: Final = ("companion", "companion_given_name", "companion_family_name")

HEADINGS: Final = {
    "given_name": (
        "Teilnehmername: Vorname|Attendee name: Given name|Ime udeleženca: Ime|Attendee first name"
        "|Ihr Vorname|Vaše ime",
        "Vorname|Vornamen|Rufname|Ime|Osebno ime|Given name|First name|Firstname|Forename|Prename"
        "|Given names|Vorname(n)|given_name|Nome",
    ),
    "family_name": (
        "Teilnehmername: Nachname|Attendee name: Family name|Attendee last name"
        "|Ihr Nachname|Vaš priimek",
        "Nachname|Familienname|Zuname|Priimek|Surname|Last name|Lastname|Family name|Prezime"
        "|family_name|Nachnamen|Cognome",
    ),
    "full_name": (
        "Teilnehmername|Attendee name|Ime udeleženca|Ihr Name|Vaše ime in priimek",
        "Voller Name|Vollständiger Name|Vor- und Nachname|Vorname und Nachname|Vorname Nachname"
        "|Vorname/Nachname|Vorname Name|Ime in priimek|Ime priimek|Ime i prezime|Full name"
        "|Given and family name|First and last name|Polno ime|Nome e cognome",
        "Teilnehmer|Teilnehmerin|Teilnehmer/in|Teilnehmende|Udeleženec|Udeleženka|Participant"
        "|Attendee|Person|Oseba|Anzeigename|Display name|Gast|Gost|Guest|Gäste|Guest name|Gastname",
    ),
    "surname_first": (
        "Name, Vorname|Nachname, Vorname|Name und Vorname|Nachname und Vorname|Priimek in ime"
        "|Priimek, ime|Priimek ime|Last name, first name|Surname, given name"
        "|Family and given name|Name Vorname|Nachname Vorname|Cognome e nome|Prezime i ime",
    ),
    "more_given_names": (
        "Middle name|Middle names|Additional name|Additional names|Weitere Vornamen|Zweiter Vorname"
        "|Zweitname|Weiterer Vorname|2. Vorname|Mittelname|Srednje ime|Drugo ime|Druga imena"
        "|Dodatna imena|Middle Initial",
    ),
    "name_suffix": (
        "Name Suffix|Suffix|Namenssuffix|Namenszusatz|Pripona|Pripona imena|Generation"
        "|Namenszusätze|Nachgestellter Titel|Titel nachgestellt|Titel (nachgestellt)|Post-nominals",
    ),
    "email": (
        "Teilnehmer-E-Mail|Attendee email|E-pošta udeleženca|E-Mail des Teilnehmers"
        "|E-Mail Teilnehmer|Attendee e-mail"
        "|Ihre E-Mail-Adresse|Ihre E-Mail|Vaš e-naslov|Vaša e-pošta",
        "E-Mail|E-Mail-Adresse|E-Mail Adresse|Mailadresse|Mail|Email|Email address|e-mail naslov"
        "|E-pošta|E-pošte|E-naslov|E-poštni naslov|E-adresa|Elektronska pošta|Elektronski naslov"
        "|El. pošta|e-mail dienstlich|E-Mail geschäftlich|Primary Email|Primäre E-Mail-Adresse"
        "|E-mail 1 - Value|Epošta 1|Work email|Business email|Službena e-pošta"
        "|E-mail adresa|Indirizzo e-mail|Indirizzo email|Posta elettronica",
    ),
    "organisation": (
        "Teilnehmer: Firma|Attendee company|Podjetje udeleženca",
        "Organisation|Organization|Firma|Unternehmen|Institution|Einrichtung|Company|Organizacija"
        "|Podjetje|Ustanova|Družba|Betrieb|Hochschule|Naziv podjetja|Ime podjetja|Arbeitgeber"
        "|Firmenname|Company name|Organisation name|Organization name|Affiliation|Employer"
        "|Naziv organizacije|Organization 1 - Name|Verband|Delodajalec"
        "|Tvrtka|Azienda|Ditta|Società|Ente",
    ),
    "function": (
        "Funktion|Position|Rolle|Stellung|Job title|Function|Role|Funkcija|Položaj|Delovno mesto"
        "|Amt|Berufsbezeichnung|Organization 1 - Title|Organization title|Delovni naziv"
        "|Funktionsbezeichnung|Vloga|Dienststellung"
        "|Naziv delovnega mesta|Jobtitel|Arbeitstitel|Radno mjesto|Ruolo|Carica",
        "Naziv",
    ),
    "country": (
        "Land|Staat|Country|Država|Ländercode|Landescode|Country code|ISO-Land|Nation|Koda države"
        "|Dienstlich: Land|Služba – država/regija|Address 1 - Country|Paese|Nazione"
        "|Land/Region geschäftlich|Business Country/Region|Work Country|country_code",
        "Privat: Land|Home Country|Land/Region privat|Home Country/Region|Rechnungsland",
    ),
    "phone": (
        "Telefon|Telefonnummer|Telefon-Nr.|Tel|Tel.-Nr.|Tel. Nr.|Tel. št.|Rufnummer|Phone"
        "|Phone number|Telephone|Telefonska številka|Telefon dienstlich|Telefon geschäftlich"
        "|Business Phone|Work Phone|Telefon Arbeit|Službeni telefon|Phone 1 - Value|Festnetz"
        "|Durchwahl|Telefon v službi|Broj telefona|Telefono",
        "Mobil|Mobiltelefon|Mobilnummer|Handy|Handynummer|Mobile|Mobile phone|Mobile number"
        "|Cell Phone|Cell|GSM|Mobitel|Mobilni|Mobilni telefon|Mobil-Nr.|Telefon mobil"
        "|Mobil-Tel.-Nr.|Cellulare",
        "Haupttelefon|Primary Phone|Telefon Firma|Company Main Phone",
    ),
    "form_of_address": (
        "Anrede|Nagovor|Form of address|Salutation|Naslavljanje|Prefix|Name Prefix|Namenspräfix"
        "|form_of_address|Anredeform",
    ),
    "academic_title": (
        "Teilnehmername: Titel|Attendee name: Title|Ime udeleženca: Naziv",
        "Titel|Akademischer Titel|Akademischer Grad|Title|Academic title|Degree|Akademski naziv"
        "|Strokovni naziv|Akademski naslov|Znanstveni naziv|Akad. Titel|academic_title|Nazivi",
    ),
    "language": ("Sprache|Korrespondenzsprache|Language|Jezik|Jezik korespondence|Locale",),
    "status": (
        "Status|Anmeldestatus|Teilnahmestatus|Teilnehmerstatus|Attendee Status"
        "|Registration state|Registration status|Status prijave|Stanje|Stanje prijave"
        "|Status der Anmeldung|RSVP|Bestellstatus",
        "Zusage|Zu-/Absage|Zusage/Absage|Teilnahme|Rückmeldung|Antwort|Response|Udeležba|Odgovor"
        "|Potrditev|Attendance|Nimmt teil|Pride|Ich nehme teil|Ich komme|Kommt|Zu- oder Absage"
        "|Nehmen Sie teil|Nehmen Sie an der Veranstaltung teil|Werden Sie teilnehmen|Kommen Sie"
        "|Werden Sie kommen|Werden Sie an der Veranstaltung teilnehmen|Können Sie teilnehmen"
        "|Nehmen Sie an unserer Veranstaltung teil|Zusage erteilt|Teilnahme bestätigt"
        "|Bitte teilen Sie uns mit, ob Sie teilnehmen|Ich nehme an der Veranstaltung teil"
        "|Ali se boste udeležili|Ali se boste udeležili dogodka|Se boste udeležili"
        "|Se boste udeležili dogodka|Boste prišli|Ali boste prišli|Ali pridete|Pridete"
        "|Ali se udeležite|Se udeležite|Udeležil se bom|Se bom udeležil|Se udeležim|Udeleži se"
        "|Potrditev udeležbe|Prihod|Pridem|Ali se boste udeležili prireditve"
        "|Will you attend|Will you attend the event|Will you be attending|Are you attending"
        "|Are you coming|Can you attend|Can you come|Will you come|Attending|Coming|I will attend"
        "|Will you join us|Are you able to attend|Confirmed|Accepted",
    ),
    "message": (
        "Nachricht|Bemerkung|Bemerkungen|Anmerkung|Anmerkungen|Kommentar|Notiz|Message|Comment"
        "|Comments|Remark|Remarks|Note|Sporočilo|Opomba|Opombe|Komentar|Nachricht an"
        "|Nachricht an die Veranstaltenden|Sporočilo organizatorju|Message to the organiser",
    ),
    "companion": (
        "Begleitung|Begleitperson|Begleiter|Begleiterin|Begleitpersonen|Spremljevalec"
        "|Spremljevalka|Spremljevalci|Spremstvo|Spremljajoča oseba|Companion|Companions"
        "|Name der Begleitung|Name der Begleitperson|Begleitung Name|Begleitperson Name"
        "|Accompanying person|Plus one|+1|Partner/in|Companion name|Ime spremljevalca"
        "|Begleitung durch",
    ),
    "companion_given_name": (
        "Begleitung Vorname|Begleitperson Vorname|Vorname Begleitung|Vorname der Begleitung"
        "|Vorname Begleitperson|Vorname der Begleitperson|Spremljevalec ime|Ime spremljevalca"
        "|Companion given name|Companion first name|Guest first name|Gast Vorname",
    ),
    "companion_family_name": (
        "Begleitung Nachname|Begleitperson Nachname|Nachname Begleitung|Nachname der Begleitung"
        "|Nachname Begleitperson|Nachname der Begleitperson|Spremljevalec priimek"
        "|Priimek spremljevalca|Companion family name|Companion last name|Guest last name"
        "|Gast Nachname|Begleitung Name",
    ),
    "companion_of": (
        "Begleitung von|Begleitet|Begleitperson von|Spremlja|Spremlja osebo|Companion of"
        "|Accompanies|Guest of|Gast von|Gost osebe|companion_of|Spremljevalec osebe",
    ),
    "party": (
        "Anzahl Personen|Personenzahl|Personen|Anzahl Teilnehmer|Anzahl der Personen|Število oseb"
        "|Št. oseb|Number of people|People|Party size|Headcount|Anzahl Gäste|Seats|Plätze",
    ),
}
"""For each, the headings it is known by; those of an earlier line are rather meant than later."""

MARKS: Final = by_bars(
    "pflicht|pflichtfeld|pflichtangabe|optional|freiwillig|required|mandatory|obvezno|neobvezno"
    "|obvezno polje|text|beispiel|example|primer|ja/nein|x"
)
"""What stands in a line below the headings that says how the columns are to be filled in."""

TOTALS: Final = by_bars(
    "summe|gesamt|insgesamt|total|anzahl|zusammen|skupaj|vsega|vsota|sum|gesamtzahl|stevilo"
    "|teilnehmer gesamt|personen gesamt"
)
"""With what a line begins that counts the list."""

SLOVENIAN: Final = by_bars(
    "ime|priimek|podjetje|drzava|eposta|imeinpriimek|priimekinime|nazivpodjetja|organizacija|naziv"
    "|funkcija|telefonskastevilka|telst|opombe|zapst|jezik|nagovor|spremljevalec|ustanova"
)
GERMAN: Final = by_bars(
    "vorname|nachname|firma|unternehmen|land|anrede|titel|vorundnachname|namevorname|funktion"
    "|telefonnummer|begleitung|bemerkung|sprache|einrichtung|begleitperson|emailadresse"
)
"""Headings that only writers of one language use: in whose country their phones are."""
