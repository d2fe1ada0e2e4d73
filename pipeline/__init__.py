"""Tessera: batch brain-MRI DICOM through separately versioned MONAI modules."""

__version__ = "0.1.0"
