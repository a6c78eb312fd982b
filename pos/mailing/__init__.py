"""Receipts by e-mail, for customers who would rather not have paper."""
