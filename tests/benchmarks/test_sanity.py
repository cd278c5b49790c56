"""A benchmark of wrong answers is no figure: it fails, and says so."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks import load, report
from benchmarks.__main__ import main
from benchmarks.load import Caller
from benchmarks.report import Row

LENGTH = 500


@contextmanager
def a_server(*, status: int = 200, length: int = LENGTH) -> Iterator[int]:
    """Answers everything alike; gives its port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(b"x" * length)

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def visit(caller: Caller) -> None:
    caller.see("/page", length=LENGTH)


def measured(port: int) -> list[Row]:
    course = load.run("127.0.0.1", port, visit, clients=2, seconds=0.2)
    return [report.no_more_than("page", course.quantile(0.5), "ms", limit=1e6)]


def test_right_answers_are_measured(capsys: pytest.CaptureFixture[str]) -> None:
    with a_server() as port:
        status = main(["page"], {"page": lambda: measured(port)})

    assert status == 0
    assert "ok  page" in capsys.readouterr().out


@pytest.mark.parametrize(
    "fault", [{"status": 500}, {"status": 302}, {"length": LENGTH // 2}, {"length": LENGTH * 2}]
)
def test_wrong_answers_fail_the_run(
    fault: dict[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    with a_server(**fault) as port:
        status = main(["page"], {"page": lambda: measured(port)})

    assert status == 1
    assert "FAILED: page" in capsys.readouterr().out


def test_a_missed_target_is_marked_and_does_not_fail_the_run(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = [report.at_least("work", [1.0, 9.0, 2.0], "/s", yardstick=10.0, ratio=0.5)]

    status = main(["work"], {"work": lambda: rows})

    assert status == 0
    assert capsys.readouterr().out.splitlines()[1].split() == [
        *("NO", "work", "2", "/s", "1–9", "10", "/s", "0.20", "≥", "0.5", "×")
    ]


def test_one_benchmark_that_fails_leaves_the_others_their_figures(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken() -> list[Row]:
        raise AssertionError("a wrong answer")

    rows = [report.no_more_than("work", 1.0, "ms", limit=2)]

    status = main([], {"broken": broken, "work": lambda: rows})

    assert status == 1
    assert "ok  work" in capsys.readouterr().out
