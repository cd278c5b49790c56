"""What was done, when and by whom, as people read it."""
