"""What the gate tells programs outside: MQTT and webhooks, from a process of its own."""
