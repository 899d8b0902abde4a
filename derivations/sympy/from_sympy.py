"""SymPy -> expression."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import sympy
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement

from truestep.derivations.language import functions as rows
from truestep.derivations.language.expression import NONE, Expression
from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.sympy.names_in_sympy import MatrixDerivative, Uses, full_name, uses_of

if TYPE_CHECKING:
    from collections.abc import Callable

FUNCTIONS = {getattr(sympy, row.cas): row.name for row in rows.FUNCTIONS if row.cas and row.name not in ("sqrt", "abs")}
RELATIONS = {
    sympy.Equality: "=",
    sympy.Unequality: "!=",
    sympy.StrictLessThan: "<",
    sympy.LessThan: "<=",
    sympy.StrictGreaterThan: ">",
    sympy.GreaterThan: ">=",
}
NAMED = (sympy.Symbol, sympy.MatrixSymbol, sympy.IndexedBase, sympy.Idx, sympy.Indexed, MatrixElement, AppliedUndef)
TOTALS = (sympy.Sum, sympy.Product)
MAX_FACTORS = 8
HEADS = {sympy.MatPow: "power", sympy.Transpose: "transpose", sympy.Abs: "abs", sympy.Identity: "identity"}
STEPS = {sympy.S.Zero: ">", sympy.S.One: ">="}


def from_sympy(expression: Any, uses: Uses | None = None) -> Expression:
    """The expression that a SymPy object says; ``uses`` where others belong with it.

    Raises MeaningFault for what is outside of the fragment.

    >>> x = sympy.Symbol("x")
    >>> [node.head for node in from_sympy(-x).walk()]
    ['negative', 'symbol']
    >>> from_sympy(sympy.gamma(x))
    Traceback (most recent call last):
    truestep...MeaningFault: gamma(x) (gamma) is outside of what truestep reads from SymPy
    """
    return _From(uses if uses is not None else uses_of(expression)).read(expression)


def decimal_of(value: Any) -> Decimal:
    """A SymPy Float as the decimal that it prints.

    >>> decimal_of(sympy.Float(0.1))
    Decimal('0.1')
    """
    return Decimal(str(value)).normalize()


def outside(node: Any) -> MeaningFault:
    """The fault of what has no place here."""
    return MeaningFault(f"{node} ({type(node).__name__}) is outside of what truestep reads from SymPy")


class _From:
    """SymPy -> expression, one method for each kind of node."""

    def __init__(self, uses: Uses) -> None:
        self.uses = uses

    def read(self, node: Any) -> Expression:
        """The expression of a node."""
        if node.func in HEADS:
            return Expression(HEADS[node.func], self.all(node.args))
        for kind, rule in _FROM:
            if isinstance(node, kind):
                return rule(self, node)
        raise outside(node)

    def all(self, nodes: Any) -> tuple[Expression, ...]:
        """The expressions of some nodes."""
        return tuple(self.read(node) for node in nodes)

    def number(self, node: Any) -> Expression:
        """An exact number, or a decimal with its places."""
        if isinstance(node, sympy.Float):
            value = decimal_of(node)
            return Expression("number", (), (Fraction(value), max(0, -int(value.as_tuple().exponent)) or None))
        return Expression("number", (), (Fraction(int(node.p), int(node.q)), None))

    def name(self, node: Any) -> Expression:
        """A symbol by its use: index, size or quantity."""
        name = full_name(str(node.label) if isinstance(node, sympy.Idx | sympy.IndexedBase) else node.name)
        head = "index" if name in self.uses.indices else "size" if name in self.uses.sizes else "symbol"
        return Expression(head, (), name)

    def entry(self, node: Any) -> Expression:
        """An entry, with indices that count from 1."""
        first = 0 if isinstance(node, sympy.Indexed) else 1
        base, places = self.read(node.args[0]), list(node.args[1:])
        if first:
            shape = node.args[0].shape
            places = [place for place, size in zip(places, shape, strict=True) if size != 1 or place != 0]
        return Expression("entry", (base, *(self.index(place, first) for place in places))) if places else base

    def index(self, place: Any, first: int) -> Expression:
        """One index."""
        if isinstance(place, sympy.Integer) and place + first >= 1:
            return Expression("number", (), (Fraction(int(place) + first), None))
        if isinstance(place, sympy.Symbol | sympy.Idx):
            return Expression("index", (), self.name(place).data)
        if isinstance(place, sympy.Indexed | MatrixElement):
            return self.entry(place)
        raise outside(place)

    def add(self, node: Any) -> Expression:
        """A sum of terms: of numbers in the order in which a person writes them, of matrices in SymPy's."""
        return Expression("add", self.all(node.args if isinstance(node, sympy.MatAdd) else ordered_terms(node)))

    def product(self, node: Any) -> Expression:
        """A product of numbers: a minus in front, what is divided by below a line, sums over an index at the end."""
        if has_minus(node):
            return Expression("negative", (self.read(-node),))
        above, below = sympy.fraction(node, exact=True)
        factors = ordered_factors(above)
        totals = [factor for factor in factors if isinstance(factor, TOTALS)]
        plain = [factor for factor in factors if not isinstance(factor, TOTALS)]
        if below == 1:
            return _product(self.all(factors), "")
        top = _product(self.all(plain), "") if plain else self.read(sympy.S.One)
        return _product((Expression("quotient", (top, self.read(below)), "frac"), *self.all(totals)), "")

    def matrix_product(self, node: Any) -> Expression:
        """A product of matrices, with a number in front."""
        first, *rest = node.args
        if not has_minus(node):
            return _product(self.all(node.args), "")
        kept = rest if first == -1 else (-first, *rest)
        return Expression("negative", (_product(self.all(kept), ""),))

    def power(self, node: Any) -> Expression:
        """A power of a number: below a line where the exponent is negative, a root where it is one."""
        base, exponent = node.args
        if not exponent.is_Rational:
            return Expression("power", self.all(node.args))
        if exponent < 0:
            below = base if exponent == -1 else sympy.Pow(base, -exponent, evaluate=False)
            return Expression("quotient", self.all((sympy.S.One, below)), "frac")
        if exponent.p == 1 and exponent.q > 1:
            degree = NONE if exponent.q == 2 else self.read(sympy.Integer(exponent.q))
            return Expression("root", (self.read(base), degree))
        return Expression("power", self.all(node.args))

    def exponential(self, node: Any) -> Expression:
        """A power of Euler's number; the function where e is a quantity."""
        inner = self.read(node.args[0])
        if "e" in self.uses.objects:
            return Expression("apply", (inner,), ("exp", 0, None))
        return Expression("power", (Expression("constant", (), "e"), inner))

    def inverse(self, node: Any) -> Expression:
        """The inverse of a matrix."""
        return Expression("power", (self.read(node.arg), Expression("number", (), (Fraction(-1), None))))

    def hadamard(self, node: Any) -> Expression:
        """An entrywise product."""
        return _product(self.all(node.args), "circ")

    def hadamard_power(self, node: Any) -> Expression:
        """An entrywise power as an entrywise product."""
        base, exponent = node.args
        if not exponent.is_Integer or not 2 <= exponent <= MAX_FACTORS:
            raise outside(node)
        return _product((self.read(base),) * int(exponent), "circ")

    def function(self, node: Any) -> Expression:
        """A function that SymPy has, of numbers or of all entries."""
        return Expression("apply", self.all(node.args), (FUNCTIONS[node.func], 0, None))

    def unknown_function(self, node: Any) -> Expression:
        """A function by its name alone: truestep's own where it has one of this spelling."""
        name = full_name(node.func.__name__)
        return Expression("apply", self.all(node.args), (rows.BY_SPELLING.get(name, name), 0, None))

    def elementwise(self, node: Any) -> Expression:
        """A function of every entry."""
        dummy, body = node.function.signature[0], node.function.expr
        if body.args != (dummy,):
            raise outside(node)
        if isinstance(body, sympy.exp):
            return Expression("apply", (self.read(node.expr),), ("exp", 0, None))
        inner = self.read(body)
        return Expression(inner.head, (self.read(node.expr),), inner.data)

    def derivative(self, node: Any) -> Expression:
        """A derivative as written: a fraction for a name, else an operator in front of what it acts on."""
        variables = node.args[1:] if isinstance(node, MatrixDerivative) else node.variables
        kind = "Leibniz" if isinstance(node.args[0], NAMED) else "operator"
        return Expression("derivative", (self.read(node.args[0]), *self.all(variables)), kind)

    def total(self, node: Any) -> Expression:
        """A sum or product over indices, the innermost limit first."""
        head, body = "sum" if isinstance(node, sympy.Sum) else "prod", self.read(node.function)
        for limit in node.limits:
            name, lower, upper = self.limits(limit, node)
            body = Expression(head, (body, self.read(lower), self.read(upper), NONE), (name,))
        return body

    def limits(self, limit: Any, node: Any) -> tuple[str, Any, Any]:
        """The index, the lower and the upper limit, counted from 1 where SymPy counts the entries from 0."""
        if len(limit) != 3 or limit[2].is_infinite:
            raise outside(node)
        letter, lower, upper = limit
        if counts_from_zero(letter, node.function):
            if lower != 0:
                raise MeaningFault(f"{letter} is an index of a MatrixSymbol, whose entries SymPy counts from 0: {node}")
            lower, upper = lower + 1, upper + 1
        return self.name(letter).data, lower, upper

    def cases(self, node: Any) -> Expression:
        """Values with their conditions."""
        return Expression("cases", tuple(part for pair in node.args for part in self.all(pair)))

    def truth(self, node: Any) -> Expression:
        """The condition of the last case."""
        if node is not sympy.true:
            raise outside(node)
        return Expression("otherwise")

    def relation(self, node: Any) -> Expression:
        """An equation or a comparison."""
        return Expression("relation", self.all(node.args), RELATIONS[node.func])

    def membership(self, node: Any) -> Expression:
        """An element of a list of numbers, or of an interval."""
        element, container = node.args
        if isinstance(container, sympy.FiniteSet) and all(member.is_Integer for member in container):
            members = ",".join(str(member) for member in sorted(container, key=int))
            return Expression("relation", (self.read(element), Expression("listed", (), members)), "in")
        if (
            isinstance(container, sympy.Interval)
            and container.is_left_unbounded is container.is_right_unbounded is False
        ):
            brackets = "[("[bool(container.left_open)] + "])"[bool(container.right_open)]
            bounds = self.all((container.start, container.end))
            return Expression("relation", (self.read(element), Expression("interval", bounds, brackets)), "in")
        raise outside(node)

    def logic(self, node: Any) -> Expression:
        """Conditions joined."""
        head = {sympy.And: "and", sympy.Or: "or", sympy.Not: "not"}[node.func]
        args = self.all(sorted(node.args, key=sympy.default_sort_key))
        result = args[0] if len(args) > 1 else Expression(head, args)
        for other in args[1:]:
            result = Expression(head, (result, other))
        return result

    def step(self, node: Any) -> Expression:
        """Heaviside's step as an indicator; its value at 0 is to be said, as 0 or 1."""
        if node.args[1] not in STEPS:
            raise MeaningFault(f"{node}: say the value at 0: Heaviside(x, 0) or Heaviside(x, 1)")
        zero = Expression("number", (), (Fraction(0), None))
        return Expression("indicator", (Expression("relation", (self.read(node.args[0]), zero), STEPS[node.args[1]]),))

    def kronecker(self, node: Any) -> Expression:
        """The Kronecker delta."""
        return Expression("kronecker", tuple(self.index(place, 0) for place in node.args))

    def ones(self, node: Any) -> Expression:
        """The vector or matrix of ones."""
        return Expression("ones", self.all(size for size in node.shape if size != 1) or self.all(node.shape))

    def constant(self, node: Any) -> Expression:
        """Euler's number or pi."""
        return Expression("constant", (), "e" if node is sympy.E else r"\pi")

    def matrix(self, node: Any) -> Expression:
        """A matrix by its entries."""
        if not node.rows * node.cols:
            raise outside(node)
        return Expression("matrix", self.all(node.flat()), int(node.cols))


