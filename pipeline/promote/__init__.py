"""From evidence to the champion: decide by policy, move the alias, keep the record."""
