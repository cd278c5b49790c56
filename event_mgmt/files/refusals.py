"""What is said of files that are not taken."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l, lazy_ngettext

from event_mgmt.core.refusals import Refusal
from event_mgmt.core.sizes import size_text


class EmptyFile(Refusal):
    """A file without a byte in it."""

    message = _l("This file is empty.")


class FileTooLarge(Refusal):
    """More bytes than the purpose takes."""

    def __init__(self, most_bytes: int) -> None:
        message = _l("This file is too large: at most %(size)s.", size=size_text(most_bytes))
        super().__init__(message)


class TooManyFiles(Refusal):
    """The owner has as many files of this purpose as there may be."""

    def __init__(self, most_files: int) -> None:
        super().__init__(
            lazy_ngettext(
                "There may be at most %(num)d file here. Please remove it first.",
                "There may be at most %(num)d files here. Please remove one first.",
                most_files,
            )
        )
