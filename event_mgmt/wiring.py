"""Puts the house together: THE list of extensions, rooms, notices and subscribers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask, request
from sqlalchemy.orm import configure_mappers
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response
from whitenoise import WhiteNoise

from event_mgmt import cli, logs, settings as settings_module, tables
from event_mgmt.accounts import (
    access,
    account_views,
    audit_words as account_deeds,
    labels as account_labels,
    member_views,
    notices as account_notices,
    sessions,
    sign_in_views,
)
from event_mgmt.accounts.sessions import login_manager
from event_mgmt.attendee_lists import (
    audit_words as list_deeds,
    blueprint as attendee_list_blueprint,
    export_views,
    labels as list_labels,
    queries as attendee_lists,
    views as attendee_list_views,
)
from event_mgmt.audit_desk import views as history_views
from event_mgmt.core import compaction, schema, throttle
from event_mgmt.core.database import db, engine_options, prepare_sqlite
from event_mgmt.dashboard import navigation, views as desk_views
from event_mgmt.event_desk import (
    content_views,
    pages as event_desk,
    partner_views,
    status_views,
    views as event_desk_views,
)
from event_mgmt.event_site import views as agenda_views
from event_mgmt.events import (
    audit_words as event_deeds,
    key_facts as event_facts,
    labels as event_labels,
    notices as partner_notices,
    queries as event_queries,
    service as events,
    signals as event_signals,
)
from event_mgmt.files import service as files
from event_mgmt.mail import clocks, labels as mail_labels, letters
from event_mgmt.messaging import (
    audit_words as reminder_deeds,
    desk_views as reminder_desk,
    labels as reminder_labels,
    message_views as message_desk,
    notices as reminder_notices,
    planner,
    service as reminders,
)
from event_mgmt.organisation_desk import platform_views, views as organisation_views
from event_mgmt.organisations import (
    audit_words as organisation_deeds,
    labels as organisation_labels,
)
from event_mgmt.privacy import (
    audit_words as privacy_deeds,
    retention,
    vacuum,
    views as privacy_views,
)
from event_mgmt.registration_desk import (
    blueprint as registration_desk,
    entry_views,
    party_views,
    views as registration_desk_views,
)
from event_mgmt.registration_desk.imports import uploads
from event_mgmt.registrations import (
    address_commands,
    audit_words as registration_deeds,
    blueprint as registrations,
    labels as registration_labels,
    offer_commands,
    subscribers,
)
from event_mgmt.registrations.changes import proposal_commands
from event_mgmt.registrations.mails import (
    event_mails,
    mail_context,
    recipients,
    registration_mails as registration_notices,
)
from event_mgmt.registrations.participant import new_address_views, participant_views
from event_mgmt.registrations.people import display_names
from event_mgmt.registrations.public import registration_views
from event_mgmt.resources import resource
from event_mgmt.serving.rates import Limits
from event_mgmt.settings import Settings
from event_mgmt.system_pages import views as site_views
from event_mgmt.web import errors, locale, row_ids, security, templating
from event_mgmt.web.application import Application

BODY_LIMIT = 256 * 1024
LARGEST_BODY = 24 * 1024 * 1024
"""No page takes more, whatever limit of its own it sets: the server reads no more than that."""
A_YEAR = 365 * 24 * 3600


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application for ``settings`` (default: read from the environment).

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
    app.config.from_mapping(_flask_config(settings))
    logs.init_app(app)
    _database(app, settings)
    locale.babel.init_app(app, locale_selector=locale.select_locale)
    login_manager.init_app(app)
    row_ids.init_app(app)
    security.init_app(app)
    templating.init_app(app, settings)
    access.init_app(app)
    navigation.init_app(app)
    errors.init_app(app)
    _gatekeepers(app)
    _rooms(app)
    cli.init_app(app)
    _middleware(app, settings)
    return app


def _flask_config(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.testing,
        "TRUSTED_HOSTS": list(settings.trusted_hosts),
        "MAX_CONTENT_LENGTH": BODY_LIMIT,
        "MAX_FORM_MEMORY_SIZE": BODY_LIMIT,
        "LARGEST_BODY": LARGEST_BODY,
        "SLOW_CLIENTS": Limits(),
        "MAX_FORM_PARTS": 1000,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_NAME": "__Host-session" if settings.is_https else "session",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_CHECK_DEFAULT": False,
        "BABEL_DEFAULT_LOCALE": settings.default_locale,
        "BABEL_TRANSLATION_DIRECTORIES": str(resource("translations")),
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings),
    }


def _database(app: Flask, settings: Settings) -> None:
    db.init_app(app)
    configure_mappers()
    if settings.is_sqlite:
        with app.app_context():
            prepare_sqlite(db.engine)


def _gatekeepers(app: Flask) -> None:
    """What must hold before any page is made."""
    ready = False

    @app.before_request
    def _schema_is_current() -> Response | None:
        nonlocal ready
        if ready or request.endpoint in {"static", "system_pages.health"}:
            return None
        ready = schema.is_current(db.engine)
        return None if ready else errors.schema_not_current()

    app.before_request(locale.remember_choice)


def _rooms(app: Flask) -> None:
    """Every blueprint, every notice, every subscriber."""
    app.register_blueprint(site_views.bp)
    app.extensions.setdefault("jobs", []).append(clocks.bring_back)
    _accounts(app)
    _organisations(app)
    _events(app)
    _registrations(app)
    _reminders(app)
    _attendee_lists(app)
    _privacy(app)
    _desk(app)
    _audit(app)
    app.extensions.setdefault("jobs", []).extend(
        [throttle.delete_expired_counts, files.sweep, compaction.empty_log]
    )


def _accounts(app: Flask) -> None:
    """Sign-in, members, profile."""
    app.before_request(sessions.end_expired_session)
    app.register_blueprint(sign_in_views.bp)
    app.register_blueprint(account_views.bp)
    app.register_blueprint(member_views.bp)
    for kind, notice in account_notices.LETTERS.items():
        letters.notices.add(kind, notice)


def _organisations(app: Flask) -> None:
    """Organisations and agreements."""
    app.register_blueprint(organisation_views.public)
    app.register_blueprint(organisation_views.desk)
    app.register_blueprint(platform_views.bp)


def _events(app: Flask) -> None:
    """Agenda and event desk."""
    app.register_blueprint(agenda_views.bp)
    app.register_blueprint(event_desk.bp)
    app.extensions["event_resolver"] = event_queries.event_for_desk
    letters.notices.add("partner_invited", partner_notices.partner_invited)
    app.extensions.setdefault("jobs", []).append(events.finish)


def _registrations(app: Flask) -> None:
    """Registering, the participant's own page, the registration desk."""
    app.extensions["people_told"] = recipients.count_recipients
    app.extensions["people_written_to"] = recipients.count_notified
    app.register_blueprint(registrations.bp)
    app.jinja_env.filters["key_facts"] = event_facts.key_facts
    display_names.init_app(app)
    app.register_blueprint(registration_desk.bp)
    for kind, notice in registration_notices.LETTERS.items():
        letters.notices.add(kind, notice, prepare=mail_context.preload)
    for kind, notice in event_mails.LETTERS.items():
        letters.notices.add(kind, notice, prepare=event_mails.preload)
    subscribers.connect()
    jobs = app.extensions.setdefault("jobs", [])
    jobs.extend(
        [
            offer_commands.expire_offers,
            proposal_commands.expire_proposals,
            address_commands.process_unconfirmed,
            uploads.forget_old_uploads,
        ]
    )


