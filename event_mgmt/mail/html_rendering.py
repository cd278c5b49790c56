"""From a letter to what its reader sees: the text and the HTML, block by block.

Most of what a letter says its other readers get alike. So the letter is put together from blocks
(the frame above and below, the greeting, each block), and a block is rendered and encoded once for
all whom it is the same for. Where a block holds a word of one reader's own (a name, a link), the
template around that word is.
"""

from __future__ import annotations

import functools
import re
import secrets
from binascii import b2a_qp
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, NamedTuple

import jinja2
from babel import Locale
from flask_babel import force_locale, gettext as _
from jinja2.environment import TemplateModule
from markupsafe import Markup, escape

from event_mgmt.mail.letters import Button, Facts, Host, Letter, Paragraph, Quote
from event_mgmt.mail.web_links import linked
from event_mgmt.resources import resource

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_PLACEHOLDER: Final = (
    secrets.token_hex()
)  # stands for what goes there; no word of a letter can be it
_SOFT_BREAK: Final = b"=\r\n"  # a line's end in quoted-printable that is none (RFC 2045, 6.7)


class RenderedBlock(NamedTuple):
    """Some whole lines of a letter, and the same lines as quoted-printable (RFC 2045, 6.7)."""

    text: str
    html: str
    text_encoded: bytes
    html_encoded: bytes


class BlockTemplate(NamedTuple):
    """A rendered block cut where the same word of a reader's own goes, once or more often."""

    text: list[str]
    html: list[str]
    text_encoded: list[bytes]
    html_encoded: list[bytes]

    def filled(self, text: str, html: str) -> RenderedBlock:
        """The block with that word."""
        return RenderedBlock(
            text.join(self.text),
            html.join(self.html),
            _encode_unfinished(text.rstrip()).join(self.text_encoded),
            _encode_unfinished(html.rstrip()).join(self.html_encoded),
        )


@dataclass(frozen=True)
class RenderedLetter:
    """A letter as its reader sees it."""

    subject: str
    blocks: tuple[RenderedBlock, ...]

    @property
    def text(self) -> str:
        """The plain text."""
        return "".join(block.text for block in self.blocks)

    @property
    def html(self) -> str:
        """The HTML."""
        return "".join(block.html for block in self.blocks)


@dataclass(frozen=True)
class _LetterFrame:
    """What stands above and below the greeting and the blocks."""

    subject: str
    locale: str
    hosts: tuple[Host, ...]
    closing: str
    footer: tuple[str, ...]
    footer_links: tuple[tuple[str, str], ...]

    @property
    def host_names(self) -> str:
        return " · ".join(host.name for host in self.hosts)

    @property
    def host_width(self) -> float:
        return round(100 / max(1, len(self.hosts)), 2)


def in_locale(locale: str) -> AbstractContextManager[None]:
    """Let all words inside be those of ``locale``."""
    held: AbstractContextManager[None] = force_locale(_babel_locale(locale))
    return held


def render_letter(letter: Letter, locale: str) -> RenderedLetter:
    """The letter in ``locale`` or in its own; ValueError for a link or colour that is none."""
    locale = letter.locale or locale
    frame = _LetterFrame(
        letter.subject, locale, letter.hosts, letter.closing, letter.footer, letter.footer_links
    )
    above, below = _render_frame(frame)
    return RenderedLetter(one_line(letter.subject), (above, *_render_blocks(letter, locale), below))


def one_line(text: str) -> str:
    """``text`` without what could end a header, or what a reader would decode (RFC 2047)."""
    return _CONTROL.sub(" ", text).replace("=?", "= ?").strip()


def _render_blocks(letter: Letter, locale: str) -> Iterator[RenderedBlock]:
    yield _greeting(letter.greeting)
    for block in letter.blocks:
        match block:
            case Facts(rows=rows):
                yield _rendered("facts_begin")
                for label, value in rows:
                    yield _fact(label, value)
                yield _rendered("facts_end")
            case Button(label=label, url=url):  # one reader's own: not worth keeping
                yield _button(label, url, locale)
            case Paragraph(text=text):
                yield _rendered("paragraph", text)
            case Quote(text=text):
                yield _rendered("quote", text)


