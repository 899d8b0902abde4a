"""Nothing that a person wrote is ever markup on the page, and whatever it was, the next request is answered."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest
from page_tree import PROBLEM, RIGHT, STATEMENT, Tree, skeleton
from test_report_safety import HOSTILE

pytest.importorskip("starlette")

from starlette.testclient import TestClient

from benchmarks.fuzz.mutating import hostile
from benchmarks.fuzz.sources import sources
from truestep.page.app import create_app
from truestep.page.offer import Offer
from truestep.problems.statements.toml.writing import as_toml

ROWS = ("$$ x = {} $$", "$$ \\text{{{}}} = x $$", "{}", "\\begin{{align}} {} &= 1 \\\\ \\end{{align}}")
KEYS = ("id", "title", "text", "find", "answer", "source")
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
INNOCENT = "a word"


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(Offer(reveal="steps", seconds=20.0)), base_url="http://localhost")


def assert_is_harmless(client: TestClient, html: str, said: str = "") -> None:
    """No element, attribute or address that the page does not set itself, and an answer to what comes next."""
    tree = Tree(html)
    assert tree.strange == []
    assert not CONTROLS.search(said + tree.texts.get("report", html if said else ""))
    assert client.post("/api/check", json={"problem": PROBLEM, "text": RIGHT}).json()["verdict"] == "right"


def test_what_is_planted_is_seen() -> None:
    good = "<!DOCTYPE html><main><div id='report'><p>x</p></div></main>"
    assert Tree(good).strange == []
    for planted in ("<img src=x>", "<p onclick=x>y</p>", "<a href='javascript:x'>y</a>", "</p>", "<!-- x -->", "<b>"):
        assert Tree(good.replace("x</p>", f"x{planted}</p>")).strange, planted
    assert skeleton(good) != skeleton(good.replace("<main>", "<main><p></p>"))


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_hostile_work_is_text(client: TestClient, text: str) -> None:
    """Outside the report the elements are those of an innocent work, and what was typed stands there as it was."""
    innocent = skeleton(client.post(f"/problem/{PROBLEM}", data={"text": INNOCENT}).text)
    for row in ROWS:
        work = row.format(text).encode("utf-8", "replace").decode()
        page = client.post(f"/problem/{PROBLEM}", data={"text": work, "reveal": "steps"}).text
        assert skeleton(page) == innocent
        assert Tree(page).texts["text"] == work.replace("\r", "\n")
        assert_is_harmless(client, page)
        found = client.post("/api/check", json={"problem": PROBLEM, "text": work, "name": work, "reveal": work})
        assert_is_harmless(client, found.json()["html"], found.json()["said"])


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_hostile_statement_is_text(client: TestClient, text: str) -> None:
    innocent = skeleton(client.get("/write").text)
    for key in KEYS:
        lines = [line for line in STATEMENT.splitlines() if not line.startswith(f"{key} =")]
        statement = "\n".join((f"{key} = {json.dumps(text.encode('utf-8', 'replace').decode())}", *lines))
        page = client.post("/write", data={"text": statement}).text
        assert skeleton(page) == innocent
        assert Tree(page).texts["text"] == statement
        assert_is_harmless(client, page)
    for statement in (text, f"{STATEMENT}{json.dumps(text)} = {json.dumps(text)}", f"[{json.dumps(text)}]\nx = 1"):
        found = client.post("/api/draft", content=json.dumps({"text": statement}))
        assert found.status_code == 200
        assert_is_harmless(client, found.json()["html"], found.json()["said"])


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_hostile_address_is_text(client: TestClient, text: str) -> None:
    """An address with the same elements as an innocent one, word for word."""
    text = text.encode("utf-8", "replace").decode()
    found, innocent = (client.get("/", params={"q": f"xyzzy {one}"}).text for one in (text, INNOCENT))
    assert skeleton(found) == skeleton(innocent)
    assert_is_harmless(client, found)
    found, innocent = (
        client.get("/problem/" + "".join(f"%{byte:02x}" for byte in one.encode())).text for one in (text, INNOCENT)
    )
    assert skeleton(found) == skeleton(innocent)
    assert_is_harmless(client, found)
    sent: dict[str, Any] = {"problem": text, "text": "x"}
    assert client.post("/api/check", json=sent).status_code == 400


@pytest.mark.slow
def test_whatever_is_sent_is_answered(client: TestClient) -> None:
    """Works, notebooks and statements of the book with what breaks readers put into them."""
    dice = random.Random(1)
    some = sources()
    for _ in range(60):
        suffix, text = dice.choice(some.files)
        work = hostile(dice, text, dice.choice(some.files)[1])
        sent = {"problem": dice.choice(some.problems), "text": work, "name": f"work{suffix}", "reveal": "steps"}
        answer = client.post("/api/check", content=json.dumps(sent))  # lone surrogates come as escapes
        assert answer.status_code == 200
        assert "please report" not in answer.json()["said"], sent
        assert Tree(answer.json()["html"]).strange == []
        statement = as_toml(dice.choice(some.statements))
        answer = client.post("/api/draft", content=json.dumps({"text": hostile(dice, statement, statement)}))
        assert answer.status_code == 200
        assert "please report" not in answer.json()["said"], statement
        assert Tree(answer.json()["html"]).strange == []
