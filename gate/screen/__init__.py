"""The security staff's live page: a process of its own, which may crash or hang without the gate noticing."""
