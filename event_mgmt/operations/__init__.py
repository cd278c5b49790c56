"""What whoever runs the system does with it as a whole: back it up, restore it, examine it."""
