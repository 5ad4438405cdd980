"""Everything for the person who looks for work. Calls billing, matching, talenthub and user."""
