"""Workers: answers in order and the same as in one process, an end to what takes too long or too much, and threads.

With TRUESTEP_WHOLE=1 as many records are judged in threads as docs/reliability.md says.
"""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import workers as measured
from truestep.checkers.records import check_record
from truestep.checkers.workers import Ended, Limits, Worker, Workers
from truestep.commands import judging
from truestep.commands.saying import CHECK, DERIVE

if TYPE_CHECKING:
    from collections.abc import Iterator

IN_THREADS = 400 if os.environ.get("TRUESTEP_WHOLE") else 80
SQUARE = {"symbols": {"x": "scalar"}, "answer": "x^2", "points": 4}
LAYER = {"symbols": {"W": "K x M", "x": "M", "z": "K", "J": "scalar"}, "given": ["z = W x", "J = J(z)"]}
ROWS = (
    ["x^2"],
    ["2x"],
    ["x^2 + 1 - 1", "x"],
    ["y"],
    ["{"],
    [r"\sin x^2"],
)
TRANSPOSED = r"W^T \frac{\partial J}{\partial z}"


def works() -> list[dict[str, Any]]:
    of_layer = {**LAYER, "find": r"\frac{\partial J}{\partial x}"}
    layers = [{"problem": of_layer, "lines": [line]} for line in (TRANSPOSED, TRANSPOSED.replace("^T", ""))]
    return [{"id": k, **one} for k, one in enumerate([*({"problem": SQUARE, "lines": rows} for rows in ROWS), *layers])]


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2, Limits(20.0)) as some:
        yield some


@pytest.mark.slow
def test_answers_are_those_of_one_process_in_their_order(workers: Workers) -> None:
    given = [json.dumps(work) for work in works()] * 3
    requests = ((raw, number, "") for number, raw in enumerate(given, start=1))
    found = [json.loads(line) for _, line in judging.answers(workers, CHECK, requests)]
    assert found == [json.loads(json.dumps(check_record(json.loads(raw)))) for raw in given]


@pytest.mark.slow
def test_threads_are_safe_from_one_another() -> None:
    given = works() * 10
    alone = [json.dumps(check_record(work)) for work in given]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda work: json.dumps(check_record(work)), given)) == alone


@pytest.mark.slow
def test_what_takes_too_long_is_ended_and_the_next_is_answered() -> None:
    with Workers(1, Limits(0.5)) as some:
        with pytest.raises(Ended, match="time"):
            some.ask("time:sleep", 60)
        assert some.ask("builtins:str", 5) == "5"


@pytest.mark.slow
def test_what_takes_too_much_memory_is_ended_and_the_next_is_answered() -> None:
    with Workers(1, Limits(20.0)) as some:
        with pytest.raises(Ended, match="memory"):
            some.ask("builtins:bytearray", 2**30)
        assert some.ask("builtins:str", 5) == "5"


def test_what_a_process_has_no_room_for_is_asked_of_a_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answered(worker: Worker, function: str) -> str:
        asked.append(function)
        if len(asked) in (2, 4):  # full of what it holds
            worker.end()
            raise Ended("memory")
        return function

    monkeypatch.setattr(Worker, "_told", answered)
    worker = Worker(Limits())
    assert [worker.ask(letter) for letter in "ab"] == ["a", "b"]
    assert asked == ["a", "b", "b"]
    with pytest.raises(Ended, match="memory"):  # a new process has no room for it, either
        Worker(Limits()).ask("c")


@pytest.mark.slow
def test_a_failure_within_is_no_lack_of_memory() -> None:
    with Workers(1, Limits(20.0)) as some:
        with pytest.raises(Ended, match="failure"):
            some.ask("builtins:int", "x")
        assert some.ask("builtins:str", 5) == "5"
    assert "report" in Limits().reason("failure")


@pytest.mark.slow
def test_a_process_that_has_gone_is_replaced() -> None:
    with Workers(1, Limits(20.0)) as some:
        with pytest.raises(Ended):
            some.ask("os:_exit", 3)
        assert some.ask("builtins:str", 5) == "5"


@pytest.mark.parametrize("limit", ["time", "memory"])
def test_a_record_that_is_ended_says_so(limit: str, monkeypatch: pytest.MonkeyPatch, workers: Workers) -> None:
    ask = Workers.ask

    def ended(some: Workers, function: str, *args: Any) -> str:
        if function != judging.OPEN:
            raise Ended(limit)
        return ask(some, function, *args)

    monkeypatch.setattr(Workers, "ask", ended)
    raw = json.dumps({"id": "a", "problem": SQUARE, "lines": ["x^2", "x"]})
    ((state, line),) = judging.answers(workers, CHECK, [(raw, 1, "")])
    record = json.loads(line)
    assert (state, record["verdict"], record["limits"]) == (3, "undecided", limit)
    assert [one["verdict"] for one in record["lines"]] == ["undecided"] * 2
    assert record["marks"]["earned"] is None
    ((state, line),) = judging.answers(workers, DERIVE, [(raw, 1, "")])
    assert (state, json.loads(line)["status"]) == (3, "stuck")


@pytest.mark.slow
def test_eight_threads_say_what_one_says() -> None:
    some = measured.requests(IN_THREADS, 5)
    assert len(some) == IN_THREADS
    serial = [measured.alone(raw) for raw in some]
    assert measured.in_threads(some, 8) == serial
    assert len({line.partition(" ")[2] for line in serial}) > IN_THREADS / 2


@pytest.mark.slow
def test_what_a_worker_costs_is_measured() -> None:
    here, there, same = measured.overhead(measured.requests(3, 1), 1)
    assert same
    assert min(here, there) > 0
