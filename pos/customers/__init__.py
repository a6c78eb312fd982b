"""Customers: who bought, where they cared to say so, and how what is kept of them is erased."""
