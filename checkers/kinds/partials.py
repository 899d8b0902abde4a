"""A product of named partial derivatives that is wrong: which factor is missing, too many, or in a wrong place."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import structs

from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.language.faults import Fault, StatementFault
from truestep.derivations.language.finding import Finding
from truestep.derivations.meaning.calculus import normal, strip_groups
from truestep.derivations.meaning.scope import value_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.works.answer import Final
    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.chain_steps import Answered, LineVerdict
    from truestep.derivations.language.expression import Expression
    from truestep.problems.statements.prepared import Setting

UNNAMED = frozenset(("value", "shape"))


def partial_findings(setting: Setting, bench: Bench, final: Final, verdicts: Sequence[LineVerdict]) -> list[Finding]:
    """What is to be said of the wrong answers of which nothing is yet, where the problem allows some partials only."""
    if not any(r"\partial" in text for text in setting.problem.only):
        return []
    out: list[Finding] = []
    unnamed = {
        answer.row
        for verdict in verdicts
        for answer in verdict.answers
        if verdict.verdict.is_wrong and all(finding.code in UNNAMED for finding in verdict.findings)
    }
    for answer in final.chosen:
        if answer.row in unnamed and answer.judgement.verdict.is_wrong and not answer.carried:
            wanted = _wanted(setting, answer)
            out += [] if wanted is None else _compared(bench, answer, wanted)
    return out


def _wanted(setting: Setting, answer: Answered) -> Expression | None:
    """What the problem's own derivation makes of the thing that is answered."""
    asked = setting.problem.find
    place = next(
        (k for k, node in enumerate(setting.find) if normal(node) == normal(answer.left)),
        0 if len(asked) == 1 else None,
    )
    if place is None:
        return None
    layout = "denominator" if setting.problem.layout == "either" else setting.problem.layout
    from truestep.problems.derived import derived  # which takes long to load

    try:
        return derived(structs.replace(setting.problem, find=(asked[place],), answer=(), layout=layout))[0].answer
    except (Stuck, StatementFault):
        return None


def factors_of(node: Expression) -> list[Expression]:
    """The factors of a product in their order, without brackets and transposes.

    >>> from truestep.derivations.language.expression import symbol
    >>> factors_of(symbol("x"))[0].data
    'x'
    """
    node = strip_groups(node)
    if node.head == "product":
        return [factor for part in node.args for factor in factors_of(part)]
    if node.head == "transpose":
        return factors_of(node.args[0])[::-1]
    return [node]


def _compared(bench: Bench, answer: Answered, wanted: Expression) -> list[Finding]:
    read = {normal(factor): factor for factor in factors_of(answer.right)}
    mine, theirs = (Counter(normal(factor) for factor in factors_of(side)) for side in (answer.right, wanted))
    span = answer.right.span
    missing, stray = theirs - mine, mine - theirs
    out = [Finding("extra-factor", read[factor].span, {"case": "partials"}) for factor in stray]
    if missing:
        out.append(Finding("missing-factor", span, {"case": "partials"}))
    if not missing and not stray and answer.right.head in ("product", "group", "transpose"):
        sizes = _shapes(bench, answer)
        out.append(Finding("product-order", span, {"case": "sizes", "sizes": sizes} if sizes else {"case": "partials"}))
    return out


def _shapes(bench: Bench, answer: Answered) -> str:
    """The shapes of the factors as they stand, for a person to see where they do not fit."""
    node = strip_groups(answer.right)
    parts = node.args if node.head == "product" else (node,)
    try:
        sizes = [value_of(part, bench.scope_for(answer.reading)).dims for part in parts]
    except Fault:
        return ""
    return "".join(f"({' x '.join(map(str, dims))})" for dims in sizes)
