"""The page with keys alone, for those who listen, in every window and on paper."""

from __future__ import annotations

import io
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest
from browsing import judged, window
from page_tree import PROBLEM, RIGHT, SLIP, STATEMENT

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: pip install playwright").expect
pytestmark = pytest.mark.slow

WORK = f"{RIGHT}$$ = s_i \\delta_{{ij}} - s_i s_j $$\n\n{SLIP}"
WINDOWS = (  # width, height, scale, colours; the last is 200 % zoom of 1440
    *((320, 640, 1, "light"), (320, 640, 1, "dark"), (768, 1024, 1, "light")),
    *((1440, 900, 1, "light"), (1440, 900, 1, "dark"), (720, 450, 2, "dark")),
)
LOOKED_THROUGH = (320, 1440)  # the widths in which axe looks
PAGES = ("", f"problem/{PROBLEM}", "write", "nothing")
OVERFLOWING = """() => [...document.querySelectorAll("body *")].filter((one) => {
  const box = one.getBoundingClientRect();
  const scrolled = one.parentElement.closest(".wide, .readings, .question dd, .sheet, .unseen, .skip");
  return box.width && !(scrolled && scrolled !== one) && box.right > document.documentElement.clientWidth + 1;
}).map((one) => one.outerHTML.slice(0, 90))"""


def test_with_keys_alone(browser: Any, lenient: str) -> None:
    with window(browser, lenient) as page:
        page.goto(lenient)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the work")).to_be_focused()
        expect(page.get_by_role("link", name="Skip to the work")).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type("softmax jacobian")
        page.keyboard.press("Control+A")
        page.keyboard.type("jacobian of the softmax")
        followed(page, "**/?q=jacobian*")
        link = page.get_by_role("link", name="The Jacobian of the softmax", exact=True)
        expect(link).to_be_visible()
        reached(page, link)
        followed(page, "**/problem/*")
        text = page.get_by_role("textbox", name="Your work")
        expect(text).to_be_visible()
        reached(page, text)
        page.keyboard.type(RIGHT + SLIP)
        judged(page, "Row 2 does not hold.")
        reached(page, page.get_by_label("Open a file"))
        reached(page, page.get_by_role("button", name="Check"))
        page.keyboard.press("Enter")
        reached(page, page.get_by_role("link", name="Go to line 2."))
        reached(page, page.locator("#report summary").first)
        page.keyboard.press("Enter")
        expect(page.get_by_role("table", name="Try it with numbers")).to_be_hidden()
        for _ in range(30):
            page.keyboard.press("Shift+Tab")
            if text.evaluate("(one) => one === document.activeElement"):
                break
        expect(text).to_be_focused()


def followed(page: Any, address: str) -> None:
    """Enter leads to that page, whose style is there before anything of it is looked at."""
    with page.expect_navigation(url=address, wait_until="load"):
        page.keyboard.press("Enter")


def reached(page: Any, wanted: Any) -> None:
    """Tab leads there, in the order in which things stand, and each place on the way is seen to have the focus."""
    for _ in range(30):
        if wanted.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            continue  # what had the focus was drawn anew
        outlines = page.evaluate(
            """() => [document.activeElement, document.activeElement.closest(".sheet")].filter(Boolean)
              .map((one) => getComputedStyle(one))
              .map((one) => (one.outlineStyle === "none" ? 0 : parseFloat(one.outlineWidth)))"""
        )
        assert max(outlines) >= 2, page.evaluate("document.activeElement.outerHTML")
    raise AssertionError("it is not reached")


def filled_in(page: Any, path: str) -> Iterator[str]:
    """A page as it comes, and filled in: with a wrong work, a right one with its solution, a statement to mend."""
    yield "as it comes"
    if path.startswith("problem"):
        page.get_by_role("textbox", name="Your work").fill(WORK)
        judged(page, "Row 3 does not hold.")
        page.get_by_text("How your formulas were read").click()
        yield "wrong"
        page.get_by_role("button", name="The steps").click()
        expect(page.get_by_role("heading", name="A derivation")).to_be_visible()
        yield "solved"
        page.get_by_role("textbox", name="Your work").fill(RIGHT)
        judged(page, "All is right.")
        yield "right"
        page.get_by_role("textbox", name="Your work").fill("$$ y = \\frac{1}{ $$")
        expect(page.get_by_role("status")).to_contain_text("cannot be read")
        yield "unreadable"
    if path == "write":
        page.get_by_role("textbox", name="The statement").fill(STATEMENT.replace("f = 'scalar'", "f = 'n'"))
        expect(page.locator(".finding.error").first).to_be_visible()
        yield "with findings"


# In every window, and on paper.


@pytest.mark.parametrize(("width", "height", "scale", "scheme"), WINDOWS)
def test_nothing_scrolls_sideways_and_axe_finds_nothing(
    browser: Any, lenient: str, width: int, height: int, scale: int, scheme: str
) -> None:
    axe = width in LOOKED_THROUGH and find_spec("axe_playwright_python") is not None
    options = {"viewport": {"width": width, "height": height}, "device_scale_factor": scale, "color_scheme": scheme}
    with window(browser, lenient, **options, bypass_csp=axe) as page:
        for path in PAGES:
            page.goto(lenient + path)
            for filled in filled_in(page, path):
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, filled)
                assert page.evaluate(OVERFLOWING) == [], (path, filled)
                assert page.evaluate("getComputedStyle(document.body).backgroundColor") == (
                    "rgb(255, 255, 255)" if scheme == "light" else "rgb(23, 23, 27)"
                )
                assert not axe or found_by_axe(page) == [], (path, filled)


def found_by_axe(page: Any) -> list[tuple[str, list[Any]]]:
    """What axe finds; it is put into the page, which the page's own policy would not let."""
    from axe_playwright_python.base import AXE_SCRIPT

    page.evaluate(f"{AXE_SCRIPT}\n;0")
    found = page.evaluate("() => axe.run({resultTypes: ['violations']})")["violations"]
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]


def test_on_paper(browser: Any, lenient: str) -> None:
    pypdf = pytest.importorskip("pypdf")
    with window(browser, lenient) as page:
        page.goto(f"{lenient}problem/{PROBLEM}")
        page.get_by_role("textbox", name="Your work").fill(f"{RIGHT}{chr(10) * 40}{SLIP}")
        judged(page, "Row 2 does not hold.")
        page.locator("#report summary").first.click()
        page.emulate_media(media="print")
        expect(page.get_by_role("navigation", name="Pages")).to_be_hidden()
        expect(page.get_by_role("button", name="Check")).to_be_hidden()
        sheets = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
        text = "".join(sheet.extract_text() for sheet in sheets)
        for words in ("The Jacobian of the softmax", "Line by line", "goes wrong", "Try it with numbers"):
            assert words in text
        assert "s_i s_j $$" in text  # what was typed, to its end
        assert len(sheets) <= 3
