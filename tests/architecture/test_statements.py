"""No page sends more statements because there are more rows: every GET of the URL map, walked."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from event_mgmt.accounts import one_time_links
from event_mgmt.accounts.models import LinkPurpose, Membership, Role, User
from event_mgmt.attendee_lists.models import Export, ListTemplate, SavedView
from event_mgmt.audit.models import AuditEntry
from event_mgmt.core import tokens
from event_mgmt.core.database import db, transactional
from event_mgmt.core.localized import Localized
from event_mgmt.core.privacy_notice import PRIVACY_VERSION
from event_mgmt.events.enums import AttendeeAccess, EventStatus, PartnerStatus
from event_mgmt.events.models import Event, ProgrammeItem
from event_mgmt.files.purposes import FileOwner
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.messaging.enums import Unit
from event_mgmt.messaging.models import GroupMessage, ReminderRule
from event_mgmt.organisations.models import Agreement, Organisation, Sector
from event_mgmt.registration_desk.imports.models import ImportList
from event_mgmt.registration_desk.imports.uploads import LIST
from event_mgmt.registrations.changes.proposal_commands import address_token
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.models import Registration, SensitiveAnswers
from tests.builders import (
    NOW,
    a_partner,
    a_proposal,
    a_question,
    a_registration,
    a_task,
    a_user,
    an_event,
    an_organisation,
    saved,
)
from tests.files.samples import a_file
from tests.sql_counter import counted_statements
from tests.web.sign_in import signed_in

FEW, MANY = 2, 9
ELSEWHERE = {
    "organisation_desk.logo": "a file, found by its name",
    "accounts.second_factor": "only between the password and the code",
    "accounts.new_password": "only behind a link that was opened",
    "accounts.accept_invitation": "leads on to the page behind it",
    "accounts.reset": "leads on to the page behind it",
    "registrations.enter": "leads on to the participant's own page",
    "accounts.turn_off_second_factor": "only with a second factor",
    "accounts.recovery_codes": "only with a second factor",
    "accounts.login": "leads whoever is signed in to the desk",
    "system_pages.favicon": "leads on to the file",
}
"""Pages that show no rows of their own and answer otherwise than with 200 here, and why."""

_numbers = itertools.count(1)


@dataclass
class World:
    """One host with ``rows`` of everything that a page could show, and the values of all routes."""

    app: Flask
    rows: int
    values: dict[str, Any] = field(default_factory=dict)
    instead: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        n = next(_numbers)
        host = an_organisation(f"Host {n}")
        user = a_user(host, Role.ADMINISTRATOR, sees_sensitive=True, is_platform_admin=True)
        self.values |= {"organisation_id": host.id, "user": user, "version": PRIVACY_VERSION}
        event = an_event(host, seats=900, largest_party=9)
        self.values |= {"event_id": event.id, "slug": event.slug}
        for _ in range(self.rows):
            self._more_of_the_house(host, user)
            self._more_of_the_event(event, host, user)
            self._more_people(event, host, user)
        self._lists_of(event, user)
        over = an_event(host, status=EventStatus.FINISHED, starts_at=NOW - timedelta(days=9))
        self.instead |= {
            "event_site.host_feed": {"slug": host.slug},
            "event_desk.archive": {"event_id": over.id},
            "accounts.accept_invitation": {"token": one_time_link(a_user(host).id)},
            "registrations.enter": {"token": self.values["link"]},
            "registrations.new_address": {
                "token": self._a_proposal_of(self.values["registration_id"])
            },
        }

    def _a_proposal_of(self, registration_id: int) -> str:
        """A change of the guest's own registration; the token that goes to its new address."""
        own = db.session.get_one(Registration, registration_id)
        return address_token(a_proposal(own, email="new@example.org", checks_address=True))

    def _more_of_the_house(self, host: Organisation, user: User) -> None:
        n = next(_numbers)
        member = a_user()
        membership = saved(
            Membership(user_id=member.id, organisation_id=host.id, role=Role.ORGANISER)
        )
        sector = saved(Sector(code=f"s{n}", name=Localized(de=f"Branche {n}")))
        agreement = Agreement(title=Localized(de=f"Abkommen {n}"), signed_on=date(2011, 2, 10))
        agreement.parties = [db.session.merge(host), an_organisation()]
        saved(agreement)
        others = an_event(host, sectors=[sector], agreement_id=agreement.id)
        a_partner(others, an_organisation())
        foreign = an_event()
        a_partner(foreign, host, status=PartnerStatus.INVITED, seats=3)
        self.instead["event_desk.partnership"] = {"event_id": foreign.id}
        saved(SavedView(user_id=user.id, name=f"Sicht {n}", criteria={}))
        saved(ListTemplate(user_id=user.id, name=f"Liste {n}", columns=["number"], order="surname"))
        self.values |= {
            "membership_id": membership.id,
            "task_id": a_task(user, words=f"Nr. {n}").id,
            "sector_id": sector.id,
            "agreement_id": agreement.id,
        }

    def _more_of_the_event(self, event: Event, host: Organisation, user: User) -> None:
        n = next(_numbers)
        a_partner(event, an_organisation(), access=AttendeeAccess.OWN, seats=5)
        label = Localized(de=f"Frage {n}")
        a_question(event)
        a_question(event, is_sensitive=True)
        saved(ProgrammeItem(event_id=event.id, starts_at=event.starts_at, title=label))
        rule = saved(
            ReminderRule(
                event_id=event.id,
                amount=n,
                unit=Unit.DAYS,
                statuses=["confirmed"],
                created_at=NOW,
                armed_at=NOW,
            )
        )
        saved(
            GroupMessage(
                event_id=event.id,
                subject=label,
                body=label,
                audience={},
                nonce=str(n),
                created_by=user.id,
                created_at=NOW,
            )
        )
        saved(
            Export(
                at=NOW,
                event_id=event.id,
                user_id=user.id,
                format="csv",
                purpose="Einlass",
                criteria={},
                columns=[],
                row_count=1,
                sha256="0" * 64,
            )
        )
        self.values["rule_id"] = rule.id

    def _more_people(self, event: Event, host: Organisation, user: User) -> None:
        event = db.session.merge(event)
        for status in Status:
            registration = a_registration(
                event,
                status=status,
                companions=1,
                shares_name=True,
                offer_expires_at=NOW + timedelta(days=1) if status is Status.OFFERED else None,
            )
            saved(SensitiveAnswers(attendee_id=registration.attendees[0].id, answers={}))
            saved(
                AuditEntry(
                    at=NOW,
                    user_id=a_user().id,
                    actor="user",
                    action="registration.made",
                    organisation_id=host.id,
                    event_id=event.id,
                    subject="registration",
                    subject_id=registration.id,
                )
            )
        own = a_registration(event, companions=self.rows, shares_name=True)
        for state in MessageState:
            message = saved(
                Message(
                    key=f"key-{next(_numbers)}",
                    kind="registration_confirmed",
                    locale="de",
                    to_address=own.email,
                    event_id=event.id,
                    registration_id=own.id,
                    state=state,
                    created_at=NOW,
                    due_at=NOW,
                )
            )
        self.values |= {
            "registration_id": own.id,
            "message_id": message.id,
            "link": tokens.sign("registration", own.id, own.link_version),
        }

    def _lists_of(self, event: Event, user: User) -> None:
        lines = [f"Ana;Novak {n};ana-{n}@example.org" for n in range(self.rows)]
        content = "\n".join(["Vorname;Nachname;E-Mail", *lines]).encode()
        owner = FileOwner(event_id=event.id, user_id=user.id)
        for endpoint in ("import_columns", "import_check"):
            upload = ImportList(
                token=f"{endpoint}-{next(_numbers)}",
                event_id=event.id,
                user_id=user.id,
                kept_at=NOW,
                file_name="gaeste.csv",
                pool_id=event.pools[0].id,
                locale="de",
                file_id=a_file(content, owner, now=NOW, purpose=LIST),
            )
            saved(upload)
            self.instead[f"registration_desk.{endpoint}"] = {"token": upload.token}

    def statements(self) -> dict[str, int]:
        """How many statements the first sight of each page sends; fails where one is not shown."""
        desk = signed_in(self.app.test_client(), self.values["user"])
        guest = self.app.test_client()
        guest.get(f"/registration/{self.values['link']}")
        with guest.session_transaction() as session:
            session["receipt"] = {
                "slug": self.values["slug"],
                "email": "ana@example.org",
                "status": Status.CONFIRMED,
                "seats": 1,
                "differs": False,
            }
        found, unseen = {}, {}
        for rule in pages(self.app):
            client = guest if rule.endpoint.startswith("registrations.") else desk
            status, found[rule.endpoint] = self._seen(client, rule)
            if (status == 200) == (rule.endpoint in ELSEWHERE):
                unseen[rule.endpoint] = status
        assert unseen == {}, "pages that this test must learn to reach (or no longer excuse)"
        return found

    def _seen(self, client: FlaskClient, rule: Rule) -> tuple[int, int]:
        given = {"name": "x", "token": "x", **self.values, **self.instead.get(rule.endpoint, {})}
        values = {name: given[name] for name in rule.arguments}
        url = self.app.url_map.bind("localhost").build(rule.endpoint, values)
        db.session.remove()
        with counted_statements() as statements:
            answer = client.get(url)
        return answer.status_code, len(statements)


@transactional
def one_time_link(user_id: int) -> str:
    """The token of a fresh link."""
    link = one_time_links.issue(user_id, LinkPurpose.INVITATION, now=NOW)
    return one_time_links.token_of(link)


def pages(app: Flask) -> Iterator[Rule]:
    """Every page that can be got."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and rule.endpoint != "static":
            yield rule


@pytest.fixture
def _frozen() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def a_page_that_asks_for_each_row() -> Response:
    """As a page does that loads a relation row by row."""
    for (sector_id,) in db.session.execute(select(Sector.id)).all():
        db.session.execute(select(Sector.name).where(Sector.id == sector_id)).all()
    return Response("User-agent: *", mimetype="text/plain")


@pytest.mark.usefixtures("_frozen")
def test_no_page_but_one_made_to_sends_more_statements_for_more_rows(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        sqlite_app.view_functions, "system_pages.robots", a_page_that_asks_for_each_row
    )
    sqlite_app.test_client().get("/")

    few = World(sqlite_app, FEW).statements()
    many = World(sqlite_app, MANY).statements()

    grown = {page: (few[page], many[page]) for page in few if many[page] > few[page]}
    assert grown.pop("system_pages.robots") == (1 + FEW, 1 + FEW + MANY)
    assert grown == {}
