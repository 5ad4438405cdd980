"""Accuracy tables on public data that nobody here wrote: `make quality DATA=dir`."""
