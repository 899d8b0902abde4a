"""The edits that put a mistake into a right line, by family."""
