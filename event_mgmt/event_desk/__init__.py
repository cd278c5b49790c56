"""Where organisers plan events: forms and pages."""
