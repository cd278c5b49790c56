"""The browser without scripts reads forms as a browser does."""

from __future__ import annotations

import pytest

from tests.web.sign_in import csrf_of, forms_of

PAGE = """
<form method="get"><input name="q" value="x"></form>
<form method="post" action="/save">
  <input type="hidden" name="csrf_token" value="abc">
  <input name="city" value="Düsseldorf"><input type="checkbox" name="yes" value="y" checked>
  <input type="checkbox" name="no" value="y">
  <select name="role"><option value="a">A</option><option value="b" selected>B</option></select>
  <select name="many" multiple><option value="1" selected><option value="2"></select>
  <textarea name="about">
first
second</textarea>
  <button name="go" value="1">Go</button>
</form>
"""


def test_a_form_is_read_with_the_values_that_a_browser_would_send() -> None:
    form = forms_of(PAGE)[1]

    assert form.action == "/save"
    assert form.values == [
        ("csrf_token", "abc"),
        ("city", "Düsseldorf"),
        ("yes", "y"),
        ("role", "b"),
        ("many", "1"),
        ("about", "first\nsecond"),
    ]
    assert "no" in form.names


def test_the_token_is_that_of_the_first_form_that_has_one() -> None:
    assert csrf_of(PAGE) == "abc"
    with pytest.raises(AssertionError):
        csrf_of("<form></form>")
