"""The benchmark harness on three records: its form, and no figure of time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import __main__ as program
from benchmarks import check as command
from benchmarks import own_answers, startup
from benchmarks.contestants import CONTESTANTS, TRUESTEP, Contestant, Judge, Record, Verdict
from benchmarks.measuring import OUTCOMES, attempt
from benchmarks.questions import QUESTIONS, Question, Try

VERDICTS: tuple[Verdict, ...] = ("right", "wrong", "undecided")
RECORDS = command.read_records(command.OWN)[:3]


@pytest.mark.slow
def test_the_command_reports_truestep_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "three.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in RECORDS), encoding="utf-8")
    arguments = ["--records", str(file), "--only", TRUESTEP, "--runs", "0"]
    assert program.main(["check", *arguments, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["count"], report["common"], list(report["checkers"])) == (3, 3, [TRUESTEP])
    checker = report["checkers"][TRUESTEP]
    if "error" not in checker:
        assert sum(checker["all"]["verdicts"].values()) == 3
        assert set(checker["all"]["ms"]) == {"median", "p95", "max", "total"}
    assert program.main(arguments) == 0
    assert "Milliseconds per answer" in capsys.readouterr().out


@pytest.mark.slow
def test_every_outcome_is_counted_once() -> None:
    answers: Iterator[Verdict] = iter((*VERDICTS, *VERDICTS))

    def load() -> Judge:
        return lambda record: next(answers)

    report = command.compare(RECORDS, [Contestant("scripted", (), load)], repeat=1, limit=5)
    verdicts = report["checkers"]["scripted"]["common"]["verdicts"]
    assert tuple(verdicts) == OUTCOMES
    assert [verdicts[name] for name in OUTCOMES] == [1, 0, 1, 1, 0]


def test_what_is_missing_is_said_to_be() -> None:
    def load() -> Judge:
        raise ImportError("no such thing")

    report = command.compare(RECORDS, [Contestant("absent", ("no-such-package",), load)], repeat=1, limit=5)
    absent = report["checkers"]["absent"]
    assert (absent["error"], absent["versions"]) == ("not installed", {"no-such-package": None})


def test_a_checker_that_throws_or_hangs_has_failed() -> None:
    def throws(record: Record) -> Verdict:
        raise RecursionError

    def hangs(record: Record) -> Verdict:
        while True:
            pass

    assert attempt(throws, RECORDS[0], 5)[1:] == ("failed", "RecursionError")
    assert attempt(hangs, RECORDS[0], 0.05)[1:] == ("failed", "timeout")


def test_the_records_of_our_own_are_what_the_numbers_say() -> None:
    assert list(own_answers.faults()) == []
    assert command.OWN.read_text(encoding="utf-8") == own_answers.text()


def test_a_planted_label_is_found() -> None:
    planted = Question("a", {}, "2", lambda v: 2, (Try("3", lambda v: 3, right=True),))
    assert list(own_answers.faults((planted,))) == ["2 and 3: different"]


def test_names_are_distinct_and_the_small_files_are_there() -> None:
    assert len({contestant.name for contestant in CONTESTANTS}) == len(CONTESTANTS)
    assert startup.SUBMISSION.exists()
    assert startup.PROBLEM.exists()
    assert sum(len(question.tries) for question in QUESTIONS) >= 50
