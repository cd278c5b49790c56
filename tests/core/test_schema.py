"""Migrations and models say the same."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from event_mgmt.core import schema
from event_mgmt.core.database import Base, db
from event_mgmt.settings import PROJECT_ROOT
from tests.applications import an_application
from tests.conftest import make_app


def test_migrations_lead_to_exactly_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, Base.metadata) == []


def test_the_files_numbers_are_the_revisions_in_their_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(PROJECT_ROOT / "migrations"))
    steps = ScriptDirectory.from_config(config).walk_revisions()

    assert schema.known_revisions() == [step.revision for step in steps][::-1]


def test_the_revision_is_read_as_the_migration_tool_reads_it(app: Flask) -> None:
    with db.engine.connect() as connection:
        told = MigrationContext.configure(connection).get_current_revision()

    assert schema.current_revision(db.engine) == told == schema.newest_revision()


def test_upgrading_twice_changes_nothing(app: Flask) -> None:
    schema.upgrade(db.engine)

    assert schema.is_current(db.engine)


def test_an_unmigrated_database_answers_503_with_a_word_to_the_operator(tmp_path) -> None:
    app = an_application(INSTANCE_DIR=str(tmp_path))
    answer = app.test_client().get("/", headers={"Accept-Language": "en"})

    assert answer.status_code == 503
    assert "flask --app app db upgrade" in answer.text
    assert app.test_client().get("/health").status_code == 503
    with app.app_context():
        db.engine.dispose()


def test_a_migrated_database_is_healthy(tmp_path) -> None:
    app = make_app(tmp_path, "")
    answer = app.test_client().get("/health")

    assert answer.status_code == 200
    assert answer.json["oldest_due_message_seconds"] == 0
    assert answer.json["oldest_waiting_task_seconds"] == 0
    with app.app_context():
        db.engine.dispose()
