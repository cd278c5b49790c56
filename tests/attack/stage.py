"""The stage of the attacks: two houses, full of everything, and a walk over every address.

Every argument that any address has must be named here: a new one fails the tests until somebody
has thought about who else's thing it could name.
"""

from __future__ import annotations

import contextvars
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from event_mgmt.accounts import one_time_links
from event_mgmt.accounts.models import LinkPurpose, Role, User
from event_mgmt.attendee_lists.models import ListTemplate, SavedView
from event_mgmt.core import tokens
from event_mgmt.core.database import Base, db, transactional
from event_mgmt.core.localized import Localized
from event_mgmt.core.privacy_notice import PRIVACY_VERSION
from event_mgmt.events.models import Event
from event_mgmt.files.purposes import FileOwner
from event_mgmt.mail.models import Message
from event_mgmt.organisations.models import Agreement, Logo, Organisation, Sector
from event_mgmt.registration_desk.imports.models import ImportList
from event_mgmt.registration_desk.imports.uploads import LIST
from event_mgmt.registrations.models import Registration, SensitiveAnswers
from tests.builders import (
    NOW,
    a_question,
    a_registration,
    a_task,
    a_user,
    an_event,
    an_organisation,
    saved,
)
from tests.files.samples import a_file
from tests.messaging.builders import a_rule
from tests.registration_desk.imports.lists import a_csv

MISSING_ID = 999_999
RAW_CSRF = "c" * 40
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")
PUBLIC_ARGUMENTS = frozenset({"slug", "name", "filename", "version"})
COUNTERS = frozenset({"throttle_counts"})


@dataclass(frozen=True)
class House:
    """One organisation with one of everything; ``mark`` stands in all of its private texts."""

    mark: str
    organisation: Organisation
    user: User
    event: Event
    registration: Registration
    values: Mapping[str, Any]
    link: str


def a_house(app: Flask, mark: str, **given: Any) -> House:
    """A furnished organisation, whose administrator sees everything that it has."""
    organisation = an_organisation(f"Haus {mark}")
    user = a_user(organisation, Role.ADMINISTRATOR, sees_sensitive=True, family_name=f"N{mark}")
    event = an_event(organisation, title=Localized(de=f"Empfang {mark}"), **given)
    registration = a_guest(event, mark)
    message = a_message_to(registration, mark)
    words = Localized(de=f"Wort {mark}")
    view = saved(SavedView(user_id=user.id, name=f"Sicht {mark}", criteria={"search": mark}))
    template = saved(
        ListTemplate(user_id=user.id, name=f"Spalten {mark}", columns=["number"], order="surname")
    )
    agreement = saved(
        Agreement(
            title=words, signed_on=date(2011, 2, 15), parties=[db.session.merge(organisation)]
        )
    )
    values = {
        "event_id": event.id,
        "organisation_id": organisation.id,
        "registration_id": registration.id,
        "attendee_id": registration.attendees[0].id,
        "message_id": message.id,
        "rule_id": a_rule(event, subject=words, body=words).id,
        "view_id": view.id,
        "template_id": template.id,
        "membership_id": user.memberships[0].id,
        "task_id": a_task(user, words=f"W{mark}", result_name=f"R{mark}").id,
        "agreement_id": agreement.id,
        "sector_id": saved(Sector(code=f"s-{mark.lower()}", name=words)).id,
        "token": an_upload(event, user),
        "slug": event.slug,
        "name": saved(Logo(name=f"{mark}.png", content=b"\x89PNG")).name,
        "filename": "css/tokens.css",
        "version": PRIVACY_VERSION,
    }
    link = tokens.sign("registration", registration.id, registration.link_version)
    return House(mark, organisation, user, event, registration, values, link)


def a_guest(event: Event, mark: str, **given: Any) -> Registration:
    """Somebody with the mark in every field, a sensitive answer, and a companion."""
    question = a_question(event, label=f"Frage {mark}", is_sensitive=True)
    registration = a_registration(
        event,
        companions=1,
        given_name=f"V{mark}",
        family_name=f"F{mark}",
        organisation=f"O{mark}",
        function=f"A{mark}",
        email=f"{mark.lower()}@example.org",
        message=f"M{mark}",
        staff_note=f"S{mark}",
        **given,
    )
    sensitive = SensitiveAnswers(
        attendee_id=registration.attendees[0].id, answers={str(question.id): f"Q{mark}"}
    )
    saved(sensitive)
    return registration


