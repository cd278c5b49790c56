"""Files of any room: their content in chunks, their limits, their way in and out."""
