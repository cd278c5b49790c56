"""``python -m benchmarks [name ...]``: every figure beside its yardstick, in one table."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Mapping, Sequence

from benchmarks import lists, mail, pages, planning, report, slow, start, tasks
from benchmarks.report import Row

ALL: Mapping[str, Callable[[], list[Row]]] = {
    "pages": pages.run,
    "slow": slow.run,
    "lists": lists.run,
    "planning": planning.run,
    "mail": mail.run,
    "tasks": tasks.run,
    "start": start.run,
}


def main(names: Sequence[str], known: Mapping[str, Callable[[], list[Row]]] = ALL) -> int:
    """Run the named benchmarks (default: all) and print what they found.

    Gives the exit status: 0 when everything could be measured, with missed targets marked in the
    table; 1 when something could not, or gave a wrong answer; 2 for an unknown name.
    """
    unknown = set(names) - known.keys()
    if unknown:
        sys.stderr.write(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(known)}\n")
        return 2
    rows: list[Row] = []
    failed = []
    for name in names or known:
        sys.stderr.write(f"measuring {name} ...\n")
        try:
            rows += known[name]()
        except Exception:
            traceback.print_exc()
            failed.append(name)
    report.show(rows)
    for name in failed:
        sys.stdout.write(f"FAILED: {name} could not be measured\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
