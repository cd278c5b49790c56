"""What every room stands on: the database session, the clock, column types, refusals."""
