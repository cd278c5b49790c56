"""How slow a client may be, and whom a connection is counted for."""

from __future__ import annotations

from pathlib import Path

import pytest

from event_mgmt.serving.rates import Limits, RateAllowance, client_of, forwarded_in
from event_mgmt.serving.spool import Budget, Overfull, Spool

STANDARD = Limits()


def of_a_body(now: float, limits: Limits = STANDARD) -> RateAllowance:
    """What is borne of a sender."""
    grace, silence = limits.body_grace_seconds, limits.body_silence_seconds
    return RateAllowance(now, grace=grace, rate=limits.least_rate, silence=silence)


def test_a_steady_sender_of_twenty_kilobytes_a_second_never_runs_out_of_time() -> None:
    patience = of_a_body(0)
    for second in range(3000):
        assert patience.until > second + 1
        patience.earn(second + 1, 20_000)


def test_a_byte_a_second_ends_with_the_grace() -> None:
    patience = of_a_body(100)
    for second in range(20):
        patience.earn(100 + second, 1)
    assert patience.until < 121


def test_what_was_sent_at_once_is_rested_on_for_a_minute_and_no_longer() -> None:
    patience = of_a_body(0)
    patience.earn(1, 20_000_000)
    assert patience.until == 1 + STANDARD.body_silence_seconds


def test_what_was_taken_of_an_answer_before_counts_for_its_reader() -> None:
    grace, rate = STANDARD.answer_grace_seconds, STANDARD.least_rate
    assert RateAllowance(0, grace=grace, rate=rate, done=4096 * 100).until == grace + 100


@pytest.mark.parametrize(
    ("peer", "forwarded", "hops", "client"),
    [
        ("192.0.2.7", b"", 0, "192.0.2.7"),
        ("192.0.2.7", b"198.51.100.1", 0, "192.0.2.7"),
        ("10.0.0.1", b"203.0.113.9, 198.51.100.1", 1, "198.51.100.1"),
        ("10.0.0.1", b"203.0.113.9, 198.51.100.1", 2, "203.0.113.9"),
        ("10.0.0.1", b"", 1, ""),
        ("10.0.0.1", b"unknown", 1, ""),
        ("2001:db8:1:2:3::4", b"", 0, "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", b"", 0, "192.0.2.7"),
        ("fe80::1%eth0", b"", 0, "fe80::/64"),
    ],
)
def test_a_connection_counts_for_whom_our_own_proxies_saw(
    peer: str, forwarded: bytes, hops: int, client: str
) -> None:
    head = b"GET / HTTP/1.1\r\nX-Forwarded-For: " + forwarded + b"\r\n\r\n" if forwarded else b""

    assert client_of(peer, forwarded_in(head), proxy_hops=hops) == client


def test_what_waits_is_kept_in_memory_while_small_and_on_the_disk_within_a_budget(
    tmp_path: Path,
) -> None:
    budget = Budget(tmp_path, most=400_000)
    spool = Spool(tmp_path, lambda size: budget.take("a", size))
    spool.write(b"x" * 1000)
    in_memory = (spool.file, budget.taken)
    spool.write(b"y" * 100_000)

    assert in_memory == (-1, 0)
    assert spool.on_disk == budget.taken == 101_000
    assert list(tmp_path.iterdir()) == []  # it has no name
    with pytest.raises(Overfull):  # half of it is one client's
        spool.write(b"z" * 100_000)
    budget.take("b", 150_000)
    with pytest.raises(Overfull):  # and all of it everybody's
        budget.take("c", 200_000)
    budget.give_back("b", 150_000)
    budget.take("c", 200_000)
    spool.close()


def test_what_moves_to_a_client_without_room_stays_where_it_was(tmp_path: Path) -> None:
    """Else it would be given back twice, and the room grow with each try."""
    budget = Budget(tmp_path, most=400_000)
    budget.take("full", 150_000)
    budget.take("", 100_000)
    with pytest.raises(Overfull):
        budget.move("", "full", 100_000)
    budget.move("", "other", 100_000)
    budget.give_back("other", 100_000)
    budget.give_back("full", 150_000)

    assert budget.taken == 0
