"""A statement as a TOML or JSON file: read, written, and where in it a key stands."""
