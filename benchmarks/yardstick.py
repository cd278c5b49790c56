"""A bare application that does the same work and little else: what the machine could do at best.

Pages of the same length, a form of the same fields, the same rows in the same tables, as durable.
It leaves out what the product adds: languages, forms that check, sessions and CSRF tokens, limits,
waiting lists, headers, logs. Its templates are compiled and its statements built once.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from flask import Flask, redirect, request, url_for
from pysqlite3 import dbapi2
from sqlalchemy import create_engine, insert, text

from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.database import prepare_sqlite, table_of
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.models import Attendee, Registration

PAGE = """<!doctype html><html lang="de"><head><title>{{ row.title }}</title></head><body>
<h1>{{ row.title }}</h1><p>{{ row.summary }}</p>
<ul>{% for item in items %}<li><b>{{ item.title }}</b> {{ item.text }}</li>{% endfor %}</ul>
</body></html>"""
FIELDS = ("given_name", "family_name", "email", "organisation", "country")
FORM = """<!doctype html><html lang="de"><body><h1>{{ row.title }}</h1><form method="post">
<input type="hidden" name="nonce" value="{{ nonce }}">{% for name in fields %}
<label for="{{ name }}">{{ name }}</label><input id="{{ name }}" name="{{ name }}">{% endfor %}
<button>Anmelden</button></form><p>FILLING</p></body></html>"""
DONE = """<!doctype html><html lang="de"><body><h1>{{ row.title }}</h1>
<p>Wir haben an {{ email }} geschrieben.</p><p>FILLING</p></body></html>"""
TABLES = (
    "CREATE TABLE bare_event (id INTEGER PRIMARY KEY, title TEXT, summary TEXT)",
    "CREATE TABLE bare_item (id INTEGER PRIMARY KEY, event_id INT, title TEXT, text TEXT)",
    "INSERT INTO bare_event VALUES (1, 'Jahresempfang', 'Ein Abend')",
)
EVENT = text("SELECT * FROM bare_event WHERE id = 1")
ITEM = text("INSERT INTO bare_item VALUES (:id, 1, :title, :text)")
ITEMS = text("SELECT * FROM bare_item WHERE event_id = 1")
TAKE = text("UPDATE seat_pools SET taken = taken + 1 WHERE id = :pool AND taken + 1 <= capacity")
REGISTRATION = insert(table_of(Registration))
ATTENDEE = insert(table_of(Attendee))
MESSAGE = insert(table_of(Message))
AUDIT = insert(table_of(AuditEntry))


def create_app(database: str, *, event: int, pool: int, page: int, form: int, done: int) -> Flask:
    """A bare application for an event in the product's own ``database`` (an address).

    ``page``, ``form`` and ``done`` are the lengths of its pages in characters.
    """
    app = Flask(__name__)
    engine = _engine(database)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        for statement in TABLES:
            connection.exec_driver_sql(statement)
        for n in range(1, 21):
            item = (n, f"Punkt {n}", "x" * (page // 20))
            connection.execute(ITEM, dict(zip(("id", "title", "text"), item, strict=True)))
    engine.dispose()
    page_template = app.jinja_env.from_string(PAGE)
    form_template = app.jinja_env.from_string(FORM.replace("FILLING", "x" * form))
    done_template = app.jinja_env.from_string(DONE.replace("FILLING", "x" * done))

    @app.get("/page")
    def see_page():
        with engine.connect() as connection:
            row = connection.execute(EVENT).one()
            items = connection.execute(ITEMS).all()
        return page_template.render(row=row, items=items)

    @app.get("/register")
    def see_form():
        with engine.connect() as connection:
            row = connection.execute(EVENT).one()
        return form_template.render(row=row, fields=FIELDS, nonce=secrets.token_urlsafe(18))

    @app.post("/register")
    def register():
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            if connection.execute(TAKE, {"pool": pool}).rowcount:
                _write(connection, request.form, event=event, pool=pool)
        return redirect(url_for("see_done", email=request.form["email"]), 303)

    @app.get("/done")
    def see_done():
        with engine.connect() as connection:
            row = connection.execute(EVENT).one()
        return done_template.render(row=row, email=request.args["email"])

    return app


def _engine(database):
    if not database.startswith("sqlite"):
        return create_engine(database)
    engine = create_engine(database, module=dbapi2)
    prepare_sqlite(engine)
    return engine


def _write(connection, given, *, event, pool):
    """The four rows of one registration."""
    now = datetime.now(UTC)
    name = f"{given['given_name']} {given['family_name']}"
    registration = {
        "event_id": event,
        "pool_id": pool,
        "status": Status.CONFIRMED,
        "email": given["email"],
        "locale": "de",
        "seats": 1,
        "nonce": given["nonce"],
        "consents": {"privacy": {"version": "2026-11", "at": now.isoformat()}},
        "created_at": now,
        "changed_at": now,
        "confirmed_at": now,
    }
    made = connection.execute(REGISTRATION, registration).inserted_primary_key[0]
    attendee = {
        "event_id": event,
        "registration_id": made,
        **{key: given[key] for key in ("given_name", "family_name", "organisation", "country")},
        "search_text": f"{name} {given['organisation']}",
        "sort_key": name,
        "sort_key_sl": name,
        "organisation_key": given["organisation"],
    }
    connection.execute(ATTENDEE, attendee)
    message = {
        "key": f"registration_confirmed:{made}",
        "kind": "registration_confirmed",
        "locale": "de",
        "to_address": given["email"],
        "to_name": name,
        "event_id": event,
        "registration_id": made,
        "state": MessageState.QUEUED,
        "created_at": now,
        "due_at": now,
    }
    connection.execute(MESSAGE, message)
    entry = {
        "at": now,
        "actor": "participant",
        "action": "registration.entered",
        "event_id": event,
        "subject": "registration",
        "subject_id": made,
        "changes": {"status": [None, "confirmed"], "seats": [None, 1], "source": "web"},
    }
    connection.execute(AUDIT, entry)
