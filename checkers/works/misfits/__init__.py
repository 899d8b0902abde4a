"""Sides whose shapes do not fit, and what a fair grader sees in them."""
