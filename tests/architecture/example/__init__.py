"""A room as one would add it: a folder, and a line where rooms are listed."""
