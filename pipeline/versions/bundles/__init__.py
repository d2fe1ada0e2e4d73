"""A module's folder as a version: digest, description, trust and copies."""
