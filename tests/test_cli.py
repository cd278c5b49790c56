"""What operators read when they type a command."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from flask import Flask

from event_mgmt.core.database import db
from tests.applications import an_application

PASSWORD = "a-password-to-keep"


@pytest.fixture
def deserted_app(tmp_path) -> Iterator[Flask]:
    """An application whose PostgreSQL is not there."""
    with socket.socket() as nobody:  # bound and not listening: no one else can take the port
        nobody.bind(("127.0.0.1", 0))
        url = f"postgresql://user:{PASSWORD}@127.0.0.1:{nobody.getsockname()[1]}/events"
        app = an_application(INSTANCE_DIR=str(tmp_path), DATABASE_URL=url)
        yield app
        with app.app_context():
            db.engine.dispose()


def test_a_database_that_does_not_answer_is_one_clear_line(deserted_app: Flask) -> None:
    result = deserted_app.test_cli_runner().invoke(args=["db", "upgrade"])

    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert result.output.startswith("Error: The database of DATABASE_URL: ")
    assert PASSWORD not in result.output


def test_upgrading_says_where_the_database_stands(sqlite_app: Flask) -> None:
    result = sqlite_app.test_cli_runner().invoke(args=["db", "upgrade"])

    assert result.exit_code == 0
    assert "revision" in result.output
