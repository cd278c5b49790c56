"""Ids that are easily taken for one another, each a type of its own."""

from __future__ import annotations

from typing import NewType

UserId = NewType("UserId", int)
OrganisationId = NewType("OrganisationId", int)
TokenId = NewType("TokenId", int)
"""A program's access; its id stays in the audit log when the access has gone."""
