"""Where organisers decide, enter and import registrations."""
