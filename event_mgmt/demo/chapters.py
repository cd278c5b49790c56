"""Turns a chapter of the story into steps: who does what, when."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from event_mgmt.audit.service import PARTICIPANT, Actor
from event_mgmt.core.clock import at_wall_clock, wall_clock
from event_mgmt.core.database import db
from event_mgmt.core.ids import UserId
from event_mgmt.core.localized import Localized
from event_mgmt.core.refusals import Refusal
from event_mgmt.demo.guests import guests
from event_mgmt.demo.story import Chapter
from event_mgmt.events import service as events
from event_mgmt.events.enums import QuestionKind
from event_mgmt.events.fields import EventBasics, EventDetails
from event_mgmt.events.inputs import PartnerTerms, ProgrammeItemInput, QuestionInput, SpeakerInput
from event_mgmt.registrations import commands as registrations
from event_mgmt.registrations.lifecycle import persistence
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.party import Party, Person


@dataclass(frozen=True)
class Cast:
    """Ids by slug or code of everybody who acts."""

    organisations: Mapping[str, int]
    organisers: Mapping[str, UserId]
    sectors: Mapping[str, int]
    agreement_id: int

    def by(self, slug: str) -> Actor:
        """The organiser of an organisation as author."""
        return Actor.user(self.organisers[slug])


@dataclass(frozen=True)
class Step:
    """One action of the story at its instant."""

    at: datetime
    action: Callable[[datetime], object]


@dataclass
class ChapterPlan:
    """One chapter while it is told: what the later steps need from the earlier ones."""

    chapter: Chapter
    cast: Cast
    starts_at: datetime
    ends_at: datetime
    first_day: date
    event_id: int = 0
    pools: list[int] = field(default_factory=list)
    registered: list[int] = field(default_factory=list)

    def plan(self, at: datetime) -> None:
        """Create the event with everything an organiser fills in, and publish it."""
        chapter, by = self.chapter, self.cast.by(self.chapter.host)
        host_id = self.cast.organisations[chapter.host]
        nonce = f"demo-{chapter.host}-{chapter.title.into('de')}"[:64]
        event = events.create(self._essentials(), host_id=host_id, nonce=nonce, by=by, now=at)
        self.event_id = event.id
        events.edit_details(event.id, self._details(), by=by, now=at)
        if chapter.programme:
            events.set_programme(event.id, self._programme(), by=by, now=at)
        if chapter.asks_diet:
            events.set_questions(event.id, _DIET, by=by, now=at)
        if chapter.partners:
            self._invite(by, at)
        if chapter.outcome != "draft":
            events.publish(event.id, by=by, now=at)
        self.pools = [pool.id for pool in event.pools]

    def _essentials(self) -> EventBasics:
        name, address, city, country = self.chapter.where
        return EventBasics(
            kind=self.chapter.kind,
            title=self.chapter.title,
            summary=self.chapter.summary,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            time_zone=self.chapter.zone,
            seats=self.chapter.seats,
            venue_name=name,
            venue_address=address,
            city=city,
            country=country,
            online_url=self.chapter.online_url,
            visibility=self.chapter.visibility,
            approval_needed=self.chapter.approval,
        )

    def _details(self) -> EventDetails:
        together = len(self.chapter.partners) > 0
        return EventDetails(
            description=self.chapter.description,
            languages=self.chapter.languages,
            sector_ids=tuple(self.cast.sectors[code] for code in self.chapter.sectors),
            agreement_id=self.cast.agreement_id if together else None,
            waiting_list=self.chapter.waiting_list,
            fee_note=self.chapter.fee_note,
        )

    def _programme(self) -> list[ProgrammeItemInput]:
        return [
            ProgrammeItemInput(
                starts_at=self._at(point.day, point.starts),
                ends_at=self._at(point.day, point.ends),
                title=point.title,
                place=point.place,
                speakers=tuple(SpeakerInput(*speaker) for speaker in point.speakers),
            )
            for point in self.chapter.programme
        ]

    def _at(self, day: int, clock: str) -> datetime:
        local = datetime.combine(self.first_day + timedelta(days=day), time.fromisoformat(clock))
        return at_wall_clock(local, self.chapter.zone)

    def _invite(self, by: Actor, at: datetime) -> None:
        terms = [
            PartnerTerms(self.cast.organisations[p.slug], p.seats, p.access)
            for p in self.chapter.partners
        ]
        contingents = sum(p.seats or 0 for p in self.chapter.partners)
        general = self.chapter.seats - contingents
        events.set_partners(self.event_id, terms, general_seats=general, by=by, now=at)

    def answer(self, at: datetime) -> None:
        """Let the co-hosts accept, but for the one that has not answered yet."""
        for partner in self.chapter.partners:
            if partner.accepts:
                organisation_id = self.cast.organisations[partner.slug]
                by = self.cast.by(partner.slug)
                events.answer_partnership(
                    self.event_id, organisation_id, accept=True, by=by, now=at
                )

    def decide(self, at: datetime) -> None:
        """Decide the first applications; one is not accepted."""
        by = self.cast.by(self.chapter.host)
        chosen = self.registered[: self.chapter.decide]
        registrations.decide(chosen[:-1], accept=True, reason="", by=by, now=at)
        words = "Das Profil passt in diesem Jahr nicht zu den Gastgeberunternehmen."
        registrations.decide(chosen[-1:], accept=False, reason=words, by=by, now=at)
        self._ask_for_a_companion(chosen[0], at)

    def _ask_for_a_companion(self, registration_id: int, at: datetime) -> None:
        """An accepted guest wants to bring a colleague: that is decided as well."""
        party = persistence.party_of(db.session.get_one(Registration, registration_id))
        colleague = Person("Katja", "Vidmar", organisation=party.contact.organisation)
        party = replace(party, companions=(*party.companions, colleague))
        with suppress(Refusal):
            registrations.change(registration_id, party, by=PARTICIPANT, now=at)

    def lose_some(self, at: datetime) -> None:
        """A few with a seat call off, so that whole parties of the next in line have an offer."""
        for registration_id in self.registered[:3]:
            registrations.cancel(registration_id, by=PARTICIPANT, now=at)

    def end(self, at: datetime) -> None:
        """Cancel or postpone the event, where its chapter of the story says so."""
        by = self.cast.by(self.chapter.host)
        if self.chapter.outcome == "cancelled":
            events.cancel(self.event_id, reason=self.chapter.reason, by=by, now=at)
        elif self.chapter.outcome == "postponed":
            events.postpone(self.event_id, by=by, now=at)


def steps_of(
    chapter: Chapter, cast: Cast, chance: random.Random, *, now: datetime, on: date | None = None
) -> Iterator[Step]:
    """The steps of one chapter up to ``now``; ``on`` sets the day instead of ``in_days``."""
    today = wall_clock(now, chapter.zone).date()
    first_day = on or working_days(today, chapter.in_days, chapter.days)
    last_day = first_day + timedelta(days=chapter.days - 1)
    starts_at, ends_at = (
        at_wall_clock(datetime.combine(day, time.fromisoformat(clock)), chapter.zone)
        for day, clock in ((first_day, chapter.starts), (last_day, chapter.ends))
    )
    plan = ChapterPlan(chapter, cast, starts_at, ends_at, first_day)
    begins = min(starts_at - timedelta(days=40), now - timedelta(days=32))
    yield Step(begins, plan.plan)
    if chapter.outcome == "draft":
        return
    yield Step(begins + timedelta(days=2), plan.answer)
    last = min(now, starts_at - timedelta(days=1))
    yield from _coming(plan, chance, begins + timedelta(days=3), last)
    if chapter.decide:
        yield Step(last - timedelta(hours=2), plan.decide)
    if chapter.guests > chapter.seats:
        yield Step(now - timedelta(hours=1), plan.lose_some)
    if chapter.outcome in {"cancelled", "postponed"}:
        yield Step(now - timedelta(days=1), plan.end)
    if ends_at < now:
        yield Step(ends_at + timedelta(hours=1), events.finish)


def working_days(today: date, in_days: int, days: int) -> date:
    """The first of ``days`` working days in a row, ``in_days`` from today or somewhat further off."""
    day, ahead = today + timedelta(days=in_days), 1 if in_days >= 0 else -1
    while move := max(_move_from(day + timedelta(days=n)) for n in range(days)):
        day += timedelta(days=move * ahead)
    return day


def _move_from(day: date) -> int:
    """By how many days one moves away from ``day``; 0 where people work.

    Between the years it is all of them, so that events keep their distance from each other. The
    holidays are Prešeren Day, Labour Day, the national days and All Saints’.
    """
    within_year = (day.month, day.day)
    if within_year >= (12, 23) or within_year <= (1, 6):
        return 15
    holidays = {(2, 8), (5, 1), (6, 25), (10, 3), (11, 1)}
    return int(day.weekday() >= 5 or within_year in holidays)


def _coming(
    plan: ChapterPlan, chance: random.Random, first: datetime, last: datetime
) -> Iterator[Step]:
    """Guests register between the two instants, more of them late; a few change their minds."""
    people = guests(plan.chapter.in_days + 1000)
    for party in (next(people) for _ in range(plan.chapter.guests)):
        at = _by_day(first + (last - first) * chance.random() ** 0.7, chance, last)
        yield Step(at, functools.partial(_register, plan, party, chance.random()))
    if plan.chapter.guests > 20:
        yield Step(first + (last - first) * 0.8, lambda at: _change_minds(plan, at))


def _by_day(at: datetime, chance: random.Random, last: datetime) -> datetime:
    """About the same instant, but when people are awake."""
    awake = at.replace(hour=chance.randrange(6, 20), minute=chance.randrange(60))
    return min(awake, last)


def _register(plan: ChapterPlan, party: Party, draw: float, at: datetime) -> None:
    """A third of the guests come on a contingent, where there is one."""
    contingents = plan.pools[1:]
    pool_id = (
        contingents[int(draw * 3 * len(contingents))] if contingents and draw < 1 / 3 else None
    )
    with suppress(Refusal):
        made = registrations.register(
            plan.event_id,
            party,
            nonce=f"demo-{party.email}"[:64],
            by=PARTICIPANT,
            now=at,
            pool_id=pool_id,
        )
        plan.registered.append(made.id)


def _change_minds(plan: ChapterPlan, at: datetime) -> None:
    for registration_id in plan.registered[3:40:9]:
        with suppress(Refusal):
            registrations.cancel(registration_id, by=PARTICIPANT, now=at)


_DIET = (
    QuestionInput(
        ref="diet",
        kind=QuestionKind.CHOICE,
        label=Localized(de="Was essen Sie?", sl="Kaj jeste?", en="What do you eat?"),
        options={
            "all": Localized(de="Alles", sl="Vse", en="Everything"),
            "vegetarian": Localized(de="Vegetarisch", sl="Vegetarijansko", en="Vegetarian"),
            "vegan": Localized(de="Vegan", sl="Vegansko", en="Vegan"),
        },
        asks_companions=True,
    ),
    QuestionInput(
        ref="access",
        kind=QuestionKind.SHORT_TEXT,
        label=Localized(
            de="Brauchen Sie etwas, damit Sie gut teilnehmen können?",
            sl="Ali potrebujete kaj, da se boste lahko udeležili?",
            en="Is there anything you need to take part well?",
        ),
        is_sensitive=True,
    ),
)
