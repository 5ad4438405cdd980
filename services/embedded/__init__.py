"""The servers of the embedded stack, each from a wheel and without root."""
