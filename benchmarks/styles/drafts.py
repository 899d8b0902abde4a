"""A work that is being rewritten: its rows as trees, how they are set, and what is said around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import NamedTuple

from benchmarks.slips.works import Row, Work
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.notation import Notation
from truestep.problems.statements.problem import Problem

INSERTED = 500  # added to the place of a row for one that is put in before it


@dataclass
class Step:
    """One row: the tree of each side, and how these are set; ``place`` is its row in the work that it comes from."""

    place: int
    left: Expression
    right: Expression
    begins: bool
    condition: str = ""
    reason: str = ""
    rule: str = ""
    has_slip: bool = False
    said: tuple[str, str] = ("", "")  # both sides as they are written
    behind: str = ""  # what stands behind them in the row

    @property
    def text(self) -> str:
        """The row as it is written."""
        left, right = self.said
        return f"{left if self.begins else ''} = {right}{self.behind}".strip()


class Formula(NamedTuple):
    """A formula within a sentence of a role, as a tree until it is set."""

    role: str
    text: str = ""
    tree: Expression | None = None


@dataclass
class Draft:
    """All rows of a work, what is set how, and the sentences in front."""

    work: Work
    problem: Problem
    steps: list[Step]
    flags: dict[str, str] = field(default_factory=dict)
    sentences: list[Formula] = field(default_factory=list)
    applied: list[str] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)  # givens as they are written, to be restated
    names: list[str] = field(default_factory=list)  # introduced by the draft

    @property
    def notation(self) -> Notation:
        """The names in force."""
        return self.work.setting.notation

    def free_steps(self) -> list[Step]:
        """The rows without a slip."""
        return [step for step in self.steps if not step.has_slip]

    def spelled(self, change: Callable[[str], str], steps: list[Step] | None = None) -> bool:
        """Change how both sides of rows are spelled, and in all rows also the formulas in sentences; whether it did."""
        before = [step.said for step in self.steps]
        for step in self.steps if steps is None else steps:
            step.said = change(step.said[0]), change(step.said[1])
        if steps is None:
            self.sentences = [formula._replace(text=change(formula.text)) for formula in self.sentences]
        return before != [step.said for step in self.steps]


Change = Callable[[Draft, Random], bool]


@dataclass(frozen=True)
class Card:
    """A way of writing: its code, what writes so, and the slips that could not be told from it.

    ``stage``: ``tree`` rewrites the trees, ``set`` says how trees are set, ``spelled`` changes what was set.
    """

    code: str
    change: Change
    stage: str = "spelled"
    hides: tuple[str, ...] = ()
    form: str = "latex"


def drafted(work: Work) -> Draft:
    """The work as it was derived."""
    return Draft(work, work.problem, list(_steps(work.rows)))


def _steps(rows: tuple[Row, ...]) -> Iterator[Step]:
    for place, row in enumerate(rows):
        reason = row.ending.partition(r"\text{since }")[2].strip()
        condition = row.ending.partition(r"\text{for }")[2].strip() if not reason else ""
        yield Step(place, row.left, row.right, row.begins, condition, reason, row.rule)


def mapped(tree: Expression, change: Callable[[Expression], Expression | None]) -> Expression:
    """The tree with some nodes replaced; None leaves a node."""
    return tree.map(lambda node: change(node) or node)


def renamed(tree: Expression, names: Mapping[str, str]) -> Expression:
    """The tree with other names for some quantities."""
    return tree.map(
        lambda node: replace(node, data=names[node.data]) if node.head == "symbol" and node.data in names else node
    )
