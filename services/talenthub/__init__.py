"""For teams that hire: organizations, positions, applications, pipeline. Calls billing."""
