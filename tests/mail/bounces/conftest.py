"""A mailbox on a real server, and messages that have gone out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count

import pytest
from flask import Flask

from event_mgmt import settings as settings_module
from event_mgmt.core.database import db, transactional
from event_mgmt.mail.bounces import codes, poller
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.registrations.models import Registration
from event_mgmt.settings import Settings
from tests.builders import a_registration, an_event
from tests.mail.bounces import dovecot
from tests.mail.bounces.dovecot import Dovecot
from tests.mail.certificates import Authority
from tests.mail.samples import NOW, queued, the_message

_users = count(1)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def server(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    """The server of this test run."""
    if not dovecot.IS_THERE:
        pytest.skip("there is no dovecot on this machine (apt-get install dovecot-imapd)")
    with dovecot.running(authority.signs("imap")) as running:
        yield running


@dataclass
class Office:
    """An application with a mailbox of its own on the server."""

    app: Flask
    server: Dovecot
    user: str
    settings: Settings

    def put(self, *mails: bytes) -> None:
        self.server.put(*mails, user=self.user)

    def left(self) -> int:
        return self.server.left(self.user)

    def look(self) -> poller.MailboxCheck:
        found = poller.check_mailbox(is_urgent=True)
        assert found is not None
        return found

    def sent(self, address: str = "guest-0@example.org", **given: object) -> Message:
        """A message to somebody who is registered, which a relay has taken."""
        guest = a_registration(an_event(), email=address)
        queued(to_address=address, registration_id=guest.id, event_id=guest.event_id)
        return self._gone_out({"state": MessageState.SENT, "sent_at": NOW, **given})

    @transactional
    def _gone_out(self, values: dict[str, object]) -> Message:
        message = max(db.session.query(Message), key=lambda one: one.id)
        for name, value in values.items():
            setattr(message, name, value)
        return message

    def code(self, message: Message) -> str:
        return codes.code_of(message, self.settings.secret_key)

    def way_back(self, message: Message) -> str:
        """The return path that the message went out with."""
        assert self.settings.bounces is not None
        return self.settings.bounces.return_path(self.code(message))

    def became_of(self, message: Message) -> tuple[MessageState, bool]:
        """The message's state, and whether its guest's address is marked."""
        fresh = the_message(message.id)
        guest = db.session.get_one(Registration, fresh.registration_id, populate_existing=True)
        return fresh.state, guest.address_failed_at is not None


@pytest.fixture
def make_office(
    app: Flask, server: Dovecot, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Office]:
    """Makes the application ready to read a new mailbox."""

    def make(url: str = "", **environ: str) -> Office:
        user = f"bounces-{next(_users)}"
        given = {
            "BOUNCE_MAILBOX": url.replace("USER", user) or server.url(user),
            "MAIL_CA_FILE": str(authority.file),
            "INSTANCE_DIR": app.instance_path,
            **environ,
        }
        loaded = settings_module.load(given)
        old: Settings = app.extensions["settings"]
        changed = replace(old, bounces=loaded.bounces)
        monkeypatch.setitem(app.extensions, "settings", changed)
        return Office(app, server, user, changed)

    monkeypatch.setattr(poller, "database_now", lambda: NOW)
    return make


@pytest.fixture
def office(make_office: Callable[..., Office]) -> Office:
    """An application with a mailbox of its own."""
    return make_office()
