"""Everything for the person who looks for work. Calls billing, matching and talenthub."""
