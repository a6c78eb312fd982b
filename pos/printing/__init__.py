"""Receipts on paper: what is printed, in which order, and what becomes of it while the printer is out of reach."""
