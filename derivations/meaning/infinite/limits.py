r"""Limits: at a point, of what has a value there or is 0/0 (l'Hopital); at infinity, by the growth of terms."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.meaning.applications import put
from truestep.derivations.meaning.differentiate import Variable, depends, differentiate, quantities
from truestep.derivations.meaning.infinite.expansion import Expansion
from truestep.derivations.meaning.scope import value_of
from truestep.derivations.meaning.shaped_terms import Value, need_scalar, scalar

if TYPE_CHECKING:
    from truestep.derivations.meaning.infinite.expansion import Powers, Sum
    from truestep.derivations.meaning.scope import Scope
    from truestep.derivations.meaning.terms import Term

    Growth = tuple[Fraction, int]  # the rate of exp, then the power

MOST = 4  # times that numerator and denominator are differentiated


def limit(node: Expression, scope: Scope) -> Value:
    """The limit of each entry; raises MeaningFault where it is not told by values and derivatives."""
    body, point = node.args
    name, letter = f"limit {node.data}", str(node.data)
    declared = scope.notation.declared(letter)
    if declared is not None and declared.dims == (1, 1) and letter not in scope.formals:
        name, inner = letter, scope
    else:
        body = body.map(lambda one: Expression("unknown", (), letter, one.span) if one == _index(letter) else one)
        scope.arena.shapes.setdefault(name, ())
        inner = scope.like(formals={**scope.formals, letter: scalar(scope.arena.quantity(name, ()))})
    value = value_of(body, inner)
    far = _infinite(point)
    where = None if far else need_scalar(value_of(point, scope), "a limit")
    found = _Limit(name, scope)

    def entry(*places: object) -> Term:
        term = found.unfolded(value.entry(*places))
        try:
            return found.far(term, far) if where is None else found.near(term, where)
        except MeaningFault:  # f(x + h) - f(x)
            if (spelled := found.unfolded(term, whole=True)) is term:
                raise
            return found.far(spelled, far) if where is None else found.near(spelled, where)

    return Value(value.dims, entry, node.span)


def _index(letter: str) -> Expression:
    return Expression("index", (), letter)


def _infinite(point: Expression) -> int:
    """The sign of an infinite point; 0 for a finite one."""
    if point.head == "negative" and point.args[0].head == "infinity":
        return -1
    return int(point.head == "infinity")


class _Limit:
    def __init__(self, name: str, scope: Scope) -> None:
        self.name, self.scope, self.arena = name, scope, scope.arena
        self.expansion = Expansion(scope.arena)

    def unfolded(self, term: Term, whole: bool = False) -> Term:
        """The term with all that is defined by the quantity spelled out, or the ``whole`` of what is defined."""
        arena = self.arena
        while above := [
            one
            for one in quantities(term) - {self.name}
            if (whole and one in arena.definitions) or depends(arena, arena.quantity(one, ()), self.name)
        ]:
            definition = arena.definitions.get(min(above))
            if definition is None:
                raise MeaningFault("what is not specified has no limit here")
            term = put(self.scope, term, min(above), definition.body, definition.axes)
        return term

    def fraction(self, term: Term) -> tuple[Term, Term]:
        """Numerator and denominator."""
        arena, one = self.arena, self.arena.constant(1)
        if term.op == "power" and term.data < 0:
            above, below = self.fraction(term.args[0])
            return arena.power(below, Fraction(-term.data)), arena.power(above, Fraction(-term.data))
        if term.op not in ("add", "multiply"):
            return term, one
        parts = [self.fraction(arg) for arg in term.args]
        if term.op == "multiply":
            return arena.multiply([above for above, _ in parts]), arena.multiply([below for _, below in parts])
        below = arena.multiply(dict.fromkeys(below for _, below in parts))
        shares = [
            arena.multiply((above, *(other for other in dict.fromkeys(b for _, b in parts) if other is not own)))
            for above, own in parts
        ]
        return arena.add(shares), below

    def near(self, term: Term, where: Term) -> Term:
        """The limit at a point."""
        above, below = self.fraction(term)
        for _ in range(MOST):
            down = put(self.scope, below, self.name, where)
            if self.expansion.of(down):
                up = put(self.scope, above, self.name, where)
                return self.arena.multiply((up, self.arena.power(down, Fraction(-1))))
            if self.expansion.of(put(self.scope, above, self.name, where)):
                raise MeaningFault("this limit is not decided here")
            above, below = (differentiate(self.arena, one, Variable(self.name, ())) for one in (above, below))
        raise MeaningFault("this limit is not decided here")

    def far(self, term: Term, sign: int) -> Term:
        """The limit at infinity: the terms that grow most, above and below."""
        arena = self.arena
        (up, above), (down, below) = (self._leading(self.expansion.of(one), sign) for one in self.fraction(term))
        if up > down:
            raise MeaningFault("this limit is infinite or not decided here")
        return arena.constant(0) if up < down else arena.multiply((above, arena.power(below, Fraction(-1))))

    def _leading(self, parts: Sum, sign: int) -> tuple[Growth, Term]:
        by_growth = defaultdict[tuple[Fraction, int], list["Term"]](list)
        for powers, factor in parts.items():
            growth, rest = self._growth(powers, sign)
            by_growth[growth].append(self.arena.multiply((self.arena.constant(factor * sign ** growth[1]), *rest)))
        if not by_growth:
            return (Fraction(-(10**9)), 0), self.arena.constant(0)
        most = max(by_growth)
        return most, self.arena.add(by_growth[most])

    def _growth(self, powers: Powers, sign: int) -> tuple[Growth, list[Term]]:
        """How a product grows, and its factors that do not vary."""
        rate, degree, rest = Fraction(0), 0, list["Term"]()
        for number, exponent in powers:
            term = self.expansion.named[number]
            if term.op == "quantity" and term.data[0] == self.name:
                degree += exponent
            elif not depends(self.arena, term, self.name):
                rest.append(self.expansion.power(number, exponent))
            elif term.op == "exp":
                inner = self.expansion.of(term.args[0])
                own = {key: factor for key, factor in inner.items() if self._varies(key)}
                if len(own) != 1 or not self._is_linear(*own):
                    raise MeaningFault("this limit is not decided here")
                rate += sign * exponent * next(iter(own.values()))
                fixed = self.expansion.term({key: factor for key, factor in inner.items() if key not in own})
                rest.append(self.arena.power(self.arena.function("exp", fixed), Fraction(exponent)))
            else:
                raise MeaningFault("this limit is not decided here")
        return (rate, degree), rest

    def _varies(self, powers: Powers) -> bool:
        return any(depends(self.arena, self.expansion.named[number], self.name) for number, _ in powers)

    def _is_linear(self, powers: Powers) -> bool:
        terms = [(self.expansion.named[number], exponent) for number, exponent in powers]
        return len(terms) == 1 and terms[0][1] == 1 and terms[0][0].data == (self.name, ())
