"""The outbox: one row per message, written with its cause, delivered by workers."""
