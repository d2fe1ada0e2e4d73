"""Which series plays which role, and why."""
