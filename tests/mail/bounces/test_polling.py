"""What comes back into a mailbox on a real server, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from event_mgmt.core.database import db, transactional
from event_mgmt.mail import erasure
from event_mgmt.mail.bounces import imap, poller
from event_mgmt.mail.bounces.models import HandledBounce
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.signals import came_back
from tests.mail.bounces.conftest import Office
from tests.mail.bounces.mails import a_letter, a_report, an_absence
from tests.mail.samples import NOW, the_message

SENT, FAILED = MessageState.SENT, MessageState.FAILED


def test_a_hard_bounce_marks_the_address_shows_at_the_message_and_goes(office: Office) -> None:
    message = office.sent()
    office.put(a_report(office.way_back(message)))

    found = office.look()

    assert (found.marked, found.fault) == (1, "")
    assert office.became_of(message) == (FAILED, True)
    shown = the_message(message.id)
    assert (shown.last_code, shown.sent_at) == (550, None)
    assert shown.last_error.startswith("5.1.1 smtp; 550 5.1.1")
    assert office.left() == 0


@pytest.mark.parametrize(
    ("status", "diagnostic"),
    [
        ("4.4.7", "smtp; 450 4.4.7 tried for five days"),
        ("5.2.2", "smtp; 552 5.2.2 mailbox full"),
        ("5.0.0", "smtp; 552 over quota"),
        ("5.7.1", "smtp; 554 5.7.1 looks like spam"),
    ],
)
def test_a_soft_bounce_shows_at_the_message_and_marks_no_address(
    office: Office, status: str, diagnostic: str
) -> None:
    message = office.sent()
    office.put(a_report(office.way_back(message), status=status, diagnostic=diagnostic))

    office.look()

    assert office.became_of(message) == (FAILED, False)
    assert office.left() == 0


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", "", "nonsense"])
def test_what_has_not_failed_changes_nothing_and_goes(office: Office, action: str) -> None:
    message = office.sent()
    office.put(a_report(office.way_back(message), action=action))

    office.look()

    assert office.became_of(message) == (SENT, False)
    assert office.left() == 0


def test_an_absence_changes_nothing_and_goes(office: Office) -> None:
    message = office.sent()
    office.put(an_absence(office.way_back(message)), an_absence("events@example.org"))

    found = office.look()

    assert (found.marked, found.read) == (0, 2)
    assert office.became_of(message) == (SENT, False)
    assert office.left() == 0


def _forged(office: Office, message: Message) -> dict[str, bytes]:
    code = office.code(message)
    changed = code[:-1] + ("a" if code[-1] != "a" else "b")
    other = office.sent("guest-1@example.org")
    return {
        "no code": a_report("events@example.org"),
        "a changed code": a_report(f"events+{changed}@example.org"),
        "the code of another message": a_report(office.way_back(other)),
        "an id without a proof": a_report(f"events+{code[:8]}{'a' * 16}@example.org"),
        "another recipient": a_report(office.way_back(message), recipient="rfc822; x@example.org"),
        "our own Message-ID": a_report(
            "events@example.org", returned="Message-ID: <0123@localhost>\r\n"
        ),
    }


def test_a_forged_report_marks_nothing_and_goes(office: Office) -> None:
    message = office.sent()
    forged = _forged(office, message)
    office.put(*forged.values())

    found = office.look()

    assert (found.marked, found.read) == (0, len(forged))
    assert office.became_of(message) == (SENT, False)
    assert office.left() == 0


def test_a_persons_letter_is_left_and_neither_read_nor_looked_at_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put(a_letter())
    assert office.look().left == 1

    def asked(*_given: object) -> bytes:
        raise AssertionError("looked at again")

    monkeypatch.setattr(imap.Mailbox, "head", asked)

    assert office.look() == poller.MailboxCheck()
    assert office.left() == 1


def test_a_report_is_believed_for_thirty_days(office: Office) -> None:
    old = office.sent(sent_at=NOW - timedelta(days=30, minutes=1))
    young = office.sent("guest-1@example.org", sent_at=NOW - timedelta(days=29))
    office.put(
        a_report(office.way_back(old)),
        a_report(office.way_back(young), recipient="rfc822;guest-1@example.org"),
    )

    office.look()

    assert office.became_of(old) == (SENT, False)
    assert office.became_of(young) == (FAILED, True)


@pytest.mark.parametrize(
    "state", [MessageState.FAILED, MessageState.WITHDRAWN, MessageState.SKIPPED]
)
def test_a_message_that_never_went_out_cannot_come_back(
    office: Office, state: MessageState
) -> None:
    message = office.sent(state=state)
    office.put(a_report(office.way_back(message)))

    office.look()

    assert office.became_of(message) == (state, False)
    assert office.left() == 0


def test_a_message_that_may_have_arrived_can_come_back(office: Office) -> None:
    message = office.sent(state=MessageState.UNCERTAIN, sent_at=None)
    office.put(a_report(office.way_back(message)))

    office.look()

    assert office.became_of(message) == (FAILED, True)


def test_a_report_that_is_quicker_than_the_workers_own_note_waits_for_it(office: Office) -> None:
    message = office.sent(state=MessageState.SENDING, sent_at=None, copies=1)
    office.put(a_report(office.way_back(message)))

    assert office.look().later == 1
    assert office.left() == 1
    office._gone_out({"state": SENT, "sent_at": NOW})
    office.look()

    assert office.became_of(message) == (FAILED, True)
    assert office.left() == 0


def test_an_address_that_was_corrected_meanwhile_is_not_marked(office: Office) -> None:
    message = office.sent()
    _correct(message)
    office.put(a_report(office.way_back(message)))

    office.look()

    assert office.became_of(message) == (FAILED, False)


@transactional
def _correct(message: Message) -> None:
    from event_mgmt.registrations.models import Registration

    guest = db.session.get_one(Registration, message.registration_id)
    guest.email = "right@example.org"


def test_a_report_about_somebody_who_was_erased_matches_nothing(office: Office) -> None:
    message = office.sent()
    office.put(a_report(office.way_back(message)))
    transactional(erasure.erase_messages)(Message.id == message.id)

    assert office.look().read == 1

    assert the_message(message.id).state is SENT
    assert the_message(message.id).last_error == ""
    assert office.left() == 0


def test_a_relay_that_writes_addresses_in_capitals_loses_no_code(office: Office) -> None:
    message = office.sent()
    office.put(a_report(office.way_back(message).upper()))

    office.look()

    assert office.became_of(message) == (FAILED, True)


@pytest.mark.parametrize("place", ["envelope id", "returned header", "returned message"])
def test_the_code_is_found_where_the_mailbox_takes_one_address_only(
    office: Office, place: str
) -> None:
    message = office.sent()
    code = office.code(message)
    returned = f"Subject: x\r\nX-Bounce-Code: {code}\r\n"
    given = {
        "envelope id": {"envelope_id": code},
        "returned header": {"returned": returned},
        "returned message": {
            "returned": f"{returned}\r\nHallo",
            "returned_type": "message/rfc822",
        },
    }[place]
    office.put(a_report("events@example.org", **given))

    office.look()

    assert office.became_of(message) == (FAILED, True)


def test_a_code_in_the_words_of_a_report_counts_for_nothing(office: Office) -> None:
    message = office.sent()
    words = f"X-Bounce-Code: {office.code(message)}"
    office.put(
        a_report("events@example.org", words=words, returned=f"Subject: x\r\n\r\n{words}"),
    )

    office.look()

    assert office.became_of(message) == (SENT, False)


def test_a_report_comes_into_the_hands_of_the_rooms_above_once(office: Office) -> None:
    message, heard = office.sent(), []

    def listen(_kind: str, *, message: Message, now: object) -> None:
        heard.append((message.id, message.state))

    with came_back.connected_to(listen):
        office.put(a_report(office.way_back(message)), a_report(office.way_back(message)))
        office.look()
        office.look()

    assert heard == [(message.id, FAILED)]


def test_a_subscribers_fault_undoes_nothing_and_keeps_nothing_from_being_read(
    office: Office,
) -> None:
    message = office.sent()

    def fail(_kind: str, **_given: object) -> None:
        raise ZeroDivisionError

    office.put(a_report(office.way_back(message)))
    with came_back.connected_to(fail):
        office.look()

    assert the_message(message.id).state is FAILED
    assert office.left() == 0


def test_what_is_large_is_fetched_in_pieces_only(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[int] = []
    pieces = imap.Mailbox._pieces

    def counted(self: imap.Mailbox, uid: int, items: str) -> dict[str, bytes]:
        found = pieces(self, uid, items)
        fetched.append(sum(map(len, found.values())))
        return found

    monkeypatch.setattr(imap.Mailbox, "_pieces", counted)
    message = office.sent()
    huge = "x" * 70 + "\r\n"
    office.put(
        a_report(
            office.way_back(message),
            words=huge * 40_000,
            returned=f"Subject: x\r\n\r\n{huge * 100_000}",
            returned_type="message/rfc822",
        ),
        a_letter() + huge.encode() * 50_000,
    )

    office.look()

    assert office.became_of(message) == (FAILED, True)
    assert sum(fetched) < 20_000


def test_a_folder_with_letters_of_ours_is_opened(make_office) -> None:
    office = make_office(
        "imaps://USER:open-sesame@127.0.0.1:PORT/R%C3%BCckl%C3%A4ufer%20%26%20mehr".replace(
            "PORT", str(_port(make_office))
        )
    )
    office.server.make_folder('"R&APw-ckl&AOQ-ufer &- mehr"', office.user)

    assert office.look().fault == ""


def _port(make_office) -> int:
    port: int = make_office().server.secure
    return port


def test_mail_numbers_that_were_dealt_with_are_forgotten_after_a_while(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put(an_absence("events@example.org"))
    office.look()
    assert db.session.query(HandledBounce).count() == 1

    monkeypatch.setattr(poller, "database_now", lambda: NOW + timedelta(days=61))
    office.look()

    db.session.rollback()
    assert db.session.query(HandledBounce).count() == 0


def test_without_a_mailbox_nobody_looks(app: Flask) -> None:
    assert poller.check_mailbox(is_urgent=True) is None
