"""A class reviewed in a browser: with keys alone, in a narrow and a wide window, and without what axe finds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import classes
import pytest
from browsing import serving, window
from click.testing import CliRunner
from test_page_seen import OVERFLOWING, found_by_axe

from truestep.cli import main

WIDTHS = "(cells) => cells.map((one) => one.getBoundingClientRect().width)"
expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: pip install playwright").expect
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("judged_here")]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    (tmp_path / "layers.toml").write_text(classes.HOMEWORK)
    (tmp_path / "all").mkdir()
    for name in ("ann", "bob"):
        (tmp_path / "all" / f"{name}.tex").write_text(classes.tex({**classes.RIGHT, "2": "Because."}, identifier=name))
    (tmp_path / "all" / "eve.pdf").write_bytes(b"%PDF-1.4 nothing")
    arguments = ["grade", str(tmp_path / "layers.toml"), str(tmp_path / "all"), "--store", str(tmp_path / "store")]
    assert CliRunner().invoke(main, arguments).exit_code == 3
    return tmp_path / "store"


def test_a_queue_is_decided_with_keys_alone(browser: Any, store: Path) -> None:
    with serving("--store", str(store), "--by", "kim") as address, window(browser, address) as page:
        page.goto(f"{address}review")
        expect(page.get_by_text("4 of 4 groups")).to_be_visible()
        page.wait_for_load_state()
        page.keyboard.press("n")
        expect(page).to_have_url(re.compile("/review/answer"))
        for left in range(4, 0, -1):
            page.wait_for_load_state()
            expect(page.locator("form.decision")).to_be_visible()
            before = page.url
            page.keyboard.press("o")
            page.keyboard.type("0.5")
            page.keyboard.press("Enter")
            if left > 1:
                expect(page).not_to_have_url(before)
        expect(page.get_by_text("Nothing needs a person.")).to_be_visible()
        page.goto(f"{address}review?which=all")
        assert page.get_by_text("0.5 by kim").count() == 4


@pytest.mark.parametrize("width", [320, 1440])
def test_a_review_fits_and_axe_finds_nothing(browser: Any, store: Path, width: int) -> None:
    pytest.importorskip("axe_playwright_python.base", reason="axe is not installed")
    with (
        serving("--store", str(store)) as address,
        window(browser, address, viewport={"width": width, "height": 800}, bypass_csp=True) as page,
    ):
        page.goto(f"{address}review?which=all")
        links = [one.get_attribute("href") for one in page.locator("tbody a").all()]
        for at in ("/review?which=all", *links[:3]):
            page.goto(address.rstrip("/") + at)
            assert page.evaluate(OVERFLOWING) == [], at
            assert found_by_axe(page) == [], at
        with page.expect_navigation():
            page.get_by_role("button", name="Right").click()
        page.goto(f"{address}review?which=all")
        with page.expect_navigation():
            page.get_by_role("button", name="Bring the marks").click()
        expect(page.get_by_role("status")).to_contain_text("marks.csv")
        assert page.get_by_role("row").count() == len(links) + 1  # also where each stands below the other
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(OVERFLOWING) == []
        assert min(page.locator("tbody td:nth-child(2)").evaluate_all(WIDTHS)) >= 150
        assert found_by_axe(page) == []
