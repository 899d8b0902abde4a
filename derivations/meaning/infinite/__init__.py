"""Limits and sums without end that have a closed form."""
