"""Organisers' Markdown as safe HTML."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_TAGS: Final = {
    *("p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "code", "pre", "hr"),
    *("h3", "h4", "table", "thead", "tbody", "tr", "th", "td"),
}
_HEADINGS: Final = {"h1": "h3", "h2": "h3", "h3": "h4", "h4": "h4", "h5": "h4", "h6": "h4"}


@functools.cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - loaded with the first description

    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    return parser.enable(["table"]).disable(["image"])


def html_of(markdown: str) -> Markup:
    """``markdown`` (CommonMark with tables) as HTML that holds no scripts, images or styles.

    HTML within it is shown as text. Headings begin at h3, because they stand below a section's
    own; links leave the page with neither referrer nor recommendation.
    """
    import nh3  # noqa: PLC0415 - loaded with the first description

    parser = _parser()
    tokens = parser.parse(markdown)
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
    return Markup(  # noqa: S704 - this is what cleans it
        nh3.clean(
            parser.renderer.render(tokens, parser.options, {}),
            tags=_TAGS,
            attributes={"a": {"href"}},
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel="noopener noreferrer nofollow",
        )
    )
