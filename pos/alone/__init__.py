"""A till whose database is gone sells on: from a copy of its own, delivered exactly once when the database is back."""
