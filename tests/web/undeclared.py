"""What a template asks for and nobody gives is a fault, where Jinja alone would show nothing."""

from __future__ import annotations

from jinja2 import StrictUndefined


class Undeclared(StrictUndefined):
    """Any use of a name or an attribute that is not there raises.

    Two questions are allowed, since components ask them: whether there is a ``caller``, and
    whether a mapping has an optional key.
    """

    def __bool__(self) -> bool:
        if self._undefined_name == "caller" or isinstance(self._undefined_obj, dict):
            return False
        return super().__bool__()
