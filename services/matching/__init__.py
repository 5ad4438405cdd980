"""Ranked, explained, live matches. Follows careerforge and talenthub; calls billing."""
