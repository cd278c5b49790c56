"""What a relay refuses us, in the words of an operator who has to mend it."""

from __future__ import annotations

import re
from base64 import b64encode
from smtplib import SMTPAuthenticationError, SMTPNotSupportedError, SMTPResponseException
from typing import Final

from event_mgmt.mail.server_faults import Server, ServerFault, stranger, without_secrets
from event_mgmt.settings import MailRelay

_SIGN_IN_WANTED: Final = 530
_DENIES: Final = re.compile(
    r"relay(?:ing)? (?:access )?(?:is )?(?:denied|not (?:allowed|permitted)|prohibited)"
    r"|(?:un|not )(?:able|permitted|allowed|authori[sz]ed) to relay"
    r"|(?:do|will|can)(?: not|n't) relay|not an open relay|relay (?:denied|rejected)"
    r"|must (?:authenticate|be authenticated|log ?in)|authentication (?:is )?required",
    re.IGNORECASE,
)


def server_of(relay: MailRelay) -> Server:
    """Where MAIL_URL leads."""
    return Server(
        setting="MAIL_URL",
        what="the relay",
        host=relay.host,
        port=relay.port,
        is_secure=relay.scheme == "smtps",
        has_user=relay.username is not None,
        plain="smtp",
        secure="smtps",
        ports="smtp:// 25 or 587, smtps:// 465",
        greeting=b"220",
    )


def denies_relaying(code: int, words: str) -> bool:
    """Whether a refused recipient is no fault of theirs: the relay carries nothing on for us."""
    return code == _SIGN_IN_WANTED or (500 <= code < 600 and bool(_DENIES.search(words)))


def relaying_denied(code: int, server: Server) -> ServerFault:
    """The relay takes our connection, but no mail to others."""
    remedy = (
        "ask its administrator to let this user send to other domains"
        if server.has_user
        else f"let it accept this machine, or give user and password in {server.setting}"
    )
    return ServerFault(
        f"{server.where} does not carry mail on for us ({code}: relaying denied)", remedy
    )


def sender_refused(code: int, words: str, server: Server) -> ServerFault:
    """The relay does not want what stands in MAIL FROM."""
    if code == _SIGN_IN_WANTED or _DENIES.search(words):
        return ServerFault(
            f"{server.where} wants us to sign in: {code} {words}",
            f"give user and password in {server.setting}",
        )
    if code < 500:
        return ServerFault(
            f"{server.where} does not take the sender at the moment: {code} {words}",
            "see what the relay's own log says",
        )
    return ServerFault(
        f"{server.where} does not take mail from the sender: {code} {words}",
        "set MAIL_FROM (and BOUNCE_ADDRESS, where it is used) to an address that the relay lets"
        " this system send from",
    )


def bad_greeting(code: int, words: str, server: Server) -> ServerFault:
    """Somebody answered, but not with 220."""
    if not 400 <= code < 600:
        return stranger(server)
    if code < 500:
        return ServerFault(
            f"{server.where} has no time for us: {code} {words}", "wait; it may be busy"
        )
    return ServerFault(
        f"{server.where} takes no mail from this machine: {code} {words}",
        "let the relay accept this machine's address",
    )


def no_starttls(server: Server) -> ServerFault:
    """A password, and no way to give it unseen."""
    return ServerFault(
        f"{server.where} offers no TLS; the password is not sent in the clear",
        f"let it offer STARTTLS, or write smtps:// and its port (465) in {server.setting}",
    )


def of_conversation(error: Exception, relay: MailRelay, server: Server) -> ServerFault | None:
    """What a refusal of STARTTLS or of the sign-in means; None where it is neither."""
    if isinstance(error, SMTPNotSupportedError):
        return ServerFault(
            f"{server.where} asks nobody to sign in",
            f"leave user and password out of {server.setting}, or take the port for submission"
            f" ({server.ports})",
        )
    if isinstance(error, SMTPAuthenticationError):
        return _sign_in_refused(error, relay, server)
    if isinstance(error, SMTPResponseException):
        return ServerFault(
            f"{server.where} refused: {_answer(error, relay)}", "see what the relay's own log says"
        )
    return None


def _sign_in_refused(
    error: SMTPAuthenticationError, relay: MailRelay, server: Server
) -> ServerFault:
    if 400 <= error.smtp_code < 500:
        return ServerFault(
            f"{server.where} cannot check passwords at the moment: {_answer(error, relay)}",
            "see what the relay's own log says",
        )
    return ServerFault(
        f"{server.where} does not accept user and password: {_answer(error, relay)}",
        f"correct them in {server.setting} (special characters as %40 for @, %2F for /)",
    )


def _answer(error: SMTPResponseException, relay: MailRelay) -> str:
    said = error.smtp_error
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{error.smtp_code} {one_line(scrubbed(words, relay))}"


def scrubbed(words: str, relay: MailRelay) -> str:
    """A relay's words without the password, should it have repeated what it was sent."""
    user, password = relay.username or "", relay.password or ""
    if not password:
        return words
    forms = (f"\0{user}\0{password}", f"{user}\0{user}\0{password}", password)
    encoded = [b64encode(form.encode()).decode() for form in forms]
    return without_secrets(words, *encoded, password)


def one_line(text: str) -> str:
    """Words in one line of what can be read: a NUL among them no database would take."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:400]
