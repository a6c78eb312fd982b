"""One file per kind of relay board; `hardware.catalog` says which is which."""
