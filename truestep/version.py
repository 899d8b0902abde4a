"""The version of truestep."""

__version__ = "0.1.0"
