"""Which privacy notice guests are shown; a registration keeps it with the consent."""

from __future__ import annotations

from typing import Final

PRIVACY_VERSION: Final = "2026-11"
"""The present version; change it together with the words (``flask privacy keep-notice``)."""
