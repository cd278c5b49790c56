"""What guests were not told: mails that came back, or that are held."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from event_mgmt.audit.service import SYSTEM
from event_mgmt.core.database import db, transactional
from event_mgmt.events import service as events
from event_mgmt.events.models import Event
from event_mgmt.mail import outbox_hold
from event_mgmt.mail.models import Message
from event_mgmt.mail.signals import came_back
from event_mgmt.registrations.mails import recipients
from event_mgmt.registrations.models import LastAnnouncement
from tests.registrations.event_changes import LATER, WEEK, guest, move, rows
from tests.registrations.fake_relay import Post

NEXT = LATER + timedelta(hours=1)


@transactional
def _comes_back(event: Event) -> None:
    """The last mail about the event, as the poller of the bounce mailbox reports it."""
    about = select(Message).where(Message.event_id == event.id).order_by(Message.id.desc())
    message = db.session.scalars(about.limit(1)).one()
    came_back.send(message.kind, message=message, now=LATER)


def test_whose_mail_came_back_was_told_nothing_and_reads_no_before(
    event: Event, post: Post
) -> None:
    guest(event, post)
    move(event, WEEK)
    assert len(post.deliver(LATER)) == 1

    _comes_back(event)

    assert db.session.scalars(select(LastAnnouncement)).all() == []
    move(event, WEEK, NEXT)
    (mail,) = post.deliver(NEXT)
    assert rows(mail)["When"] == "Monday, 1 March 2027, 18:00–21:00"
    assert "Before" not in rows(mail)


def test_what_is_held_was_not_told(event: Event, post: Post) -> None:
    guest(event, post)
    outbox_hold.hold(reason="", by=SYSTEM, now=LATER)
    db.session.commit()
    move(event, WEEK)
    assert post.deliver(LATER) == []
    move(event, WEEK, NEXT)

    outbox_hold.release(withdraw_before=None, by=SYSTEM, now=NEXT)
    (mail,) = post.deliver(NEXT)

    assert rows(mail)["Before"] == "Monday, 15 February 2027, 18:00–21:00"
    assert rows(mail)["New time"] == "Monday, 1 March 2027, 18:00–21:00"


def test_there_and_back_while_mail_is_held_tells_nobody(event: Event, post: Post) -> None:
    guest(event, post)
    outbox_hold.hold(reason="", by=SYSTEM, now=LATER)
    db.session.commit()
    events.postpone(event.id, by=SYSTEM, now=LATER)
    move(event, timedelta(), NEXT)

    assert recipients.count_notified(event.id, NEXT) == 0
    outbox_hold.release(withdraw_before=None, by=SYSTEM, now=NEXT)
    assert post.deliver(NEXT) == []
