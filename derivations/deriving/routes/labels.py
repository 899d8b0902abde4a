"""What is said of a local derivative: by which rules it came about, and whether its entries are worth showing."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from truestep.derivations.deriving.rule_names import (
    CANCELLING,
    CHAIN,
    COLLECTING,
    CONSTANT,
    DELTA,
    ELEMENTWISE,
    FACTORING,
    MATRIX_FORM,
    MATRIX_PRODUCT,
    POWER,
    PRODUCT,
    PRODUCT_ENTRY,
    SIFTING,
    SUM,
    TRANSPOSE_ENTRY,
    UNDER_SUM,
)
from truestep.derivations.deriving.rules import form_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.differentiating import Course
    from truestep.derivations.deriving.steps import Derivation

ROUTINE = frozenset(
    (
        CHAIN,
        DELTA,
        CANCELLING,
        COLLECTING,
        CONSTANT,
        UNDER_SUM,
        TRANSPOSE_ENTRY,
        FACTORING,
        SIFTING,
        SUM,
    )
)
EASY = (PRODUCT, PRODUCT_ENTRY, POWER, ELEMENTWISE)
MEETING = {2: "both ways meet", 3: "all three ways meet"}


def rules_of(course: Course | None) -> tuple[str, ...]:
    """The rules that are worth a name, each once, in their order."""
    stages = course.stages if course is not None else ()
    found = [rule for stage in stages for rule in stage.rule.split(", ")]
    return tuple(dict.fromkeys(rule for rule in found if rule not in ROUTINE))


def is_long(course: Course | None) -> bool:
    """Whether it takes more than one rule, or one that is not seen at a glance."""
    rules = [rule for rule in rules_of(course) if rule not in EASY[:2]]
    return len(rules) > 1 or any(not rule.startswith(EASY) for rule in rules)


def label(course: Course | None, ways: Sequence[tuple[str, Node]], whole: Node | None = None) -> str:
    """The rule that is named beside the whole."""
    if len(ways) > 1:
        return f"{CHAIN}: {MEETING.get(len(ways), f'all {len(ways)} ways meet')}"
    form = form_of(whole) if whole is not None else MATRIX_PRODUCT
    rules = [form if rule == PRODUCT_ENTRY else rule for rule in rules_of(course)]
    kept = dict.fromkeys(rule for rule in rules if rule != MATRIX_FORM)
    return ", ".join(kept) or (CHAIN if form == MATRIX_FORM else f"chain rule, {form}")


def sifted_at_once(made: Derivation) -> Derivation:
    """Without a row of its own for Kronecker deltas that are sifted on the next one."""
    steps = list(made.steps)
    for place, (step, after) in enumerate(pairwise(made.steps)):
        if after.rule == SIFTING and not step.trivial and step.rule != CHAIN:
            steps[place] = replace(step, trivial=True)
            steps[place + 1] = replace(after, rule=step.rule)
    return replace(made, steps=tuple(steps))
