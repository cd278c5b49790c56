"""Numbers in forms."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict
from wtforms.validators import NumberRange

from event_mgmt.web.forms import SubForm
from event_mgmt.web.number_fields import WholeNumberField


class Seats(SubForm):
    seats = WholeNumberField("Seats", validators=[NumberRange(1, 100_000)])


@pytest.fixture
def sent(sqlite_app):
    def sent(locale, typed, **stored):
        with sqlite_app.test_request_context(f"/?lang={locale}"):
            form = Seats(MultiDict({"seats": typed}) if typed is not None else None, **stored)
            valid = typed is not None and form.validate()
            return valid, form.seats.data, [str(e) for e in form.seats.errors], str(form.seats())

    return sent


@pytest.mark.parametrize(
    ("locale", "typed", "number"),
    [
        ("de", "1.200", 1200),
        ("sl", "1.200", 1200),
        ("en", "1,200", 1200),
        ("de", "1 200", 1200),
        ("sl", "1'200", 1200),
        ("de", " 80 ", 80),
    ],
)
def test_thousands_may_be_set_apart(sent, locale, typed, number):
    valid, found, errors, _html = sent(locale, typed)

    assert (valid, found, errors) == (True, number, [])


@pytest.mark.parametrize(
    ("locale", "typed", "words"),
    [
        ("de", "1,000", "Ist das 1000 oder 1? Bitte geben Sie eines davon ein."),
        ("en", "1.000", "Is this 1000 or 1? Please enter it as one of these two."),
        ("de", "1,5", "Bitte geben Sie eine ganze Zahl ein."),
        ("sl", "veliko", "Vnesite celo število."),
    ],
)
def test_what_is_not_clear_is_asked_back_and_stays_as_typed(sent, locale, typed, words):
    valid, _number, errors, html = sent(locale, typed)

    assert not valid
    assert errors[0] == words
    assert f'value="{typed}"' in html


@pytest.mark.parametrize(("locale", "shown"), [("de", "1.200"), ("sl", "1.200"), ("en", "1,200")])
def test_a_stored_number_is_shown_as_the_reader_writes_it(sent, locale, shown):
    assert f'value="{shown}"' in sent(locale, None, seats=1200)[3]