def _product(factors: tuple[Expression, ...], sign: str) -> Expression:
    if len(factors) == 1:
        return factors[0]
    return Expression("product", factors, ("", *(sign for _ in factors[1:])))


def ordered_terms(node: Any) -> list[Any]:
    """The terms of a sum of numbers: one without a minus first, sums over an index last.

    >>> x, y = sympy.symbols("x y")
    >>> ordered_terms(1 - x**2), ordered_terms(-x - y)
    ([1, -x**2], [-x, -y])
    """
    terms = node.as_ordered_terms()
    first = next((place for place, term in enumerate(terms) if not has_minus(term)), 0)
    terms.insert(0, terms.pop(first))
    return sorted(terms, key=lambda term: any(isinstance(factor, TOTALS) for factor in _above(term)))


def ordered_factors(node: Any) -> list[Any]:
    """The factors of a product: numbers, names, sums in brackets, functions, sums over an index.

    >>> x, y = sympy.symbols("x y")
    >>> ordered_factors(sympy.log(x) * (x + 1) * y * 2)
    [2, y, x + 1, log(x)]
    """
    return sorted(sympy.Mul.make_args(node), key=_place)


def has_minus(node: Any) -> bool:
    """Whether a term is written with a minus in front."""
    if isinstance(node, sympy.MatMul):
        return bool(node.args[0].is_Rational and node.args[0] < 0)
    return bool(node.as_coeff_Mul()[0].is_negative)


