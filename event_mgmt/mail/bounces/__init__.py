"""Mails that come back after a relay had taken them: codes, reports, the mailbox they arrive in."""
