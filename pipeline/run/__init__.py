"""From a scanned folder to results: plan, cache, run, write."""
