"""``python -m benchmarks [name ...]``: every benchmark beside its yardstick, in one table."""

from __future__ import annotations

import sys

from benchmarks import lists, mail, pages, planning, report

ALL = {"pages": pages, "mail": mail, "planning": planning, "lists": lists}


def main(names: list[str]) -> int:
    """Run the named benchmarks (default: all); exit status 1 when a target is missed."""
    unknown = set(names) - ALL.keys()
    if unknown:
        sys.stderr.write(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(ALL)}\n")
        return 2
    rows = []
    for name in names or ALL:
        sys.stderr.write(f"measuring {name} ...\n")
        rows += ALL[name].run()
    return report.finish(rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
