"""The main job, shown on a running stack: `make demo`."""
