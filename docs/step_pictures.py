"""Takes a picture of each thing that a person does on the page, in three widths, light and dark.

`python docs/step_pictures.py [FOLDER]`, for which it needs Playwright, a Chromium and Pillow.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

from page_pictures import PICTURES, PROBLEM, RIGHT, SLIP, STATEMENT, dropped, graded, hint
from PIL import Image
from playwright.sync_api import expect

from browsing import judged, mended, opened, serving, window  # isort: skip  (they stand beside the tests)

WIDTHS = (320, 768, 1440)
SCHEMES = ("light", "dark")
HEIGHT = 900
COLOURS = 160
PERMISSIONS = ("clipboard-read", "clipboard-write")
FILE = f"""\\documentclass{{article}}
\\usepackage{{amsmath}}
\\begin{{document}}
We differentiate the softmax.
{RIGHT.strip()}
Multiplied out, this is
{SLIP.strip()}
\\end{{document}}
"""


def choose(page: Any) -> None:
    """Looks for a question."""
    page.get_by_role("searchbox", name="Find a question").fill("softmax")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="The Jacobian of the softmax", exact=True).wait_for()


def slip(page: Any) -> None:
    """Types a derivation with a slip, and sees the row."""
    page.goto(f"{page.url}problem/{PROBLEM}")
    page.get_by_role("textbox", name="Your work").click()
    page.keyboard.type(RIGHT + SLIP)
    judged(page, "Row 2 does not hold.")


def mend(page: Any) -> None:
    """Mends it, and sees it turn right."""
    slip(page)
    mended(page, SLIP)


def paste(page: Any) -> None:
    """Pastes a whole file."""
    page.goto(f"{page.url}problem/{PROBLEM}")
    page.evaluate("(text) => navigator.clipboard.writeText(text)", FILE)
    page.get_by_role("textbox", name="Your work").click()
    page.keyboard.press("Control+V")
    judged(page, "Row 2 does not hold.")


def contradict(page: Any) -> None:
    """Edits a statement so that its shapes contradict each other, and sees where."""
    page.goto(f"{page.url}write")
    page.get_by_role("textbox", name="The statement").fill(STATEMENT.replace("X w - y", "X^T w - y"))
    page.locator(".finding.error").first.wait_for()


def decide(page: Any) -> None:
    """Opens a store, and comes to a group that is to be decided."""
    page.goto(f"{page.url}review?which=all")
    page.locator("tbody a").nth(1).click()
    page.locator("form.decision").wait_for()
    page.get_by_label("Comment for the students").fill("W is to be transposed: look at the shapes.")


def mark(page: Any) -> None:
    """Decides it, and sees the marks."""
    start = page.url
    decide(page)
    page.keyboard.press("Escape")
    with page.expect_navigation():
        page.keyboard.press("g")
    page.goto(f"{start}review?which=all")
    expect(page.get_by_text("by kim").first).to_be_visible()


Step = tuple[str, Callable[[Any], None]]
PLAIN: tuple[Step, ...] = (
    ("choose", choose),
    ("slip", slip),
    ("mended", mend),
    ("pasted", paste),
    ("notebook", dropped),
    ("contradiction", contradict),
)
HINTED: tuple[Step, ...] = (("hint", hint),)
REVIEWED: tuple[Step, ...] = (("group", decide), ("marks", mark))  # in this order, for what is decided stays so


def small(picture: bytes) -> Image.Image:
    """A picture with so few colours that its file is small."""
    few = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    return few.convert("RGB")


def main(folder: Path) -> None:
    """Takes all of them."""
    folder.mkdir(exist_ok=True)
    with opened() as browser, graded() as store:
        for steps, options in (
            (PLAIN, ()),
            (HINTED, ("--reveal", "hint")),
            (REVIEWED, ("--store", str(store), "--by", "kim")),
        ):
            with serving(*options) as address:
                for (name, does), (width, scheme) in product(steps, product(WIDTHS, SCHEMES)):
                    given = {"viewport": {"width": width, "height": HEIGHT}, "color_scheme": scheme}
                    with window(browser, address, **given, permissions=PERMISSIONS) as page:
                        page.goto(address)
                        does(page)
                        page.mouse.move(0, 0)
                        page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
                        taken = page.screenshot(full_page=True)
                    small(taken).save(folder / f"{name}-{width}-{scheme}.webp", lossless=True, quality=100, method=6)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES / "steps")
