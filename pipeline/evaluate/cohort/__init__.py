"""Cohorts: cases with reference labels, defined in configs/cohorts/*.toml."""