def a_message_to(registration: Registration, mark: str) -> Message:
    """A mail that waits for its hour."""
    message = Message(
        key=f"attack:{registration.id}",
        kind="registration_confirmed",
        locale="de",
        to_address=registration.email,
        to_name=f"T{mark}",
        event_id=registration.event_id,
        registration_id=registration.id,
        created_at=NOW,
        due_at=NOW,
    )
    return saved(message)


def an_upload(event: Event, user: User) -> str:
    """The token of a list that waits to be imported."""
    content = a_csv(("Ana", "Novak", "ana@example.org", "Novak d.o.o."))
    upload = ImportList(
        token=secrets.token_urlsafe(24),
        event_id=event.id,
        user_id=user.id,
        kept_at=NOW,
        file_name="gaeste.csv",
        pool_id=event.pools[0].id,
        locale="de",
        file_id=a_file(
            content, FileOwner(event_id=event.id, user_id=user.id), now=NOW, purpose=LIST
        ),
    )
    return str(saved(upload).token)


@transactional
def a_one_time_link(user_id: int, purpose: LinkPurpose) -> str:
    """The token of a link that is mailed to a user."""
    return one_time_links.token_of(one_time_links.issue(user_id, purpose, now=NOW))


class Stranger(FlaskClient):
    """A client whose requests share nothing with the test but the database."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response: TestResponse = contextvars.Context().run(
            super().open, *args, buffered=True, **kwargs
        )
        return response


def browser(app: Flask, user: User | None = None, **session_values: Any) -> FlaskClient:
    """A browser that has a CSRF token, signed in as ``user`` if one is given."""
    client = Stranger(app, app.response_class, use_cookies=True)
    with client.session_transaction() as session:
        session["csrf_token"] = RAW_CSRF
        if user is not None:
            session["_user_id"] = f"{user.id}:{user.session_version}"
            session["_fresh"] = True
            session["signed_in_at"] = int(NOW.timestamp())
        session.update(session_values)
    return client


def csrf_header(app: Flask) -> dict[str, str]:
    """What a browser of ``browser`` sends with every change."""
    token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(RAW_CSRF)
    return {"X-CSRFToken": token}


def rules_of(app: Flask) -> Iterator[Rule]:
    """Every address but the static files'."""
    yield from (rule for rule in app.url_map.iter_rules() if rule.endpoint != "static")


def routes_of(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every address with every method that it answers by itself."""
    for rule in rules_of(app):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def missing(rule: Rule, name: str) -> Any:
    """A value for an argument behind which there is nothing."""
    is_number = rule._converters[name].regex == r"\d+"
    return MISSING_ID if is_number else "x" * 32


def url_of(app: Flask, rule: Rule, values: Mapping[str, Any], method: str = "GET") -> str:
    """The address of ``rule`` with these values."""
    chosen = {name: values[name] for name in rule.arguments}
    return app.url_map.bind("localhost").build(rule.endpoint, chosen, method=method)


def text_of(response: TestResponse) -> str:
    """The body as text, whatever it is."""
    return response.data.decode("utf-8", "replace")


def answer_of(response: TestResponse) -> tuple[int, str, str]:
    """What a caller can tell apart: status, headers and words, without numbers and nonces."""
    plain = re.sub(r'nonce="[^"]*"|value="[\w.-]{40,}"', "", text_of(response))
    plain = plain.replace(response.request.path, "here")
    kept = [
        f"{name}: {value}"
        for name, value in sorted(response.headers.items())
        if name not in {"Set-Cookie", "Content-Length", "Content-Security-Policy", "Date"}
    ]
    return response.status_code, _plain("\n".join(kept)), _plain(plain)


def sent(app: Flask, client: FlaskClient, method: str, url: str) -> tuple[int, str, str]:
    """What a caller can tell of the answer to this request, which carries a CSRF token."""
    return answer_of(client.open(url, method=method, headers=csrf_header(app)))


def _plain(text: str) -> str:
    return re.sub(r"\d+|x{32}", "#", text)


def contents(*, without: frozenset[str] = COUNTERS) -> dict[str, list[Any]]:
    """Every row of every table, but for what only counts tries."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in without]
    db.session.rollback()
    found = {
        table.name: db.session.execute(select(table).order_by(*table.primary_key)).all()
        for table in tables
    }
    db.session.rollback()
    return found
