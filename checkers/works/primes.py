"""What a prime behind a quantity stands for: the derivative by the one variable that is possible, or by what is inside.

``y'`` of ``y = f(u)`` is the derivative by u in a work that multiplies it by that of u.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from truestep.checkers.works.claim import Claim
from truestep.derivations.language.expression import Expression, symbol
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.liberties import Choice, Reading
from truestep.derivations.language.shapes import SCALAR
from truestep.derivations.meaning.calculus import normal, prime_spelled, strip_groups
from truestep.derivations.meaning.differentiate import depends
from truestep.derivations.meaning.introduced import Function

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.chain_steps import Answered, LineVerdict
    from truestep.derivations.language.reading.chains import Statement
    from truestep.derivations.meaning.scope import Scope
    from truestep.problems.statements.prepared import Setting

INNER, SCALAR_PRIME, TRANSPOSE, ROW = "inner-prime", "scalar-prime", "prime-transpose", "prime-row"
Given = tuple[tuple[Expression, Expression], ...]


def with_spelled(statement: Statement, bench: Bench, setting: Setting, reading: Reading) -> Statement:
    """A statement with what its primes stand for, and slopes of functions of a letter at what they are taken of."""
    parts = statement.parts
    if any(part.expression.has("call") for part in parts):
        inside = _insides(statement.nodes)
        at = partial(_at_inside, inside=inside, bench=bench)
        parts = tuple(part.of(part.expression.map(at)) for part in parts) if inside else parts
    if any(part.expression.has("prime") for part in parts):
        change = partial(spelled, bench=bench, setting=setting, reading=reading)
        parts = tuple(part.of(part.expression.map(change)) for part in parts)
    return statement if parts is statement.parts else replace(statement, parts=parts)


def unprimed(node: Expression) -> Expression:
    """``f'(x)`` as the derivative of f(x) by x, the form in which left sides are compared."""
    return normal(node.map(_unprimed)) if node.has("apply") else normal(node)


def _unprimed(node: Expression) -> Expression:
    if (
        node.head != "apply"
        or not node.data[1]
        or len(node.args) != 1
        or node.args[0].head not in ("symbol", "unknown")
    ):
        return node
    whole = replace(node, data=(node.data[0], 0, *node.data[2:]))
    return Expression("derivative", (whole, *node.args * int(node.data[1])), None, node.span)


def of_the_same(asked: Expression, answers: Sequence[Answered], bench: Bench) -> list[Answered]:
    r"""The answers that say what is asked of another name, or by w^T too: ``\sigma'(x)`` for ``ds / dx``."""
    asked = normal(asked)
    found = []
    told = [one for one in answers if one.right.head != "number" or one.judgement.verdict.is_right]  # what is set to 0
    for answer in told if asked.head == "derivative" else ():
        left = _as_derivative(normal(answer.left))
        if left.head == "derivative" and left != asked and _plain(left.args[1:]) == _plain(asked.args[1:]):
            same = Claim(asked, answer.left, answer.reading)
            found += [answer] if bench.judge(same).verdict.is_right else []
    return found


def _plain(variables: Sequence[Expression]) -> list[Expression]:
    r"""The variables of ``\partial^2 J / \partial w \partial w^T`` without what is transposed."""
    return [one.args[0] if one.head == "transpose" else one for one in variables]


def _as_derivative(node: Expression) -> Expression:
    """A derivative written with primes as one by the variable."""
    inner, order = node, 0
    while inner.head == "prime":
        inner, order = inner.args[0], order + 1
    if order and inner.head == "call" and len(inner.args) == 1:
        return Expression("derivative", (inner, *inner.args * order), None, node.span)
    return _unprimed(node)


def _insides(nodes: Sequence[Expression]) -> dict[str, Expression]:
    """What each function of one thing is taken of in a row, where that is one."""
    found = dict[str, set[Expression]]()
    for node in (one for whole in nodes for one in whole.walk()):
        if node.head == "call" and len(node.args) == 1:
            found.setdefault(str(node.data), set()).add(strip_groups(node.args[0]))
    return {name: next(iter(args)) for name, args in found.items() if len(args) == 1}


def _at_inside(node: Expression, inside: Mapping[str, Expression], bench: Bench) -> Expression:
    r"""``\partial f / \partial z`` in a row about ``f(g(w))``, f said of a z that is nothing else: ``f'(g(w))``."""
    if node.head != "derivative" or len(node.args) != 2 or node.args[0].head != "unknown":
        return node
    name, by = str(node.args[0].data), node.args[1]
    known = bench.introduced.get(f"{name}()")
    own = bench.introduced.get(str(by.data))
    is_free = own is None or (own.is_scalar and (own.term.op, own.term.data[:1]) == ("quantity", (by.data,)))
    is_letter = by.head == "unknown" and is_free
    if name not in inside or not is_letter or not isinstance(known, Function) or known.body is None:
        return node
    if known.own != (by,) and any(one.data == by.data for one in known.body.walk()):
        return node  # a letter that stands in it besides
    call = Expression("call", (inside[name],), name, node.span)
    return node if inside[name] == by else Expression("prime", (call,), None, node.span)


