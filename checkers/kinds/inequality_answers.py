r"""Answers that are inequalities, ``0 < \eta < 2 / \lambda``: each row is judged by where it holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from truestep.derivations.language.reading.rowtext import ORDERS
from truestep.problems.kinds.inequalities import asked_inequality, inequalities_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from truestep.checkers.documents.work import Row
    from truestep.problems.kinds.inequalities import Inequality
    from truestep.problems.statements.problem import Problem

    Examined = Callable[[Sequence[Row]], dict[str, Any]]

ELSEWHERE = "this does not hold where the answer does, and may yet lead to it"
ENDS = "whether the ends belong to it is said otherwise here"
OTHER_ENDS = "it holds where the answer does but at its ends, which only one of them counts in"
_PASSED = "0 < 1"  # a row that is true, and answers nothing


def check_inequalities(rows: Sequence[Row], problem: Problem, examined: Examined) -> dict[str, Any] | None:
    """The check record of rows that lead to an inequality; None where another kind of answer is asked for.

    The last row that has what the answer bounds alone on a side is the answer. ``examined`` is the record of rows in
    which an indicator stands for an inequality.
    """
    wanted = asked_inequality(problem)
    if wanted is None:
        return None
    bounded = {*problem.find} & wanted.sides or {side for side in wanted.sides if any(map(str.isalpha, side))}
    return _Check(rows, wanted, frozenset(bounded), examined).record()


@dataclass(frozen=True)
class _Check:
    rows: Sequence[Row]
    wanted: Inequality
    bounded: frozenset[str]  # sides of the answer
    examined: Examined

    @cached_property
    def found(self) -> dict[int, list[Inequality]]:
        """Of each row that relates sides by order, the inequalities; none where it says something else too."""
        return {
            k: inequalities_in(row.text) for k, row in enumerate(self.rows) if any(one in row.text for one in ORDERS)
        }

    @cached_property
    def last(self) -> int | None:
        """The row that answers."""
        led = [place for place, several in self.found.items() if several]
        return max((k for k in led if self.found[k][-1].sides & self.bounded), default=max(led, default=None))

    def record(self) -> dict[str, Any]:
        rows = [replace(row, text=_PASSED) if k in self.found else row for k, row in enumerate(self.rows)]
        if self.last is None:
            record = self.examined(rows)
        else:
            answer = self.found[self.last][-1]
            rows[self.last] = self.indicated(self.last, answer)
            record = _at_ends(_as_written(self.examined(rows), answer), self.wanted.same_ends(answer))
        places = {_start(self.rows[k].source): k for k in self.found}
        lines = [self.line(line, places.get(_start(line["source"]))) for line in record["lines"]]
        return record | {"lines": lines}

    def indicated(self, place: int, one: Inequality) -> Row:
        """A row with the indicator of an inequality, under no condition."""
        return replace(self.rows[place], text=one.indicator, under="", perhaps=())

    def line(self, line: dict[str, Any], place: int | None) -> dict[str, Any]:
        """The record of a line, by what leads to the answer in its row."""
        if place is None:
            return line
        kept = {"line": line["line"], "text": self.rows[place].text, "source": self.rows[place].source}
        leading = self.found[place][:-1] if place == self.last else self.found[place]
        if place == self.last and (line["verdict"] != "right" or all(self.leads(place, one) for one in leading)):
            return line | kept
        if leading and all(self.leads(place, one) for one in leading):
            return {**kept, "verdict": "right"}
        return {**kept, "verdict": "undecided", "reason": ELSEWHERE}

    def leads(self, place: int, one: Inequality) -> bool:
        """Whether an inequality holds where the answer does."""
        alone = self.examined([self.indicated(place, one)])
        return alone["final"]["verdict"] == "right" and self.wanted.same_ends(one) is True


def _start(source: dict[str, int]) -> tuple[int | None, ...]:
    return source.get("cell"), source["line"], source["column"]


def _as_written(record: dict[str, Any], one: Inequality) -> dict[str, Any]:
    """The record with the inequality where its indicator stood."""
    final = record["final"]
    answers = [
        {**each, "answer": one.text} if each.get("answer") == one.indicator else each
        for each in final.get("answers", ())
    ]
    lines = [{**line, "read": one.text} if line.get("read") == one.indicator else line for line in record["lines"]]
    return record | {"final": final | ({"answers": answers} if answers else {}), "lines": lines}


def _at_ends(record: dict[str, Any], is_same: bool | None) -> dict[str, Any]:
    """The record of an answer that holds where it should, by what is said of the ends."""
    if record["final"]["verdict"] != "right" or is_same:
        return record
    verdict, reason = ("wrong", OTHER_ENDS) if is_same is False else ("undecided", ENDS)
    said = {"verdict": verdict, "reason": reason}
    final = {key: value for key, value in record["final"].items() if key != "evidence"} | said
    at = final["line"]
    lines = [{**line, **said} if line["line"] == at else line for line in record["lines"]]
    first = min((line["line"] for line in lines if line["verdict"] == "wrong"), default=None)
    return record | {"verdict": verdict, "final": final, "lines": lines, "first_wrong_line": first}
