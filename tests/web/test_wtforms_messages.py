"""What a form says by itself, in every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import wtforms
from werkzeug.datastructures import MultiDict
from wtforms import (
    DateField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Length, NumberRange

from event_mgmt.web.forms import SubForm
from event_mgmt.web.wtforms_messages import MESSAGES


class _Asked(SubForm):
    long = StringField(validators=[Length(max=3)])
    short = StringField(validators=[Length(min=3)])
    between = StringField(validators=[Length(min=2, max=3)])
    one = SelectField(choices=[SelectChoice("a", "A")])
    several = SelectMultipleField(choices=[SelectChoice("a", "A")])
    number = IntegerField(validators=[NumberRange(1, 3)])
    whole = IntegerField()
    day = DateField()
    needed = StringField(validators=[InputRequired()])


WRONG = MultiDict(
    [
        ("long", "abcd"),
        ("short", "a"),
        ("between", "abcd"),
        ("one", "z"),
        ("several", "y"),
        ("several", "z"),
        ("number", "9"),
        ("whole", "x"),
        ("day", "x"),
    ]
)


@pytest.mark.parametrize("locale", ["de", "sl", "en"])
def test_whatever_is_typed_wrongly_is_told_in_the_readers_language(sqlite_app, locale):
    with sqlite_app.test_request_context(f"/?lang={locale}"):
        form = _Asked(WRONG)
        assert not form.validate()
        told = {name: " ".join(map(str, errors)) for name, errors in form.errors.items()}

    assert set(told) == set(form._fields)
    assert not any("%(" in words for words in told.values())
    assert ("Field" in told["long"]) == (locale == "en")
    assert "3" in told["long"]
    assert "z" in told["several"]
    if locale != "en":
        english = {"field", "valid", "must", "number"}
        assert not english & set(re.findall(r"[a-z]+", " ".join(told.values()).lower()))


def test_the_words_are_those_that_wtforms_looks_up():
    source = "".join(path.read_text() for path in Path(wtforms.__file__).parent.rglob("*.py"))
    plain = {str(words._args[0]) for words in MESSAGES if hasattr(words, "_args")}

    assert len(plain) == len(MESSAGES)
    assert [words for words in plain if words not in source] == []
