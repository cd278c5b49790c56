"""The participant's own pages behind the personal link."""
