"""Segmentations and reports, each with its provenance."""
