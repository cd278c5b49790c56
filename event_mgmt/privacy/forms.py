"""Forms around one person."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, HiddenField
from wtforms.validators import InputRequired, Length

from event_mgmt.privacy.ledger import normalized
from event_mgmt.web.forms import Form


class PersonForm(Form):
    """Whom to look for. Sent by POST, so that no address stands in logs and histories."""

    email = EmailField(
        _l("E-mail address"),
        [InputRequired(_l("Please enter an e-mail address.")), Length(max=254)],
    )

    @property
    def address(self) -> str:
        """The address as it is looked for."""
        return normalized(self.email.data or "")


class EraseForm(Form):
    """Erase the person behind the address, once that was confirmed."""

    email = HiddenField(validators=[InputRequired(), Length(max=254)])
    sure = BooleanField(
        _l("I have made sure that this person wants it, or that we are bound to it"),
        [InputRequired(_l("Please confirm this first."))],
    )

    @property
    def address(self) -> str:
        """The address as it is looked for."""
        return normalized(self.email.data or "")
