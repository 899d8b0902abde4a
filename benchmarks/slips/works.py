"""Right work to be spoiled: what truestep derives for the problems of the repository, line by line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

from benchmarks.slips.trees import index_sizes, plain
from truestep.checkers.derive_records import Options, solved
from truestep.derivations.deriving.displays.presenting import record_lines
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.language.expression import Expression, free_indices
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.reading.chains import read_row
from truestep.derivations.language.reading.rowtext import row_tokens
from truestep.derivations.language.shapes import Size
from truestep.derivations.language.writing import latex
from truestep.problems.book import identifiers
from truestep.problems.statements.prepared import Setting, setting_of
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.statement import load_problem, problem_from

ROOT = Path(__file__).resolve().parents[2]
STATEMENTS = ROOT / "tests" / "data" / "derivations.toml"
NOT_STATED = ("why", "is")


@dataclass(frozen=True)
class Row:
    """One line: both sides, the condition, the rule; ``begins`` where the line states its left side itself."""

    left: Expression
    right: Expression
    condition: Expression | None
    begins: bool
    ending: str
    rule: str

    @cached_property
    def free(self) -> tuple[str, ...]:
        """The indices that stand free, those of the left side first."""
        here = sorted(free_indices(self.left))
        return (*here, *sorted(free_indices(self.right) - set(here)))


@dataclass(frozen=True)
class Work:
    """A problem and the lines that answer it."""

    name: str
    problem: Problem
    setting: Setting
    rows: tuple[Row, ...]

    def sizes(self, row: Row) -> Mapping[str, Size]:
        """What the indices of a row run over."""
        both = Expression("and", (row.left, row.right))
        return index_sizes(both, self.setting.notation)

    def text(self, place: int, right: Expression | None = None) -> str:
        """A line as it is handed in, with another right side where one is given."""
        row = self.rows[place]
        notation = self.setting.notation
        left = latex(row.left, notation) if row.begins else ""
        return f"{left} = {latex(row.right if right is None else right, notation)}{row.ending}".strip()

    def texts(self, changed: Mapping[int, str] | None = None) -> list[str]:
        """All lines, some of them changed."""
        return [(changed or {}).get(place) or self.text(place) for place in range(len(self.rows))]

    def behind(self, place: int, text: str) -> list[str]:
        """A line behind the one before it where it goes on from that; each states its left side."""
        row = self.rows[place]
        left = latex(row.left, self.setting.notation)
        if row.begins or not place or self.rows[place - 1].left != row.left:
            return [text if row.begins else f"{left} {text}"]
        before = self.text(place - 1)
        return [before if self.rows[place - 1].begins else f"{left} {before}", text]


def works(skip: int = 0, every: int = 1) -> Iterator[Work]:
    """The works of the book, of the examples and of the tests, in a fixed order; of every so many problems one."""
    for name, problem in islice(problems(), skip, None, every):
        work = work_of(name, problem)
        if work is not None and work.rows:
            yield work


def problems() -> Iterator[tuple[str, Problem]]:
    """The problems with names for a person."""
    for identifier in identifiers():
        yield identifier, load_problem(identifier)
    for path in sorted((ROOT / "examples").rglob("*.toml")):
        with suppress(Fault):  # one is a draft
            yield str(path.parent.relative_to(ROOT / "examples")), load_problem(str(path))
    for case in tomllib.loads(STATEMENTS.read_text(encoding="utf-8"))["derived"]:
        yield case["why"], problem_from({key: value for key, value in case.items() if key not in NOT_STATED})


def work_of(name: str, problem: Problem) -> Work | None:
    """The derivation of a problem, read back; None where there is none."""
    if problem.kind != "expression":
        return None
    try:
        _, lines = solved(problem, Options(route="delta"))  # of each row one relation, in the names of the problem
        setting = setting_of(problem)
        rows: list[Row] = []
        for line, text in zip(lines, record_lines(lines), strict=True):
            tokens = row_tokens(text if line.left else latex(rows[-1].left, setting.notation) + text, setting.context)
            statement = read_row(tokens, setting.context, Reading(), frozenset())[0]
            left, *_, right = (plain(part.expression) for part in statement.parts)
            ending = text[len(f"{line.left} = {line.right}".strip()) :]
            rows.append(Row(left, right, statement.condition, bool(line.left), ending, line.rule))
    except (Stuck, Fault):
        return None
    return Work(name, problem, setting, tuple(rows))