def _reminders(app: Flask) -> None:
    """Reminder rules, group messages, the messages page."""
    app.register_blueprint(reminder_desk.bp)
    app.register_blueprint(message_desk.bp)
    event_signals.created.connect(reminders.add_defaults)
    event_signals.duplicated.connect(reminders.copy_rules)
    event_signals.changed.connect(reminders.follow_move)
    event_signals.postponed.connect(reminders.silence)
    event_signals.cancelled.connect(reminders.silence)
    reminder_notices.name_sources()
    for kind, notice in reminder_notices.LETTERS.items():
        letters.notices.add(kind, notice, prepare=reminder_notices.read_ahead)
    app.extensions.setdefault("jobs", []).append(planner.plan)


def _attendee_lists(app: Flask) -> None:
    """Lists and exports."""
    app.register_blueprint(attendee_list_blueprint.bp)
    app.extensions["people_listed"] = attendee_lists.people_listed


def _privacy(app: Flask) -> None:
    """Retention, erasure, what is known about whom."""
    app.register_blueprint(privacy_views.bp)
    app.extensions.setdefault("jobs", []).extend([retention.retain, vacuum.after_erasure])


def _desk(app: Flask) -> None:
    """Today and the overview of one event."""
    app.register_blueprint(desk_views.bp)


def _audit(app: Flask) -> None:
    """The history, with every room's words for its deeds."""
    app.register_blueprint(history_views.bp)
    account_deeds.teach()
    organisation_deeds.teach()
    event_deeds.teach()
    registration_deeds.teach()
    reminder_deeds.teach()
    list_deeds.teach()
    privacy_deeds.teach()


def _middleware(app: Flask, settings: Settings) -> None:
    static = WhiteNoise(app.wsgi_app, max_age=A_YEAR, autorefresh=False)
    static.add_files(str(resource("static")), prefix="static/")
    app.wsgi_app = static  # type: ignore[method-assign]
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )


_BY_IMPORT_ALONE = (
    tables,
    # Pages that hang on a blueprint which several modules share.
    *(event_desk_views, content_views, partner_views, status_views),
    *(attendee_list_views, export_views),
    *(registration_views, participant_views, new_address_views),
    *(registration_desk_views, entry_views, party_views),
    # What enumerations are called on screen.
    *(account_labels, organisation_labels, event_labels, registration_labels),
    *(mail_labels, reminder_labels, list_labels),
)
"""Modules that do their part by being imported."""
