"""Changes to a registration: applying them, and those that await a decision."""
