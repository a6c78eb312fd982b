"""One file per kind of scanner; `hardware.catalog` says which is which."""
