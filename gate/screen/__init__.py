"""The security staff's live page: a process of its own, which may crash, hang or lose its port without the gate noticing."""
