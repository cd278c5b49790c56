"""What a running system writes about its requests: no name, no address, no token."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pytest

from event_mgmt.core.database import db
from tests.attack.stage import House, a_house, browser, csrf_header
from tests.builders import NOW
from tests.journeys.system import System, running_system
from tests.serving.processes import until

MARK = "Geheimname"
SECRETS = (MARK, MARK.lower(), "geheim@example.org", "vier lange Wörter", "hunter2hunter2")


@dataclass
class Ran:
    """A system that was used, and is still running."""

    system: System
    token: str


@pytest.fixture
def frozen() -> None:
    """The server's clock runs, and so does ours."""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    with running_system(tmp_path_factory.mktemp("logs"), WEB_PROCESSES="1") as system:
        with system.app.app_context():
            house = a_house(system.app, MARK)
            _use(system, house)
            db.session.remove()
        yield Ran(system, house.link)


def _use(system: System, house: House) -> None:
    guest = {
        "given_name": MARK,
        "family_name": MARK,
        "email": "geheim@example.org",
        "organisation": MARK,
        "country": "DE",
    }
    headers = csrf_header(system.app)
    cookie = browser(system.app, house.user, signed_in_at=int(NOW.timestamp())).get_cookie(
        "session"
    )
    assert cookie is not None
    headers["Cookie"] = f"session={cookie.value}"
    event = f"/desk/events/{house.event.id}"
    _ask(system, "GET", f"/registration/{house.link}")
    _ask(system, "GET", f"/{MARK}?q={MARK}&email={quote('geheim@example.org')}")
    _ask(system, "GET", f"{event}/registrations?search={MARK}", **headers)
    _ask(
        system,
        "POST",
        "/login",
        {"email": "geheim@example.org", "password": "hunter2hunter2"},
        **headers,
    )
    _ask(system, "POST", "/password/forgotten", {"email": "geheim@example.org"}, **headers)
    _ask(system, "POST", f"/events/{house.event.slug}/register", guest, **headers)
    _ask(system, "POST", f"{event}/registrations/new", guest, **headers)
    _ask(
        system,
        "POST",
        f"/events/{house.event.slug}/register",
        {**guest, "email": f"{MARK}\0"},
        **headers,
    )
    _ask(system, "POST", f"/{MARK}", guest, **headers)
    _ask(system, "GET", "/login", Host=f"{MARK}.example.net")
    _ask(system, f"{MARK}", f"/{MARK}")
    for broken in (f"GET /{MARK}\r\n\r\n", f"GET / HTTP/9.9\r\n{MARK}\r\n\r\n", f"{MARK}\r\n\r\n"):
        _say(system, broken.encode())


def _ask(
    system: System, method: str, path: str, form: dict[str, str] | None = None, **headers: str
) -> int:
    address = urlsplit(system.url)
    body = urlencode(form).encode() if form is not None else None
    if form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    with closing(
        http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    ) as line:
        line.request(method, path, body, headers)
        return line.getresponse().status


def _say(system: System, words: bytes) -> None:
    address = urlsplit(system.url)
    line = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    with closing(line):
        line.connect()
        assert line.sock is not None
        line.sock.sendall(words)
        line.sock.recv(4096)


@pytest.mark.processes
def test_the_log_of_a_running_system_names_nobody_and_opens_nothing(ran: Ran) -> None:
    path = ran.system.instance / "log"
    text = until(lambda: _with_enough(path), "the requests are in the log")

    for secret in (*SECRETS, ran.token, ran.token.partition(".")[2]):
        assert secret not in text, secret
    assert '"route": "/registration/<token>"' in text


def _with_enough(path: Path) -> str:
    text = path.read_text()
    return text if text.count('"event": "request"') >= 8 else ""
