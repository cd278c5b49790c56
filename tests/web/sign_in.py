"""A browser without scripts: signs in, reads a page's form, fills it in and sends it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from event_mgmt.accounts.models import User


def signed_in(client: FlaskClient, user: User) -> FlaskClient:
    """The same client, signed in as ``user`` (without the detour over the sign-in page)."""
    with client.session_transaction() as session:
        session["_user_id"] = f"{user.id}:{user.session_version}"
        session["_fresh"] = True
    return client


@dataclass
class HtmlForm:
    """One form of a page, with the values a browser would send as it stands."""

    action: str = ""
    method: str = "get"
    values: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[HtmlForm] = []
        self.form: HtmlForm | None = None
        self.select = ""
        self.options: list[tuple[str | None, bool]] = []
        self.multiple = False
        self.text_area: str | None = None
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self.form = HtmlForm(given.get("action") or "", (given.get("method") or "get").lower())
            self.forms.append(self.form)
        elif tag == "input" and self.form is not None and name:
            self._input(self.form, name, given)
        elif tag == "select" and self.form is not None:
            self.select, self.options, self.multiple = name, [], "multiple" in given
            self.form.names.add(name)
        elif tag == "option":
            self.options.append((given.get("value"), "selected" in given))
        elif tag == "textarea" and self.form is not None:
            self.text_area, self.text = name, ""
            self.form.names.add(name)

    def _input(self, form: HtmlForm, name: str, given: dict[str, str | None]) -> None:
        form.names.add(name)
        kind = given.get("type") or "text"
        if kind in {"submit", "button", "file", "image", "reset"} or "disabled" in given:
            return
        if kind in {"checkbox", "radio"} and "checked" not in given:
            return
        form.values.append((name, given.get("value") or ("on" if kind == "checkbox" else "")))

    def handle_data(self, text: str) -> None:
        if self.text_area is not None:
            self.text += text

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select" and self.form is not None:
            chosen = [value or "" for value, selected in self.options if selected]
            if not chosen and self.options and not self.multiple:
                chosen = [self.options[0][0] or ""]
            self.form.values += [(self.select, value) for value in chosen]
        elif tag == "textarea" and self.form is not None and self.text_area is not None:
            self.form.values.append((self.text_area, self.text.removeprefix("\n")))
            self.text_area = None


def forms_of(response: TestResponse | str) -> list[HtmlForm]:
    """All forms of a page, in its order."""
    reader = _Reader()
    reader.feed(_html(response))
    return reader.forms


def csrf_of(response: TestResponse | str) -> str:
    """The CSRF token of the first form of a page that has one."""
    for form in forms_of(response):
        for name, value in form.values:
            if name == "csrf_token":
                return value
    raise AssertionError("no form with a CSRF token on this page")


def submit(
    client: FlaskClient, url: str, *, to: str | None = None, having: str = "", **fields: Any
) -> TestResponse:
    """Open ``url``, fill in ``fields`` and send the form; gives the answer, redirects not followed.

    Everything else is sent as it stood on the page. Of several forms it is the one that posts
    ``to`` that path (and has the field ``having``), else the first posting one that has all the
    fields. A list gives several
    values, ``None`` leaves a field out (an unticked box); names that are no Python names go in as
    ``**{"companions-0-given_name": "Ana"}``.
    """
    page = client.get(url)
    assert page.status_code == 200, f"{url} answered {page.status_code}"
    forms = [form for form in forms_of(page) if not having or having in form.names]
    form = _chosen(forms, url, to, set(fields))
    values = MultiDict((n, v) for n, v in form.values if n not in fields)
    for name, value in fields.items():
        values.setlist(name, list(_each(value)))
    return client.post(urljoin(url, form.action) if form.action else url, data=values)


def _each(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        yield from value
    elif value is True:
        yield "y"
    elif value is not None and value is not False:
        yield value


def _chosen(forms: list[HtmlForm], url: str, to: str | None, names: set[str]) -> HtmlForm:
    for form in forms:
        if form.method != "post":
            continue
        target = urlsplit(urljoin(url, form.action) if form.action else url).path
        if target == to or (to is None and names <= form.names):
            return form
    raise AssertionError(f"no form at {url} to {to or 'itself'} with {sorted(names)}")


def _html(response: TestResponse | str) -> str:
    return response if isinstance(response, str) else response.get_data(as_text=True)
