"""Kills and cuts on a running stack of real processes: `make chaos`."""
