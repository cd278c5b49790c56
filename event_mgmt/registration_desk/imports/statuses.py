"""How other lists and systems say whether somebody comes."""

from __future__ import annotations

import functools
import re
from typing import Final

from flask import has_app_context
from flask_babel import force_locale

from event_mgmt.core.text import fold
from event_mgmt.registrations.enums import Status
from event_mgmt.settings import LOCALES
from event_mgmt.web.enum_labels import enum_label

_WORDS: Final = {
    Status.CONFIRMED: (
        "zugesagt|zusage|bestätigt|angemeldet|nimmt teil|teilnehmend|kommt|dabei|bezahlt|gezahlt"
        "|hat zugesagt|teilnahme bestätigt"
        "|ich komme|komme|komme gerne"
        "|genehmigt|angenommen|akzeptiert|eingecheckt|erschienen|ja|j|x|ok"
        "|confirmed|accepted|attending|yes|y|paid|complete|completed|registered|approved|going"
        "|coming|checked in|attended|valid|true|1|✓"
        "|prišel|prišla|pridem|se udeležim|udeležba potrjena"
        "|potrjeno|potrjen|potrjena|prijavljen|prijavljena|prijavljeno|pride|udeleži se|plačano"
        "|odobreno|sprejeto|da"
    ),
    Status.WAITLISTED: (
        "warteliste|auf der warteliste|auf warteliste|wartend|wartet|nachrücker"
        "|waiting|waitlist|waitlisted|wait list|waiting list|on waiting list|on the waiting list"
        "|čakalna lista|na čakalni listi|čaka|čakalni seznam|na čakalnem seznamu"
    ),
    Status.PENDING: (
        "ausstehend|offen|in prüfung|zu prüfen|unbestätigt|unbezahlt|beantragt|in bearbeitung"
        "|pending|unpaid|open|in review|awaiting approval|unconfirmed|requested|on hold"
        "|v obravnavi|čaka na potrditev|nepotrjeno|neplačano|odprto|v teku"
    ),
    Status.DECLINED: (
        "abgelehnt|nicht zugelassen|abgewiesen|nicht angenommen|abgelehnte anmeldung"
        "|declined|rejected|refused|denied|not accepted|not approved"
        "|zavrnjeno|zavrnjen|zavrnjena|ni sprejeto|odklonjeno"
    ),
    Status.CANCELLED: (
        "abgesagt|absage|hat abgesagt|leider nein|komme nicht|ich komme nicht|leider verhindert"
        "|storniert|storno|abgemeldet|zurückgezogen|nimmt nicht teil|kommt nicht"
        "|verhindert|entschuldigt|erstattet|abgelaufen|gelöscht|nein|n|nicht dabei"
        "|cancelled|canceled|withdrawn|not attending|not coming|refunded|expired|deleted|no"
        "|called off|unable to attend|regrets|false|0|transferred|paid (canceled)|voided"
        "|odpovedano|odpovedal|odpovedala|odjavljen|odjavljena|odjavljeno|preklicano|stornirano"
        "|odpoved|odpovedali|ne pridem|se ne udeležim|žal ne"
        "|ne pride|se ne udeleži|ne|umaknjeno|opravičeno|poteklo"
    ),
}
_STANDS_FOR: Final = {
    # An address is not confirmed by a list, and an offer's deadline was another event's.
    Status.UNCONFIRMED: Status.PENDING,
    Status.OFFERED: Status.WAITLISTED,
}

WITHOUT_SEAT: Final = frozenset({Status.DECLINED, Status.CANCELLED})
"""Who is entered with these takes no seat and gets no mail."""


_REMARK: Final = re.compile(r"[()\[\],;:\u2013]|\s-\s|\s(?:am|vom|on|dne)\s(?=\d)")


def status_of(cell: str) -> Status | None:
    """The status that a cell names in any of our languages, or as a code; None for none.

    A date behind it ("zugesagt am 3.4.") is passed over, and so is a reason for not coming. Other
    remarks are not: "yes (perhaps)" is for people to decide.
    """
    known = _known()
    if status := known.get(_plain(cell)):
        return status
    first, *more = [part for part in map(_plain, _REMARK.split(fold(cell))) if part] or [""]
    status = known.get(first)
    is_clear = status in WITHOUT_SEAT or all(
        known.get(part) is status or not any(map(str.isalpha, part)) for part in more
    )
    return status if is_clear else None


def _plain(text: str) -> str:
    return fold(text).strip(" .!:")


def _known() -> dict[str, Status]:
    return _known_where(speaks=has_app_context())


@functools.cache
def _known_where(*, speaks: bool) -> dict[str, Status]:
    """Without an application's catalogues (``speaks``) words are English, and cached apart."""
    del speaks
    known: dict[str, Status] = {}
    for locale in LOCALES:
        with force_locale(locale):
            for status in Status:
                known[_plain(enum_label(status))] = _STANDS_FOR.get(status, status)
    for status in Status:
        known[status.value] = _STANDS_FOR.get(status, status)
    for status, words in _WORDS.items():
        for each in words.split("|"):
            known.setdefault(_plain(each), status)
    return known
