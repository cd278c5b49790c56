"""Personal links: unguessable, bound to one purpose, revocable by a version in the database.

And ids for the outside, unguessable as well.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import json
import secrets
import uuid

from flask import current_app
from itsdangerous import BadData, Signer, URLSafeSerializer
from itsdangerous.encoding import base64_encode

from event_mgmt.core.refusals import Missing


def first_version() -> int:
    """Where the version of a new thing begins: somewhere, so that no two things share a token.

    A restored database gives the ids once more that were given after its backup. Were all versions
    to begin at 1, the link of a guest who was lost with them would open another guest's page.
    """
    return secrets.randbelow(2**30) + 1


def sign(purpose: str, subject_id: int, version: int) -> str:
    """A token for one thing (its id and link version), good for ``purpose`` only."""
    return _serializer(current_app.config["SECRET_KEY"], purpose).dumps([subject_id, version])


def read(purpose: str, token: str) -> tuple[int, int]:
    """The id and link version in ``token``; Missing when it is forged or of another purpose."""
    try:
        subject_id, version = _serializer(current_app.config["SECRET_KEY"], purpose).loads(token)
    except (BadData, ValueError, TypeError):
        raise Missing from None
    return int(subject_id), int(version)


class _LinkSerializer(URLSafeSerializer):
    """Signs as its base class does (so that links of any age stay good), with a signer that is
    kept, and without compressing what is too short for it. Each mail has a link.
    """

    @functools.cached_property
    def _signer(self) -> Signer:
        return super().make_signer()

    def make_signer(self, salt: str | bytes | None = None) -> Signer:  # noqa: ARG002 - the base class passes it
        """The one signer: the purpose is in its key already."""
        return self._signer

    def dump_payload(self, obj: object) -> bytes:
        """``obj`` as JSON, in an alphabet that is safe in addresses."""
        return base64_encode(json.dumps(obj, separators=(",", ":")))


@functools.lru_cache(maxsize=16)
def _serializer(secret: str | bytes, purpose: str) -> _LinkSerializer:
    salt = f"event_mgmt.{purpose}"
    given = Signer(secret, salt=salt, key_derivation="hmac", digest_method=hashlib.sha256)
    derived = {"key_derivation": "none", "digest_method": hashlib.sha256}
    return _LinkSerializer(given.derive_key(), signer_kwargs=derived)


def uuid_of(purpose: str, subject: str) -> uuid.UUID:
    """An id (RFC 9562, version 8) that is the same each time, and that nobody guesses."""
    key: str | bytes = current_app.config["SECRET_KEY"]
    secret = key.encode() if isinstance(key, str) else key
    digest = hmac.digest(secret, f"event_mgmt.{purpose}\0{subject}".encode(), "sha256")
    marked = bytearray(digest[:16])
    marked[6] = marked[6] & 0x0F | 0x80
    marked[8] = marked[8] & 0x3F | 0x80
    return uuid.UUID(bytes=bytes(marked))
