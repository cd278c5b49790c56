"""What the sender of a registration reads: kept until the event changes."""

from __future__ import annotations

from functools import partial

from flask import render_template

from event_mgmt.events.registration_state import registration_state
from event_mgmt.registrations.lifecycle.create import Receipt
from event_mgmt.registrations.page_frame import page_frame
from event_mgmt.registrations.public import receipts
from event_mgmt.registrations.registrable_event import registrable_event
from event_mgmt.registrations.status_text import receipt_text
from event_mgmt.web.locale import current_language, switch_url
from event_mgmt.web.page_store import whole_page


def page(slug: str, receipt: Receipt) -> bytes:
    """The confirmation of ``receipt``; its address and link stand on no other visitor's page."""
    state, carried = registration_state(slug), receipts.carried()

    def draw(email: str, link: str) -> str:
        registrable = registrable_event(state.event_id)
        return render_template(
            "registrations/registered.html",
            **page_frame(registrable),
            status_text=receipt_text(receipt.status, receipt.seats, is_mailed=receipt.is_mailed),
            receipt=receipt,
            email=email if receipt.email else "",
            switch_url=partial(switch_url, receipt=link) if carried else switch_url,
        )

    told = (receipt.status, receipt.seats, receipt.differs, receipt.is_mailed)
    key = (
        "registered",
        state.version,
        current_language(),
        *told,
        bool(receipt.email),
        bool(carried),
    )
    query = f"receipt={carried}" if carried else ""
    return whole_page(key, draw, query=query, email=receipt.email, link=carried)
