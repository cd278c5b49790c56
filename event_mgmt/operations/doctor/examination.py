"""The whole examination, in the order in which it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from event_mgmt.core.database import db
from event_mgmt.core.errors import error_location
from event_mgmt.operations.doctor import database, installation, mail
from event_mgmt.operations.doctor.finding import Finding, problem
from event_mgmt.settings import Settings

Check = Callable[[Settings, datetime], Iterator[Finding]]

OF_THE_INSTALLATION: Final[tuple[Check, ...]] = (
    installation.secrets,
    installation.places,
    installation.address,
    installation.languages,
    installation.zones,
    installation.paper,
    mail.relay,
    mail.bounces,
)
OF_THE_DATABASE: Final[tuple[Check, ...]] = (
    database.engine,
    database.migrations,
    database.soundness,
    mail.outbox,
    database.tasks,
)


def examine(settings: Settings, *, now: datetime) -> Iterator[Finding]:
    """Everything that is found, one after the other; changes nothing and sends nothing.

    What cannot be examined is a problem itself, and does not keep the rest from being examined.
    """
    for check in OF_THE_INSTALLATION:
        yield from _found_by(check, settings, now)
    away = database.is_reachable()
    if away is not None:
        yield away
        return
    for check in OF_THE_DATABASE:
        yield from _found_by(check, settings, now)


def _found_by(check: Check, settings: Settings, now: datetime) -> Iterator[Finding]:
    try:
        yield from check(settings, now)
    except Exception as error:  # noqa: BLE001 - a check that fails is itself a finding
        db.session.rollback()
        what = f"{type(error).__name__} at {error_location(error)}"
        yield problem(check.__name__, f"cannot be examined: {what}", "ask the developers")
