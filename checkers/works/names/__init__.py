"""The names that a work gives to what it writes of, and what they stand for where."""
