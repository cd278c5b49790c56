"""Reading organisations, sectors and agreements, on both databases."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from event_mgmt.core.localized import Localized
from event_mgmt.core.refusals import Missing
from event_mgmt.organisations import queries
from event_mgmt.organisations.models import Agreement, Sector
from tests.builders import an_organisation, saved


def test_only_organisations_that_exist_on_the_day_are_active(app: Flask) -> None:
    always = an_organisation("Always")
    until = an_organisation("Until May", valid_to=date(2026, 5, 31))
    since = an_organisation("Since June", valid_from=date(2026, 6, 1))

    assert queries.organisations_active(date(2026, 5, 31)) == [always, until]
    assert queries.organisations_active(date(2026, 6, 1)) == [always, since]


def test_organisations_come_by_their_ids_and_unknown_ids_are_left_out(app: Flask) -> None:
    first, second = an_organisation(), an_organisation()

    assert queries.organisations_by_ids([second.id, 10_000]) == {second.id: second}
    assert queries.organisations_by_ids([]) == {}
    assert queries.organisation_by_slug(first.slug) == first
    with pytest.raises(Missing):
        queries.organisation_by_slug("unknown")


def test_sectors_are_ordered_by_their_name_in_the_readers_language(app: Flask) -> None:
    saved(Sector(code="a", name=Localized(de="Werkzeug", sl="Avtomobili")))
    saved(Sector(code="b", name=Localized(de="Chemie", sl="Živila")))

    assert [s.code for s in queries.sectors("de")] == ["b", "a"]
    assert [s.code for s in queries.sectors("sl")] == ["a", "b"]


def test_agreements_of_a_party_come_newest_first_with_all_their_parties(app: Flask) -> None:
    host, partner, other = an_organisation(), an_organisation(), an_organisation()
    old = saved(
        Agreement(title=Localized(de="Alt"), signed_on=date(2011, 2, 15), parties=[host, partner])
    )
    new = saved(Agreement(title=Localized(de="Neu"), signed_on=date(2020, 1, 1), parties=[host]))
    saved(Agreement(title=Localized(de="Fremd"), signed_on=date(2021, 1, 1), parties=[other]))

    assert queries.agreements(party_id=host.id) == [new, old]
    assert queries.agreement(old.id).parties == [host, partner]
    assert len(queries.agreements()) == 3
