"""Every registered version, in MLflow; the only room that imports it."""
