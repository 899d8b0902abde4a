"""Questions whose answer is no expression: shapes, sizes of layers, counts, choices, steps in order."""
