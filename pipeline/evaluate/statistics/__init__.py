"""What few cases can tell, and with what certainty: pure functions of numbers, seeded."""
