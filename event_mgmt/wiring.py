"""Puts the house together: the rooms in floor order, and an application made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask import Flask
from sqlalchemy.orm import configure_mappers

from event_mgmt import cli, logs, settings as settings_module
from event_mgmt.accounts import access, room as accounts, sessions
from event_mgmt.attendee_lists import room as attendee_lists
from event_mgmt.audit import labels as audit_labels, room as audit
from event_mgmt.audit_desk import room as audit_desk
from event_mgmt.check_in import room as check_in
from event_mgmt.core import room as core
from event_mgmt.core.database import db, prepare_sqlite
from event_mgmt.dashboard import navigation, room as dashboard
from event_mgmt.demo import room as demo
from event_mgmt.event_desk import room as event_desk
from event_mgmt.event_site import room as event_site
from event_mgmt.events import room as events
from event_mgmt.files import room as files
from event_mgmt.flask_config import flask_config
from event_mgmt.gallery import room as gallery
from event_mgmt.mail import registry as mail_registry, room as mail
from event_mgmt.messaging import room as messaging
from event_mgmt.operations import room as operations
from event_mgmt.organisation_desk import room as organisation_desk
from event_mgmt.organisations import room as organisations
from event_mgmt.privacy import room as privacy
from event_mgmt.registration_desk import room as registration_desk
from event_mgmt.registrations import room as registrations
from event_mgmt.resources import resource
from event_mgmt.rooms import Room
from event_mgmt.settings import Settings
from event_mgmt.system_pages import room as system_pages
from event_mgmt.tasks import kinds as task_kinds, room as tasks
from event_mgmt.web import (
    enum_labels,
    errors,
    locale,
    middleware,
    page_cache,
    row_ids,
    schema_check,
    security,
    templating,
)
from event_mgmt.web.application import Application

ROOMS: Final[tuple[Room, ...]] = (
    *(core.ROOM, audit.ROOM, files.ROOM, mail.ROOM, organisations.ROOM, accounts.ROOM, tasks.ROOM),
    *(system_pages.ROOM, gallery.ROOM, audit_desk.ROOM, organisation_desk.ROOM),
    *(events.ROOM, event_site.ROOM, registrations.ROOM, check_in.ROOM, attendee_lists.ROOM),
    *(registration_desk.ROOM, messaging.ROOM, event_desk.ROOM),
    *(privacy.ROOM, dashboard.ROOM, demo.ROOM, operations.ROOM),
)


def create_app(settings: Settings | None = None, rooms: Sequence[Room] = ROOMS) -> Flask:
    """The WSGI application of ``rooms`` for ``settings`` (default: read from the environment).

    Raises SettingsError when a setting is wrong.
    """
    settings = settings or settings_module.load()
    app = Application(
        "event_mgmt",
        instance_path=str(settings.instance),
        static_folder=str(resource("static")),
        template_folder=str(resource("templates")),
    )
    app.extensions["settings"] = settings
    app.config.from_mapping(flask_config(settings))
    logs.init_app(app)
    _database(app, settings)
    locale.init_app(app, sessions.account_language)
    sessions.init_app(app)
    row_ids.init_app(app)
    security.init_app(app)
    templating.init_app(app, settings)
    errors.init_app(app)
    schema_check.init_app(app)
    app.before_request(locale.remember_choice)
    _rooms(app, rooms)
    cli.init_app(app)
    page_cache.init_app(app, (page for room in rooms for page in room.visitor_pages))
    middleware.init_app(app, settings)
    return app


def _database(app: Flask, settings: Settings) -> None:
    db.init_app(app)
    configure_mappers()
    if settings.is_sqlite:
        with app.app_context():
            prepare_sqlite(db.engine)


def _rooms(app: Flask, rooms: Sequence[Room]) -> None:
    """Hand what the rooms declare to those who use it."""
    app.extensions["rooms"] = tuple(rooms)
    access.init_app(app, (room.resolvers for room in rooms))
    mail_registry.init_app(app, rooms)
    task_kinds.init_app(app, (kind for room in rooms for kind in room.tasks))
    enum_labels.init_app(app, (label for room in rooms for label in room.enum_labels))
    audit_labels.init_app(app, (room.audit_labels for room in rooms if room.audit_labels))
    navigation.init_app(app, (entry for room in rooms for entry in room.navigation))
    for room in rooms:
        for ask_first in room.before_request:
            app.before_request(ask_first)
        for blueprint in room.blueprints:
            app.register_blueprint(blueprint)
        for signal, hear in room.listeners:
            signal.connect(hear)  # once, however many applications a process has
        app.jinja_env.filters.update(room.template_filters)
