"""What ``make bench`` runs: each figure beside its yardstick, measured in the same run."""
