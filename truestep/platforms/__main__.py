"""``python -m truestep.platforms``: what the scripts on a platform's machine call."""

from __future__ import annotations

from pathlib import Path

import click

from truestep.platforms.forms import PLATFORMS, VISIBILITIES
from truestep.platforms.running import run


@click.command()
@click.argument("platform", type=click.Choice(list(PLATFORMS)))
@click.argument("root", type=click.Path(path_type=Path))
@click.argument("homework", type=click.Path(path_type=Path))
@click.option("--reveal", default="none")
@click.option("--visibility", type=click.Choice(VISIBILITIES), default=VISIBILITIES[0])
@click.option("--timeout", type=float, default=2.0)
def main(platform: str, root: Path, homework: Path, reveal: str, visibility: str, timeout: float) -> None:
    """Grade what was handed in below ROOT by the homework in the folder HOMEWORK."""
    run(platform, root, homework, reveal, visibility, timeout)


if __name__ == "__main__":
    main()
