"""Links that are mailed to a user, open once, and run out."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import update

from event_mgmt.accounts.models import LinkPurpose, OneTimeLink
from event_mgmt.accounts.refusals import LinkExpired
from event_mgmt.accounts.rules import LINK_LIFETIME
from event_mgmt.core import tokens
from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing


def issue(user_id: int, purpose: LinkPurpose, *, now: datetime) -> OneTimeLink:
    """Make a new link in the running transaction; earlier ones of this purpose open no more."""
    void(user_id, purpose, now=now)
    link = OneTimeLink(
        user_id=user_id,
        purpose=purpose,
        stamp=secrets.randbits(31),
        expires_at=now + LINK_LIFETIME[purpose],
    )
    db.session.add(link)
    db.session.flush()
    return link


def void(user_id: int, purpose: LinkPurpose, *, now: datetime) -> None:
    """End all open links of this purpose."""
    db.session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.user_id == user_id,
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
        )
        .values(used_at=now)
    )


def token_of(link: OneTimeLink) -> str:
    """What the mailed address carries."""
    return tokens.sign(f"one_time.{link.purpose}", link.id, link.stamp)


def opened(purpose: LinkPurpose, token: str, *, now: datetime) -> OneTimeLink:
    """The open link behind ``token``; changes nothing.

    Raises Missing for a forged token, LinkExpired for one that was used or has run out.
    """
    link_id, stamp = tokens.read(f"one_time.{purpose}", token)
    link = db.session.get(OneTimeLink, link_id)
    if link is None or link.stamp != stamp or link.purpose is not purpose:
        raise Missing
    if not is_open(link, now=now):
        raise LinkExpired
    return link


def is_open(link: OneTimeLink, *, now: datetime) -> bool:
    """Whether the link still opens something."""
    return link.used_at is None and now < link.expires_at


def spend(link: OneTimeLink, *, now: datetime) -> None:
    """Use the link up in the running transaction; LinkExpired when somebody else just did."""
    done = db.session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None))
        .values(used_at=now)
        .returning(OneTimeLink.id)
    ).all()
    if not done:
        raise LinkExpired
