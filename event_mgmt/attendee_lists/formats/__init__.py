"""The formats of attendee lists. One stream of rows feeds them all."""
