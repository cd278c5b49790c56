"""The page cache: answers visitors without a session before Flask has any work with them.

A WSGI layer in front of the application, behind proxies and static files. It knows a few pages
(``VisitorPage``) and asks of each the same questions of freshness as its view does: what it depends
on is read in one statement, or known to stand as long as nobody has committed anything. Whatever it
is not sure of goes on to the application: a foreign Host, a session, another query, an error.

What a page depends on is said beside its view, by its ``page_key``: whatever is shown and not part
of that key would be shown stale. There are two, in ``event_site/event_page.py`` and in
``registrations/public/form_page.py``; each room declares its pages (``Room.visitor_pages``).

What it answers with has been drawn by the application first, so that an unmigrated database never
has a page here.
"""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from flask import Flask
from flask_babel import force_locale
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import SecurityError
from werkzeug.http import parse_accept_header
from werkzeug.wsgi import get_host

from event_mgmt import logs
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import CommitWatch, commit_watch, db
from event_mgmt.core.refusals import Refusal
from event_mgmt.settings import LOCALES, Settings
from event_mgmt.web.page_store import CSP_NONCE, PAGE, Cache, StoredPage, new_store

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

S = TypeVar("S")

TRUSTS_SECONDS: Final = 10.0
"""So long a state that nobody has changed is believed before it is read anew in any case."""

_MOST_STATES: Final = 512
_MOST_LANGUAGES: Final = 200  # characters of Accept-Language that are worth remembering
_SLUG: Final = "[a-z0-9-]+"
_NONCE: Final = re.compile(r"'nonce-([^']+)'")


@dataclass(frozen=True)
class VisitorPage(Generic[S]):
    """A page that all visitors without a session get alike, but for what each has of its own.

    ``rule``: its route, with one ``<slug>``. ``read``: what it depends on, by slug; Missing where
    there is none. ``key``: the key under which its view keeps it (by state, language, instant and
    the ``word`` of the query), ``None`` where it is not kept. ``shared``: what stands in its gaps
    for everybody, by state, key and language; ``own``: for this visit alone, by state and instant.
    """

    rule: str
    read: Callable[[str], S]
    key: Callable[[S, str, datetime, str], Hashable | None]
    shared: Callable[[S, datetime], Mapping[str, str]] = lambda _state, _now: {}
    own: Callable[[S, datetime, str], Mapping[str, str]] = lambda _state, _now, _secret: {}
    word: str = ""

    def pattern(self) -> re.Pattern[str]:
        """What its addresses look like."""
        before, after = self.rule.split("<slug>")
        return re.compile(f"{re.escape(before)}({_SLUG}){re.escape(after)}")


AnyVisitorPage = VisitorPage[Any]
"""One of several pages side by side: each depends on a state of a type of its own."""


def init_app(app: Flask, pages: Iterable[AnyVisitorPage]) -> None:
    """Put the layer right before ``app``, behind whatever comes to stand before it later."""
    app.extensions["pages"] = new_store()
    app.wsgi_app = PageCache(app, app.wsgi_app, list(pages)).answer  # type: ignore[method-assign]  # Flask's own way to put a layer before itself


@dataclass
class _KnownState:
    """What a page depends on, and the mark of the database when that was read."""

    state: object
    mark: object
    read_at: float
    shared: dict[Hashable, Mapping[str, str]] = field(default_factory=dict)

    def holds(self, mark: object, now: float) -> bool:
        """Whether nobody has committed anything since it was read."""
        is_recent = now - self.read_at < TRUSTS_SECONDS
        return mark is not None and self.mark == mark and is_recent


