"""Reusable training: a module's train.py says what to learn, this room says how it is run."""
