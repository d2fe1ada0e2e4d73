"""One grid per case: where its voxels lie, and how each series comes onto it."""
