"""What the tests in a browser share: the browser, a server, a window on it, and what is seen of a work."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sources import ROOT

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 60_000  # milliseconds, for a busy machine


@contextmanager
def opened() -> Iterator[Any]:
    """A browser; the test is skipped where there is none."""
    pytest.importorskip("starlette", reason="starlette is not installed: pip install 'truestep[page]'")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="Playwright is not installed: pip install playwright"
    )
    with playwright.sync_playwright() as started:
        found = next(filter(None, map(shutil.which, NAMES)), None) or started.chromium.executable_path
        if not Path(found).exists():
            pytest.skip("there is no Chromium: apt install chromium, or playwright install chromium")
        playwright.expect.set_options(timeout=PATIENCE)
        browser = started.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def serving(*options: str) -> Iterator[str]:
    """The address of a server with these options."""
    command = [sys.executable, "-m", "truestep", "serve", "--port", "0", "--no-browser", "--timeout", "20", *options]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/", process.stderr.readline())
        assert found is not None
        try:
            yield found[0]
        finally:
            process.terminate()


@contextmanager
def window(browser: Any, address: str, **options: Any) -> Iterator[Any]:
    """A page of the browser on which nothing fails, and from which nothing goes anywhere else."""
    context = browser.new_context(**options)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda fault: said.append(str(fault)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    yield page
    context.close()
    assert [url for url in asked if not url.startswith(address)] == []
    assert [one for one in said if "Failed to load resource" not in one] == []


def signs(page: Any) -> list[tuple[str, int]]:
    """The signs in the gutter, each with the row of the text that it stands beside."""
    found: list[tuple[str, int]] = page.evaluate(
        """() => {
          const text = document.getElementById("text"), style = getComputedStyle(text);
          const top = text.getBoundingClientRect().top + parseFloat(style.paddingTop) - text.scrollTop;
          return [...document.querySelectorAll(".gutter span")].filter((one) => one.textContent).map((one) =>
            [one.textContent, 1 + (one.getBoundingClientRect().top - top) / parseFloat(style.lineHeight)]);
        }"""
    )
    assert all(abs(row - round(row)) < 0.2 for _, row in found), found
    return [(sign, round(row)) for sign, row in found]


def judged(page: Any, said: str) -> None:
    from playwright.sync_api import expect

    expect(page.get_by_role("status")).to_have_text(said)


def mended(page: Any, slip: str) -> None:
    """The plus of a slip that was typed last turned into a minus, by keys, until all is right."""
    page.keyboard.press("Control+End")
    for _ in range(len(slip) - slip.index("+") - 1):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Backspace")
    page.keyboard.type("-")
    judged(page, "All is right.")


def carried(page: Any, name: str, text: str) -> Any:
    """A file over the text of the page, not yet let go; what is to be dropped."""
    file = page.evaluate_handle(
        """([name, text]) => { const it = new DataTransfer(); it.items.add(new File([text], name)); return it; }""",
        [name, text],
    )
    page.locator(".sheet").dispatch_event("dragover", {"dataTransfer": file})
    page.locator(".sheet.dropping").wait_for()
    return file
