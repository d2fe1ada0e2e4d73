"""Evaluations, comparisons and decisions as plain tables."""
