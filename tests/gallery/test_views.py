"""The gallery shows each component there is, to developers only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from event_mgmt.settings import LOCALES
from tests.conftest import make_app

ROOT = Path(__file__).resolve().parents[2]
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))
SPRITE = (ROOT / "static" / "vendor" / "lucide" / "sprite.svg").read_text()


def macros() -> set[str]:
    """What pages can call; those that begin with an underscore are the components' own."""
    text = "".join(path.read_text() for path in COMPONENTS)
    return set(re.findall(r"macro ([a-z]\w*)\(", text))


def shown(page: str) -> set[str]:
    """The components that the gallery names."""
    return set(", ".join(re.findall(r'data-specimen="([^"]+)"', page)).split(", "))


def test_every_component_is_shown(client: FlaskClient) -> None:
    page = client.get("/gallery").text

    assert macros() - shown(page) == set(), "add it to templates/gallery/"
    assert shown(page) - macros() == {"btn", "fold"}  # classes without a macro


@pytest.mark.parametrize("locale", LOCALES)
def test_it_is_there_in_every_language(client: FlaskClient, locale: str) -> None:
    answer = client.get("/gallery", headers={"Accept-Language": locale})

    assert answer.status_code == 200
    assert f'<html lang="{locale}">' in answer.text


def test_every_icon_that_it_names_is_in_the_sprite(client: FlaskClient) -> None:
    used = set(re.findall(r"sprite\.svg[^#]*#([a-z0-9-]+)", client.get("/gallery").text))

    assert [name for name in used if f'id="{name}"' not in SPRITE] == []
    assert used


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("http://localhost:5000", 200),
        ("http://127.0.0.1:5000", 200),
        ("https://events.example.org", 404),
        ("http://10.0.0.11:5000", 404),
    ],
)
def test_where_guests_come_from_other_machines_there_is_no_such_page(
    tmp_path: Path, address: str, status: int
) -> None:
    there = make_app(tmp_path, "", PUBLIC_BASE_URL=address).test_client()

    answer = there.get("/gallery", base_url=address)

    assert answer.status_code == status
