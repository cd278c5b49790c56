"""Reminder rules, and the planner that turns them into messages."""
