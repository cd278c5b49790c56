"""Texts in up to three languages, and the column type that stores them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import JSON
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from event_mgmt.settings import LOCALES


class Localized(Mapping[str, str]):
    """An immutable text in some of the languages de, sl, en; empty ones are left out."""

    __slots__ = ("_texts",)

    def __init__(
        self, texts: Mapping[str, str | None] | None = None, **by_locale: str | None
    ) -> None:
        given = {**(texts or {}), **by_locale}
        self._texts = {
            locale: text.strip()
            for locale in LOCALES
            if (text := given.get(locale)) and text.strip()
        }

    def __getitem__(self, locale: str) -> str:
        return self._texts[locale]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __hash__(self) -> int:
        return hash(tuple(self._texts.items()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Localized) and self._texts == other._texts

    def __repr__(self) -> str:
        return f"Localized({self._texts!r})"

    def into(self, locale: str) -> str:
        """The text for a reader of ``locale``; else English, else whichever there is, else ''."""
        for wanted in (locale, "en", *LOCALES):
            if wanted in self._texts:
                return self._texts[wanted]
        return ""

    def language_for(self, locale: str) -> str:
        """Which language ``into`` answers in (for ``lang`` attributes); '' where there is none."""
        for wanted in (locale, "en", *LOCALES):
            if wanted in self._texts:
                return wanted
        return ""

    def missing(self, wanted: tuple[str, ...] = LOCALES) -> tuple[str, ...]:
        """The languages of ``wanted`` that have no text, for "missing in Slovenian" hints."""
        return tuple(locale for locale in wanted if locale not in self._texts)

    def as_dict(self) -> dict[str, str]:
        """A plain copy, for JSON."""
        return dict(self._texts)


class LocalizedText(TypeDecorator[Localized]):
    """Stores a Localized as JSON; never NULL."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Localized | None, _dialect: Dialect) -> dict[str, str]:
        """What the database stores."""
        return value.as_dict() if value is not None else {}

    def process_result_value(self, value: Mapping[str, str] | None, _dialect: Dialect) -> Localized:
        """What the application sees."""
        return Localized(value)
