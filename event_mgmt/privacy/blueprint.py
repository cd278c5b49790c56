"""The blueprint that the room's modules of views share."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

bp: Final = Blueprint("privacy", __name__)
