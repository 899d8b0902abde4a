r"""The written expression: a tree that says what was written, and where.

Nothing is evaluated by being read: ``x - x`` stays ``x - x``.  The heads:

=============  ==========================================================  =========================
head           arguments                                                   data
=============  ==========================================================  =========================
``number``                                                                 (value, places or None)
``symbol``                                                                 declared name
``unknown``                                                                name that nobody declared
``index``                                                                  name of an index
``member``     indices of a member of a family                             name of the family
``entry``      base, then one index or ``slice`` for each axis
``add``        terms
``negative``   term
``product``    factors                                                     sign before each factor
``quotient``   numerator, denominator                                      ``frac`` or ``slash``
``power``      base, exponent
``transpose``  base
``root``       radicand, degree
``apply``      arguments                                                   (function, primes, power)
``prime``      expression
``derivative`` numerator, then each variable                               "Leibniz" or "operator"
``gradient``   scalar, then the variable where one is written
``sum``        body, lower, upper (or ``none``), condition (or ``none``)   names of the bound indices
``prod``       as ``sum``; so are ``max``, ``min``, ``argmax`` and ``argmin`` over an index
``limit``      body, point                                                 name of what tends to the point
``infinity``                                                               as the end of a sum or the point of a limit
``mean``       body, then what is held fixed                               name of the index, or None
``spread``     one or two expressions, then what is held fixed             ("Var" or "Cov", below, how many)
``norm``       base                                                        "2", "1", "F", "*", "inf"
``abs``        base
``floor``      base; also ``ceiling``
``at``         body, then each quantity and its value
``value``      a quantity or a derivative of it, then what its variables are
``cases``      value, condition, value, condition, ...
``indicator``  condition
``kronecker``  first index, second index
``relation``   left, right                                                 operator
``and``        conditions; also ``or``, ``not``
``otherwise``    also ``unread``, a condition that is not understood
``indices``                                                               "=" or "!=": what words say of the two
``series``     the written terms of a sum with dots
``pattern``    the written entries of an array with dots, by rows          rows and columns written
``matrix``     entries, by rows                                            number of columns
``tuple``      entries
``identity``                                                               size or None
``ones``                                                                   (rows, columns) or None
``space``      sizes: the set of real arrays of that shape
``call``       the arguments of a function that the work introduces       name
``code``       the arguments of a call of array code                       name, then its options
``underbrace`` expression, then what stands beneath it; only written: read, it is the expression
``differential`` the expression                                             what varies; None for all
=============  ==========================================================  =========================
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from operator import is_
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from truestep.derivations.language.faults import Span


@cache
def _alone(head: str) -> frozenset[str]:
    return frozenset((head,))


@dataclass(frozen=True, slots=True, init=False)
class Expression:
    """One node; two expressions are equal when they were written alike, wherever they stand."""

    head: str
    args: tuple[Expression, ...] = ()
    data: Any = None
    span: Span = field(default=(0, 0), compare=False)
    mark: str = field(default="", compare=False)  # the sign of a derivative where it is a d; EXCLUDED, ONLY, UPRIGHT
    # asked for often, of large trees: kept with each node
    _hash: int = field(init=False, repr=False, compare=False)
    _free: frozenset[str] = field(init=False, repr=False, compare=False)
    _heads: frozenset[str] = field(init=False, repr=False, compare=False)
    _names: frozenset[str] = field(init=False, repr=False, compare=False)
    _bare: Expression = field(init=False, repr=False, compare=False)

    def __init__(
        self, head: str, args: tuple[Expression, ...] = (), data: Any = None, span: Span = (0, 0), mark: str = ""
    ) -> None:
        _put_head(self, head)
        _put_args(self, args)
        _put_data(self, data)
        _put_span(self, span)
        _put_mark(self, mark)

    def __hash__(self) -> int:
        try:
            return self._hash
        except AttributeError:
            object.__setattr__(self, "_hash", hash((self.head, self.args, self.data)))
            return self._hash

    def __reduce__(self) -> tuple[Any, ...]:
        return Expression, (self.head, self.args, self.data, self.span, self.mark)

    @property
    def heads(self) -> frozenset[str]:
        """The heads of the node and of all below it."""
        try:
            return self._heads
        except AttributeError:
            heads = _alone(self.head)
            for arg in self.args:
                own = arg.heads
                heads = heads if own <= heads else heads | own
            _put_heads(self, heads)
            return heads

    @property
    def names(self) -> frozenset[str]:
        """The quantities that the node speaks of: symbols and members of families."""
        try:
            return self._names
        except AttributeError:
            own = (str(self.data),) if self.head in ("symbol", "member") else ()
            object.__setattr__(self, "_names", frozenset(own).union(*[arg.names for arg in self.args]))
            return self._names

    @property
    def bare(self) -> Expression:
        """The expression without the nodes that only stand for brackets."""
        if "group" not in self.heads:
            return self
        try:
            return self._bare
        except AttributeError:
            made = self.map(lambda child: child.args[0] if child.head == "group" else child)
            object.__setattr__(self, "_bare", made)
            return made

    def walk(self) -> Iterator[Expression]:
        """The node and all below it, outermost first.

        >>> [node.head for node in negative(symbol("x")).walk()]
        ['negative', 'symbol']
        """
        todo = [self]
        while todo:
            node = todo.pop()
            yield node
            todo += reversed(node.args)

    def map(self, change: Callable[[Expression], Expression]) -> Expression:
        """The expression with ``change`` applied to every node, innermost first."""
        if not self.args:
            return change(self)
        return change(self.of(tuple([arg.map(change) for arg in self.args])))

    def of(self, args: tuple[Expression, ...]) -> Expression:
        """The same operation on other arguments; on its own it is the node itself."""
        same = len(args) == len(self.args) and all(map(is_, args, self.args))
        return self if same else Expression(self.head, args, self.data, self.span)

    def has(self, *heads: str) -> bool:
        """Whether a node with one of these heads is inside."""
        return not self.heads.isdisjoint(heads)


# half the time of what a frozen dataclass sets its fields by; nodes are made by the thousand
_put_head, _put_args, _put_data, _put_span, _put_mark, _put_heads = (
    Expression.__dict__[name].__set__ for name in ("head", "args", "data", "span", "mark", "_heads")
)
NONE = Expression("none")
UPRIGHT = "upright"  # the mark of a differential whose d is set upright
ANEW = "\u2063"  # behind a name for each time that it is let be something else; it is not printed
ONLY = "only"  # the mark of a condition outside which something is said not to hold: "only if x > 0"
EXCLUDED = "excluded"  # the mark of a condition that words say of what is not meant: "unless x > 0"
BINDING = frozenset(("sum", "prod", "max", "min", "argmax", "argmin"))


def symbol(name: str, span: Span = (0, 0)) -> Expression:
    """A declared quantity, whole."""
    return Expression("symbol", (), name, span)


def number(value: Any, span: Span = (0, 0)) -> Expression:
    """An exact number."""
    return Expression("number", (), (value, None), span)


def negative(term: Expression) -> Expression:
    """The term with a minus sign in front."""
    return Expression("negative", (term,), None, term.span)


def add(*terms: Expression) -> Expression:
    """A sum of written terms."""
    return terms[0] if len(terms) == 1 else Expression("add", terms, None, joined(*terms))


def grouped(node: Expression) -> Expression:
    """An expression in brackets, at its place."""
    return Expression("group", (node,), None, node.span)


def difference(left: Expression, right: Expression) -> Expression:
    """What two sides differ by, in brackets.

    >>> difference(symbol("a"), symbol("b")) == grouped(add(symbol("a"), negative(symbol("b"))))
    True
    """
    return grouped(add(left, negative(right)))


def product(*factors: Expression) -> Expression:
    """Factors side by side."""
    if len(factors) == 1:
        return factors[0]
    return Expression("product", factors, ("",) * len(factors), joined(*factors))


def joined(*parts: Expression) -> Span:
    """The span from the first part to the last."""
    start, end = parts[0].span
    for part in parts:
        first, last = part.span
        start, end = (first if first < start else start), (last if last > end else end)
    return start, end


def free_indices(expression: Expression) -> frozenset[str]:
    r"""The names of the indices that stand free in an expression.

    >>> free_indices(Expression("entry", (symbol("z"), Expression("index", (), "k"))))
    frozenset({'k'})
    """
    try:
        return expression._free
    except AttributeError:
        object.__setattr__(expression, "_free", _free_indices(expression))
        return expression._free


_NO_LETTERS: frozenset[str] = frozenset()


def _free_indices(expression: Expression) -> frozenset[str]:
    if expression.head == "index":
        return frozenset((expression.data,))
    inner = _NO_LETTERS
    for arg in expression.args:
        own = free_indices(arg)
        inner = inner if own <= inner else inner | own
    if not inner:
        return inner
    if expression.head == "limit":
        return inner - {expression.data}
    if expression.head in BINDING or (expression.head == "mean" and expression.data):
        is_mean = expression.head == "mean"  # E_i[...] and E_{i \sim p}[...]
        return inner - frozenset((expression.data.partition(r"\sim")[0],) if is_mean else expression.data)
    return inner


# the arguments that are numbers of things: from which on, and up to which
COUNTS = {
    "quotient": (1, 2),
    "power": (1, 2),
    "entry": (1, None),
    "sum": (1, 3),
    "prod": (1, 3),
    "max": (1, 3),
    "min": (1, 3),
    "space": (0, None),
    "ones": (0, None),
    "identity": (0, None),
}


def counted(node: Expression) -> frozenset[str]:
    """The unknown names that stand where numbers do: below a fraction, at the end of a sum, as an exponent or a size.

    So does a constant that is added to all the rest.
    """
    if not node.has("unknown"):
        return frozenset()
    added = frozenset(str(term.data) for term in node.args if node.head == "add" and term.head == "unknown")
    places = (part for one in node.walk() if one.head in COUNTS for part in one.args[slice(*COUNTS[one.head])])
    return added | {str(inner.data) for part in places for inner in part.walk() if inner.head == "unknown"}


def with_own_letters(node: Expression) -> Expression:
    """A sum or the like in which its bound letters are indices, whatever else is declared by their names."""

    def own(child: Expression) -> Expression:
        is_bound = child.head in ("symbol", "size", "unknown") and child.data in node.data and not child.args
        return replace(child, head="index") if is_bound else child

    if not node.data:
        return node
    body, lower, upper, condition = node.args
    return replace(node, args=(body.map(own), lower, upper, condition.map(own)))


def with_all_below(node: Expression) -> Expression:
    r"""The expression with all that stands side by side behind a slash below it: a/bc as a/(bc).

    >>> a, b, c = (Expression("symbol", (), name) for name in "abc")
    >>> with_all_below(product(Expression("quotient", (a, b), "slash"), c)).head
    'quotient'
    """
    return node.map(_below)


def _below(node: Expression) -> Expression:
    if node.head != "product" or (node.args[0].head, node.args[0].data) != ("quotient", "slash") or any(node.data):
        return node
    above, below = node.args[0].args
    return replace(node.args[0], args=(above, product(below, *node.args[1:])), span=joined(*node.args))


_NUMBERS = frozenset(("number", "negative", "group", "quotient", "product", "power", "root", "add", "constant"))


def is_number(*nodes: Expression) -> bool:
    """Whether all of these are made of numbers alone."""
    return all(node.heads <= _NUMBERS for node in nodes)


def is_linear(node: Expression) -> bool:
    r"""Whether each term of a numerator has one differential: ``f \partial g + g \partial f``."""
    if node.head in ("add", "negative", "group", "sum"):
        return all(map(is_linear, node.args[:1] if node.head == "sum" else node.args))
    if node.head == "product":
        return sum(map(is_linear, node.args)) == 1 and sum(arg.has("differential") for arg in node.args) == 1
    return node.head == "differential" and not node.args[0].has("differential")


def by_all(node: Expression, variables: tuple[Expression, ...]) -> Expression:
    """A differential above a fraction as the derivative by what stands below."""
    if node.head != "differential":
        return node
    return Expression("derivative", (node.args[0], *variables), "Leibniz", node.span)