def _button(label: str, url: str, locale: str) -> RenderedBlock:
    if not _is_link(url):
        raise ValueError("a link that is none")
    return _block_template("button", label, _PLACEHOLDER, _button_hint(locale)).filled(
        url, str(escape(url))
    )


@functools.lru_cache(maxsize=512)
def _greeting(words: str) -> RenderedBlock:
    return _block_template("greeting", _PLACEHOLDER).filled(words, str(escape(words)))


@functools.lru_cache(maxsize=512)
def _fact(label: str, value: str) -> RenderedBlock:
    return _block_template("fact", label, _PLACEHOLDER).filled(value, str(_multiline_html(value)))


@functools.lru_cache(maxsize=128)
def _block_template(macro: str, *values: str) -> BlockTemplate:
    text, html = (rendered.split(_PLACEHOLDER) for rendered in _render_macro(macro, *values))
    return BlockTemplate(text, html, _encode_parts(text), _encode_parts(html))


@functools.lru_cache(maxsize=512)
def _rendered(macro: str, *values: str) -> RenderedBlock:
    return _encoded_block(*_render_macro(macro, *values))


def _render_macro(macro: str, *values: str) -> Iterator[str]:
    return (str(getattr(macros, macro)(*values)) for macros in _block_macros())


@functools.lru_cache(maxsize=256)
def _render_frame(frame: _LetterFrame) -> tuple[RenderedBlock, RenderedBlock]:
    if not all(_is_link(url) for _label, url in frame.footer_links):
        raise ValueError("a link that is none")
    if not all(_COLOUR.fullmatch(host.accent) for host in frame.hosts):
        raise ValueError("a colour that is none")
    (text_above, text_below), (html_above, html_below) = (
        _templates()
        .get_template(name)
        .render(frame=frame, placeholder=_PLACEHOLDER)
        .split(f"{_PLACEHOLDER}\n")
        for name in ("mail/letter.txt", "mail/letter.html")
    )
    return _encoded_block(text_above, html_above), _encoded_block(text_below, html_below)


def _encoded_block(text: str, html: str) -> RenderedBlock:
    return RenderedBlock(text, html, _encoded(text), _encoded(html))


def _encode_parts(parts: list[str]) -> list[bytes]:
    """What stands around a word, with a soft break wherever the word does not fill whole lines."""
    encoded = []
    for number, part in enumerate(parts):
        goes_on = number > 0 and not part.startswith("\n")
        is_cut = number < len(parts) - 1 and not part.endswith("\n") and part != ""
        body = _encode_unfinished(part) if is_cut else _encoded(part)
        encoded.append(_SOFT_BREAK * goes_on + body + _SOFT_BREAK * is_cut)
    return encoded


def _encode_unfinished(text: str) -> bytes:
    """``text`` encoded such that a soft break may follow: its last line has room for one, and a
    space at its end is nothing that a relay may strip.
    """
    return _encoded(f"{text}x")[:-1]


def _encoded(text: str) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return b"\r\n".join(map(_encoded_line, lines))


@functools.lru_cache(maxsize=2048)
def _encoded_line(line: str) -> bytes:
    """One line as quoted-printable: slow, and most lines of a personal block are nobody's own."""
    return b2a_qp(line.encode("utf-8", "replace")).replace(b"\n", b"\r\n")


def _is_link(address: str) -> bool:
    return address.startswith(("https://", "http://", "mailto:"))


def _multiline_html(text: str) -> Markup:
    """Plain text as HTML, with its line ends, and with links where it holds addresses."""
    return Markup("<br>").join([linked(line) for line in text.splitlines()])


@functools.lru_cache
def _button_hint(locale: str) -> str:
    with in_locale(locale):
        return _("If the button does not work, open this address:")


@functools.cache
def _block_macros() -> tuple[TemplateModule, TemplateModule]:
    get = _templates().get_template
    return get("mail/blocks.txt").module, get("mail/blocks.html").module


@functools.cache
def _templates() -> jinja2.Environment:
    """An environment of the mails' own: what pages need would only cost time here."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(resource("templates")),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    templates.filters["lines"] = _multiline_html
    return templates


@functools.cache
def _babel_locale(locale: str) -> Locale:
    return Locale.parse(locale)  # looks for files on the disk: once is enough
