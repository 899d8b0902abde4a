"""The commands that have to do with a class."""
