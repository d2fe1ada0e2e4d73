"""Proof after the fact: what was changed outside, and what made a DICOM object."""
