"""The first day: from an empty shop to a gate that was walked through, on pages that explain themselves."""
