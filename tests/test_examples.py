"""The worked examples: every submission of a question gets the verdicts that its expected.json states."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner
from sources import SEEDS, check_example, checked_example, entries

from truestep.cli import main

COSTLY = {"value", "shape", "layout", "scope", "given"}
KEYS = {"submission", "verdict", "final", "first_wrong_row", "finding_kinds", "why"}
EXIT = {"right": 0, "wrong": 1, "undecided": 3, "unreadable": 3}


ENTRIES = entries()


def differences(record: dict[str, Any], entry: dict[str, Any]) -> list[str]:
    """What a record says otherwise than an entry; a final that is null in the entry is left open."""
    kinds = {finding["kind"] for finding in record["findings"]}
    pairs = {
        "verdict": (record["verdict"], entry["verdict"]),
        "final": (record["final"]["verdict"], entry["final"] or record["final"]["verdict"]),
        "first_wrong_row": (record["first_wrong_line"], entry["first_wrong_row"]),
        "missing kinds": (sorted(set(entry["finding_kinds"]) - kinds), []),
        "kinds that cost marks": (sorted(COSTLY & kinds) if entry["verdict"] == "right" else [], []),
    }
    return [f"{key}: {got!r}, not {wanted!r}" for key, (got, wanted) in pairs.items() if got != wanted]


def test_every_file_of_a_question_is_expected_and_every_entry_has_all_keys() -> None:
    answers = {
        str(path.relative_to(SEEDS))
        for path in SEEDS.rglob("*.*")
        if path.name not in ("expected.json", "problem.toml", "README.md")
    }
    assert answers == set(ENTRIES)
    assert all(set(entry) == KEYS for entry in ENTRIES.values())


@pytest.mark.parametrize("name", ENTRIES)
def test_the_command_line_says_what_is_expected(name: str) -> None:
    problem = str((SEEDS / name).parent / "problem.toml")
    result = CliRunner().invoke(main, ["check", str(SEEDS / name), "--problem", problem, "--json"])
    assert result.exit_code == EXIT[ENTRIES[name]["verdict"]], result.output
    assert not differences(json.loads(result.stdout), ENTRIES[name]), ENTRIES[name]["why"]


@pytest.mark.parametrize(
    ("key", "value"),
    [("verdict", "wrong"), ("final", "wrong"), ("first_wrong_row", 0), ("finding_kinds", ["layout"])],
)
def test_a_planted_expectation_is_seen(key: str, value: object) -> None:
    name = "D1/right-align.tex"
    assert differences(checked_example(name), {**ENTRIES[name], key: value})


@pytest.mark.parametrize(("old", "new"), [("W^T", "W"), ("W_{kj}", "W_{jk}"), (r"\sum", "-\\sum")])
def test_an_error_planted_in_a_right_answer_is_caught(old: str, new: str) -> None:
    name = "D1/right-align.tex"
    text = (SEEDS / name).read_text(encoding="utf-8")
    assert old in text
    record = check_example(name, text.replace(old, new).encode())
    assert record["verdict"] == "wrong"
    assert record["first_wrong_line"] is not None
