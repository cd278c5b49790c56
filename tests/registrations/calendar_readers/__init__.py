"""Three libraries that read calendar entries, and a calendar that keeps them as clients do."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import icalendar
import pytest
import vobject

from event_mgmt.settings import PROJECT_ROOT


@dataclass(frozen=True)
class Reading:
    """What a calendar object says, as a library reads it; (name, address) of its attendees."""

    method: str
    uid: str
    sequence: int
    stamp: datetime
    starts_at: datetime
    summary: str
    status: str
    organizer: str
    attendees: tuple[tuple[str, str], ...]


ICAL_JS = PROJECT_ROOT / "build" / "npm" / "node_modules" / "ical.js" / "dist" / "ical.js"

Reader = Callable[[Sequence[bytes]], list[Reading]]


def with_icalendar(bodies: Sequence[bytes]) -> list[Reading]:
    """As the library reads that the product writes with."""
    return [_by_icalendar(body) for body in bodies]


def _by_icalendar(body: bytes) -> Reading:
    calendar = icalendar.Calendar.from_ical(body)
    (entry,) = calendar.walk("VEVENT")
    attendees = entry.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    return Reading(
        method=str(calendar["METHOD"]),
        uid=str(entry["UID"]),
        sequence=int(entry["SEQUENCE"]),
        stamp=entry["DTSTAMP"].dt,
        starts_at=entry["DTSTART"].dt.astimezone(UTC),
        summary=str(entry["SUMMARY"]),
        status=str(entry["STATUS"]),
        organizer=str(entry["ORGANIZER"]),
        attendees=tuple((str(each.params["CN"]), str(each)) for each in attendees),
    )


def with_vobject(bodies: Sequence[bytes]) -> list[Reading]:
    """As an older library reads, which takes the offsets from the entry's own time zone."""
    return [_by_vobject(body) for body in bodies]


def _by_vobject(body: bytes) -> Reading:
    calendar: Any = vobject.readOne(body.decode())
    entry = calendar.vevent
    return Reading(
        method=calendar.method.value,
        uid=entry.uid.value,
        sequence=int(entry.sequence.value),
        stamp=entry.dtstamp.value,
        starts_at=entry.dtstart.value.astimezone(UTC),
        summary=entry.summary.value,
        status=entry.status.value,
        organizer=entry.organizer.value,
        attendees=tuple(
            (each.params["CN"][0], each.value) for each in entry.contents.get("attendee", [])
        ),
    )


def with_ical_js(bodies: Sequence[bytes]) -> list[Reading]:
    """As calendars read that are written in JavaScript. Skips the test where it is not there."""
    node = shutil.which("node")
    if node is None or not ICAL_JS.exists():
        pytest.skip("ical.js is not installed (.ci/run does it): two Python libraries read alone")
    asked = json.dumps([base64.b64encode(body).decode() for body in bodies])
    script = Path(__file__).parent / "read.mjs"
    answer = subprocess.run(
        [node, str(script)],
        input=asked,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "ICAL_JS": str(ICAL_JS)},
    )
    assert answer.returncode == 0, answer.stderr
    return [_by_ical_js(said) for said in json.loads(answer.stdout)]


def _by_ical_js(said: dict[str, Any]) -> Reading:
    instants = {name: datetime.fromisoformat(said[name]) for name in ("stamp", "starts_at")}
    attendees = tuple((name, address) for name, address in said["attendees"])
    return Reading(**{**said, **instants, "attendees": attendees})


READERS: dict[str, Reader] = {
    "icalendar": with_icalendar,
    "vobject": with_vobject,
    "ical.js": with_ical_js,
}


@dataclass
class Calendar:
    """Somebody's calendar, kept by what mails bring (RFC 5546, 2.1.5): by UID, newest version.

    ``stale`` are the readings that it passed over, being older than what it knew.
    """

    entries: dict[str, Reading] = field(default_factory=dict)
    stale: list[Reading] = field(default_factory=list)
    _versions: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    def take(self, reading: Reading) -> None:
        """Do what a client does with an entry that came by mail."""
        version = (reading.sequence, reading.stamp)
        if version < self._versions.get(reading.uid, version):
            self.stale.append(reading)
            return
        self._versions[reading.uid] = version
        if reading.method == "CANCEL":
            self.entries.pop(reading.uid, None)
        else:
            self.entries[reading.uid] = reading
