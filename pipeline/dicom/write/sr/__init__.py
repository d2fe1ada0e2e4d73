"""DICOM structured report (TID 1500): what the modules found in a study."""
