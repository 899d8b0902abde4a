"""Verdicts on claims: exact models, real models, and the order in which they are asked."""
