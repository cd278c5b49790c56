"""Numbers in forms, typed and shown as the reader's language writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import IntegerField
from wtforms.widgets import TextInput

from event_mgmt.core import numbers
from event_mgmt.core.number_texts import ambiguous_number_message
from event_mgmt.web.locale import current_language


class WholeNumberField(IntegerField):
    """A whole number. A text input: a browser's own number input reads "1.200" as it likes."""

    widget = TextInput()
    data: Any

    def __init__(
        self, *args: object, render_kw: Mapping[str, object] | None = None, **kwargs: object
    ) -> None:
        shown = {"inputmode": "numeric", "maxlength": 20, **(render_kw or {})}
        super().__init__(*args, render_kw=shown, **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else numbers.format_number(self.data, current_language())

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take what was typed; what can be read in two ways is asked back."""
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            self.data = numbers.parse(valuelist[0], current_language(), whole=True)
        except numbers.Ambiguous as asked:
            self.data = None
            raise ValueError(str(ambiguous_number_message(asked))) from None
        except numbers.NotANumber:
            self.data = None
            raise ValueError(_("Please enter a whole number.")) from None
