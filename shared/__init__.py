"""What the till and the gate must agree on: codes, items, settings, the schema, the ledger, the journal, people."""
