"""A synthetic DICOM cohort with known truth."""

from __future__ import annotations

from pipeline.demo.truth import TruthCase, read_truth

__all__ = ["TruthCase", "read_truth"]
