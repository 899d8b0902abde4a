"""`python -m truestep`."""

from truestep.cli import run

if __name__ == "__main__":
    run()
