"""A whole day in a shop, simulated in minutes: `python -m tests.simulation [SEED]`."""
