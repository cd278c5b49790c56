"""Choosing a country in a form."""

from __future__ import annotations

import html
import re

import pytest
from werkzeug.datastructures import MultiDict
from wtforms.validators import InputRequired

from event_mgmt.core.countries import codes
from event_mgmt.web.countries import NEAREST, CountryField
from event_mgmt.web.forms import SubForm


class Address(SubForm):
    country = CountryField("Country", [InputRequired()])


class Place(SubForm):
    country = CountryField("Country", may_be_empty=False)


@pytest.fixture(params=["de", "sl", "en"])
def page(sqlite_app, request):
    with sqlite_app.test_request_context(f"/?lang={request.param}"):
        yield


def _options(form):
    found = re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)</option>', form.country())
    return {value: (bool(selected), html.unescape(name)) for value, selected, name in found}


@pytest.mark.usefixtures("page")
def test_the_nearest_countries_stand_first_and_each_stands_once():
    offered = list(_options(Address()))

    assert offered[: 1 + len(NEAREST)] == ["", *NEAREST]
    assert len(offered) == 251
    assert set(offered[1:]) == codes()
    assert "" not in _options(Place())


@pytest.mark.parametrize("written", ["SI", "si", "Slowenien", "Slovenija", "SLO"])
@pytest.mark.usefixtures("page")
def test_a_country_filled_in_by_its_name_is_taken(written):
    form = Address(MultiDict({"country": written}))

    assert form.validate()
    assert form.country.data == "SI"


@pytest.mark.parametrize("written", ["XA", "EU", "Narnia", '"><script>'])
@pytest.mark.usefixtures("page")
def test_what_is_no_country_is_refused_and_stays_to_be_seen(written):
    form = Address(MultiDict({"country": written}))

    assert not form.validate()
    assert "<script" not in form.country()
    assert [name for chosen, name in _options(form).values() if chosen]


@pytest.mark.usefixtures("page")
def test_a_stored_code_that_is_on_the_list_no_more_may_stay():
    form = Address(MultiDict({"country": "AC"}), country="AC")

    assert form.validate()
    assert _options(form)["AC"][0]
    assert not Address(MultiDict({"country": "AC"}), country="DE").validate()


@pytest.mark.usefixtures("page")
def test_a_place_must_have_a_country():
    assert not Place(MultiDict({"country": ""})).validate()
