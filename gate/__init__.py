"""The exit: reads what leaves, and fires an alarm for what is not paid."""
