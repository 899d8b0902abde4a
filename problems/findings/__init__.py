"""Findings: all that may be said about a work, each code once, with its kind, its wording and what it costs."""
