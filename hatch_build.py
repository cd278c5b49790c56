"""What a wheel needs beyond the files of the repository: its requirements, compiled catalogues."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface


class Requirements(MetadataHookInterface):
    """The dependencies are those of ``requirements.in``; ``requirements.txt`` pins them."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Write them into the project's ``metadata``."""
        lines = (Path(self.root) / "requirements.in").read_text().splitlines()
        metadata["dependencies"] = [line for line in lines if line and not line.startswith("#")]


class Catalogues(BuildHookInterface):
    """Compiled catalogues are not committed: each build makes them from the words themselves."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile them to a folder of their own, and name each with its place in the wheel."""
        if self.target_name != "wheel" or version == "editable":
            return
        self._folder = tempfile.TemporaryDirectory()
        for source in sorted(Path(self.root).glob("translations/*/LC_MESSAGES/messages.po")):
            locale = source.parts[-3]
            compiled = Path(self._folder.name) / f"{locale}.mo"
            with source.open("rb") as words, compiled.open("wb") as file:
                write_mo(file, read_po(words, locale=locale))
            place = f"event_mgmt/_data/translations/{locale}/LC_MESSAGES/messages.mo"
            build_data["force_include"][str(compiled)] = place

    def finalize(self, _version: str, _build_data: dict[str, Any], _artifact: str) -> None:
        """Remove the folder."""
        if hasattr(self, "_folder"):
            self._folder.cleanup()
