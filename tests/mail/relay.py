"""A real relay on the loopback that can misbehave at every step of the conversation."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

from event_mgmt.mail.smtp import SmtpTransport
from event_mgmt.settings import MailRelay

Script = Callable[[str, "Conversation"], "str | bytes | None"]


@dataclass
class Received:
    """One message that the relay took."""

    sender: str
    recipient: str
    content: bytes


@dataclass
class Conversation:
    """One connection: what was said so far; ``number`` counts connections from 1."""

    sock: socket.socket
    number: int
    mails: int = 0


HANG_UP = None


@dataclass
class Relay:
    """Answers as ``says`` decides, else as a good relay does.

    ``says(step, conversation)`` is asked at the steps greeting, EHLO, MAIL, RCPT, DATA, content
    (before the content is read), dot (after it was read whole), RSET. After a RCPT that was refused
    DATA is refused as well, unless ``says`` has another answer. A string is answered instead,
    ``HANG_UP`` closes the connection, ``...`` (the default) behaves well.
    """

    says: Callable[[str, Conversation], object] = lambda _step, _conversation: ...
    extensions: tuple[str, ...] = ()
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    commands: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._conversations: list[threading.Thread] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The MAIL_URL that leads here."""
        return f"smtp://127.0.0.1:{self.port}"

    def transport(self, *, deadline: float = 5.0) -> SmtpTransport:
        """What a deliverer speaks to it with."""
        return SmtpTransport(MailRelay("smtp", "127.0.0.1", self.port), deadline=deadline)

    def answers(self, step: str, *answers: object) -> None:
        """Answer at ``step`` with each of ``answers`` in turn, then behave well."""
        left = list(answers)
        self.says = lambda at, _conversation: left.pop(0) if at == step and left else ...

    def stop(self) -> None:
        """Close everything, as a relay that was switched off."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in accept
        self._listener.close()
        for sock in self._open:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def settle(self) -> None:
        """Wait until whoever has hung up, or died, was heard to the end."""
        for thread in self._conversations:
            thread.join(30)
            assert not thread.is_alive(), "a conversation goes on"

    def _serve(self) -> None:
        while True:
            try:
                sock, _peer = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(sock)
            conversation = Conversation(sock, self.connections)
            thread = threading.Thread(target=self._converse, args=(conversation,), daemon=True)
            self._conversations.append(thread)
            thread.start()

    def _converse(self, conversation: Conversation) -> None:
        sock = conversation.sock
        lines = sock.makefile("rb")
        try:
            if not self._answer(conversation, "greeting", "220 relay ready"):
                return
            envelope = ["", ""]
            for line in lines:
                if not self._command(
                    conversation, line.decode(errors="replace").strip(), envelope, lines
                ):
                    return
        except OSError:
            return
        finally:
            lines.close()
            sock.close()

    def _command(self, conversation, command, envelope, lines) -> bool:
        verb = command.split(" ")[0].upper()
        self.commands.append(command)
        if verb == "EHLO":
            names = ["relay", *self.extensions]
            last = len(names) - 1
            good = "\r\n".join(f"250{' ' if i == last else '-'}{n}" for i, n in enumerate(names))
            return self._answer(conversation, verb, good)
        if verb == "QUIT":
            conversation.sock.sendall(b"221 bye\r\n")
            return False
        if verb == "MAIL":
            conversation.mails += 1
            envelope[0] = command.partition("<")[2].partition(">")[0]
            return self._answer(conversation, verb, "250 ok")
        if verb == "RCPT":
            said = self._says(verb, conversation)
            is_taken = said is ... or str(said).startswith("2")
            envelope[1] = command.partition("<")[2].partition(">")[0] if is_taken else ""
            return self._say(conversation, said, "250 ok")
        if verb == "DATA":
            said = self._says(verb, conversation)
            if said is ... and not envelope[1]:
                said = "554 no valid recipients"
            if said is not ... and not str(said).startswith("354"):
                return self._say(conversation, said, "")
            conversation.sock.sendall(b"354 go on\r\n")
            if self._says("content", conversation) is HANG_UP:
                return False
            return self._content(conversation, envelope, lines)
        return self._answer(conversation, verb, "250 ok")

    def _content(self, conversation, envelope, lines) -> bool:
        content = b""
        for line in lines:
            if line == b".\r\n":
                break
            content += line[1:] if line.startswith(b".") else line
        else:
            return False
        said = self._says("dot", conversation)
        if said is ... or (isinstance(said, str) and said.startswith("2")) or said is TAKEN:
            self.received.append(Received(*envelope, content))
        if said is TAKEN:
            return False
        return self._say(conversation, said, "250 taken")

    def _says(self, step: str, conversation: Conversation) -> object:
        return self.says(step, conversation)

    def _answer(self, conversation: Conversation, step: str, good: str) -> bool:
        return self._say(conversation, self._says(step, conversation), good)

    def _say(self, conversation: Conversation, said: object, good: str) -> bool:
        if said is HANG_UP:
            return False
        words = good if said is ... else str(said)
        conversation.sock.sendall(f"{words}\r\n".encode())
        return not words.startswith("421")


TAKEN = object()
"""Said after the dot: the message is taken, and the line goes dead before the answer."""
