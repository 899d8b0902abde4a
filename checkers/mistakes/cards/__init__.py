"""The cards by family."""
