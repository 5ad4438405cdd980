"""The live feed of a position in a terminal, for recruiters."""
