"""The desk's own pages: today's work, and one event at a glance."""
