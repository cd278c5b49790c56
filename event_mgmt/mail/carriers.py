"""Who carries messages on: a relay, or a folder that keeps them as files."""

from __future__ import annotations

import os
from pathlib import Path

from event_mgmt.mail.rules import Verdict
from event_mgmt.mail.transport import Answer, Parcel, Transport, Unreachable
from event_mgmt.settings import MailRelay


class FolderTransport:
    """Writes each message into a folder as one .eml file, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self) -> None:
        """Make the folder."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unreachable(f"the mail folder: {error.strerror}") from error

    def send(self, parcel: Parcel) -> Answer:
        """Write the file under its final name in one step; a second copy replaces the first."""
        target = self._folder / f"{parcel.name}.eml"
        draft = self._folder / f".{parcel.name}.{os.getpid()}"
        try:
            with draft.open("wb") as file:
                file.write(parcel.content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
        except OSError as error:
            draft.unlink(missing_ok=True)
            return Answer(Verdict.UNTOUCHED, words=f"the mail folder: {error.strerror}")
        return Answer(Verdict.ACCEPTED)

    def close(self) -> None:
        """Nothing is kept open."""


def transport_for(relay: MailRelay) -> Transport:
    """The carrier that MAIL_URL names."""
    if relay.scheme == "file":
        assert relay.folder is not None
        return FolderTransport(relay.folder)
    from event_mgmt.mail.smtp import SmtpTransport  # noqa: PLC0415 - web processes send nothing

    return SmtpTransport(relay)
