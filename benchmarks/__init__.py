"""The speed and the verdicts of truestep beside other checkers, in one run: `python -m benchmarks`."""
