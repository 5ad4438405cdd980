"""Words: full-text search over candidates and positions, in PostgreSQL or in Elasticsearch."""
