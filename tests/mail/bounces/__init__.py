"""What comes back after a relay had taken it."""
