"""What events tell the rooms above. Subscribers only write rows, in the same transaction."""

from __future__ import annotations

from typing import Final

from blinker import Namespace

_signals = Namespace()

created: Final = _signals.signal("event-created")
"""A new draft, not a copy: with ``event``, ``by``, ``now``."""

duplicated: Final = _signals.signal("event-duplicated")
"""A new draft made from another event: with ``event``, ``source``, ``by``, ``now``."""

published: Final = _signals.signal("event-published")
"""Sent with ``event``, ``by``, ``now``."""

changed: Final = _signals.signal("event-changed")
"""A change guests must hear of: with ``event``, ``old`` (dict of the former starts_at, ends_at,
time_zone, venue_name, venue_address, city, country, online_url: what the row said, not what any
guest was told), ``resumes``, ``by``, ``now``. The revision has risen. ``resumes`` tells that the
event was postponed, and has a date again."""

postponed: Final = _signals.signal("event-postponed")
"""The date is off and no new one is known: with ``event``, ``by``, ``now``."""

cancelled: Final = _signals.signal("event-cancelled")
"""Sent with ``event``, ``by``, ``now``. The revision has risen."""

seats_added: Final = _signals.signal("seats-added")
"""A pool's capacity rose: with ``pool_id``, ``by``, ``now``."""

made_sensitive: Final = _signals.signal("questions-made-sensitive")
"""Questions whose answers are kept apart from now on, also those given so far: with ``event``,
``question_ids``, ``by``, ``now``."""
