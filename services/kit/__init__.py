"""What every service needs and none is about. No domain words; imports no service."""
