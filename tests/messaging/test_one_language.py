"""A mail is in one language from its subject to its footer, whoever's words stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from flask import Flask

from event_mgmt.core.localized import Localized
from event_mgmt.events.models import Event
from event_mgmt.mail.html_rendering import in_locale
from event_mgmt.mail.kinds import mail_kinds
from event_mgmt.mail.mime_rendering import compose_mail
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.messaging import preview
from event_mgmt.messaging.enums import Unit
from event_mgmt.messaging.models import GroupMessage, ReminderRule
from event_mgmt.registrations.models import Registration
from tests.builders import a_registration, a_user, saved
from tests.messaging.builders import a_rule
from tests.reception import START, a_reception

TODAY = START - timedelta(days=30)
OWN = {"de": "Bitte im Hof parken.", "sl": "Parkirajte na dvorišču.", "en": "Park in the yard."}


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def event(sqlite_app: Flask) -> Event:
    """An event with a title in three languages."""
    return a_reception()


@pytest.fixture
def guest(event: Event) -> Registration:
    """Somebody with a companion, so that the facts have a plural."""
    return a_registration(event, companions=1, locale="sl", given_name="Luka")


def _words(*locales: str) -> tuple[Localized, Localized]:
    subjects = {locale: f"{{event}}: {OWN[locale]}" for locale in locales}
    return Localized(subjects), Localized({locale: OWN[locale] for locale in locales})


def _rule(event: Event, *locales: str) -> ReminderRule:
    subject, body = _words(*locales)
    return a_rule(event, 7, Unit.DAYS, subject=subject, body=body)


def _group(event: Event, *locales: str) -> GroupMessage:
    subject, body = _words(*locales)
    more = {"audience": {}, "nonce": "n" * 20, "created_at": TODAY}
    author = a_user(event.host)
    return saved(
        GroupMessage(event_id=event.id, subject=subject, body=body, created_by=author.id, **more)
    )


def _message(kind: str, event: Event, guest: Registration, *locales: str) -> Message:
    """A message of ``kind`` with own words in ``locales``."""
    facts = {}
    rule_id = None
    if kind == "group_message":
        facts = {"group_message_id": _group(event, *locales).id}
    else:
        rule_id = _rule(event, *locales).id
        facts = {"rule_id": rule_id}
    return saved(
        Message(
            key=f"reminder:{rule_id}:{guest.id}:{int(START.timestamp())}",
            kind=kind,
            locale=guest.locale,
            to_address=guest.email,
            event_id=event.id,
            registration_id=guest.id,
            rule_id=rule_id,
            facts=facts,
            state=MessageState.QUEUED,
            created_at=TODAY,
            due_at=TODAY,
        )
    )


def _mail(message: Message, locale: str) -> tuple[str, str, str, str]:
    """The language, subject, text and HTML of ``message`` for a reader of ``locale``."""
    message.locale = locale
    with in_locale(locale):
        letter = mail_kinds().write(message)
    outgoing, _subject = compose_mail(letter, message, now=TODAY)
    mail = message_from_bytes(outgoing.content, policy=policy.default)
    plain, page = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    return mail["Content-Language"], mail["Subject"], plain, page


KINDS = ("reminder", "reminder_test", "group_message")


@pytest.mark.parametrize("kind", KINDS)
def test_without_words_in_the_readers_language_the_whole_mail_is_in_theirs(
    event: Event, guest: Registration, kind: str
) -> None:
    message = _message(kind, event, guest, "de")

    german = _mail(message, "de")

    assert _mail(message, "sl") == _mail(message, "en") == german
    assert german[0] == "de"
    assert 'lang="de"' in german[3]
    assert OWN["de"] in german[2]


@pytest.mark.parametrize("kind", KINDS)
def test_english_words_go_before_others(event: Event, guest: Registration, kind: str) -> None:
    message = _message(kind, event, guest, "de", "en")

    assert _mail(message, "sl") == _mail(message, "en")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("locale", ["de", "sl", "en"])
def test_words_in_the_readers_language_are_in_a_mail_of_that_language(
    event: Event, guest: Registration, kind: str, locale: str
) -> None:
    language, _subject, text, _page = _mail(_message(kind, event, guest, "de", "sl", "en"), locale)

    assert language == locale
    assert OWN[locale] in text
    assert not any(own in text for other, own in OWN.items() if other != locale)


@pytest.mark.parametrize("locale", ["de", "sl", "en"])
def test_without_own_words_a_reminder_is_in_the_readers_language(
    event: Event, guest: Registration, locale: str
) -> None:
    assert _mail(_message("reminder", event, guest), locale)[0] == locale


def test_a_subject_alone_has_the_standard_text_of_its_language(
    event: Event, guest: Registration
) -> None:
    message = _message("reminder", event, guest, "de")
    rule = _rule(event, "de")
    rule.body = Localized()
    message.rule_id = saved(rule).id

    language, subject, text, _page = _mail(message, "sl")

    assert (language, subject) == ("de", f"Neujahrsempfang: {OWN['de']}")
    assert "freuen uns auf Sie" in text


def test_the_preview_says_in_which_language_readers_get_the_mail(event: Event) -> None:
    shown = {each.locale: each for each in preview.of_rule(_rule(event, "sl"), event)}

    assert {locale: each.letter_language for locale, each in shown.items()} == dict.fromkeys(
        ("de", "sl", "en"), "sl"
    )
    assert [each.falls_back for each in shown.values()] == [locale != "sl" for locale in shown]
    assert len({each.letter.subject for each in shown.values()}) == 1
    assert len({tuple(each.blocks) for each in shown.values()}) == 1
