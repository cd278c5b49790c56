"""What commands share: locks, seats, rows, transitions, the waiting list, notifications."""
