"""The speed and the verdicts of truestep beside other tools, in one run: `python -m benchmarks check` or `derive`."""
