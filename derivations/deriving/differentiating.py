"""The course of a derivation: the rules applied to every entry that is still pending, and tidying after each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.collecting import collected
from truestep.derivations.deriving.algebra.contracting import NoMatrixForm, matrix_form
from truestep.derivations.deriving.algebra.functions import as_power
from truestep.derivations.deriving.algebra.monomials import Monomial, Polynomial, exponents
from truestep.derivations.deriving.rule_names import (
    CANCELLING,
    COLLECTING,
    CONSTANT,
    DELTA,
    FACTORING,
    POWER,
    PRODUCT,
    UNDER_SUM,
)
from truestep.derivations.deriving.rules import REWRITES, RULES
from truestep.derivations.deriving.rules.elementwise import function_title
from truestep.derivations.deriving.rules.linear import is_quotient
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.meaning.terms import Axis

if TYPE_CHECKING:
    from truestep.derivations.deriving.algebra.monomials import Entry, Place
    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.algebra.tidying import Fact, Tidying
    from truestep.derivations.deriving.rules import Bench, Rule

MOST_STAGES = 200
WRITTEN_WITHOUT_DELTAS = {"softmax Jacobian"}  # it has a delta of its own
MOST_TERMS = 400
MOST_WEIGHT = 2000  # names and operators on one line; shared parts are written out wherever they stand


@dataclass(frozen=True, slots=True)
class Stage:
    """What stands on one line, and which rule led to it; a trivial one is left out where not every step is shown."""

    polynomial: Polynomial
    rule: str
    trivial: bool = False
    because: Fact | None = None
    used: tuple[Entry, ...] = ()


class Course:
    """Differentiates one entry, stage by stage."""

    def __init__(self, bench: Bench, tidying: Tidying) -> None:
        self.bench, self.tidying = bench, tidying
        self.stages: list[Stage] = []
        self.result: Polynomial = []
        self.used: list[Entry] = []
        self.order = {name: place for place, name in enumerate(bench.definitions)}
        self.by_op: dict[str, Rule] = {op: rule for rule in reversed(RULES) for op in rule.ops}

    def run(self, polynomial: Polynomial) -> None:
        """Differentiates until nothing is pending; Stuck where no rule fits."""
        if not polynomial:
            self.note([], "constant")
        while any(monomial.pending for monomial in polynomial):
            if len(self.stages) > MOST_STAGES or len(polynomial) > MOST_TERMS or _weight(polynomial) > MOST_WEIGHT:
                raise Stuck("the derivation", "it grows too long")
            polynomial = self.tidied(self._differentiated(polynomial))
        self.result = self._factored(self._opened(polynomial))

    def note(self, polynomial: Polynomial, rule: str, trivial: bool = False, because: Fact | None = None) -> Polynomial:
        """Remembers a stage if it says something new."""
        if not self.stages or _key(self.stages[-1].polynomial) != _key(polynomial):
            self.stages.append(Stage(polynomial, rule, trivial, because, tuple(self.used)))
            self.used.clear()
        return polynomial

    def _differentiated(self, polynomial: Polynomial) -> Polynomial:
        """The rule of the outermost operator, applied to every entry whose turn it is."""
        out: Polynomial = []
        titles: dict[str, bool] = {}
        turn = max(self._rank(monomial.pending) for monomial in polynomial if monomial.pending)
        for monomial in polynomial:
            if monomial.pending is None or self._rank(monomial.pending) < turn:
                out.append(monomial)
                continue
            title, trivial, result = self._applied(monomial.pending)
            titles[title] = titles.get(title, True) and trivial
            rest = replace(monomial, pending=None)
            resolved = [self._delta(self._upright(one)) for one in result]
            out += self.bench.entries.product([rest], resolved)
        kept = [title for title, trivial in titles.items() if not trivial] or list(titles)
        collect = self.bench.entries.clean if WRITTEN_WITHOUT_DELTAS & set(kept) else self.bench.entries.collected
        out = collect(out)
        shows_deltas = any(set(delta) & set(one.bound) for one in out for delta in one.deltas)
        return self.note(out, ", ".join(kept), all(titles.values()) and not shows_deltas)

    def _rank(self, entry: Entry) -> int:
        """What is not a name has its turn first, then the names, the last defined first."""
        node = entry[0]
        if node.op != "symbol":
            return len(self.order) + 1
        return self.order.get(node.data, len(self.order))

    def _opened(self, polynomial: Polynomial) -> Polynomial:
        """Softmax Jacobian entries multiplied out where their factor then cancels."""
        opened = self.tidying.multiplied_out(polynomial, True)
        if opened is polynomial:
            return polynomial
        opened = self.tidying.sifted(opened)
        return self.note(opened, CANCELLING) if _below(opened) < _below(polynomial) else polynomial

    def _factored(self, polynomial: Polynomial) -> Polynomial:
        """A factor that all terms have, taken out of the result."""
        plain = len(polynomial) > 1 and not any(one.bound or one.deltas for one in polynomial)
        shared = {key: power for key, power in polynomial[0].entries.items() if power > 0} if plain else {}
        for one in polynomial[1:]:
            shared = {key: exponent for key, exponent in shared.items() if one.entries.get(key) == exponent}
        free = list(dict.fromkeys(axis for one in polynomial for axis in one.axes() if shared))
        rests = [
            replace(one, entries={key: power for key, power in one.entries.items() if key not in shared})
            for one in polynomial
        ]
        free = [axis for axis in free if any(axis in one.axes() for one in rests)]
        if not shared or len(free) > 2:
            return polynomial
        try:
            made = collected(self.bench.workshop, matrix_form(self.bench.workshop, rests, free))
        except NoMatrixForm:
            return polynomial
        entries = self.bench.entries
        return self.note([entries.times(Monomial(entries=shared), entries.entry_at(made, free))], FACTORING)

    def _applied(self, entry: Entry) -> tuple[str, bool, Polynomial]:
        node, i, j = entry
        op = node.op
        if op == "symbol" and node.data == self.bench.target.name:
            return DELTA, True, [Monomial(pending=entry)]
        if op == "symbol" and (node.data in self.bench.partials or node.data in self.bench.dependencies):
            op = "dependency"
        elif is_quotient(self.bench, node):
            op = "quotient"
        elif op == "symbol":
            return self._applied((self.bench.definitions[node.data], i, j))
        if op in ("function", "softmax"):
            self.used.append(entry)
        rule = self.by_op.get(op)
        if rule is None:
            raise Stuck(op, "no rule differentiates this")
        result = rule.apply(self.bench, node, i, j)
        title, trivial = self._title(rule, node, result)
        return title, trivial, result

    def _upright(self, monomial: Monomial) -> Monomial:
        """(A^T)_ij = A_ji and (c A)_ij = c A_ij for a number c, without lines of their own."""
        if monomial.pending is None:
            return monomial
        node, i, j = monomial.pending
        if node.op == "mul" and len(node.args) == 1:
            number = monomial.coefficient * node.data
            return self._upright(replace(monomial, coefficient=number, pending=(node.args[0], i, j)))
        if node.op != "transpose":
            return monomial
        (turned,) = self.by_op["transpose"].apply(self.bench, *monomial.pending)
        return replace(monomial, coefficient=monomial.coefficient * turned.coefficient, pending=turned.pending)

    def _title(self, rule: Rule, node: Node, result: Polynomial) -> tuple[str, bool]:
        if node.op == "function":
            raised = as_power(self.bench.workshop, node)
            is_power = raised is not None and not self.bench.depends(raised[1])
            return (POWER if is_power else f"chain rule ({function_title(self.bench.workshop, node)})"), False
        if rule.name == PRODUCT and len(result) == 1:
            return CONSTANT, True
        if node.op == "chain" and node.is_scalar:
            return UNDER_SUM, False
        return rule.name, rule.trivial

    def _delta(self, monomial: Monomial) -> Monomial:
        """dx_k/dx_p = delta_kp."""
        target = self.bench.target
        if monomial.pending is None or monomial.pending[0].op != "symbol" or monomial.pending[0].data != target.name:
            return monomial
        _, i, j = monomial.pending
        pairs = tuple(pair for pair in ((i, target.row), (j, target.column)) if pair != (1, 1))
        return replace(monomial, pending=None, deltas=(*monomial.deltas, *pairs))

    # Tidying.

    def tidied(self, polynomial: Polynomial) -> Polynomial:
        """Rewritten by every rule in turn; each that changes something is a stage."""
        for rewrite in REWRITES:
            changed = rewrite.apply(self.tidying, polynomial)
            fact = rewrite.rests_on(self.tidying, polynomial) if rewrite.rests_on else None
            if changed is not polynomial and (fact or _key(changed) != _key(polynomial)):
                clean = changed if rewrite.trivial else self.tidying.sifted(changed)
                polynomial = self.note(clean, rewrite.name, rewrite.trivial, fact)
        return self._folded(polynomial)

    def _folded(self, polynomial: Polynomial) -> Polynomial:
        """Terms with the same entry pending: their factors are folded to one, the upstream gradient so far."""
        groups: dict[object, list[Monomial]] = {}
        for monomial in polynomial:
            groups.setdefault(self._pending_key(monomial), []).append(monomial)
        if all(len(group) == 1 or group[0].pending is None for group in groups.values()):
            return polynomial
        out: Polynomial = []
        for group in groups.values():
            folded = self._one_factor(group) if len(group) > 1 and group[0].pending is not None else None
            out += group if folded is None else [folded]
        if self.stages and self.stages[-1].polynomial is polynomial:
            self.stages[-1] = replace(self.stages[-1], polynomial=out)
            return out
        return self.note(out, COLLECTING, True)

    @staticmethod
    def _pending_key(monomial: Monomial) -> object:
        if monomial.pending is None:
            return None
        node, i, j = monomial.pending
        places = [place if place not in monomial.bound else "bound" for place in (i, j)]
        return (node, *places, i == j)

    def _one_factor(self, group: list[Monomial]) -> Monomial | None:
        entries = self.bench.entries
        assert group[0].pending is not None
        node, *places = group[0].pending
        free = [place for place in places if isinstance(place, Axis)]
        coefficients: Polynomial = []
        for monomial in group:
            assert monomial.pending is not None
            change: dict[Place, Place] = {
                old: new
                for old, new in zip(monomial.pending[1:], places, strict=True)
                if old != new and old in monomial.bound
            }
            for new in list(change.values()):  # what is bound under that name already makes way
                if new in monomial.bound and new not in change:
                    change[new] = entries.axis(new.size) if isinstance(new, Axis) else new
            renamed = entries.substitute(monomial, change) if change else monomial
            moved = [change.get(axis, axis) for axis in monomial.bound]
            bound = tuple(axis for axis in moved if isinstance(axis, Axis) and axis not in free)
            coefficients.append(replace(renamed, pending=None, bound=bound))
        used = {axis for one in coefficients for axis in one.axes() if axis not in one.bound}
        if not used <= set(free) or len(set(free)) != len(free):
            return None
        try:
            made = collected(self.bench.workshop, matrix_form(self.bench.workshop, coefficients, free))
        except NoMatrixForm:
            return None
        factor = entries.entry_at(made, free)
        bound = tuple(axis for axis in group[0].bound if axis in free)
        return replace(factor, bound=bound, pending=(node, *places))  # type: ignore[arg-type]


def _below(polynomial: Polynomial) -> int:
    """How many entries stand in denominators."""
    return sum(exponent < 0 for one in polynomial for exponent in one.entries.values())


def _weight(polynomial: Polynomial) -> int:
    """How many names and operators it takes to write this down."""
    return sum(node.weight for one in polynomial for node, _, _ in one.entries)


def _key(polynomial: Polynomial) -> object:
    return [(one.coefficient, exponents(one), one.deltas, one.bound, one.pending) for one in polynomial]
