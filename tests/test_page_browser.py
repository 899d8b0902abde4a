"""The page in a browser: what a person does with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from browsing import carried, judged, mended, serving, signs, window
from page_tree import PROBLEM, RIGHT, SLIP, STATEMENT
from test_report_safety import HOSTILE

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: pip install playwright").expect
pytestmark = pytest.mark.slow

HOMEWORK = "cmu-10315-hw5"
WORK = f"{RIGHT}$$ = s_i \\delta_{{ij}} - s_i s_j $$\n\n{SLIP}"
TEX = f"\\documentclass{{article}}\n\\begin{{document}}\nWe differentiate.\n{RIGHT}Hence\n{SLIP}\\end{{document}}\n"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving() as found:
        yield found


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    with window(browser, address) as page:
        page.goto(f"{address}problem/{PROBLEM}")
        yield page


def test_a_question_is_found_a_slip_is_shown_and_mended(browser: Any, address: str) -> None:
    with window(browser, address) as page:
        page.goto(address)
        page.get_by_role("searchbox", name="Find a question").fill("jacobian of the softmax")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="The Jacobian of the softmax", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("The Jacobian of the softmax")
        page.get_by_role("textbox", name="Your work").click()
        page.keyboard.type(RIGHT)
        judged(page, "All is right.")
        page.keyboard.type(SLIP)
        judged(page, "Row 2 does not hold.")
        assert signs(page) == [("✓", 1), ("✗", 3)]
        report = page.get_by_role("region", name="What is found")
        expect(report.get_by_text("Here it first goes wrong.", exact=True)).to_be_visible()
        expect(report.get_by_role("table", name="Try it with numbers")).to_be_visible()
        expect(report.get_by_text("A sign is wrong.")).to_be_visible()
        mended(page, SLIP)
        assert signs(page) == [("✓", 1), ("✓", 3)]
        expect(report.get_by_text("Here it first goes wrong.")).to_have_count(0)


def test_the_third_row_is_named(page: Any) -> None:
    page.get_by_role("textbox", name="Your work").fill(WORK)
    judged(page, "Row 3 does not hold.")
    assert page.get_by_role("status").get_attribute("aria-live") == "polite"
    page.get_by_role("link", name="Go to line 3.").click()
    expect(page.locator("tr:target")).to_contain_text("wrong")


def test_a_whole_file_is_pasted(browser: Any, address: str) -> None:
    with window(browser, address, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(f"{address}problem/{PROBLEM}")
        page.evaluate("(text) => navigator.clipboard.writeText(text)", TEX)
        page.get_by_role("textbox", name="Your work").click()
        page.keyboard.press("Control+V")
        judged(page, "Row 2 does not hold.")
        assert signs(page) == [("✓", 4), ("✗", 7)]


def notebook() -> str:
    cells = [{"cell_type": "markdown", "metadata": {}, "source": one} for one in (RIGHT, SLIP)]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_a_notebook_is_opened(page: Any) -> None:
    file = {"name": "work.ipynb", "mimeType": "application/json", "buffer": notebook().encode()}
    page.get_by_label("Open a file").set_input_files(file)
    judged(page, "Row 2 does not hold.")
    page.get_by_role("textbox", name="Your work").fill("")
    judged(page, "Nothing is written yet.")
    page.get_by_role("textbox", name="Your work").fill(RIGHT)
    judged(page, "All is right.")


def test_a_notebook_is_dropped(page: Any) -> None:
    page.locator(".sheet").dispatch_event("drop", {"dataTransfer": carried(page, "a.ipynb", notebook())})
    judged(page, "Row 2 does not hold.")
    expect(page.locator(".sheet.dropping")).to_have_count(0)


def test_a_hint_where_the_course_lets_it(browser: Any) -> None:
    with serving("--homework", HOMEWORK, "--reveal", "hint") as address, window(browser, address) as page:
        page.goto(address)
        expect(page.get_by_role("link", name="Write a question")).to_have_count(0)
        page.locator(".shelf a").first.click()
        page.get_by_role("textbox", name="Your work").fill("$$ x = 1 $$")
        hint, report = page.get_by_role("button", name="A hint"), page.get_by_role("region", name="What is found")
        rules = report.get_by_role("heading", name=re.compile("^Rules that"))
        expect(report.get_by_role("article")).to_be_visible()
        expect(rules).to_have_count(0)
        hint.click()
        expect(rules).to_be_visible()
        assert hint.get_attribute("aria-pressed") == "true"
        expect(report.get_by_role("heading", name="The answer")).to_have_count(0)
        expect(page.get_by_role("button", name="The answer")).to_have_count(0)
        hint.click()
        expect(rules).to_have_count(0)


def test_no_hint_where_the_course_lets_none(page: Any) -> None:
    page.get_by_role("textbox", name="Your work").fill(SLIP)
    expect(page.locator("#report article")).to_be_visible()
    assert page.locator("button").all_inner_texts() == ["Check"]


def test_a_contradiction_is_shown_where_it_stands(browser: Any, address: str) -> None:
    with window(browser, address) as page:
        page.goto(f"{address}write")
        judged(page, "Sound.")
        page.get_by_role("textbox", name="The statement").fill(STATEMENT)
        expect(page.get_by_role("region", name="What it means").locator("summary")).to_have_text("The derivation")
        page.get_by_role("textbox", name="The statement").fill(STATEMENT.replace("f = 'scalar'", "f = 'n'"))
        expect(page.locator(".finding.error").first).to_contain_text("row 2")
        assert ("✗", 2) in signs(page)
        page.get_by_role("textbox", name="The statement").fill(STATEMENT)
        expect(page.locator(".finding.error")).to_have_count(0)


def test_a_silent_server_is_told_and_forgotten(page: Any) -> None:
    page.route("**/api/check", lambda route: route.fulfill(status=502, body="no"))
    page.get_by_role("textbox", name="Your work").fill(RIGHT)
    judged(page, "The server does not answer.")
    page.unroute("**/api/check")
    page.get_by_role("button", name="Check").click()
    judged(page, "All is right.")


def test_signs_stay_beside_their_rows(page: Any) -> None:
    page.get_by_role("textbox", name="Your work").fill(f"{RIGHT}{chr(10) * 60}{SLIP}")
    judged(page, "Row 2 does not hold.")
    before = signs(page)
    assert [row for _, row in before] == [1, 63]
    page.get_by_role("textbox", name="Your work").evaluate("(text) => { text.scrollTop = text.scrollHeight; }")
    expect(page.locator(".gutter .wrong")).to_be_in_viewport()
    assert signs(page) == before


def test_without_a_script(browser: Any, lenient: str) -> None:
    with window(browser, lenient, java_script_enabled=False) as page:
        page.goto(f"{lenient}problem/{PROBLEM}")
        page.get_by_role("textbox", name="Your work").fill(RIGHT + SLIP)
        page.get_by_role("button", name="Check").click()
        judged(page, "Row 2 does not hold.")
        expect(page.get_by_role("textbox", name="Your work")).to_have_value(RIGHT + SLIP)
        page.get_by_role("button", name="The steps").click()
        expect(page.get_by_role("heading", name="A derivation")).to_be_visible()


def test_a_hostile_work_runs_nothing(browser: Any, lenient: str) -> None:
    with window(browser, lenient) as page:
        page.goto(f"{lenient}problem/{PROBLEM}")
        count = page.locator("script, img, iframe, object, embed, link, style").count()
        for text in HOSTILE:
            work = "".join(one for one in f"$$ x = {text} $$\n{text}\n" if one.isprintable() or one == "\n")
            with page.expect_response("**/api/check"):
                page.get_by_role("textbox", name="Your work").fill(work)
            expect(page.locator(".said.waiting")).to_have_count(0)
            assert page.locator("script, img, iframe, object, embed, link, style").count() == count
            assert page.locator("[onload], [onerror], [onclick], #report [style], a[href^=javascript]").count() == 0
