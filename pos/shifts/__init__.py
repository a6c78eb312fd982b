"""A till's shifts: cash counted in and out, what happened between, and the drawer opened without a sale."""
