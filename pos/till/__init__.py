"""The till: scan, cart, pay, receipt."""
