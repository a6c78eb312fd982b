"""The office's register in the ledger; the command line and the pages share it."""

OFFICE = ("office", "office")  # its name and kind
