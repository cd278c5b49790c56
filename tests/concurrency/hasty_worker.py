"""A mail worker with a lease of four seconds instead of sixty, so that a test need not wait.

Run as ``python -m tests.concurrency.hasty_worker [CONTROL]``; the controls are those of
tests.faults.doomed.
"""

from __future__ import annotations

import sys

from event_mgmt import worker
from event_mgmt.mail import delivery, queue, rules
from event_mgmt.wiring import create_app
from tests.faults.doomed import CONTROLS

LEASE, DEADLINE, MARGIN = 4.0, 1.5, 0.5


def main(control: str = "") -> None:
    """Work until stopped."""
    queue.LEASE_SECONDS = rules.LEASE_SECONDS = LEASE
    rules.DEADLINE_SECONDS = DEADLINE
    delivery._MARGIN_SECONDS = MARGIN
    CONTROLS[control]()
    sys.exit(worker.main(create_app()))


if __name__ == "__main__":
    main(*sys.argv[1:])
