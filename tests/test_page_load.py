"""The page under load: works that do not end, browsers that have gone, several at once."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from page_tree import PROBLEM, RIGHT

pytest.importorskip("starlette")

from test_page import check, client_of

from benchmarks import serving
from truestep.page import app as served
from truestep.page import judging
from truestep.page.app import create_app
from truestep.page.offer import Offer


def checked(given: str) -> str:
    """In a worker: as the page judges, but for works that do not end or end the worker."""
    import os

    while "forever" in given:
        pass
    if "crash" in given:
        os._exit(3)
    return judging.checked(given)


@pytest.mark.slow
@pytest.mark.parametrize("word", ["crash", "forever"])
def test_what_does_not_end_is_undecided_and_the_next_is_judged(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    monkeypatch.setattr(judging, "CHECKED", f"{__name__}:checked")
    client = client_of(Offer(seconds=2.5))  # workers of its own, which find this module
    late = check(client, text=word)
    assert (late["verdict"], late["html"]) == ("undecided", "")
    assert late["said"].startswith("Not decided: judging this takes")
    assert check(client, text=RIGHT)["verdict"] == "right"
    assert "Not decided" in client.post(f"/problem/{PROBLEM}", data={"text": "crash"}).text


def test_nothing_is_judged_for_who_has_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser that sends the next text leaves the answer to the last one."""
    monkeypatch.setattr(served, "asked", lambda *given: pytest.fail("this was judged"))
    body = json.dumps({"problem": PROBLEM, "text": RIGHT}).encode()
    messages = iter([{"type": "http.request", "body": body}, *[{"type": "http.disconnect"}] * 9])
    scope = {"type": "http", "method": "POST", "path": "/api/check", "query_string": b"", "root_path": ""}
    sent: list[Any] = []

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(create_app(Offer())(scope | {"headers": [(b"host", b"localhost")]}, receive, send))
    assert b"nobody waits" in sent[-1]["body"]


@pytest.mark.slow
def test_the_benchmark_loses_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--students", "2", "--edits", "2", "--pause", "0", "--repeats", "1", "--json"]
    assert serving.main(arguments) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["checks"], figures["lost"]) == (4, 0)
