"""Who moved which alias, when and on what evidence: a chain of entries nobody can change unseen."""
