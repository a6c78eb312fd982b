"""One module a row; each has `run() -> Row`."""
