"""Takes the pictures of the page: `python docs/page_pictures.py`, for which it needs Playwright and a Chromium."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from browsing import judged, opened, serving, window  # noqa: E402  (they stand beside the tests)
from page_tree import PROBLEM, RIGHT, SLIP  # noqa: E402

WORK = f"{RIGHT}{SLIP}"
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


# the picture, what is done, the options of the server, width, height, light or dark
SHOTS = (
    ("page", work, (), 1280, 1140, "light"),
    ("page-small", work, (), 320, 1500, "dark"),
    ("page-solved", solved, ("--reveal", "steps"), 768, 1720, "dark"),
    ("page-write", statement, (), 1440, 700, "light"),
)


def main() -> None:
    """Takes all of them."""
    with opened() as browser:
        for name, does, options, width, height, scheme in SHOTS:
            look = {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
            with serving(*options) as address, window(browser, address, **look) as page:
                page.goto(address)
                does(page)
                page.mouse.move(0, 0)
                page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
                page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
