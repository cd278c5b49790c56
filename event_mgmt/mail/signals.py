"""What this room tells the rooms above. Subscribers only write rows, in the same transaction."""

from __future__ import annotations

from typing import Final

from blinker import Namespace

_signals = Namespace()

refused_for_good: Final = _signals.signal("message-refused-for-good")
"""A mailbox was refused for good, so that mail to it is in vain: with ``message`` (already
``failed``, with the relay's ``last_code`` and ``last_error``) and ``now``."""

came_back: Final = _signals.signal("message-came-back")
"""A message that a relay had taken was not delivered after all: with ``message`` (``failed`` now,
with the other server's ``last_code`` and ``last_error``) and ``now``. Where its address is dead,
``refused_for_good`` follows."""

accepted: Final = _signals.signal("messages-accepted")
"""A relay took mails whose letters had a receipt: with ``receipts`` ({a letter's receipt: the ids
of its messages, already ``sent``}) and ``now``. Once for all that a worker writes down."""

perhaps_arrived: Final = _signals.signal("messages-perhaps-arrived")
"""Nobody knows whether these mails arrived: with ``message_ids`` and ``now``."""
