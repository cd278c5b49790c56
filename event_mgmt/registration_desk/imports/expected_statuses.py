"""Which status each party of a list would be entered with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from event_mgmt.events.enums import WaitingListMode
from event_mgmt.registration_desk.imports.statuses import WITHOUT_SEAT
from event_mgmt.registration_desk.rules import AdmissionCase, PoolSeats, forecast_admission
from event_mgmt.registrations.enums import Status


@dataclass(frozen=True)
class StatusRequest:
    """How many seats a party needs, and the status that its list names (None: it names none)."""

    seats: int
    status: Status | None = None

    @property
    def wants_seat(self) -> bool:
        """Whether the party is to be seated like anybody who registers."""
        return self.status in {None, Status.CONFIRMED}


def statuses(
    wishes: Sequence[StatusRequest],
    pool_id: int,
    seats: Mapping[int, PoolSeats],
    mode: WaitingListMode,
    waits: Status | None,
) -> list[Status | None]:
    """The status each party would have, in this order; None where there is no room for it.

    Those who called off or were not accepted stay so. Where the organiser decides (``waits``), all
    others wait for that; else whoever is to be seated asks for a seat, in the order of the list,
    and those who wait in the list do so behind everybody who waits already.
    """
    if waits is None:
        cases = [AdmissionCase(pool_id, wish.seats) for wish in wishes if wish.wants_seat]
        seated = iter(forecast_admission(cases, seats, mode))
    found: list[Status | None] = []
    for wish in wishes:
        if wish.status in WITHOUT_SEAT:
            found.append(wish.status)
        elif waits is not None:
            found.append(waits)
        elif wish.wants_seat:
            found.append(next(seated))
        elif wish.status is Status.WAITLISTED and mode is WaitingListMode.OFF:
            found.append(None)
        else:
            found.append(wish.status)
    return found
