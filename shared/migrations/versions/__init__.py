"""Every revision, oldest first."""
