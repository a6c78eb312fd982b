"""Scanners and relay boards: this package knows devices, not shops."""
