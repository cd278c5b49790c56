"""People who work with the system: sign-in, memberships, and every permission."""
