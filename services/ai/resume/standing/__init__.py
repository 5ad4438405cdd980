"""What stands in a profile: entries that people edit, beside what later readings of their resumes find."""
