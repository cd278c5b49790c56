"""Keeps the message catalogues whole: ``python -m event_mgmt.i18n update|check|compile``.

Source texts are English. ``update`` extracts them from code and templates into de, sl and en and
fills en with the source; ``check`` names every missing, fuzzy or inconsistent entry.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from event_mgmt.settings import LOCALES, PROJECT_ROOT

_KEYWORDS: Mapping[str, tuple[int | tuple[int, int] | tuple[int, str], ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # so that two updates of the same source are equal
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def _path(locale: str) -> Path:
    return PROJECT_ROOT / "translations" / locale / "LC_MESSAGES" / "messages.po"


def _extracted() -> Catalog:
    with (PROJECT_ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel has no types for it
    template = Catalog(project="event-mgmt", fuzzy=False, creation_date=_ANY_DAY)
    found = extract_from_dir(
        PROJECT_ROOT, methods, options, keywords=_KEYWORDS, comment_tags=("i18n:",)
    )
    for _file, _line, message, comments, context in found:
        template.add(message, auto_comments=comments, context=context)
    return template


def _read(locale: str) -> Catalog:
    path = _path(locale)
    if not path.exists():
        return Catalog(locale=locale, project="event-mgmt", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def update() -> None:
    """Bring all three catalogues up to date with the source."""
    template = _extracted()
    for locale in LOCALES:
        catalogue = _read(locale)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        if locale == "en":
            for message in catalogue:
                if message.id:
                    message.string = message.id
        path = _path(locale)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=100, no_location=True, sort_output=True)


def compile_all() -> None:
    """Write the binary catalogues that the application reads."""
    for locale in LOCALES:
        with _path(locale).with_suffix(".mo").open("wb") as file:
            write_mo(file, _read(locale))


def problems() -> Iterator[str]:
    """Everything that is not right, one line each."""
    wanted = {(m.id, m.context) for m in _extracted() if m.id}
    for locale in LOCALES:
        catalogue = _read(locale)
        has = {(m.id, m.context): m for m in catalogue if m.id}
        for key in sorted(wanted - has.keys(), key=str):
            yield f"{locale}: not in the catalogue: {key[0]!r}"
        for key in sorted(has.keys() - wanted, key=str):
            yield f"{locale}: not in the source any more: {key[0]!r}"
        for message in has.values():
            yield from _problems_of(locale, message, catalogue.num_plurals)


def _problems_of(locale: str, message: Message, plurals: int) -> Iterator[str]:
    given = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    strings = [str(each or "") for each in given]
    if message.fuzzy:
        yield f"{locale}: fuzzy: {message.id!r}"
    if not all(strings) or (message.pluralizable and len(strings) != plurals):
        yield f"{locale}: missing: {message.id!r}"
        return
    source = message.id[-1] if isinstance(message.id, (tuple, list)) else message.id
    wanted = set(_PLACEHOLDER.findall(source))
    for string in strings:
        used = set(_PLACEHOLDER.findall(string))
        if not used <= wanted or (not message.pluralizable and used != wanted):
            yield f"{locale}: other placeholders: {message.id!r} -> {string!r}"


def main(verb: str) -> int:
    """Run one verb; gives the exit status."""
    if verb == "check":
        found = list(problems())
        sys.stdout.write("".join(f"{line}\n" for line in found))
        return 1 if found else 0
    {"update": update, "compile": compile_all}[verb]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
