"""Keeping organisations, sectors and agreements true, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from event_mgmt.audit.models import AuditEntry
from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.core.refusals import Missing
from event_mgmt.organisations import agreements, queries, refusals, sectors, service
from event_mgmt.organisations.agreements import AgreementTerms
from event_mgmt.organisations.models import Logo, OrganisationKind
from event_mgmt.organisations.service import OrganisationDetails, OrganisationStatus
from tests.builders import a_user, an_organisation
from tests.organisations.pictures import a_png
from tests.readers import fresh

DETAILS = OrganisationDetails(
    name=Localized(de="Kunststoff.NRW e. V."),
    short_name=Localized(de="Kunststoff.NRW"),
    initials="KU",
    accent="#b34f0a",
    country="DE",
    city="Düsseldorf",
    website="https://www.example.org/",
)
CLUSTER = OrganisationStatus(OrganisationKind.CLUSTER)


@pytest.fixture
def by(app: Flask) -> Actor:
    return Actor.user(a_user(is_platform_admin=True).id)


def _entries() -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


def test_an_organisation_is_added_with_its_sectors_and_a_plain_address(
    by: Actor, now: datetime
) -> None:
    plastics = sectors.add(Localized(de="Kunststoff", en="Plastics"), by=by, now=now)
    details = replace(DETAILS, sector_ids=frozenset({plastics.id}))

    first = service.add(details, CLUSTER, by=by, now=now)
    second = service.add(DETAILS, CLUSTER, by=by, now=now)

    assert (first.slug, second.slug) == ("kunststoff-nrw", "kunststoff-nrw-2")
    assert [s.code for s in queries.organisation(first.id).sectors] == ["plastics"]
    assert [e.action for e in _entries()] == [
        "sector_added",
        "organisation_added",
        "organisation_added",
    ]


def test_a_change_is_written_down_with_old_and_new_and_no_change_is_not(
    by: Actor, now: datetime
) -> None:
    organisation = service.add(DETAILS, CLUSTER, by=by, now=now)
    service.edit(organisation.id, DETAILS, by=by, now=now)
    service.edit(organisation.id, replace(DETAILS, city="Köln"), by=by, now=now)

    [_added, changed] = _entries()
    assert changed.changes == {"city": ["Düsseldorf", "Köln"]}
    assert changed.organisation_id == organisation.id


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"website": "javascript:alert(1)"}, refusals.InvalidWebAddress),
        ({"accent": "#ffff00"}, refusals.UnknownAccent),
        ({"accent": 'red"/><script>'}, refusals.UnknownAccent),
        ({"sector_ids": frozenset({999})}, Missing),
    ],
)
def test_what_would_harm_guests_is_refused(
    by: Actor, now: datetime, change: dict, refusal: type
) -> None:
    organisation = service.add(DETAILS, CLUSTER, by=by, now=now)

    with pytest.raises(refusal):
        service.edit(organisation.id, replace(DETAILS, **change), by=by, now=now)

    assert fresh(organisation).website == DETAILS.website


def test_an_organisation_keeps_a_colour_from_before_the_set(by: Actor, now: datetime) -> None:
    old = an_organisation(accent="#112233")

    service.edit(old.id, replace(DETAILS, accent="#112233"), by=by, now=now)

    assert fresh(old).accent == "#112233"


def test_a_successor_takes_over_and_never_in_a_circle(by: Actor, now: datetime) -> None:
    first, second = an_organisation(), an_organisation()
    ended = OrganisationStatus(
        OrganisationKind.CONSULATE, date(2011, 2, 15), date(2020, 12, 31), successor_id=second.id
    )
    service.set_status(first.id, ended, by=by, now=now)

    assert fresh(first).successor_id == second.id
    assert queries.organisations_active(date(2021, 1, 1)) == [second]
    with pytest.raises(refusals.SuccessorCircle):
        service.set_status(second.id, replace(CLUSTER, successor_id=first.id), by=by, now=now)
    with pytest.raises(refusals.SuccessorCircle):
        service.set_status(second.id, replace(CLUSTER, successor_id=second.id), by=by, now=now)
    upside_down = replace(ended, valid_to=date(2011, 2, 14))
    with pytest.raises(refusals.PeriodEndsBeforeStart):
        service.set_status(first.id, upside_down, by=by, now=now)


def test_a_logo_is_kept_once_and_goes_with_its_last_user(by: Actor, now: datetime) -> None:
    first, second = an_organisation(), an_organisation()
    picture = a_png(64, 64)

    def kept() -> int:
        return db.session.scalar(select(func.count()).select_from(Logo))

    service.set_logo(first.id, picture, by=by, now=now)
    service.set_logo(second.id, picture, by=by, now=now)
    assert fresh(first).logo == fresh(second).logo
    assert queries.logo(fresh(first).logo) == picture
    assert kept() == 1

    service.set_logo(first.id, a_png(80, 80), by=by, now=now)
    assert kept() == 2
    service.remove_logo(second.id, by=by, now=now)
    assert kept() == 1
    service.remove_logo(first.id, by=by, now=now)
    assert kept() == 0
    service.remove_logo(first.id, by=by, now=now)
    assert [e.action for e in _entries()] == [
        *["organisation_logo_changed"] * 3,
        *["organisation_logo_removed"] * 2,
    ]


@pytest.mark.parametrize("content", [b"", b"<svg/>", a_png(10, 10), b"x" * (128 * 1024 + 1)])
def test_an_unfit_logo_changes_nothing(by: Actor, now: datetime, content: bytes) -> None:
    organisation = an_organisation()

    with pytest.raises(refusals.UnusableLogo):
        service.set_logo(organisation.id, content, by=by, now=now)

    assert fresh(organisation).logo == ""


def test_sectors_of_the_same_long_name_have_codes_of_their_own(by: Actor, now: datetime) -> None:
    name = Localized(de="Kunststoff" * 10)
    codes = {sectors.add(name, by=by, now=now).code for _ in range(3)}

    assert len(codes) == 3


def test_sectors_keep_their_code_when_they_are_renamed(by: Actor, now: datetime) -> None:
    sector = sectors.add(Localized(de="Kunststoff", en="Plastics"), by=by, now=now)
    sectors.rename(sector.id, Localized(de="Kunststoffe", en="Polymers"), by=by, now=now)

    stored = queries.sector(sector.id)
    assert (stored.code, stored.name.into("en")) == ("plastics", "Polymers")
    with pytest.raises(Missing):
        sectors.rename(sector.id + 1, Localized(de="x"), by=by, now=now)


def test_an_agreement_has_two_parties_and_its_changes_are_written_down(
    by: Actor, now: datetime
) -> None:
    cluster, chamber, late = an_organisation(), an_organisation(), an_organisation()
    terms = AgreementTerms(
        title=Localized(de="Kooperationsvereinbarung"),
        signed_on=date(2011, 2, 15),
        place="Düsseldorf",
        party_ids=frozenset({cluster.id, chamber.id}),
    )
    with pytest.raises(refusals.FewParties):
        agreements.add(replace(terms, party_ids=frozenset({cluster.id})), by=by, now=now)

    agreement = agreements.add(terms, by=by, now=now)
    more = replace(terms, party_ids=terms.party_ids | {late.id})
    agreements.edit(agreement.id, more, by=by, now=now)

    assert queries.agreement(agreement.id).parties == [cluster, chamber, late]
    two, three = [cluster.slug, chamber.slug], [cluster.slug, chamber.slug, late.slug]
    assert _entries()[-1].changes == {"parties": [sorted(two), sorted(three)]}
