"""One process of several that let the same data go at the same moment.

Run by the tests as ``python -m tests.privacy.rounds`` with a JSON order on the first line of
standard input. It says "ready", waits for the next line, and prints how many batches it did.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime

from event_mgmt.core.database import db
from event_mgmt.privacy import retention
from tests.applications import an_application


def main() -> None:
    """Do as the order says."""
    order = json.loads(sys.stdin.readline())
    app = an_application(INSTANCE_DIR=order["instance"], DATABASE_URL=order["database_url"])
    retention.PARTIES_AT_ONCE = order["parties_at_once"]
    with app.app_context():
        db.session.execute(db.text("SELECT 1")).all()
        db.session.rollback()
        print("ready", flush=True)  # noqa: T201
        sys.stdin.readline()
        batches = retention.erase_due(datetime.fromisoformat(order["now"]))
        print(batches, flush=True)  # noqa: T201
        db.engine.dispose()


if __name__ == "__main__":
    main()