class PageCache:
    """The layer; ``pages`` are those it may answer."""

    def __init__(
        self, app: Flask, behind: WSGIApplication, pages: Sequence[AnyVisitorPage]
    ) -> None:
        self._app = app
        self._behind = behind
        self._pages = [(page.pattern(), page) for page in pages]
        self._store: Cache[StoredPage] = app.extensions["pages"]
        self._cookie = f"{app.config['SESSION_COOKIE_NAME']}="
        self._settings: Settings = app.extensions["settings"]
        self._states = States(app)

    def answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or let the application do it (a WSGI application)."""
        started = time.perf_counter()
        asked = self._asked(environ)
        if asked is None:
            return self._behind(environ, start_response)
        try:
            page, values = self._look_up(asked)
        except (Refusal, SQLAlchemyError, OSError):  # a fault is the application's to tell
            return self._behind(environ, start_response)
        if page is None or page.headers is None:
            return self._behind(environ, _noting_headers(environ, start_response))
        body = page.filled(values)
        start_response("200 OK", _headers(page.headers, values[CSP_NONCE], len(body)))
        method = environ["REQUEST_METHOD"]
        logs.note_request(method=method, route=asked.page.rule, status=200, started=started)
        return [] if method == "HEAD" else [body]

    def _asked(self, environ: WSGIEnvironment) -> PageRequest | None:
        """What is asked for, if it is a page of ours and the visitor has no session."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or environ.get("SCRIPT_NAME"):
            return None
        path = environ["PATH_INFO"]
        found = next(((m, page) for p, page in self._pages if (m := p.fullmatch(path))), None)
        if found is None or self._cookie in environ.get("HTTP_COOKIE", ""):
            return None
        match, page = found
        word, is_known = _word_of(environ.get("QUERY_STRING", ""), page.word)
        if not is_known or not self._is_our_host(environ):
            return None
        languages = environ.get("HTTP_ACCEPT_LANGUAGE", "")
        if len(languages) > _MOST_LANGUAGES:
            return None
        return PageRequest(
            page, match[1], word, _language(languages, self._settings.default_locale)
        )

    def _is_our_host(self, environ: WSGIEnvironment) -> bool:
        trusted = self._app.config["TRUSTED_HOSTS"]
        try:
            get_host(environ, trusted or None)
        except SecurityError:
            return False
        return True

    def _look_up(self, asked: PageRequest) -> tuple[StoredPage | None, Mapping[str, str]]:
        """The page at hand, if it still holds, and what this visit has in its gaps."""
        page, now = asked.page, utc_now()
        known = self._states.of(page, asked.slug)
        key = page.key(known.state, asked.locale, now, asked.word)
        kept = None if key is None else self._store.find(key)
        if kept is None or kept.headers is None:
            return kept, {}
        shared = known.shared.get(key)
        if shared is None:
            with self._app.app_context(), force_locale(asked.locale):
                shared = known.shared[key] = page.shared(known.state, now)
        own = page.own(known.state, now, self._app.config["SECRET_KEY"])
        return kept, {**shared, **own, CSP_NONCE: secrets.token_urlsafe(16)}


@dataclass(frozen=True)
class PageRequest:
    """A page of the layer, as one visitor asks for it."""

    page: AnyVisitorPage
    slug: str
    word: str
    locale: str


class States:
    """What pages depend on: read anew after every commit, whoever made it."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._watch: CommitWatch | None = None
        self._process = 0
        self._known: dict[tuple[str, str], _KnownState] = {}
        self._lock = Lock()

    def of(self, page: AnyVisitorPage, slug: str) -> _KnownState:
        """The state of ``page`` for ``slug``; Missing where there is none."""
        mark, now = self._mark(), time.monotonic()
        known = self._known.get((page.rule, slug))
        if known and known.holds(mark, now):
            return known
        with self._app.app_context():
            state = page.read(slug)
        if known is None or known.state != state:
            known = _KnownState(state, mark, now)
        known.mark, known.read_at = mark, now
        if len(self._known) >= _MOST_STATES:
            self._known.clear()
        self._known[page.rule, slug] = known
        return known

    def _mark(self) -> object:
        """Another one after each commit; ``None`` where the database does not say."""
        with self._lock:
            try:
                return self._own_watch().mark()
            except SQLAlchemyError:
                self._drop_watch()
                return None

    def _drop_watch(self, *_engine: object) -> None:
        """Close a connection that does not answer; the next visit makes a new one."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.drop()

    def _own_watch(self) -> CommitWatch:
        """This process's watch: a connection must not be shared with a parent."""
        if self._watch is None or self._process != os.getpid():
            with self._app.app_context():
                self._watch = commit_watch(db.engine)
                event.listen(db.engine, "engine_disposed", self._drop_watch)
            self._process = os.getpid()
        return self._watch


def _word_of(query: str, word: str) -> tuple[str, bool]:
    """The query's one word that counts, and whether there is nothing else in it."""
    if not query:
        return "", True
    name, _equals, value = query.partition("=")
    return value, bool(word) and name == word and re.fullmatch(_SLUG, value) is not None


@lru_cache(maxsize=256)
def _language(accepted: str, default: str) -> str:
    return parse_accept_header(accepted, LanguageAccept).best_match(LOCALES) or default


def _headers(kept: Sequence[tuple[str, str]], nonce: str, length: int) -> list[tuple[str, str]]:
    """The headers of one answer: with its own nonce and length."""
    length_of_it = ("Content-Length", str(length))
    return [*((name, _NONCE.sub(f"'nonce-{nonce}'", text)) for name, text in kept), length_of_it]


def _noting_headers(environ: WSGIEnvironment, start: StartResponse) -> StartResponse:
    """Let the next visitors have the headers of the page that the application answers with, unless
    they give away a cookie.
    """

    def noting(
        status: str, headers: list[tuple[str, str]], exc_info: OptExcInfo | None = None, /
    ) -> Callable[[bytes], object]:
        page: StoredPage | None = environ.get(PAGE)
        names = {name.lower() for name, _text in headers}
        if page is not None and status.startswith("200 ") and "set-cookie" not in names:
            page.headers = [pair for pair in headers if pair[0].lower() != "content-length"]
        return start(status, headers, exc_info) if exc_info else start(status, headers)

    return noting
