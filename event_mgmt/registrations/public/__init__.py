"""The public registration form."""
