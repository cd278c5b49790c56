"""The door: who has arrived, as an append-only record of what was done there."""
