"""Measures of speed, each beside its floor in one run: `python -m tests.bench [ROW ...]`."""
