"""Demo data that tells the story of the cooperation."""
