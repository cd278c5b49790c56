"""Attendee lists: on the desk, and as files with purpose and proof."""
