"""Accounts, sessions, tokens and keys. Calls nobody."""
