"""Goods that come back: found by their serial, taken back once, paid back as they were paid or as store credit."""
