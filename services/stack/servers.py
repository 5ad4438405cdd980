"""The servers of the stack, built from its state."""
