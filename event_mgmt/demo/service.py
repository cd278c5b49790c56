"""Tells the demo's story through the same verbs that people use, as it happened."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select

from event_mgmt.accounts import passwords
from event_mgmt.accounts.models import Membership, Role, User
from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Refusal
from event_mgmt.core.text import fold
from event_mgmt.demo import mail_results
from event_mgmt.demo.chapters import Cast, Step, steps_of
from event_mgmt.demo.coming_months import COMING_MONTHS
from event_mgmt.demo.demo_organisations import AGREEMENT, ORGANISATIONS, SECTORS, DemoOrganisation
from event_mgmt.demo.far_months import FAR_MONTHS
from event_mgmt.demo.story import OPENING
from event_mgmt.demo.year import YEAR
from event_mgmt.messaging import planner
from event_mgmt.organisations.models import Agreement, Organisation, Sector
from event_mgmt.registrations import offer_commands
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.models import Registration

SIGNED_ON: Final = date(2011, 2, 15)
PLATFORM_ADMIN: Final = "betrieb@example.org"


@dataclass(frozen=True)
class SignIn:
    """An account of the demo, as the command prints it; ``organisation`` is a slug, or ''."""

    email: str
    role: str
    organisation: str


def exists() -> bool:
    """Whether this database has an organisation of the demo."""
    ours = select(Organisation.id).where(Organisation.slug.in_([h.slug for h in ORGANISATIONS]))
    return db.session.execute(ours.limit(1)).first() is not None


def is_untouched() -> bool:
    """Whether nobody has an organisation or an account here yet."""
    return all(
        db.session.execute(select(table.id).limit(1)).first() is None
        for table in (Organisation, User)
    )


@transactional
def build(password: str, *, now: datetime) -> list[SignIn]:
    """Make the whole demo, all of it or nothing; a second call changes nothing.

    All demo accounts get ``password``. Gives the accounts to sign in with.
    """
    if not exists():
        cast = _gather(password, now=now)
        _act(cast, now=now)
        mail_results.deliver(now)
        mail_results.fail_a_few()
    return sign_ins()


def sign_ins() -> list[SignIn]:
    """Every account of the demo, the platform's administrator first; the command prints them."""
    found = [SignIn(PLATFORM_ADMIN, "platform", "")]
    for house in ORGANISATIONS:
        for given_name, family_name, role in house.staff:
            found.append(SignIn(_address(given_name, family_name), role, house.slug))
    return found


def _address(given_name: str, family_name: str) -> str:
    return fold(f"{given_name}.{family_name}").replace(" ", "-") + "@example.org"


def _gather(password: str, *, now: datetime) -> Cast:
    hashed = passwords.hash_of(password)
    sectors = {code: Sector(code=code, name=name) for code, name in SECTORS.items()}
    db.session.add_all(sectors.values())
    organisations = {house.slug: _organisation(house, sectors) for house in ORGANISATIONS}
    db.session.add_all(organisations.values())
    agreement = Agreement(
        title=AGREEMENT,
        signed_on=SIGNED_ON,
        place="Düsseldorf",
        parties=list(organisations.values()),
    )
    db.session.add(agreement)
    admin = _user(PLATFORM_ADMIN, "Ida", "Betrieb", "de", hashed, now)
    admin.is_platform_admin = True
    db.session.add(admin)
    organisers: dict[str, User] = {}
    for house in ORGANISATIONS:
        for given_name, family_name, role in house.staff:
            locale = "sl" if house.country == "SI" else "de"
            address = _address(given_name, family_name)
            user = _user(address, given_name, family_name, locale, hashed, now)
            user.memberships.append(_membership(role, organisations[house.slug]))
            organisers.setdefault(house.slug, user)
            db.session.add(user)
    db.session.flush()
    return Cast(
        organisations={slug: o.id for slug, o in organisations.items()},
        organisers={slug: user.id for slug, user in organisers.items()},
        sectors={code: sector.id for code, sector in sectors.items()},
        agreement_id=agreement.id,
    )


def _organisation(house: DemoOrganisation, sectors: dict[str, Sector]) -> Organisation:
    return Organisation(
        slug=house.slug,
        kind=house.kind,
        name=house.name,
        short_name=house.short_name,
        initials=house.initials,
        accent=house.accent,
        country=house.country,
        city=house.city,
        about=house.about,
        email=f"{house.slug}@example.org",
        privacy_contact=f"datenschutz-{house.slug}@example.org",
        sectors=[sectors[code] for code in house.sectors],
    )


def _user(
    email: str, given_name: str, family_name: str, locale: str, hashed: str, now: datetime
) -> User:
    return User(
        email=email,
        given_name=given_name,
        family_name=family_name,
        locale=locale,
        password_hash=hashed,
        created_at=now,
    )


def _membership(role: str, organisation: Organisation) -> Membership:
    heads = role in {Role.ADMINISTRATOR, Role.ORGANISER}
    return Membership(organisation=organisation, role=Role(role), sees_sensitive=heads)


def _act(cast: Cast, *, now: datetime) -> None:
    chance = random.Random(2011)  # noqa: S311 - demo data, nothing secret
    steps: list[Step] = list(steps_of(OPENING, cast, chance, now=now, on=SIGNED_ON))
    for chapter in (*YEAR, *COMING_MONTHS, *FAR_MONTHS):
        steps += steps_of(chapter, cast, chance, now=now)
    steps += _mornings(now)
    for step in sorted(steps, key=lambda step: step.at):
        step.action(step.at)


def _accept_offers(at: datetime) -> None:
    """Most people who were offered a seat yesterday take it; every fourth lets it lapse."""
    offered = select(Registration.id).where(
        Registration.status == Status.OFFERED,
        Registration.offer_expires_at < at + timedelta(hours=20),
        Registration.id % 4 != 0,
    )
    for registration_id in db.session.scalars(offered).all():
        with suppress(Refusal):
            offer_commands.accept_offer(registration_id, now=at)


def _mornings(now: datetime) -> Iterator[Step]:
    """What the workers would have done meanwhile: offers that lapse, reminders that go out."""
    for days in range(70, -1, -1):
        at = now - timedelta(days=days)
        yield Step(at, _accept_offers)
        yield Step(at, offer_commands.expire_offers)
        yield Step(at, planner.plan)
        yield Step(at, mail_results.deliver)
