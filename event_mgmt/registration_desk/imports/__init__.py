"""Registering people from a spreadsheet: read, recognise, try out, and only then enter."""
