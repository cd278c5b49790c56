"""The addresses of this room: two files of views share one blueprint."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

bp: Final = Blueprint("attendee_list", __name__)
