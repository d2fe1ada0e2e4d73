"""DICOM Segmentation: label maps in the geometry of the series they were drawn on."""
