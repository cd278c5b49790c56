"""Mails as pages show them: subject, sender and text, without leaving the desk."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from flask import current_app
from flask_babel import force_locale

from event_mgmt.events.models import Event
from event_mgmt.mail.kinds import mail_kinds
from event_mgmt.mail.letters import Button, Facts, Letter, NotNeeded
from event_mgmt.mail.models import Message
from event_mgmt.messaging import mail_texts, rules
from event_mgmt.messaging.group_messages import GroupDraft
from event_mgmt.messaging.models import GroupMessage, ReminderRule
from event_mgmt.registrations.enums import Status
from event_mgmt.settings import LOCALES, Settings
from event_mgmt.web.locale import OWN_NAMES, site_name

_PERSONAL: Final = re.compile(r"(/registration/)[^\s/?#]+")


@dataclass(frozen=True)
class MailPreview:
    """A letter as readers of one language get it, which may be in another: then it ``falls_back``.

    Personal links are cut: whoever looks after messages need not be able to act as the guest.
    """

    locale: str
    language: str
    letter: Letter
    sender: str

    @property
    def falls_back(self) -> bool:
        """Whether there are no own words in the readers' language."""
        return self.letter.locale not in ("", self.locale)

    @property
    def letter_language(self) -> str:
        """The language that the letter is in."""
        return self.letter.locale or self.locale

    @property
    def letter_language_name(self) -> str:
        """What that language is called by those who speak it."""
        return OWN_NAMES[self.letter_language]

    @property
    def blocks(self) -> list[tuple[str, str]]:
        """The letter's parts as (shape, text), for a template."""
        parts = []
        for block in self.letter.blocks:
            match block:
                case Facts(rows=rows):
                    text = "\n".join(f"{label}: {value}" for label, value in rows)
                case Button(label=label):
                    text = label
                case _:
                    text = block.text
            parts.append((block.shape, _PERSONAL.sub(r"\1…", text)))
        return parts


def of_rule(rule: ReminderRule, event: Event) -> list[MailPreview]:
    """A rule's mail in each language, with the data of one guest."""
    reader = mail_texts.sample_context(event, [Status(status) for status in rule.statuses])
    shown = []
    for locale in LOCALES:
        with force_locale(locale):
            letter = mail_texts.reminder_letter(rule, event, reader)
        shown.append(_shown(locale, letter))
    return shown


def of_group(draft: GroupDraft, event: Event) -> list[MailPreview]:
    """A message to a group in each language, with the data of one guest."""
    reader = mail_texts.sample_context(event, draft.audience.statuses, draft.audience.picked)
    group = GroupMessage(event_id=event.id, subject=draft.subject, body=draft.body)
    shown = []
    for locale in LOCALES:
        with force_locale(locale):
            letter = mail_texts.group_letter(group, event, reader)
        shown.append(_shown(locale, letter))
    return shown


def unknown_in(draft: GroupDraft) -> str:
    """What looks like a placeholder in the words but is none; empty where all is well."""
    names = rules.unknown_placeholders(*draft.subject.values(), *draft.body.values())
    return ", ".join(f"{{{name}}}" for name in names)


def of_message(message: Message) -> MailPreview | None:
    """What a message says at this moment; ``None`` where nothing is left to say."""
    with force_locale(message.locale):
        try:
            letter = mail_kinds().write(message)
        except (NotNeeded, LookupError):
            return None
    return _shown(message.locale, letter)


def _shown(locale: str, letter: Letter) -> MailPreview:
    settings: Settings = current_app.extensions["settings"]
    name = letter.sender_name or site_name()
    return MailPreview(
        locale=locale,
        language=OWN_NAMES[locale],
        letter=letter,
        sender=f"{name} <{settings.mail_from}>",
    )
