"""Registrations: who comes, in which seats, and who waits."""
