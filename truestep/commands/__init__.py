"""The commands, one module each, and how they speak to a person."""
