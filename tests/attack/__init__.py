"""The system under attack: what strangers, colleagues and machines may not achieve.

Every test here walks all addresses, all forms, all text fields or all formats there are, so that
a new one is attacked from its first day. ``make attack`` runs the long form.
"""