def spelled(node: Expression, bench: Bench, setting: Setting, reading: Reading) -> Expression:
    """A node with what its primes stand for, where it has some and that is known."""
    if node.head != "prime":
        return node
    inner = by_inside(node.args[0], setting.given)
    if inner is not None:
        bench.offers.add(Choice(INNER, node.span[0]))
        if reading.takes(INNER, node.span[0]):
            return inner
    for k, within in enumerate(_scalars_within(node.args[0], bench.scope_for(Reading()))):
        bench.offers.add(Choice(SCALAR_PRIME, node.span[0] + k))
        if reading.takes(SCALAR_PRIME, node.span[0] + k):
            return Expression("derivative", (node.args[0], symbol(within)), "prime", node.span)
    with suppress(Fault):
        return prime_spelled(node, bench.scope_for(Reading()))
    asked = [one for one in setting.find if one.head == "derivative" and one.args[0] == node.args[0]]
    known = bench.scope.notation.declared(str(node.args[0].data)) if node.args[0].head == "symbol" else None
    if asked and known is not None and known.dims != SCALAR:
        bench.offers.add(Choice(TRANSPOSE, node.span[0]))
    if asked and not reading.takes(TRANSPOSE, node.span[0]):  # y' where dy/dx is asked of an equation
        slope = replace(asked[0], args=asked[0].args[:2], data="prime", span=node.span)
        is_row = (
            known is not None and known.dims == SCALAR and bench.scope.arena.shapes.get(str(slope.args[1].data)) != ()
        )
        if is_row:
            bench.offers.add(Choice(ROW, node.span[0]))
        turned = Expression("transpose", (slope,), None, node.span)
        return turned if is_row and reading.takes(ROW, node.span[0]) else slope
    return node if known is None or known.dims != SCALAR else as_name(node)


def _scalars_within(quantity: Expression, scope: Scope) -> Sequence[str]:
    """The numbers between a number and the array that its derivative is asked by, the innermost first."""
    arena, asked = scope.arena, scope.asked or ""
    if not arena.shapes.get(asked) or arena.shapes.get(str(quantity.data)) != () or quantity.head != "symbol":
        return ()
    whole = arena.quantity(str(quantity.data), ())
    found = [
        name
        for name in arena.definitions
        if arena.shapes.get(name) == () and name != quantity.data
        if depends(arena, whole, name) and depends(arena, arena.quantity(name, ()), asked)
    ]
    return sorted(found, key=lambda one: sum(depends(arena, arena.quantity(one, ()), other) for other in found))


def as_name(node: Expression) -> Expression:
    """``t'`` of a scalar that nothing varies with, as a name of its own."""
    return Expression("unknown", (), f"{node.args[0].data}'", node.span)


def by_inside(quantity: Expression, given: Given) -> Expression | None:
    """The derivative of a quantity that is a function of one thing by that; None where it is none."""
    right = next((strip_groups(right) for left, right in given if left == quantity), None)
    if right is None:
        return None
    if right.head == "apply" and len(right.args) == 1 and not right.data[1]:
        return replace(right, data=(right.data[0], 1, *right.data[2:]), span=quantity.span)
    inner = right.names
    if len(inner) != 1 or not any(str(left.data) in inner for left, _ in given):
        return None
    return Expression("derivative", (quantity, symbol(next(iter(inner)))), "prime", quantity.span)


def speaks(verdicts: Sequence[LineVerdict], doubtful: Sequence[LineVerdict]) -> bool:
    """Whether a work means by primes the derivative by what is inside.

    It does where a derivative that is written out is right so, or is the product of its quantity's prime and something
    else, or is right as it stands while the prime alone is not.
    """
    if any(_spelled_out(verdict) for verdict in doubtful):
        return True
    primed = {node.args[0] for verdict in verdicts for node in _written(verdict) if node.head == "prime"}
    for verdict in verdicts:
        tops = {left.args[0] for left in _spelled_out(verdict)}
        factors = (factor for node in _written(verdict) if node.head == "product" for factor in node.args)
        multiplied = any(factor.head == "prime" and factor.args[0] in tops for factor in factors)
        if multiplied or (verdict.verdict.is_right and tops & primed):
            return True
    return False


def _spelled_out(verdict: LineVerdict) -> list[Expression]:
    """The left sides of a line that are derivatives without a prime."""
    return [one.left for one in verdict.answers if one.left.head == "derivative" and one.left.data != "prime"]


def _written(verdict: LineVerdict) -> Iterator[Expression]:
    for one in verdict.statements:
        for part in one.parts:
            yield from part.expression.walk()
