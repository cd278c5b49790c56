"""What is said of files that are not taken."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l, lazy_ngettext

from event_mgmt.core.refusals import Refusal

_MEGABYTE: Final = 1024 * 1024


class UnfitFile(Refusal):
    """A file of a kind that its purpose does not take, or that is no sound one of its kind."""

    message = _l("Files of this kind are not taken here.")


class EmptyFile(Refusal):
    """A file without a byte in it."""

    message = _l("This file is empty.")


class FileTooLarge(Refusal):
    """More bytes than the purpose takes."""

    def __init__(self, most_bytes: int) -> None:
        size = (
            f"{most_bytes // _MEGABYTE} MB" if most_bytes >= _MEGABYTE else _kilobytes(most_bytes)
        )
        super().__init__(_l("This file is too large: at most %(size)s.", size=size))


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


def _kilobytes(size: int) -> str:
    return f"{size // 1024} KB"
