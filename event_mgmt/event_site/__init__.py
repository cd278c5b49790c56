"""The public pages: agenda, calendar, one event, partners, feeds."""
