"""The back office: products, receiving, items, alarms."""
