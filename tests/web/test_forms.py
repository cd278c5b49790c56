"""Forms as they read what was typed."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from flask import Flask
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict
from wtforms import FormField, StringField

from event_mgmt.web.forms import (
    Form,
    LocalDateTimeField,
    PlausibleDateField,
    RowsField,
    SubForm,
)


class _Row(SubForm):
    name = StringField("Name")


class _Form(Form):
    day = PlausibleDateField("Day")
    moment = LocalDateTimeField("Moment", format="%Y-%m-%dT%H:%M")
    rows = RowsField(FormField(_Row))


def _read(app: Flask, **typed: str) -> _Form:
    with app.test_request_context("/", method="POST"), force_locale("de"):
        form = _Form(MultiDict(typed), meta={"csrf": False})
        form.validate()
    return form


@pytest.mark.parametrize("year", [1800, 2199])
def test_a_day_of_our_times_is_taken(sqlite_app: Flask, year: int) -> None:
    form = _read(sqlite_app, day=f"{year}-12-31", moment=f"{year}-01-01T00:00")

    assert (form.day.data, form.moment.data) == (date(year, 12, 31), datetime(year, 1, 1))
    assert not form.errors


@pytest.mark.parametrize("year", ["0001", "0026", "1799", "2200", "9999"])
def test_a_year_that_nobody_means_is_refused_at_its_field_and_still_shown(
    sqlite_app: Flask, year: str
) -> None:
    form = _read(sqlite_app, day=f"{year}-12-31", moment=f"{year}-01-01T00:00")

    words = ["Bitte ein Jahr von 1800 bis 2199 angeben."]
    assert form.errors == {"day": words, "moment": words}
    assert (form.day.data, form.moment.data) == (None, None)
    assert f'value="{year}-12-31"' in form.day()
    assert f'value="{year}-01-01T00:00"' in form.moment()


@pytest.mark.parametrize("number", ["\u00b2", "\u0663", "9" * 5000, "-1", "x", ""])
def test_what_no_page_numbers_its_rows_with_is_no_row(sqlite_app: Flask, number: str) -> None:
    form = _read(
        sqlite_app, **{"rows-3-name": "Ana", f"rows-{number}-name": "Ivo", "rowsize-1": ""}
    )

    assert [row.form.name.data for row in form.rows] == ["Ana"]
