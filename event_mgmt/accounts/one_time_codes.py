"""One-time codes of an authenticator app (RFC 6238), and recovery codes for when it is lost."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final

import pyotp

STEP_SECONDS: Final = 30
RECOVERY_CODES: Final = 10
_ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"  # none that are taken for one another


def new_secret() -> str:
    """A fresh secret, in base 32."""
    return pyotp.random_base32()


def address_of(secret: str, *, email: str, site: str) -> str:
    """The otpauth:// address that an authenticator app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=site)


def accepted_step(secret: str, code: str, *, now: datetime, last_step: int | None) -> int | None:
    """The time step that ``code`` belongs to, or ``None`` where it is not accepted.

    One step to either side is allowed for a clock that is off. A step that was used is not taken
    again, nor any before it (RFC 6238, 5.2).
    """
    typed = "".join(code.split())
    if len(typed) != 6 or not (typed.isascii() and typed.isdigit()):
        return None
    this_step = int(now.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in (this_step - 1, this_step, this_step + 1):
        right = hmac.compare_digest(totp.generate_otp(step), typed)
        if right and (last_step is None or step > last_step):
            return step
    return None


def new_recovery_codes() -> list[str]:
    """Ten codes of about 60 bits each, to be shown once."""
    return [
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
        for _ in range(RECOVERY_CODES)
    ]


def recovery_hash(code: str) -> str:
    """What is stored of a recovery code; spaces, dashes and case do not count."""
    plain = "".join(c for c in code.casefold() if c.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
