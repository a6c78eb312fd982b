"""The till and the back office."""
