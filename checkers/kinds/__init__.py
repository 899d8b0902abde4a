"""Answers that are no expression: shapes, sizes of layers, choices, steps in order."""
