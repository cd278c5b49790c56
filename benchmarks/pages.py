"""The event page and a registration as guests meet it, over HTTP, against the server as it runs.

Both yardsticks run on the same server software, with the same number of processes, in turn.
"""

from __future__ import annotations

import itertools
import re
from ipaddress import IPv4Address
from urllib.parse import urlencode

from benchmarks import databases, load, report
from benchmarks.load import Caller, Course
from benchmarks.mail import Sink
from benchmarks.report import Row
from benchmarks.systems import Lengths, Product, a_product, a_yardstick

CLIENTS, SECONDS, ROUNDS = 8, 4.0, 5
RECEPTION = "/events/jahresempfang-des-konsulats-und-der-vier-branchencluster"
_FIRST_NETWORK = int(IPv4Address("11.0.0.0"))
_numbers = itertools.count(1)


def run() -> list[Row]:
    """Measure both, each in turn with its yardstick; the page on either database."""
    rows = [*_event_page(), *_registration()]
    with databases.postgresql() as url:
        rows += _event_page(url)
    return rows


def _event_page(database_url: str = "") -> list[Row]:
    """The page of an event that has all that there can be, while nothing else goes on."""
    where, ratio = (", PostgreSQL", 0.75) if database_url else ("", 1.0)
    environ = {"DATABASE_URL": database_url, "MAIL_WORKERS": "0"}
    with a_product(**environ) as product:
        lengths = _lengths(product, RECEPTION)
        with a_yardstick(lengths, database_url) as bare_port:
            page, bare = _in_turn(
                (product.port, lambda caller: caller.see(RECEPTION, length=lengths.page)),
                (bare_port, lambda caller: caller.see("/page", length=lengths.page)),
            )
    name = f"event page{where}, {CLIENTS} clients"
    slowest = [course.quantile(0.95) for course in page]
    return [
        report.at_least(name, _rates(page), "/s", yardstick=_rates(bare), ratio=ratio),
        report.no_more_than(f"event page{where}, 95 of 100 within", slowest, "ms", limit=25),
    ]


def _registration() -> list[Row]:
    """Event page, form, submit, confirmation; each guest from a network of their own, whose tries
    are counted, while one worker sends the mail. The yardstick counts nothing and sends none.
    """
    with Sink() as sink, a_product(MAIL_URL=f"smtp://127.0.0.1:{sink.port}") as product:
        with a_yardstick(_lengths(product, product.page)) as bare_port:
            began = product.cpu_seconds(), product.registrations()
            ours, bare = _in_turn(
                (product.port, lambda caller: register(caller, product.page, product.form)),
                (bare_port, lambda caller: register(caller, "/page", "/register")),
            )
            cost = product.cpu_seconds() - began[0]
            made = product.registrations() - began[1]
        mailed = sink.taken()
    assert made >= sum(len(course.times) for course in ours), "one that was told is missing"
    assert mailed > made / 4, f"{mailed} mails for {made} registrations: the worker did not work"
    name = f"complete registration, mail going out, {CLIENTS} clients"
    each = cost / made * 1000
    return [
        report.at_least(name, _rates(ours), "/s", yardstick=_rates(bare), ratio=0.45),
        report.no_more_than("… CPU time of its four requests and its mail", each, "ms", limit=15),
    ]


def _in_turn(*works: tuple[int, load.Visit]) -> list[list[Course]]:
    """The courses of each work, a few short ones in turn, so that all meet the same machine."""
    rounds = [[measure(port, visit) for port, visit in works] for _ in range(ROUNDS)]
    return [list(courses) for courses in zip(*rounds, strict=True)]


def _rates(courses: list[Course]) -> list[float]:
    return [course.per_second for course in courses]


def _lengths(product: Product, page: str) -> Lengths:
    caller = Caller("127.0.0.1", product.port)
    form, _location = caller.call("GET", product.form)
    return Lengths(
        page=len(caller.call("GET", page)[0]),
        form=len(form),
        done=len(register(caller, product.page, product.form)),
    )


def measure(port: int, visit: load.Visit) -> Course:
    """What came of some seconds of these visits by all clients."""
    return load.run("127.0.0.1", port, visit, clients=CLIENTS, seconds=SECONDS)


def register(caller: Caller, page: str, form: str) -> str:
    """Event page, form, submit, confirmation, by a guest whose network is new; gives the last."""
    number = next(_numbers)
    caller.network = str(IPv4Address(_FIRST_NETWORK + number))
    caller.call("GET", page)
    text, _location = caller.call("GET", form)
    hidden = dict(re.findall(r'name="(csrf_token|nonce)"[^>]*? value="([^"]+)"', text))
    fields = {
        **hidden,
        "given_name": "Maja",
        "family_name": f"Kovač {number}",
        "email": f"guest-{number}@example.org",
        "organisation": "Tehnika Žagar d.o.o.",
        "country": "SI",
    }
    _text, location = caller.call("POST", form, urlencode(fields), expect=303)
    done, _location = caller.call("GET", location)
    assert fields["email"] in done, "a confirmation of somebody else's registration"
    return done
