"""Documents on paper: the typesetter, its fonts, and what all layouts have in common."""
