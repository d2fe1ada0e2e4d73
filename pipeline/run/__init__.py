"""From one case's series to its results: plan, gate, cache, run."""
