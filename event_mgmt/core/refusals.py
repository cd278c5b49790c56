"""Domain errors: what a service answers when it must say no."""

from __future__ import annotations

from typing import ClassVar

from flask_babel import lazy_gettext as _l


class Refusal(Exception):
    """A use case that was refused, with the reader's words for it.

    ``field`` names the form field that the message belongs to; ``None`` means the whole form.
    """

    message: ClassVar[object] = _l("This is not possible at the moment.")
    field: str | None = None

    def __init__(self, message: object | None = None, *, field: str | None = None) -> None:
        super().__init__(message)
        self.words = self.message if message is None else message
        if field is not None:
            self.field = field

    def __str__(self) -> str:
        return str(self.words)


class Missing(Refusal):
    """The thing does not exist, or is out of the viewer's sight: both answer alike."""

    message = _l("This page does not exist.")


class Stale(Refusal):
    """Somebody else changed the same thing since it was shown."""

    message = _l("Somebody else has changed this in the meantime. Please check and save again.")


class Busy(Exception):
    """The database could not take the change in time; nothing was changed.

    No refusal: nobody has decided anything, and the same will be accepted in a moment.
    """

    message: ClassVar[object] = _l(
        "The system is busy. Nothing was changed. Please try again in a moment."
    )

    def __str__(self) -> str:
        return str(self.message)


class DiskFull(Busy):
    """There was no room to write the change; nothing was changed.

    It will be accepted once the operator has made room.
    """

    message = _l(
        "There is no room left on the disk. Nothing was changed. The operator can make room."
    )
