"""Many studies: resume, progress, what is written for each and for all."""
