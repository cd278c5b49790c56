"""Who registers: names, addresses, and what differs between two versions of a party."""