def _above(term: Any) -> tuple[Any, ...]:
    """The factors above the line."""
    numerator = sympy.fraction(term, exact=True)[0]
    return tuple(sympy.Mul.make_args(numerator))


def _place(factor: Any) -> tuple[int, Any]:
    base = factor.base if isinstance(factor, sympy.Pow) else factor
    if factor.is_number:
        return 0, factor.sort_key()
    kinds = ((*NAMED, sympy.KroneckerDelta), (sympy.Add,), (sympy.Function,))
    place = next((k for k, kind in enumerate(kinds, 1) if isinstance(base, kind)), len(kinds) + 1)
    return place + isinstance(factor, TOTALS), factor.sort_key()


def counts_from_zero(letter: Any, body: Any) -> bool:
    """Whether a letter stands at a place of a MatrixSymbol in a body."""
    return any(letter in node.args[1:] for node in sympy.preorder_traversal(body) if isinstance(node, MatrixElement))


_FROM: tuple[tuple[Any, Callable[[_From, Any], Expression]], ...] = (
    ((sympy.Rational, sympy.Float), _From.number),
    ((sympy.MatrixSymbol, sympy.IndexedBase, sympy.Idx, sympy.Symbol), _From.name),
    ((sympy.Indexed, MatrixElement), _From.entry),
    ((sympy.Add, sympy.MatAdd), _From.add),
    (sympy.MatMul, _From.matrix_product),
    (sympy.Mul, _From.product),
    (sympy.Inverse, _From.inverse),
    (sympy.exp, _From.exponential),
    (sympy.Pow, _From.power),
    (sympy.HadamardProduct, _From.hadamard),
    (sympy.HadamardPower, _From.hadamard_power),
    (tuple(FUNCTIONS), _From.function),
    (AppliedUndef, _From.unknown_function),
    (ElementwiseApplyFunction, _From.elementwise),
    ((sympy.Derivative, MatrixDerivative), _From.derivative),
    ((sympy.Sum, sympy.Product), _From.total),
    (sympy.Piecewise, _From.cases),
    (sympy.logic.boolalg.BooleanAtom, _From.truth),
    (tuple(RELATIONS), _From.relation),
    (sympy.Contains, _From.membership),
    ((sympy.And, sympy.Or, sympy.Not), _From.logic),
    (sympy.Heaviside, _From.step),
    (sympy.KroneckerDelta, _From.kronecker),
    (sympy.OneMatrix, _From.ones),
    (sympy.ImmutableDenseMatrix, _From.matrix),
    ((sympy.core.numbers.Exp1, sympy.core.numbers.Pi), _From.constant),
)
