"""Takes the pictures of the page: `python docs/page_pictures.py`, for which it needs Playwright and a Chromium."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import classes  # noqa: E402  (they stand beside the tests)
from browsing import carried, judged, opened, serving, window  # noqa: E402
from page_tree import PROBLEM, RIGHT, SLIP  # noqa: E402

import truestep  # noqa: E402

WORK = f"{RIGHT}{SLIP}"
NAMES = ("Ann", "Bo", "Chloé", "Dmitri")
STATEMENT = r"""title = 'The gradient of a squared error'
text = 'Derive the gradient of the loss by the weights.'
given = ['r = X w - y', 'L = \frac{1}{2} r^T r']
find = '\frac{\partial L}{\partial w}'

[symbols]
X = 'n x d'
w = 'd'
y = 'd'
r = 'n'
L = 'scalar'
"""


def work(page: Any) -> None:
    """A slip that was typed into a question."""
    page.goto(f"{page.url}problem/{PROBLEM}")
    page.get_by_role("textbox").fill(WORK)
    judged(page, "Row 2 does not hold.")


def solved(page: Any) -> None:
    """The same mended, with the solution."""
    page.goto(f"{page.url}problem/{PROBLEM}")
    page.get_by_role("textbox").fill(WORK.replace("+", "-"))
    judged(page, "All is right.")
    page.get_by_role("button", name="The steps").click()
    page.get_by_role("heading", name="A derivation").wait_for()


def statement(page: Any) -> None:
    """A statement whose shapes contradict each other."""
    page.goto(f"{page.url}write")
    page.get_by_role("textbox").fill(STATEMENT)
    page.locator(".finding.error").first.wait_for()


def hint(page: Any) -> None:
    """A slip, with a hint that the course lets one ask for."""
    work(page)
    page.get_by_role("button", name="A hint").click()
    page.get_by_role("heading", name="Rules that").wait_for()


def dropped(page: Any) -> None:
    """A notebook that is held over the text, and let go."""
    page.goto(f"{page.url}problem/{PROBLEM}")
    cells = [{"cell_type": "markdown", "metadata": {}, "source": one} for one in ("## My derivation\n", RIGHT, SLIP)]
    book = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    page.locator(".sheet").dispatch_event("drop", {"dataTransfer": carried(page, "work.ipynb", book)})
    page.locator(".gutter", has_text="✗").wait_for()


def queue(page: Any) -> None:
    """The groups of a class that was graded, all of them."""
    page.goto(f"{page.url}review?which=all")
    page.get_by_role("table").wait_for()


def group(page: Any) -> None:
    """A group of equal answers, with what was found and the rubric."""
    page.goto(f"{page.url}review?which=all")
    page.locator("tbody a").nth(1).click()
    page.locator("form.decision").wait_for()


@contextmanager
def graded() -> Iterator[Path]:
    """A small class, graded into a store."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "layers.toml").write_text(classes.HOMEWORK)
        (folder / "all").mkdir()
        for rank, name in enumerate(NAMES):
            answers = {**classes.RIGHT, **({"1(a)": classes.WRONG["1(a)"]} if rank > 1 else {})}
            text = classes.tex(answers, name=name, identifier=f"s{rank}")
            (folder / "all" / f"s{rank}.tex").write_text(text)
        truestep.grade(folder / "layers.toml", [folder / "all"], folder / "store", jobs=1)
        yield folder / "store"


# the picture, what is done, the options of the server, width, height, light or dark
Shot = tuple[str, Callable[[Any], None], tuple[str, ...], int, int, str]
SHOTS: tuple[Shot, ...] = (
    ("page", work, (), 1280, 1140, "light"),
    ("page-small", work, (), 320, 1500, "dark"),
    ("page-solved", solved, ("--reveal", "steps"), 768, 1720, "dark"),
    ("page-write", statement, (), 1440, 700, "light"),
    ("page-hint", hint, ("--reveal", "hint"), 1440, 1500, "light"),
    ("page-notebook", dropped, (), 1440, 1000, "dark"),
)
REVIEWS: tuple[Shot, ...] = (
    ("review-queue", queue, ("--by", "kim"), 768, 480, "light"),
    ("review-group", group, ("--by", "kim"), 1440, 1000, "dark"),
)


def main() -> None:
    """Takes all of them."""
    with opened() as browser, graded() as store:
        reviews = [(*one[:2], ("--store", str(store), *one[2]), *one[3:]) for one in REVIEWS]
        for name, does, options, width, height, scheme in (*SHOTS, *reviews):
            look = {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
            with serving(*options) as address, window(browser, address, **look) as page:
                page.goto(address)
                does(page)
                page.mouse.move(0, 0)
                page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
                page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
