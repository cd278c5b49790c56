"""E-mail addresses as people type them."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email


def email_address_of(text: str) -> str | None:
    """The address that ``text`` is, as far as its form tells (RFC 5322, ASCII before the sign);
    None where no mail would reach it.
    """
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return str(found.normalized)
