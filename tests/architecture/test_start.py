"""A start loads what every page needs; what few need is loaded when somebody needs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving.processes import ROOT

AT_FIRST_USE = {
    "PIL": "pictures",
    "alembic": "migrations, which `flask db upgrade` runs",
    "authlib": "signing in elsewhere",
    "cryptography": "keys and certificates",
    "icalendar": "calendar entries",
    "lxml": "nothing",
    "markdown_it": "descriptions",
    "nh3": "descriptions",
    "openpyxl": "tests alone",
    "phonenumbers": "the first phone number",
    "psycopg": "PostgreSQL, where DATABASE_URL names one",
    "pydantic": "nothing",
    "pypdf": "tests alone",
    "python_calamine": "workbooks of old kinds",
    "rustpy_xlsxwriter": "exports as a workbook",
    "typst": "lists on paper",
    "vobject": "tests alone",
    "webauthn": "passkeys",
}
"""Large packages, and what needs them."""
_START = """
import sys
from event_mgmt import settings
from event_mgmt.wiring import create_app

create_app(settings.load({"INSTANCE_DIR": sys.argv[1]}, testing=True))
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


@pytest.mark.processes
def test_create_app_loads_no_large_package_that_few_pages_need(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _START, str(tmp_path)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stderr
    loaded = set(ended.stdout.split())
    assert {"flask", "sqlalchemy", "event_mgmt"} <= loaded, "what it does load is seen"
    assert {name: why for name, why in AT_FIRST_USE.items() if name in loaded} == {}, (
        "import it within the function that needs it, with a word why (PLC0415)"
    )
