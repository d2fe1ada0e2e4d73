"""A synthetic DICOM cohort with known truth."""
