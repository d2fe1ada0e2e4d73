"""What a new version must prove: configs/policies/<module>.toml, committed before it is tried."""
