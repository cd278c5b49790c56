"""An organiser's message reaches each of a group once, on both databases."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.core.refusals import Missing
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.messaging import group_messages, refusals
from event_mgmt.messaging.group_messages import GroupDraft
from event_mgmt.messaging.models import GroupMessage
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.mails.audience import Audience, count_contacts
from tests.builders import NOW, a_partner, a_registration, a_user, an_event, an_organisation
from tests.messaging.builders import messages
from tests.sql_counter import counted_statements

CONFIRMED = Audience((Status.CONFIRMED,))
NONCE = "n" * 32


def _draft(audience: Audience = CONFIRMED) -> GroupDraft:
    return GroupDraft(
        Localized(de="Parken", sl="Parkiranje"),
        Localized(de="Bitte im Hof.", sl="Prosimo na dvorišču."),
        audience,
    )


def _send(event: Event, draft: GroupDraft | None = None, nonce: str = NONCE) -> GroupMessage:
    user = a_user(event.host)
    return group_messages.send_to_group(
        event.id, draft or _draft(), nonce=nonce, user_id=user.id, now=NOW
    )


def test_each_contact_of_the_group_gets_one_mail_in_one_statement(app: Flask) -> None:
    event = an_event(seats=100)
    guests = [a_registration(event, companions=n, locale="de") for n in range(3)]
    a_registration(event, status=Status.WAITLISTED)
    a_registration(an_event())

    with counted_statements() as statements:
        group = _send(event)

    sent = messages(kind="group_message")
    assert sorted(m.registration_id for m in sent) == [guest.id for guest in guests]
    assert {m.key for m in sent} == {f"group:{group.id}:{guest.id}" for guest in guests}
    assert all(m.facts == {"group_message_id": group.id} and m.locale == "de" for m in sent)
    assert group.recipients == 3
    assert sum("INSERT INTO messages" in statement for statement in statements) == 1


def test_a_form_that_is_sent_twice_writes_to_nobody_twice(app: Flask) -> None:
    event = an_event()
    a_registration(event)

    first, second = _send(event), _send(event)

    assert first.id == second.id
    assert len(messages(kind="group_message")) == 1


def test_the_nonce_of_one_event_is_no_key_to_another(app: Flask) -> None:
    event, other = an_event(), an_event()
    a_registration(event)
    _send(event)

    with pytest.raises(Missing):
        _send(other)


def test_a_group_is_narrowed_by_status_contingent_and_country(app: Flask) -> None:
    event, partner = an_event(), an_organisation()
    a_partner(event, partner, seats=5)
    own = next(pool for pool in event.pools if pool.organisation_id == partner.id)
    wanted = a_registration(event, pool=own, country="SI")
    a_registration(event, pool=own, country="DE")
    a_registration(event, country="SI")
    a_registration(event, pool=own, country="SI", status=Status.PENDING)

    _send(event, _draft(Audience((Status.CONFIRMED,), own.id, "SI")))

    assert [m.registration_id for m in messages(kind="group_message")] == [wanted.id]
    assert count_contacts(event.id, Audience((Status.CONFIRMED, Status.PENDING))) == 4


def test_picked_registrations_are_written_to_wherever_they_stand(app: Flask) -> None:
    event = an_event()
    wanted = [
        a_registration(event),
        a_registration(event, status=Status.CANCELLED),
    ]
    a_registration(event)
    foreign = a_registration(an_event())
    ids = (*(guest.id for guest in wanted), foreign.id)

    group = _send(event, _draft(Audience((), picked=ids)))

    told = {message.registration_id for message in messages(kind="group_message")}
    assert told == {guest.id for guest in wanted}
    assert group.audience["picked"] == list(ids)


def test_an_address_that_was_refused_for_good_is_left_out(app: Flask) -> None:
    event = an_event()
    reached = a_registration(event)
    a_registration(event, address_failed_at=NOW)

    _send(event)

    assert [m.registration_id for m in messages(kind="group_message")] == [reached.id]


def test_a_message_to_nobody_is_refused_and_leaves_nothing(app: Flask) -> None:
    event = an_event()

    with pytest.raises(refusals.NoRecipients):
        _send(event)

    assert db.session.scalars(select(GroupMessage)).all() == []


def test_a_draft_has_nobody_to_write_to(app: Flask) -> None:
    event = an_event(status=EventStatus.DRAFT)

    with pytest.raises(refusals.EventNotPublished):
        _send(event)


def test_a_contingent_of_another_event_is_refused(app: Flask) -> None:
    event, other = an_event(), an_event()
    a_registration(event)

    with pytest.raises(Missing):
        _send(event, _draft(Audience((Status.CONFIRMED,), other.pools[0].id)))


def test_subject_and_text_come_in_the_same_languages(app: Flask) -> None:
    event = an_event()
    a_registration(event)
    draft = GroupDraft(Localized(de="Parken"), Localized(de="Hof", sl="Dvorišče"), CONFIRMED)

    with pytest.raises(refusals.TextMissing):
        _send(event, draft)


def test_who_wrote_to_whom_is_on_record_without_the_words(app: Flask) -> None:
    event = an_event()
    a_registration(event)

    group = _send(event)

    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject_id) == ("group_message.sent", group.id)
    assert entry.user_id == group.created_by
    assert entry.changes == {
        "statuses": ["confirmed"],
        "pool_id": None,
        "country": "",
        "recipients": 1,
    }
