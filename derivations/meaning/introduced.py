r"""Names that a work introduces: quantities, and one for each value of an index, as ``r_i`` and ``e^{(i)}``."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from truestep.derivations.language.expression import Expression, free_indices
from truestep.derivations.language.faults import MeaningFault, NameFault, ShapeFault, nearest
from truestep.derivations.language.shapes import SCALAR
from truestep.derivations.meaning.applications import slope_at
from truestep.derivations.meaning.entries import array, one_index
from truestep.derivations.meaning.scope import value_of
from truestep.derivations.meaning.shaped_terms import Value, axes_for, elementwise, need_scalar, scalar
from truestep.derivations.meaning.terms import Axis

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from truestep.derivations.language.faults import Span
    from truestep.derivations.language.notation import Family
    from truestep.derivations.meaning.scope import Scope
    from truestep.derivations.meaning.terms import Index, Term

_LETTERS = re.compile(r"\\[A-Za-z]+|[A-Za-z]")
_BARRED = re.compile(r"\\(?:bar|overline)\{(.+)\}")
_PLACES = frozenset(("index", "number", "add", "size"))
_RAISED = re.compile(r"(.*)\^\{[(\[]?([^\W\d_]|\\ell)[)\]]?\}(?:_.*)?")


@dataclass(slots=True, eq=False)
class Indexed(Value):
    """One value for each value of some indices, which are free in its entries."""

    axes: tuple[Axis, ...] = ()


@dataclass(slots=True, eq=False)
class Abbreviation(Value):
    """A value in which letters stand free that the name leaves unwritten: r for ``w^T x_i - y_i``."""

    letters: Mapping[str, Axis] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Function(Value):
    """What a work says a function of its ``own`` arguments is: a body with marks for them, but for ``fixed`` ones."""

    marks: tuple[str, ...] = ()
    body: Expression | None = None
    fixed: tuple[Expression | None, ...] = ()
    own: tuple[Expression, ...] = ()


def function_of(call: Expression, right: Expression, scope: Scope) -> Function:
    """The function of ``f(a) = ... a ...``, where ``a`` is a letter that nobody declared, or a quantity; has a value.

    Raises Fault where the right side has none.
    """
    marks, body, values = tuple(f"{call.data} {k}" for k in range(len(call.args))), right, dict[str, Value]()
    fixed: list[Expression | None] = []
    for mark, argument in zip(marks, call.args, strict=True):
        before, body = body, body.map(partial(_marked, argument, mark))
        fixed.append(argument if body == before else None)
        is_letter = argument.head == "unknown" and argument.data not in scope.introduced
        if body != before:
            values[mark] = scalar(scope.arena.quantity(mark, ())) if is_letter else value_of(argument, scope)
    value = value_of(body, replace(scope, introduced={**scope.introduced, **values}))
    return Function(value.dims, value.entry, value.span, None, marks, body, tuple(fixed), call.args)


def _marked(argument: Expression, mark: str, child: Expression) -> Expression:
    return Expression("unknown", (), mark, child.span) if child == argument else child


def called(node: Expression, scope: Scope) -> Value:
    """The value of an introduced function."""
    known = scope.introduced.get(function_key(node))
    is_known = isinstance(known, Function) and len(known.marks) == len(node.args)
    if known is None and node.data in scope.introduced and [arg.head for arg in node.args] == ["add"]:
        factors = Expression("unknown", (), node.data, node.span), Expression("group", node.args, None, node.span)
        with suppress(ShapeFault):  # a matrix before a bracket, A(x - m)
            return value_of(Expression("product", factors, ("", ""), node.span), scope)
    if not isinstance(known, Function) or known.body is None or not is_known:
        raise NameFault(f"the function {node.data} is neither declared nor introduced", node.span)
    values, points = dict[str, Value](), list[Expression]()
    for mark, own, argument in zip(known.marks, known.fixed, node.args, strict=True):
        if own is None:
            values[mark] = value_of(argument, scope)
        elif argument != own:  # what it depends on, though its body does not say so
            points += [own, argument]
    body = Expression("at", (known.body, *points), None, node.span) if points else known.body
    return value_of(body, replace(scope, introduced={**scope.introduced, **values}))


def slope(node: Expression, order: int, scope: Scope) -> Value:
    """``f'(z)`` of a function of one number that was introduced, entry by entry of an array.

    Raises MeaningFault where that is no function of single numbers.
    """
    known = scope.introduced.get(function_key(node))
    if known is None and node.data in scope.introduced and len(node.args) == 1:
        primed = Expression("unknown", (), node.data, node.span)
        for _ in range(order):
            primed = Expression("prime", (primed,), None, node.span)
        factors = primed, Expression("group", node.args, None, node.span)
        return value_of(Expression("product", factors, ("", ""), node.span), scope)
    whole = called(node, scope)
    assert isinstance(known, Function)
    body, (mark, *more) = known.body, known.marks
    if body is None or more or known.fixed[0] is not None:
        raise MeaningFault("this prime does not say by what the derivative is taken", node.span)

    def at(point: Value) -> Term:
        inside = replace(scope, introduced={**scope.introduced, mark: point})
        return need_scalar(value_of(body, inside), f"the value of {node.data}")

    argument = value_of(node.args[0], scope)
    places = axes_for(scope.arena, argument.dims)
    is_of_arrays = whole.dims != argument.dims or whole.entry(*places) is not at(scalar(argument.entry(*places)))
    if is_of_arrays and not argument.is_scalar:
        raise MeaningFault(f"{node.data} is no function of single numbers; write its derivative as one", node.span)
    return elementwise(lambda term: slope_at(scope, at, mark, term, order), (argument,), node.span)


def function_key(call: Expression) -> str:
    """Where a function that a work introduces is kept: one of two things, H(p, q), is another than one of one."""
    return f"{call.data}({',' * (len(call.args) - 1)})"


def stem(name: Expression) -> str:
    """An introduced name without its indices.

    >>> stem(Expression("unknown", (Expression("index", (), "i"),), "r_{i}")), stem(Expression("unknown", (), "u_{1}"))
    ('r_', 'u_{1}')
    """
    text = str(name.data)
    if not name.args:
        return text
    raised = _RAISED.fullmatch(text)
    is_index = raised is not None and any(arg.data == raised[2] for arg in name.args)  # the f in \delta^f_t is none
    return f"{raised[1]}^" if raised and is_index else text.partition("_{")[0] + "_"


def _filed(name: Expression, introduced: Mapping[str, Value]) -> tuple[str, tuple[Expression, ...]]:
    """The stem of a family, and the indices that pick from it: ``s_{2,k}`` of a family ``s_{2,}``, or of all ``s_``."""
    own, base, says = _labelled(name), stem(name), _saying(name)
    is_labelled = own != base and (own in introduced or says == "label")
    return (own, tuple(arg for arg in name.args if arg.head != says)) if is_labelled else (base, name.args)


def _saying(name: Expression) -> str:
    r"""What only says which name it is: the f in ``\delta_{f,1}``, else the number in ``s_{2,k}``."""
    return "label" if any(arg.head == "label" for arg in name.args) else "number"


def _labelled(name: Expression) -> str:
    """The stem of a name of which some indices only say which it is: a word, a sign, a letter, or a number."""
    says, heads = _saying(name), {arg.head for arg in name.args}
    if says not in heads or len(heads) == 1 or not heads <= {"index", "add", "number", "label"}:
        return stem(name)
    labels = (str(arg.data[0] if says == "number" else arg.data) if arg.head == says else "" for arg in name.args)
    return str(name.data).partition("_{")[0] + "_" + ",".join(labels)


def key_of(name: Expression, introduced: Mapping[str, Value]) -> str:
    r"""Where an introduced name is kept: under its own text, as ``\delta_2`` is, or as a member under its stem."""
    text = str(name.data)
    return function_key(name) if name.head == "call" else text if text in introduced else _filed(name, introduced)[0]


def as_name(node: Expression, introduced: Mapping[str, Value]) -> Expression:
    r"""``\delta^1``, ``h_i^2`` as names where there is no \delta and no h that they could be powers of."""
    base, exponent = node.args if node.head == "power" else (node, node)
    if base is node or base.head != "unknown" or exponent.head != "number" or stem(base) in introduced:
        return node
    text, sign, index = str(base.data).partition("_" if base.args else "^^")
    return Expression("unknown", base.args, f"{text}^{{{exponent.data[0]}}}{sign}{index}", node.span)


def introducing(name: Expression, value: Value, right: Expression, scope: Scope) -> dict[str, Value]:
    """What a line ``name = right`` introduces: a quantity, or what its indices pick and the array of all."""
    places = [arg for arg in name.args if arg.head == "index"]
    axes = [_axis(str(arg.data), scope) for arg in places]
    known = [axis for axis in axes if axis is not None]
    base = _labelled(name)
    is_family = len(known) == len(places) == len(set(known)) > 0
    if not is_family or (len(places) < len(name.args) and base == stem(name)):
        return {str(name.data): _abbreviated(value, right, scope)}
    family = Indexed(value.dims, value.entry, value.span, None, tuple(known))
    made: dict[str, Value] = {base: family, _sized(base, known): family}
    if value.is_scalar and base.endswith("_") and len(known) <= 2:
        dims = (known[0].size, known[1].size if len(known) == 2 else 1)
        made[base[:-1]] = Value(
            dims, lambda *at: scope.arena.substitute(value.term, dict(zip(known, at, strict=False))), value.span
        )
    return made


def _abbreviated(value: Value, right: Expression, scope: Scope) -> Value:
    """The value with the letters that stand free in it, if there are any."""
    letters = {letter: axis for letter in free_indices(right) if (axis := scope.free.get(letter)) is not None}
    for node in right.walk():
        known = scope.introduced.get(str(node.data)) if node.head == "unknown" else None
        letters |= known.letters if isinstance(known, Abbreviation) else {}
    return Abbreviation(value.dims, value.entry, value.span, None, letters) if letters else value


def plain(node: Expression, scope: Scope) -> Value:
    """The value of a name that was introduced without indices; a sum around it binds the letters that it leaves out."""
    value = scope.introduced[str(node.data)]
    letters = value.letters.items() if isinstance(value, Abbreviation) else ()
    chosen = {axis: scope.indices[letter] for letter, axis in letters if letter in scope.indices}
    if not chosen:
        return value
    return Value(value.dims, lambda *at: scope.arena.substitute(value.entry(*at), chosen), node.span)


def _sized(base: str, axes: Sequence[Axis]) -> str:
    r"""Where the family of one stem over axes of these sizes is kept: \delta_k of the outputs beside \delta_j."""
    return " ".join((base, *(str(axis.size) for axis in axes)))


def family_of(name: Expression, scope: Scope) -> Value | None:
    """What an indexed name belongs to: the family over the ranges of its letters, else the last one of its stem."""
    base, args = _filed(name, scope.introduced)
    axes = [_axis(str(arg.data), scope) if arg.head == "index" else None for arg in args]
    known = [axis for axis in axes if axis is not None]
    exact = scope.introduced.get(_sized(base, known)) if len(known) == len(axes) else None
    return exact or scope.introduced.get(base)


def is_of(name: Expression, family: Value | None, scope: Scope) -> bool:
    """Whether the letters of a name run over the ranges of a family, as far as both are known."""
    if not isinstance(family, Indexed):
        return family is not None
    args = _filed(name, scope.introduced)[1]
    axes = [_axis(str(arg.data), scope) if arg.head == "index" else None for arg in args]
    pairs = zip(axes, family.axes, strict=False)
    return all(mine is None or mine.size == own.size for mine, own in pairs)


def _axis(letter: str, scope: Scope) -> Axis | None:
    declared = scope.notation.indices.get(letter)
    known = scope.free.get(letter)
    if known is None and declared is not None:
        found = scope.index(letter, declared.dims[0])
        return found if isinstance(found, Axis) else None
    return known


def of_capital(name: Expression, scope: Scope) -> Value | None:
    r"""``x_{ij}`` and ``x_i`` of a declared matrix X, whose small letter nobody declared: an entry, a row or column.

    A letter that runs over the columns picks one, any other a row; either is a column vector.
    """
    base = str(name.data).partition("_{")[0]
    capital = base.upper() if len(base) == 1 else "\\" + base[1:].capitalize() if base[:1] == "\\" else ""
    declared = scope.notation.declared(capital)
    if capital == base or declared is None or declared.kind != "array" or 1 in declared.dims or not name.args:
        return None
    if any(arg.head == "label" for arg in name.args):
        return None
    rows, columns = declared.dims
    if len(name.args) == 2:
        return value_of(Expression("entry", (Expression("symbol", (), capital), *name.args), None, name.span), scope)
    known = scope.indices.get(str(name.args[0].data)) or _axis(str(name.args[0].data), scope)
    is_column = isinstance(known, Axis) and known.size == columns != rows
    place = one_index(name.args[0], columns if is_column else rows, scope)
    if len(name.args) > 2 or callable(place):
        return None
    quantity = scope.quantity
    if is_column:
        return Value((rows, 1), lambda i, _: quantity(capital, (i, place)), name.span)
    return Value((columns, 1), lambda j, _: quantity(capital, (place, j)), name.span)


def base_of_bar(name: Expression, scope: Scope) -> str:
    r"""The vector, or the family over one index, of which ``\bar{x}`` is the mean where nothing says what it is."""
    text, _, count = str(name.data).partition("_")
    found = _BARRED.fullmatch(text) if name.head == "unknown" and name.data not in scope.introduced else None
    base = "" if found is None or (name.args and not count) else found.group(1)
    family = _family(base := _small(base, scope) or base, scope)
    size = family.index.dims[0] if family is not None else _length(base, scope)
    return base if size and (not count or count.strip("{}") == size) else ""


def _length(base: str, scope: Scope) -> int | str:
    """How many entries a declared column has; 0 for anything else."""
    declared = scope.notation.declared(base)
    dims = () if declared is None or declared.kind != "array" else declared.dims
    return dims[0] if dims and dims[0] != 1 == dims[1] else 0


def _small(base: str, scope: Scope) -> str:
    """The declared numbers of which a capital that nobody declares is the random one."""
    small, names = base.lower(), {*map(str.upper, scope.introduced), *scope.introduced}
    known = scope.notation.bases | scope.notation.sizes | names
    is_free = len(base) == 1 and small != base and base not in known
    family = scope.notation.families.get((small, "_"))
    is_numbers = _length(small, scope) != 0 or (family is not None and family.member.dims == SCALAR)
    return small if is_free and is_numbers else ""


def base_of_capital(name: Expression, scope: Scope) -> str:
    """The numbers of which ``X_i`` is the one ``x_i`` where nothing says what X is."""
    is_entry = name.head == "unknown" and len(name.args) == 1 and name.data not in scope.introduced
    return _small(str(name.data).partition("_{")[0], scope) if is_entry else ""


def of_small(name: Expression, scope: Scope) -> Value | None:
    """The entry that a capital stands for by custom; None where it may be none."""
    base = base_of_capital(name, scope)
    if not base:
        return None
    family = scope.notation.families.get((base, "_"))
    whole = Expression("symbol", (), base, name.span)
    node = Expression("entry", (whole, *name.args), None, name.span)
    return value_of(node if family is None else Expression("member", name.args, (base, "_"), name.span), scope)


def _family(base: str, scope: Scope) -> Family | None:
    return scope.notation.families.get((base, "_")) or scope.notation.families.get((base, "^"))


def of_bar(name: Expression, scope: Scope) -> Value | None:
    r"""The mean that ``\bar{x}`` stands for by custom; None where it may be none."""
    base, arena = base_of_bar(name, scope), scope.arena
    if not base:
        return None
    family = _family(base, scope)
    axis = arena.axis(family.index.dims[0], family.index.low) if family else None
    if family is not None and axis is not None:
        each = array(family.name, (axis,), family.member.dims, scope)
    else:
        whole = value_of(Expression("symbol", (), base, name.span), scope)
        axis = arena.axis(whole.dims[0])
        each = scalar(whole.entry(axis, 1))
    share = arena.power(arena.size(axis.size), Fraction(-1))
    return Value(each.dims, lambda *at: arena.multiply((share, arena.total(axis, each.entry(*at)))), name.span)


def by_subscript(name: Expression, scope: Scope) -> Expression | None:
    r"""``u_x`` and ``u_{xy}`` of a number u that a work introduces: its derivative by the given numbers below it."""
    base, _, below = str(name.data).partition("_")
    whole, letters = scope.introduced.get(base), _LETTERS.findall(below)
    if whole is None or not whole.is_scalar or "".join(letters) != below.strip("{}") or len(letters) not in (1, 2):
        return None
    known = (scope.notation.declared(letter) for letter in letters)
    if any(one is None or one.kind != "array" or one.dims != (1, 1) for one in known):
        return None
    by = [Expression("symbol", (), letter, name.span) for letter in letters]
    return Expression("derivative", (Expression("unknown", (), base, name.span), *by), "Leibniz", name.span)


def unknown(name: Expression, scope: Scope) -> NoReturn:
    """A name that nothing says anything of.  Raises NameFault, with the nearest one that is known."""
    close = nearest(str(name.data), scope.notation.all_names)
    raise NameFault(f"the name {name.data} is neither declared nor introduced{close}", name.span)


def named_at(node: Expression, span: Span | None) -> str:
    """The unknown name or index that stands at a place of an expression; nothing where none does."""
    here = (child for child in node.walk() if child.span == span and child.head in ("unknown", "index"))
    return str(next((child.data for child in here), ""))


def picked(name: Expression, scope: Scope) -> Value | None:
    """The value of an introduced name at its indices; None where there is none of that stem."""
    family, args = family_of(name, scope), _filed(name, scope.introduced)[1]
    if not args or not isinstance(family, Indexed) or len(args) < len(family.axes) or {a.head for a in args} - _PLACES:
        return None
    chosen: dict[Axis, Index] = {}
    shifted: list[tuple[Axis, Term]] = []
    for arg, axis in zip(args, family.axes, strict=False):
        place = one_index(arg, axis.size, scope)
        chosen[axis] = other = scope.arena.axis(axis.size, axis.low) if callable(place) else place
        if callable(place) and isinstance(other, Axis):
            shifted.append((other, place(other)))

    def entry(*at: Index) -> Term:
        term = scope.arena.substitute(family.entry(*at), chosen)
        for axis, here in shifted:  # where it is that step
            term = scope.arena.total(axis, scope.arena.multiply((here, term)))
        return term

    whole = Value(family.dims, entry, name.span)
    rest = args[len(family.axes) :]
    if not rest:
        return whole
    sizes = [size for size in whole.dims if size != 1]
    if len(rest) != len(sizes):
        raise ShapeFault(f"{name.data} has another number of indices where it is introduced", name.span)
    own = [one_index(arg, size, scope) for arg, size in zip(rest, sizes, strict=True)]
    inner = iter(place for place in own if not callable(place))
    return scalar(whole.entry(*(1 if size == 1 else next(inner) for size in whole.dims)))
