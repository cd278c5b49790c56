"""Slow clients behind the proxies that the guide recommends: real ones, with its own files."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.registrations.models import Registration
from tests.builders import an_event
from tests.faults.guests import fields_of
from tests.faults.serving import served
from tests.serving.proxies import KINDS, NAME, SITE, Proxy, proxy
from tests.serving.slow import HEAD, connected, crowd

pytestmark = pytest.mark.processes

SLOW = 50
BEHIND = {"PUBLIC_BASE_URL": SITE, "PROXY_HOPS": "1"}


@pytest.fixture
def event(sqlite_app: Flask) -> Event:
    """One that anybody may register for."""
    starts_at = utc_now() + timedelta(days=30)
    return an_event(seats=1000, starts_at=starts_at, published_at=utc_now())


def _register(at: Proxy, event: Event, numbers: range) -> float:
    path = f"/events/{event.slug}/register"
    began = time.monotonic()
    for number in numbers:
        guest = at.guest(patience=8)
        assert guest.post(path, fields_of(guest.form(path), number)).status == 303
    return time.monotonic() - began


@pytest.mark.parametrize(
    ("kind", "streams"), [*((kind, False) for kind in KINDS), ("deploy/caddy/Caddyfile", True)]
)
def test_guests_register_through_the_proxy_while_fifty_send_and_fifty_read_slowly(
    sqlite_app: Flask, event: Event, tmp_path: Path, kind: str, streams: bool
) -> None:
    """Must hold: registering takes about as long as without them, and every guest is there; also
    where the proxy passes on what the senders say as it comes.
    """
    page = f"GET /events/{event.slug} HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode()
    with (
        served(sqlite_app, tmp_path, **BEHIND) as server,
        proxy(kind, tmp_path / "proxy", behind=server.port, streams=streams) as at,
    ):
        alone = _register(at, event, range(6))
        with crowd(at.port, NAME) as slow:
            slow.send_slowly(SLOW, f"/events/{event.slug}/register")
            slow.read_slowly(SLOW, page)
            beside = _register(at, event, range(10, 16))

    assert beside < 3 * alone + 2
    assert db.session.query(Registration).count() == 12


def test_control_web_processes_that_wait_are_stopped_through_the_proxy(
    sqlite_app: Flask, event: Event, tmp_path: Path
) -> None:
    """The control: with gunicorn's own worker four slow senders are enough where Caddy streams."""
    way = "waits_for_each_client"
    with (
        served(sqlite_app, tmp_path, way=way, **BEHIND) as server,
        proxy("deploy/caddy/Caddyfile", tmp_path / "proxy", behind=server.port, streams=True) as at,
        crowd(at.port, NAME) as slow,
    ):
        slow.send_slowly(4)
        time.sleep(1)
        with connected(at.port) as guest:
            guest.settimeout(4)
            guest.sendall(HEAD.format(path="/login", host=NAME, length=0).encode())
            with pytest.raises(TimeoutError):
                guest.recv(100)
