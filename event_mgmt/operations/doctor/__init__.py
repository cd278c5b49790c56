"""``flask doctor``: examines the whole set-up, and says what to do about what is wrong."""
