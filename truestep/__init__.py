"""The doors of truestep: the command line and the report for a person; nothing imports this package."""

__version__ = "0.1.0"
