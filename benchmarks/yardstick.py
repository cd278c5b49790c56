"""Bare applications that do the same work and little else: what the machine could do at best."""

from __future__ import annotations

import json
import os
import secrets

from flask import Flask, redirect, render_template_string, request
from pysqlite3 import dbapi2
from sqlalchemy import create_engine, event, text

PAGE = """<!doctype html><html lang="de"><head><title>{{ row.title }}</title></head><body>
<h1>{{ row.title }}</h1><p>{{ row.summary }}</p>
<ul>{% for item in items %}<li><b>{{ item.title }}</b> {{ item.text }}</li>{% endfor %}</ul>
</body></html>"""
FORM = """<!doctype html><html lang="de"><body><h1>{{ row.title }}</h1><form method="post">
<input type="hidden" name="nonce" value="{{ nonce }}">{% for i in range(12) %}
<label for="f{{ i }}">Feld {{ i }}</label><input id="f{{ i }}" name="f{{ i }}">{% endfor %}
<button>Anmelden</button></form></body></html>"""
TABLES = (
    "CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY, title TEXT, summary TEXT, taken INT, seats INT)",
    "CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, event_id INT, title TEXT, text TEXT)",
    "CREATE TABLE IF NOT EXISTS registration (id INTEGER PRIMARY KEY, event_id INT, email TEXT, nonce TEXT UNIQUE)",
    "CREATE TABLE IF NOT EXISTS attendee (id INTEGER PRIMARY KEY, registration_id INT, name TEXT, answers TEXT)",
    "CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY, key TEXT UNIQUE, address TEXT, facts TEXT)",
    "CREATE TABLE IF NOT EXISTS audit (id INTEGER PRIMARY KEY, action TEXT, changes TEXT)",
)


def create_app() -> Flask:
    """A bare application on its own database file (``YARDSTICK_DB``), page size ``YARDSTICK_SIZE``."""
    app = Flask(__name__)
    engine = create_engine(f"sqlite:///{os.environ['YARDSTICK_DB']}", module=dbapi2)
    words = "x" * (int(os.environ.get("YARDSTICK_SIZE", "7500")) // 20)

    @event.listens_for(engine, "connect")
    def _pragmas(connection, _record):
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
            connection.execute(f"PRAGMA {pragma}").close()

    with engine.connect() as connection:
        for table in TABLES:
            connection.exec_driver_sql(table)
        connection.exec_driver_sql(
            "INSERT INTO event VALUES (1, 'Jahresempfang', 'Ein Abend', 0, 1000000000)"
        )
        for n in range(20):
            connection.exec_driver_sql(
                "INSERT INTO item VALUES (?, 1, ?, ?)", (n + 1, f"Punkt {n}", words)
            )
    engine.dispose()

    @app.get("/page")
    def page():
        with engine.connect() as connection:
            row = connection.execute(text("SELECT * FROM event WHERE id = 1")).one()
            items = connection.execute(text("SELECT * FROM item WHERE event_id = 1")).all()
        return render_template_string(PAGE, row=row, items=items)

    @app.get("/register")
    def form():
        with engine.connect() as connection:
            row = connection.execute(text("SELECT * FROM event WHERE id = 1")).one()
        return render_template_string(FORM, row=row, nonce=secrets.token_urlsafe(16))

    @app.post("/register")
    def register():
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.execute(
                text("UPDATE event SET taken = taken + 1 WHERE id = 1 AND taken + 1 <= seats")
            )
            made = connection.execute(
                text("INSERT INTO registration (event_id, email, nonce) VALUES (1, :e, :n)"),
                {"e": request.form["email"], "n": request.form["nonce"]},
            )
            values = {"r": made.lastrowid, "j": json.dumps({"a": 1}), "k": secrets.token_hex(8)}
            connection.execute(
                text("INSERT INTO attendee (registration_id, name, answers) VALUES (:r, 'N', :j)"),
                values,
            )
            connection.execute(
                text("INSERT INTO message (key, address, facts) VALUES (:k, 'a@b', :j)"), values
            )
            connection.execute(
                text("INSERT INTO audit (action, changes) VALUES ('made', :j)"), values
            )
            connection.exec_driver_sql("COMMIT")
        return redirect("/done")

    @app.get("/done")
    def done():
        with engine.connect() as connection:
            row = connection.execute(text("SELECT * FROM event WHERE id = 1")).one()
        return render_template_string("<!doctype html><h1>{{ row.title }}</h1>", row=row)

    return app
