"""``truestep gradescope`` and ``truestep prairielearn``: what grades each hand-in on a platform as it comes in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from truestep.commands.editing.completing import homework_id
from truestep.commands.saying import hand_over, place_of, refuse, reveal_option, timeout_option

if TYPE_CHECKING:
    from collections.abc import Callable


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """The homework, where the archive goes, and how much students are shown."""
    reveal = reveal_option("How much of the solution students are shown as they hand in.")
    place = "A file or a folder; else it lies here under its usual name."
    output = click.option("-o", "--output", metavar="PATH", help=place)
    return click.argument("homework", metavar="HOMEWORK", shell_complete=homework_id)(output(reveal(command)))


@click.command()
@_options
@click.option(
    "--visibility",
    type=click.Choice(["visible", "after_due_date", "after_published", "hidden"]),
    default="visible",
    show_default=True,
    help="When students see their results.",
)
@timeout_option
def gradescope(homework: str, output: str | None, reveal: str, visibility: str, timeout: float) -> None:
    """Make the zip archive that Gradescope takes as the autograder of a HOMEWORK.

    Exit status: 0 done, 2 the input or the usage is at fault.
    """
    from truestep.platforms import bundle

    made = _made(lambda: bundle.gradescope(homework, bundle.Wish(reveal, visibility, timeout)))
    _put(made, output or "autograder.zip", "autograder.zip", ": upload it under Configure Autograder")


@click.command()
@_options
@click.option("--image", default="truestep", show_default=True, help="What the image is called that is built of it.")
@timeout_option
def prairielearn(homework: str, output: str | None, reveal: str, image: str, timeout: float) -> None:
    """Make a zip archive with a question for PrairieLearn that grades a HOMEWORK, and what its image is built from.

    Exit status: 0 done, 2 the input or the usage is at fault.
    """
    from truestep.platforms import bundle

    made = _made(lambda: bundle.prairielearn(homework, bundle.Wish(reveal, timeout=timeout), image))
    then = ": build the image of image/, and put question/ into the course"
    _put(made, output or "prairielearn.zip", "prairielearn.zip", then)


def _made(make: Callable[[], bytes]) -> bytes:
    from truestep.derivations.language.faults import StatementFault

    try:
        return make()
    except StatementFault as fault:
        refuse(str(fault))
    except OSError as fault:
        refuse(f"{fault.filename}: cannot be read ({fault.strerror or fault})")


def _put(made: bytes, output: str, name: str, then: str) -> None:
    hand_over(made, place_of(output, name, made) or Path(name), then)
