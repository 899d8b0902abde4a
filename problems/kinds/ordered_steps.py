"""Steps that are to be listed in order: how each may be written, and which must stand before which."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from truestep.derivations.language.faults import StatementFault, nearest, quoted

if TYPE_CHECKING:
    from truestep.problems.statements.problem import Problem


@dataclass(frozen=True)
class Step:
    """One step: its name, and other words by which it is known."""

    name: str
    spellings: tuple[str, ...]


@dataclass(frozen=True)
class Steps:
    """All steps, and the pairs (earlier, later) that must hold."""

    steps: tuple[Step, ...]
    before: frozenset[tuple[str, str]]


def steps_of(problem: Problem) -> Steps:
    """The steps of a problem: ``name | spelling | spelling`` each; ``before`` holds chains such as ``a < b < c``.

    Without ``before`` the steps stand in their one order.  Raises StatementFault.

    >>> from truestep.problems.statements.problem import Problem
    >>> made = steps_of(Problem(kind="order", steps=("forward | model(x)", "backward"), before=("forward < backward",)))
    >>> made.steps[0].spellings, sorted(made.before)
    (('model(x)',), [('forward', 'backward')])
    """
    steps = tuple(_step(text) for text in problem.steps)
    names = [step.name for step in steps]
    if len(steps) < 2:
        raise StatementFault("an order needs at least two", key="steps")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise StatementFault(f"{quoted(twice)} stands twice", key="steps", entry=twice)
    chains = [tuple(part.strip() for part in text.split("<")) for text in problem.before] or [tuple(names)]
    pairs: set[tuple[str, str]] = set()
    for chain in chains:
        for name in chain:
            if name not in names:
                raise StatementFault(f"{quoted(name)} is no step{nearest(name, names)}", key="before", entry=name)
        if len(chain) < 2:
            raise StatementFault("write chains such as 'loss < backward pass < update'", key="before")
        pairs |= set(itertools.combinations(chain, 2))
    made = Steps(steps, frozenset(_closed(pairs)))
    circle = next((name for name in names if (name, name) in made.before), None)
    if circle is not None:
        raise StatementFault(f"{quoted(circle)} would stand before itself", key="before", entry=circle)
    return made


def _step(text: str) -> Step:
    name, *spellings = (part.strip() for part in text.split("|"))
    if not name:
        raise StatementFault(
            f"{quoted(text)} has no name; write 'forward pass | model(input)'", key="steps", entry=text
        )
    return Step(name, tuple(spelling for spelling in spellings if spelling))


def _closed(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """What follows from some pairs as well."""
    behind: dict[str, set[str]] = {}
    for one, other in pairs:
        behind.setdefault(one, set()).add(other)
    for middle in list(behind):  # Warshall
        for later in behind.values():
            if middle in later:
                later |= behind[middle]
    return {(one, other) for one, others in behind.items() for other in others}
