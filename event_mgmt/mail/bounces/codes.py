"""The code that a message carries where a bounce brings it back: its id, and a proof of it.

The proof is an HMAC over the message and its address, so that nobody but who has seen a message
can report that it came back, and an erased person's message matches nothing any more. It stands in
the envelope's return path, in its ENVID (RFC 3461) and in a header. Base32, since relays may turn
addresses into small letters.
"""

from __future__ import annotations

import functools
import hmac
import re
from base64 import b32decode, b32encode
from hashlib import sha256
from typing import Final

from event_mgmt.mail.models import Message
from event_mgmt.settings import BOUNCE_CODE_LENGTH

HEADER: Final = "X-Bounce-Code"
_ID_BYTES: Final = 5
_PROOF_BYTES: Final = 10
_CODE: Final = re.compile(rf"(?<![a-z0-9])[a-z2-7]{{{BOUNCE_CODE_LENGTH}}}(?![a-z0-9])")
_MOST: Final = 8


def code_of(message: Message, secret_key: str) -> str:
    """The code of ``message`` as it goes to its present address."""
    stated = f"{message.id}\0{message.key}\0{message.to_address.lower()}"
    proof = hmac.digest(_key(secret_key), stated.encode(), "sha256")[:_PROOF_BYTES]
    return b32encode(message.id.to_bytes(_ID_BYTES) + proof).decode().lower()


def is_code_of(code: str, message: Message, secret_key: str) -> bool:
    """Whether ``code`` is that of ``message``, which was not erased since."""
    if not message.to_address:
        return False
    return hmac.compare_digest(code.lower(), code_of(message, secret_key))


def codes_in(text: str) -> dict[str, int]:
    """What looks like codes, with the message id that each one states; a few at most."""
    found = dict.fromkeys(_CODE.findall(text.lower()))
    return {code: _id_in(code) for code in list(found)[:_MOST]}


def _id_in(code: str) -> int:
    return int.from_bytes(b32decode(code.upper())[:_ID_BYTES])


@functools.lru_cache(maxsize=4)
def _key(secret_key: str) -> bytes:
    return hmac.digest(secret_key.encode(), b"event_mgmt.bounce", sha256)
