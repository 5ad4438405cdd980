"""Files that nobody would send, by the million: what they break is a child, never us, and never for longer than ten seconds."""
