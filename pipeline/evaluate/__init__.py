"""One version on a cohort, two versions side by side: scores, statistics, comparison."""
