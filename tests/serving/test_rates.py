"""How slow a client may be, and whom a connection is counted for."""

from __future__ import annotations

from pathlib import Path

import pytest

from event_mgmt.serving import rates
from event_mgmt.serving.spool import Budget, Overfull, Spool


def test_a_steady_sender_of_twenty_kilobytes_a_second_never_runs_out_of_time() -> None:
    for second in range(3000):
        assert rates.deadline(0, second * 20_000, grace=rates.BODY_GRACE_SECONDS) > second + 1


def test_a_byte_a_second_ends_with_the_grace() -> None:
    assert rates.deadline(100, 20, grace=20) < 121


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

    assert rates.client_of(peer, head, proxy_hops=hops) == client


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
