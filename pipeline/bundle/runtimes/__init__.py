"""Who multiplies the matrices: PyTorch or OpenVINO behind one small interface."""
