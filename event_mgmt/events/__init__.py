"""Events: what happens, when, where, and who invites."""
