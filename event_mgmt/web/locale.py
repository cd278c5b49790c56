"""Which language a request is answered in."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Final
from urllib.parse import urlencode

from babel import Locale
from babel.support import NullTranslations
from flask import Flask, current_app, g, has_app_context, has_request_context, request, session
from flask_babel import Babel, Domain, get_locale, gettext as _

from event_mgmt.settings import LOCALES, Settings

OWN_NAMES: Final = {"de": "Deutsch", "sl": "Slovenščina", "en": "English"}


class _Catalogues(Domain):
    """Our catalogues, found by the language alone.

    Flask-Babel writes the whole locale out for every text, which takes ten times as long as the
    text's look-up, and a page has a hundred of them.
    """

    def __init__(self) -> None:
        super().__init__()
        self._by_language: dict[str, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        locale = _locale_in_force()
        if locale is None:
            return NullTranslations()
        found = self._by_language.get(locale.language)
        if found is None:
            found = self._by_language[locale.language] = super().get_translations()
        return found


class _Babel(Babel):
    @cached_property
    def domain_instance(self) -> Domain:
        """Where texts are looked up."""
        return _Catalogues()

    def init_app(self, app: Flask, *given: object, **named: object) -> None:
        """As ever; and templates ask our catalogues directly, a hundred times a page."""
        super().init_app(app, *given, **named)
        texts = self.domain_instance.get_translations
        app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # Jinja's i18n extension adds it
            gettext=lambda text: texts().ugettext(text),
            ngettext=lambda one, many, n: texts().ungettext(one, many, n),
            pgettext=lambda context, text: texts().upgettext(context, text),
            npgettext=lambda context, one, many, n: texts().unpgettext(context, one, many, n),
            newstyle=True,
        )


def _locale_in_force() -> Locale | None:
    """What ``get_locale`` gives, for a third of the time where Flask-Babel knows it already."""
    known = getattr(g.get("_flask_babel"), "babel_locale", None) if has_app_context() else None
    return known or get_locale()


babel = _Babel()


def init_app(app: Flask, account_language: Callable[[], str | None]) -> None:
    """Answer in the address's ``lang``, else the last choice, else ``account_language`` (of whoever
    is signed in), else the browser's.
    """
    babel.init_app(app, locale_selector=lambda: _selected(account_language))


def _selected(account_language: Callable[[], str | None]) -> str:
    settings: Settings = current_app.extensions["settings"]
    if not has_request_context():
        return settings.default_locale
    for chosen in (request.args.get("lang"), session.get("locale")):
        if chosen in LOCALES:
            return str(chosen)
    return (
        account_language()
        or request.accept_languages.best_match(LOCALES)
        or settings.default_locale
    )


def remember_choice() -> None:
    """Keep a language that was chosen by link for the next pages."""
    asked = request.args.get("lang")
    if asked in LOCALES and session.get("locale") != asked:
        session["locale"] = asked


def current_language() -> str:
    """The language in force, as one of LOCALES."""
    locale = _locale_in_force()
    return str(locale.language) if locale else "de"


def site_name() -> str:
    """What this site is called: as the operator says, else in the reader's language."""
    settings: Settings = current_app.extensions["settings"]
    return settings.site_name or _("Events & Delegations")


def switch_url(locale: str, **instead: str) -> str:
    """This page in another language: a query alone, which keeps the path as the browser has it.

    Words of the query are replaced by those in ``instead``.
    """
    args = {**request.args.to_dict(flat=False), **instead, "lang": [locale]}
    return f"?{urlencode(args, doseq=True)}"
