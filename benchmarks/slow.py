"""What slow clients cost the others: the same pages alone, and beside fifty senders and fifty readers.

Each of them sends, or takes, next to nothing twice a second; they come anew with every round, before
the least rates end them.
"""

from __future__ import annotations

from benchmarks import load, pages, report
from benchmarks.report import Row
from benchmarks.systems import Product, a_product
from tests.serving.slow import crowd, head_of

SLOW, ROUNDS = 50, 4
RATIO = 0.8


def run() -> list[Row]:
    """Measure honest clients alone and beside the slow ones, in turn, so that both meet the same
    machine.
    """
    with a_product(MAIL_WORKERS="0") as product:
        event = pages.RECEPTION
        length = len(load.Caller("127.0.0.1", product.port).call("GET", event)[0])
        works: dict[str, load.Visit] = {
            "event page": lambda caller: caller.see(event, length=length),
            "complete registration": lambda caller: (
                pages.register(caller, product.page, product.form) and None
            ),
        }
        rows = [_row(product, name, visit) for name, visit in works.items()]
        product.registrations()  # every one of them is there
    return rows


def _row(product: Product, name: str, visit: load.Visit) -> Row:
    alone, beside = [], []
    for _round in range(ROUNDS):
        alone.append(pages.measure(product.port, visit).per_second)
        beside.append(_beside_slow_ones(product, visit))
    words = f"{name} beside {SLOW} slow senders and {SLOW} slow readers"
    return report.at_least(words, beside, "/s", yardstick=alone, ratio=RATIO)


def _beside_slow_ones(product: Product, visit: load.Visit) -> float:
    asked = head_of(product.port, pages.RECEPTION)
    with crowd(product.port) as slow:
        slow.send_slowly(SLOW, product.form)
        slow.read_slowly(SLOW, asked)
        return pages.measure(product.port, visit).per_second
