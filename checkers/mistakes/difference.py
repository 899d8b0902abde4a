"""A line that is a right side but for one place: what should stand there, what does, and the name of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.mistakes.candidate import Candidate
from truestep.checkers.mistakes.patterns import is_slope
from truestep.checkers.mistakes.places import is_number, plain
from truestep.checkers.mistakes.right_sides import known
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.mistakes.case import Case
    from truestep.derivations.language.expression import Expression

PLAIN = frozenset(("missing-sum", "one-case-only"))  # of which nothing says more, though all of the line is another
LEAVES = ("member", "kronecker", "symbol", "index")
ENTRYWISE = ("odot", "circ", "star")


def differing(case: Case) -> Iterator[tuple[str, Candidate]]:
    """The code of what differs at one place from a right side, and that right side."""
    written = strip_groups(case.right)
    for form in known(case):
        good, bad = apart(strip_groups(form.expression), written)
        is_whole = bad is written and good.head != bad.head  # for which there may be a better name
        for code in codes_of(good, bad):
            if code in PLAIN or not is_whole:
                yield code, Candidate(form.expression, bad.span)


def apart(good: Expression, bad: Expression) -> tuple[Expression, Expression]:
    """The innermost parts of two expressions outside of which they are the same."""
    while good.head == bad.head and not _is_leaf(good, bad) and _signs(good) == _signs(bad):
        places = [place for place, pair in enumerate(zip(good.args, bad.args, strict=False)) if pair[0] != pair[1]]
        if len(good.args) != len(bad.args) or len(places) != 1:
            break
        good, bad = good.args[places[0]], bad.args[places[0]]
    return good, bad


def _is_leaf(good: Expression, bad: Expression) -> bool:
    """Whether two nodes differ as one sign on paper; in an entry of an expression the expression may."""
    if good.head == "entry":
        return good.args[1:] != bad.args[1:] or {good.args[0].head, bad.args[0].head} == {"symbol"}
    return good.head in LEAVES


def _signs(node: Expression) -> object:
    """What a node says beside its arguments; of a product only which of its signs act entry by entry."""
    return [sign in ENTRYWISE for sign in node.data] if node.head == "product" else node.data


def codes_of(good: Expression, bad: Expression) -> Iterator[str]:
    """The name of writing one thing for another, where the two say it."""
    lost, added = _lacking(good, bad), _lacking(bad, good)
    if lost is not None:
        yield from _code_of_lost(good, lost)
    elif added is not None and added in (*good.args, good) and added.has("symbol", "member", "constant"):
        yield "extra-term" if bad.head == "add" else "extra-factor"
    elif good.head == bad.head:
        yield from _code_of_changed(good, bad)
    elif good.head == "power" and good.args[0] == bad:
        yield "wrong-exponent"
    elif good.head == "kronecker" and is_number(bad):
        yield "missing-delta"
    elif is_number(bad) and plain(bad).data[0] == 1:
        yield from _code_of_factor(good)
    elif good.head == "sum" and plain(good.args[0]) == bad:
        yield "missing-sum"
    elif (good.head, bad) == ("transpose", *good.args[:1]) or (bad.head, good) == ("transpose", *bad.args[:1]):
        yield "transposed"


def _lacking(whole: Expression, rest: Expression) -> Expression | None:
    """The one argument of a sum or product that another lacks."""
    if whole.head not in ("add", "product"):
        return None
    for place, arg in enumerate(whole.args):
        others = (*whole.args[:place], *whole.args[place + 1 :])
        if others == (rest.args if rest.head == whole.head else (rest,)):
            return arg
    return None


def _code_of_lost(whole: Expression, lost: Expression) -> Iterator[str]:
    if whole.head == "add":
        yield "one-case-only" if lost.has("kronecker") else "missing-term"
    else:
        yield from _code_of_factor(lost)


def _code_of_factor(lost: Expression) -> Iterator[str]:
    if is_slope(plain(lost)):
        yield "missing-inner-derivative"
    elif plain(lost).head == "kronecker":
        yield "missing-delta"
    elif any(node.head in ("symbol", "constant", "member") for node in lost.walk()):
        yield "missing-factor"


def _code_of_changed(good: Expression, bad: Expression) -> Iterator[str]:
    match good.head:
        case "symbol":
            yield "wrong-variable"
        case "entry" if good.args[1:] == bad.args[1:]:
            yield "wrong-variable"
        case "entry" if good.args[0] == bad.args[0]:
            yield "wrong-index"
        case "member" if good.data == bad.data:
            yield "wrong-index"
        case "kronecker":
            yield "delta-indices"
        case "sum" if good.args == bad.args:
            yield "sum-over-wrong-index"
        case "power" if good.args[0] == bad.args[0]:
            yield "wrong-exponent"
        case "quotient" if good.args == bad.args[::-1]:
            yield "reciprocal"
        case "apply" if good.args == bad.args:
            yield "wrong-function"
