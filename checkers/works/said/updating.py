r"""Steps of gradient descent: ``w \leftarrow w - \eta g`` goes along the gradient that is asked for, and against it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.documents.plain_words import says_plainly
from truestep.checkers.documents.words import last_sentence
from truestep.checkers.works.asides import UNCLEAR, quiet
from truestep.checkers.works.claim import Claim
from truestep.checkers.works.said.deciding import Deciding, inner
from truestep.derivations.language.expression import Expression, difference, grouped, number, product
from truestep.derivations.language.faults import Fault, ShapeFault
from truestep.derivations.language.finding import Finding
from truestep.derivations.language.phrases.table import STEPS
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.checkers.works.lines import Lines

UPHILL = Verdict("wrong", reason="this step goes along the gradient, and not against it")
ASIDE = Verdict("wrong", reason="this step is no multiple of the gradient")


def with_updates(verdicts: Sequence[LineVerdict], rows: Sequence[Row], lines: Lines) -> list[LineVerdict]:
    """The verdicts, wrong where a step is made of what the gradient is made of, and has another direction.

    Where words are not understood, the step may be another one.
    """
    out = [*verdicts]
    for place, (verdict, row) in enumerate(zip(verdicts, rows, strict=True)):
        parts = verdict.statements[0].parts if len(verdict.statements) == 1 else ()
        if len(parts) < 2 or parts[1].relation != ":=" or verdict.verdict.is_wrong or row.told == "denied":
            continue
        left = strip_groups(parts[0].expression)
        slopes = [node for node in lines.setting.find if node.head == "derivative" and node.args[1:] == (left,)]
        with suppress(Fault, RecursionError):
            found = _fault(left, parts[1].expression, slopes[0], row, lines) if len(slopes) == 1 else None
            if found is not None:
                is_plain = says_plainly(STEPS.pattern("downhill").sub(" ", last_sentence(row.before)))
                fault = Finding("value", parts[1].expression.span, {"case": "reason", "reason": found.reason})
                wrong = replace(quiet(verdict, found), findings=(fault,))
                out[place] = replace(wrong if is_plain else quiet(verdict, UNCLEAR), role="claim")
    return out


def _fault(left: Expression, right: Expression, slope: Expression, row: Row, lines: Lines) -> Verdict | None:
    """What is wrong with the step, at a length of one for each letter that nothing declares."""
    judge, known = Deciding(lines), lines.work.last.get(slope)
    made = {
        name for pair in lines.setting.given for side in pair for name in side.names
    } | lines.bench.introduced.keys()
    step = grouped(difference(right.map(partial(_at_one, made)), left))
    is_of_same = known is not None and step.names | {str(left.data)} == known.right.names | {str(left.data)}
    lengths = {str(node.data) for node in right.walk() if _at_one(made, node) != node}
    if len(lengths) > 1:  # a momentum, or a decay
        return None
    if any(node.head == "power" and node.args[1].has("negative") for node in step.walk()):
        return None  # a step of Newton's method
    try:
        if judge.value(step).dims != judge.value(slope).dims:
            return None
    except ShapeFault as fault:
        return Verdict("wrong", reason=fault.message) if is_of_same else None
    there, back = (Expression("transpose", (one,), None, one.span) for one in (step, grouped(slope)))
    found = lines.bench.judge(Claim(product(step, back), product(grouped(slope), there))).verdict
    if found.is_wrong and found.witness is not None:
        return replace(ASIDE, witness=found.witness) if is_of_same else None
    is_downhill = found.is_right and STEPS.has(f"{row.before} {row.after}", "downhill")
    return UPHILL if is_downhill and judge.nowhere(inner(step, grouped(slope)), "<", number(0)) else None


def _at_one(made: Container[str], node: Expression) -> Expression:
    is_open = node.head in ("unknown", "symbol") and not node.args and str(node.data) not in made
    return number(1) if is_open else node
