"""Derived answers as NumPy code."""
