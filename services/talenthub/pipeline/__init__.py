"""Figures of many applications: what the database sums up, and what follows from the sums."""
