"""Which versions exist, which are pinned, and proof that nothing changed."""
