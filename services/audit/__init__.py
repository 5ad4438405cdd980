"""`skillsync bias-audit`: a bias audit asked for at the gateway, and its page."""
