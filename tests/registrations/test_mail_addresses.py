"""Which addresses are one mailbox, how many mails it takes, and what is no name."""

from __future__ import annotations

import pytest

from event_mgmt.registrations.mail_addresses import (
    Mailed,
    holds_web_address,
    lock_number,
    mailbox_of,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ana@example.org", "Ana@Example.ORG"),
        ("ana@example.org", "ana+1@example.org"),
        ("ana@example.org", "ana+a+b@example.org"),
        ("ana.kos@gmail.com", "anakos+x@googlemail.com"),
    ],
)
def test_spellings_of_one_mailbox_are_counted_together(one: str, other: str) -> None:
    assert mailbox_of(one) == mailbox_of(other)
    assert lock_number(mailbox_of(one)) == lock_number(mailbox_of(other)) < 2**63


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ana@example.org", "ana@example.com"),
        ("ana.kos@example.org", "anakos@example.org"),
        ("ana@example.org", "eva@example.org"),
    ],
)
def test_mailboxes_that_may_be_two_people_are_counted_apart(one: str, other: str) -> None:
    assert mailbox_of(one) != mailbox_of(other)


def test_what_was_erased_has_no_mailbox() -> None:
    assert mailbox_of("") == ""


@pytest.mark.parametrize(
    ("mailed", "takes_another"),
    [
        (Mailed(), True),
        (Mailed(in_an_hour=2, in_a_day=9), True),
        (Mailed(in_an_hour=3, in_a_day=3), False),
        (Mailed(in_an_hour=0, in_a_day=10), False),
        (Mailed(is_confirmed=True, in_an_hour=30, in_a_day=300), True),
    ],
)
def test_three_an_hour_and_ten_a_day_until_the_address_is_confirmed(
    mailed: Mailed, takes_another: bool
) -> None:
    assert mailed.takes_another is takes_another


@pytest.mark.parametrize(
    "text",
    [
        "http://evil.example",
        "https://x",
        "Klick www.evil",
        "evil.com",
        "Ana evil.com/win",
        "bit.ly/3xY",
        "Gewinn auf preis.si!",
        "ana@evil.example",
        "evil．com",
        "evil。com",
        "EVIL.COM",
        "a.b.evil.shop",
        "xn--evl-1na.com",
        "zürich-preis.ch",
        "t.me/evil",
        "1.2.3.4/x",
        "1.2.3.4",
        "t.me",
        "x.com",
        "evil.consulting",
        "evil.zip",
        "evil.рф",
        "evil.xn--p1ai",
        "evil.com-",
        "evil․com",
        "ev\u200bil.\u00adcom",
        "in.com",
        "dr.com",
    ],
)
def test_a_web_address_is_no_name(text: str) -> None:
    assert holds_web_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ana",
        "J. R. R. Tolkien",
        "J.R.R.",
        "Müller-Lüdenscheidt",
        "O'Brien",
        "St. Clair",
        "St.Clair",
        "Dr. med.",
        "Dr.med.",
        "Dr.rer.nat.",
        "Dipl.-Ing.",
        "Dipl.Ing.",
        "mag. phil., univ. dipl. inž.",
        "M.Sc.",
        "Prof.Dr.",
        "Mag.Dr.",
        "Dr.in",
        "Mag.a Dr.in",
        "Univ.-Prof.in",
        "Priv.-Doz.in",
        "Dipl.-Ing.in",
        "Prof.ⁱⁿ",
        "doc.dr.",
        "izr.prof.dr",
        "prim.dr.",
        "Mag.art.",
        "Dr.med.vet",
        "Prof./Dr.",
        "MdB/MdL",
        "Kos/Novak",
        "А.С. Пушкин",
        "d.o.o.",
        "Anna-Maria.K",
        "Jr.",
        "Marie-Luise v. d. Heide",
        "Anne.Marie",
        "Li",
        "王小明",
        "",
    ],
)
def test_a_name_or_title_is_no_web_address(text: str) -> None:
    assert not holds_web_address(text)
