"""Whose events pages of data protection are about: each exists for one organisation and for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import url_for

from event_mgmt.organisations import queries as organisations
from event_mgmt.organisations.models import Organisation


@dataclass(frozen=True)
class PrivacyScope:
    """The events of one organisation; of the whole platform where there is none."""

    organisation_id: int | None = None

    @property
    def host_ids(self) -> frozenset[int] | None:
        """Whose events are in reach; None for all."""
        return None if self.organisation_id is None else frozenset({self.organisation_id})

    def organisation(self) -> Organisation | None:
        """The organisation itself."""
        if self.organisation_id is None:
            return None
        return organisations.organisation(self.organisation_id)

    def url(self, page: str) -> str:
        """The address of ``page`` within."""
        if self.organisation_id is None:
            return url_for(f"privacy.platform_{page}")
        return url_for(f"privacy.organisation_{page}", organisation_id=self.organisation_id)


EVERYWHERE: Final = PrivacyScope()
