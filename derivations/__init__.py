"""The craft: lines of mathematics, and how one line follows from another."""
