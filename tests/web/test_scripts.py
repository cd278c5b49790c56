"""The behaviours of the pages' script."""

from __future__ import annotations

import json
import re
from pathlib import Path

from flask.testing import FlaskClient

SCRIPTS = Path(__file__).parents[2] / "static" / "js"


def test_every_behaviour_has_its_address_on_the_page(client: FlaskClient) -> None:
    named = set(re.findall(r'": "(\w+)",', (SCRIPTS / "app.js").read_text()))

    page = client.get("/").text
    found = re.search(r'data-behaviours="([^"]+)"', page)
    assert found is not None
    addresses = json.loads(found[1].replace("&#34;", '"').replace("&quot;", '"'))

    assert set(addresses) == named
    assert named | {"app"} == {script.stem for script in SCRIPTS.glob("*.js")}
    for name, address in addresses.items():
        assert f"/js/{name}.js?" in address
