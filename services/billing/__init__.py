"""Plans, payments and credits. Calls nobody."""
