"""What `make bench` measures; figures are ratios within one run, never asserted."""
