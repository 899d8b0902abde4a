"""Nodes and polynomials of their entries, in a small normal form."""
