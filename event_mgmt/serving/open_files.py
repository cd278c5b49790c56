"""How many files and connections a process may have open."""

from __future__ import annotations

import errno
import resource
from contextlib import suppress
from typing import Final

TOO_MANY: Final = frozenset({errno.EMFILE, errno.ENFILE})
_MOST: Final = 65_536


def allow_many() -> int:
    """As many as this process may allow itself; gives how many that is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST if hard == resource.RLIM_INFINITY else min(hard, _MOST)
    if wanted > soft:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            return wanted
    return soft
