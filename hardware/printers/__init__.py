"""One file per kind of receipt printer; `hardware.catalog` says which is which."""
