"""The mails about a registration and about changes to its event."""
