"""Pages of organisations, on their own desk and on the platform's."""
