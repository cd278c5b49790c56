"""What a worker makes of a relay that ends conversations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from event_mgmt.mail.relay_health import CUTS_OF_A_RELAY, RelayHealth

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def test_one_conversation_that_was_ended_says_nothing_about_the_relay() -> None:
    health = RelayHealth()

    assert not health.cut("ana@one.example", now=NOW)
    assert not health.is_resting("eva@one.example", now=NOW)


def test_several_in_a_row_say_that_the_relay_is_away_whatever_the_domains() -> None:
    health = RelayHealth()

    ends = [health.cut(f"ana@{n}.example", now=NOW) for n in range(CUTS_OF_A_RELAY)]

    assert ends == [False] * (CUTS_OF_A_RELAY - 1) + [True]


def test_a_relay_that_was_away_is_given_one_try_at_a_time_until_it_answers() -> None:
    health = RelayHealth()
    for n in range(CUTS_OF_A_RELAY):
        health.cut(f"ana@{n}.example", now=NOW)

    assert health.cut("eva@one.example", now=NOW)
    health.answered("eva@two.example")
    assert not health.cut("eva@one.example", now=NOW)


def test_a_domain_rests_when_only_its_conversations_are_ended() -> None:
    health = RelayHealth()
    for n in range(3):
        assert not health.cut(f"ana-{n}@Broken.example", now=NOW)
        health.answered(f"eva-{n}@good.example")

    assert health.is_resting("maja@broken.example", now=NOW + timedelta(seconds=4))
    assert not health.is_resting("maja@good.example", now=NOW)
    assert not health.is_resting("maja@broken.example", now=NOW + timedelta(seconds=5))


def test_a_domain_rests_longer_each_time_and_never_more_than_minutes() -> None:
    health = RelayHealth()
    rests = []
    now = NOW
    for _ in range(12):
        health.answered("eva@good.example")
        health.cut("ana@broken.example", now=now)
        rest = timedelta()
        while health.is_resting("ana@broken.example", now=now + rest):
            rest += timedelta(seconds=5)
        rests.append(rest.total_seconds())
        now += rest

    assert rests == [0, 0, 5, 10, 20, 40, 80, 160, 300, 300, 300, 300]


def test_an_answer_about_a_domain_ends_its_rest() -> None:
    health = RelayHealth()
    for _ in range(3):
        health.cut("ana@broken.example", now=NOW)
        health.answered("eva@good.example")
    health.answered("ana@broken.example")

    assert not health.is_resting("ana@broken.example", now=NOW)


def test_a_domain_alone_is_not_told_apart_from_the_relay() -> None:
    health = RelayHealth()
    for _ in range(CUTS_OF_A_RELAY):
        health.cut("ana@only.example", now=NOW)

    assert not health.is_resting("ana@only.example", now=NOW)


def test_trouble_is_over_after_a_minute_in_peace() -> None:
    health = RelayHealth()
    health.cut("ana@one.example", now=NOW)

    assert health.has_trouble(now=NOW + timedelta(seconds=59))
    assert not health.has_trouble(now=NOW + timedelta(seconds=60))
