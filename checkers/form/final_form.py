"""The rules for the form of the answer, each reported once, with the place and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import undecided
from truestep.checkers.comparing.world import World
from truestep.checkers.form.simplified import unsimplified
from truestep.checkers.works.bench import Bench
from truestep.checkers.works.chain_steps import Answered
from truestep.checkers.works.claim import Judgement
from truestep.derivations.language.expression import NONE, Expression, free_indices
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.finding import Finding
from truestep.derivations.language.liberties import Convention, Reading
from truestep.derivations.language.writing import latex
from truestep.derivations.meaning.calculus import normal, strip_groups
from truestep.problems.findings.table import code_of_form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from truestep.problems.statements.prepared import Setting

    Place = tuple[Expression, str]  # where a rule is broken, and what to do
    Rule = Callable[[Answered, Setting, Bench], Place | None]


def broken_forms(setting: Setting, bench: Bench, chosen: Sequence[Answered]) -> Iterator[Finding]:
    """What the final answer breaks: each rule once in each answer that is asked for."""
    for form in setting.problem.final_form:
        for answer in chosen:
            place = FORMS[form](answer, setting, bench)
            if place is not None:
                node, advice = place
                yield Finding(code_of_form(form), node.span, {"rule": form, "advice": advice}, answer.row)
    for answer in chosen:
        stray = _stray(answer.right, setting)
        if stray is not None:
            args = {"symbol": latex(stray, setting.notation), "allowed": ", ".join(setting.problem.only)}
            yield Finding("not-allowed", stray.span, args, answer.row)


def of_answer(setting: Setting, answer: Expression) -> list[Finding]:
    """The rules for its form and its symbols that an answer breaks."""
    bench, reading = Bench(World(setting)), Reading(Convention(setting.scope.layout))
    stated = Answered(NONE, answer, reading, judgement=Judgement(undecided("nothing is asked")))
    return list(broken_forms(setting, bench, (stated,)))


def _sums(answer: Answered, setting: Setting, bench: Bench) -> Place | None:
    """A sum, in one of its spellings; or one entry where the whole is asked, which needs none."""
    node = next((node for node in answer.right.walk() if node.head in ("sum", "series")), None)
    if node is not None:
        return node, "say the sum as a product of matrices, or with a vector of ones"
    asked = frozenset[str]().union(*(free_indices(node) for node in setting.find))
    is_entry = bool(free_indices(answer.left))
    if setting.find and not asked and (is_entry or any(note.code == "entrywise" for note in answer.judgement.notes)):
        return answer.right, "this is one entry; write the whole"
    return None


def _derivatives(answer: Answered, setting: Setting, bench: Bench) -> Place | None:
    """A derivative that could be carried out: not an upstream gradient, nor the prime of a function nobody defines."""
    free = set(setting.scope.arena.dependencies)
    for node in answer.right.walk():
        if node.head in ("derivative", "gradient", "differential"):
            top = node.args[0]
            if node.head == "differential" or top.head != "symbol" or top.data not in free:
                return node, "carry the derivative out"
        elif node.head == "prime" or (node.head == "apply" and node.data[1]):
            function = setting.notation.functions.get(str(node.data[0])) if node.head == "apply" else None
            if function is None or function.body is not None:
                return node, "carry the derivative out"
    return None


def _inverses(answer: Answered, setting: Setting, bench: Bench) -> Place | None:
    """A matrix to a negative power, or below a fraction bar; the reciprocal of a number is none."""
    for node in answer.right.walk():
        base = None
        if node.head == "power" and _is_negative(node.args[1]):
            base = node.args[0]
        elif node.head == "quotient":
            base = node.args[1]
        if base is not None and _is_matrix(base, answer, bench):
            return node, "say it without the inverse of a matrix"
    return None


def _is_negative(node: Expression) -> bool:
    return node.head == "negative" or (node.head == "number" and node.data[0] < 0)


def _is_matrix(node: Expression, answer: Answered, bench: Bench) -> bool:
    try:
        value, _ = bench.value(node, answer.reading)
    except (Fault, RecursionError):
        return False
    return len(value.dims) == 2 and 1 not in value.dims


def _simplified(answer: Answered, setting: Setting, bench: Bench) -> Place | None:
    found = next(unsimplified(strip_groups(answer.right)), None)
    return None if found is None else (found[1], found[0])


FORMS: dict[str, Rule] = {
    "no sums": _sums,
    "no derivatives": _derivatives,
    "no inverse": _inverses,
    "simplified": _simplified,
}


def _stray(answer: Expression, setting: Setting) -> Expression | None:
    """The first symbol or partial that the problem does not allow; an entry of what it allows may stand."""
    if not setting.problem.only:
        return None
    allowed = [setting.read_or_none(text) for text in setting.problem.only]
    known = {whole_partial(node) for node in allowed if node is not None}

    def stray(node: Expression) -> Expression | None:
        if whole_partial(node) in known:
            return None
        if node.head in ("symbol", "member", "derivative", "gradient", "differential", "unknown"):
            return node
        return next((found for arg in node.args if (found := stray(arg)) is not None), None)

    return stray(answer)


def whole_partial(node: Expression) -> Expression:
    """A partial in the form in which it is compared: of whole quantities."""
    plain = normal(node)
    if plain.head != "derivative":
        return plain
    return plain.map(lambda child: child.args[0] if child.head == "entry" else child)
