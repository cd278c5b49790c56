"""Texts that say which language they are in, where it is not the page's own (WCAG 3.1.2)."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from event_mgmt.core.localized import Localized


@dataclass(frozen=True)
class LangText:
    """A text; ``language`` is set where it is not the page's own, for a ``lang`` attribute."""

    text: str
    language: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)

    def __html__(self) -> str:
        if not self.language:
            return str(Markup("{}").format(self.text))
        return str(Markup('<span lang="{}">{}</span>').format(self.language, self.text))

    def __str__(self) -> str:
        return self.text


def lang_text(text: Localized, locale: str) -> LangText:
    """``text`` for a reader of ``locale``."""
    return LangText(text.into(locale), foreign_lang(text.language_for(locale), locale))


def foreign_lang(language: str, locale: str) -> str:
    """``language`` where it is not the page's own, for a ``lang`` attribute; else ''."""
    return language if language != locale else ""
