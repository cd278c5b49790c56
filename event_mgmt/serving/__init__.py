"""How requests come in and answers go out, so that no slow client keeps a web process busy.

See docs/decisions/0012-slow-clients.md.
"""
