"""Fair hiring: bias audits, what people tell of themselves for them, and what they say against a match or a decision."""
