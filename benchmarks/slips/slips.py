"""SLIPS: one row per mistake, with what puts it into a right line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from benchmarks.slips.places import Change, Edit, Line, at_the_root, everywhere, with_part, without
from benchmarks.slips.trees import Site, dims_of, plain, put, sites
from derivations.expression import Expression, add, negative, number, product
from derivations.shapes import SCALAR
from derivations.writing import latex

Changed = Iterable[tuple[Expression, str]]

ONE, TWO = number(1), number(2)
RATES = (r"\alpha", r"\eta")
OTHER_FUNCTIONS = {"sin": "cos", "cos": "sin", "exp": "log", "log": "exp", "sigmoid": "tanh", "tanh": "sigmoid"}
ONLY_SCALARS = ("number", "kronecker", "size")


@dataclass(frozen=True)
class Slip:
    """A mistake: its code, what makes it, and the other codes by which it may rightly be called."""

    code: str
    change: Change
    also: tuple[str, ...] = ()


def quotient(above: Expression, below: Expression) -> Expression:
    """A fraction."""
    return Expression("quotient", (above, below), "frac")


def transposed(node: Expression) -> Expression:
    """The transpose; of a transpose what it is the transpose of."""
    return node.args[0] if node.head == "transpose" else Expression("transpose", (node,))


def toggled(term: Expression) -> Expression:
    """The term with the other sign."""
    return term.args[0] if term.head == "negative" else negative(term)


# Signs, numbers and sizes


def _sign(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "add":
        for place, term in enumerate(node.args):
            yield with_part(node, place, toggled(term)), f"the sign of term {place + 1}"
    elif node.head == "negative":
        yield node.args[0], "a minus dropped"
    elif not site.path:
        yield negative(node), "a minus put in front"


def _is_number(node: Expression, value: int) -> bool:
    return node.head == "number" and node.data[0] == value


def _factor_two(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "product":
        for place, factor in enumerate(node.args):
            if _is_number(factor, 2):
                yield without(node, place), "a factor 2 dropped"
            elif factor.head == "quotient" and _is_number(factor.args[0], 2):
                yield with_part(node, place, quotient(ONE, factor.args[1])), "a factor 2 dropped"
    elif node.head == "quotient" and _is_number(node.args[0], 2):
        yield quotient(ONE, node.args[1]), "a factor 2 dropped"


def _half(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "quotient" and _is_number(node.args[1], 2):
        yield node.args[0], "a half dropped"


def _double(node: Expression, line: Line) -> Changed:
    yield product(TWO, node), "a factor 2 put in front"


def _mean(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head != "quotient":
        return
    above, below = node.args
    if below.head == "size":
        yield above, f"1/{below.data} dropped"
    elif below.head == "product":
        for place, factor in enumerate(below.args):
            if factor.head == "size":
                yield quotient(above, without(below, place)), f"1/{factor.data} dropped"


def _counts(line: Line) -> list[Expression]:
    sizes = {size for size in line.sizes.values() if isinstance(size, str)}
    sizes |= {size for size in line.dims(line.row.left) if isinstance(size, str)}
    return [Expression("size", (), size) for size in sorted(sizes)[:2]]


def _mean_put_in(node: Expression, line: Line) -> Changed:
    for size in _counts(line):
        yield product(quotient(ONE, size), node), f"1/{size.data} put in front"


def _size_dropped(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "product":
        for place, factor in enumerate(node.args):
            if factor.head == "size":
                yield without(node, place), f"the factor {factor.data} dropped"


def _size_put_in(node: Expression, line: Line) -> Changed:
    for size in _counts(line):
        yield product(size, node), f"the factor {size.data} put in front"


def _factor_dropped(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "product":
        for place, factor in enumerate(node.args):
            if factor.head not in ("number", "size", "kronecker", "derivative"):
                yield without(node, place), f"factor {place + 1} dropped"


def _factor_repeated(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "product":
        for place, factor in enumerate(node.args):
            if factor.head in ("symbol", "entry") and line.is_scalar(factor):
                yield with_part(node, place, factor, factor), f"factor {place + 1} twice"


def _rate_dropped(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "product":
        for place, factor in enumerate(node.args):
            if factor.head == "symbol" and factor.data in RATES:
                yield without(node, place), f"{factor.data} dropped"


# Matrices


def _turned(site: Site, line: Line) -> Changed:
    node = site.node
    if not site.path or node.head not in ("transpose", "symbol"):
        return
    dims = dims_of(node, line.notation)
    if dims is not None and dims != SCALAR:
        yield transposed(node), "a transpose dropped" if node.head == "transpose" else "a transpose put in"


def _pairs(site: Site, line: Line) -> Iterator[tuple[int, Expression, Expression]]:
    node = site.node
    if node.head == "product":
        for place, (left, right) in enumerate(zip(node.args, node.args[1:], strict=False)):
            if line.dims(left) != SCALAR != line.dims(right):
                yield place, left, right


def _swapped(site: Site, line: Line) -> Changed:
    for place, left, right in _pairs(site, line):
        if site.node.data[place + 1] not in ("odot", "circ"):
            args = (*site.node.args[:place], right, left, *site.node.args[place + 2 :])
            yield replace(site.node, args=args), "two matrices in the other order"


def _sign_of(site: Site, line: Line, wanted: tuple[str, ...], new: str) -> Changed:
    for place, _, _ in _pairs(site, line):
        signs = site.node.data
        if signs[place + 1] in wanted:
            yield replace(site.node, data=(*signs[: place + 1], new, *signs[place + 2 :])), "another product"


def _hadamard(site: Site, line: Line) -> Changed:
    return _sign_of(site, line, ("",), "odot")


def _juxtaposed(site: Site, line: Line) -> Changed:
    return _sign_of(site, line, ("odot", "circ"), "")


def _is_vector(node: Expression, line: Line) -> bool:
    dims = line.dims(node)
    return dims != SCALAR and 1 in dims


def _outer(site: Site, line: Line) -> Changed:
    for place, left, right in _pairs(site, line):
        if (
            left.head == "transpose"
            and _is_vector(left, line)
            and _is_vector(right, line)
            and right.head != "transpose"
        ):
            args = (*site.node.args[:place], left.args[0], transposed(right), *site.node.args[place + 2 :])
            yield replace(site.node, args=args), "an outer product for an inner one"


def _inner(site: Site, line: Line) -> Changed:
    for place, left, right in _pairs(site, line):
        if (
            right.head == "transpose"
            and _is_vector(left, line)
            and _is_vector(right, line)
            and left.head != "transpose"
        ):
            args = (*site.node.args[:place], transposed(left), right.args[0], *site.node.args[place + 2 :])
            yield replace(site.node, args=args), "an inner product for an outer one"


def _layout(node: Expression, line: Line) -> Changed:
    if line.dims(line.row.left) != SCALAR and not line.row.free and line.work.problem.layout != "either":
        yield transposed(node), "the whole transposed"


# Indices


def _index_places(site: Site, line: Line) -> Iterator[tuple[int, str]]:
    node = site.node
    first = 1 if node.head == "entry" else 0
    if node.head in ("entry", "member"):
        for place in range(first, len(node.args)):
            if node.args[place].head == "index":
                yield place, str(node.args[place].data)


def _others(name: str, site: Site, line: Line) -> list[str]:
    known = dict.fromkeys((*line.row.free, *site.bound))
    return [one for one in known if one != name and line.sizes.get(one) == line.sizes.get(name, "?")]


def _index(name: str) -> Expression:
    return Expression("index", (), name)


def _index_swapped(site: Site, line: Line) -> Changed:
    for place, name in _index_places(site, line):
        for other in _others(name, site, line):
            yield with_part(site.node, place, _index(other)), f"{other} for {name}"


def _index_escaped(site: Site, line: Line) -> Changed:
    for place, name in _index_places(site, line):
        if not site.bound and name in line.row.free:
            letter = line.unused_letter()
            yield with_part(site.node, place, _index(letter)), f"{letter}, which nothing binds, for {name}"


def _delta_dropped(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "product":
        for place, factor in enumerate(node.args):
            if factor.head == "kronecker":
                yield without(node, place), "a delta dropped"


def _delta_indices(site: Site, line: Line) -> Changed:
    if site.node.head == "kronecker":
        for place, arg in enumerate(site.node.args):
            for other in _others(arg.data, site, line) if arg.head == "index" else ():
                if other != site.node.args[1 - place].data:
                    yield with_part(site.node, place, _index(other)), f"a delta with {other} for {arg.data}"


def _sum_dropped(site: Site, line: Line) -> Changed:
    if site.node.head == "sum":
        yield site.node.args[0], f"the sum over {', '.join(site.node.data)} dropped"


def _sum_elsewhere(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "sum" and len(node.data) == 1:
        for other in _others(node.data[0], site, line):
            yield replace(node, data=(other,)), f"a sum over {other} for {node.data[0]}"


def _term_outside(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "sum" and node.args[0].head == "add":
        first, *rest = node.args[0].args
        yield add(*rest, replace(node, args=(first, *node.args[1:]))), "terms outside the sum"


# Rules of differentiation


def _is_derivative(node: Expression) -> bool:
    return node.head == "derivative" or (node.head == "apply" and node.data[1] > 0)


def _inner_dropped(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "product":
        for place, factor in enumerate(node.args):
            if _is_derivative(factor):
                yield without(node, place), f"the derivative that is factor {place + 1} dropped"


def _product_rule(node: Expression, line: Line) -> Changed:
    if "product rule" in line.row.rule and node.head == "add":
        for place in range(len(node.args)):
            yield without(node, place), "one term of the product rule alone"


def _square_below(node: Expression) -> bool:
    return node.head == "quotient" and node.args[1].head == "power" and _is_number(node.args[1].args[1], 2)


def _by_quotient_rule(site: Site) -> bool:
    return _square_below(site.node) and site.node.args[0].head == "add" and len(site.node.args[0].args) == 2


def _quotient_sign(site: Site, line: Line) -> Changed:
    if _by_quotient_rule(site):
        first, second = site.node.args[0].args
        yield quotient(add(first, toggled(second)), site.node.args[1]), "the other sign in the numerator"


def _quotient_order(site: Site, line: Line) -> Changed:
    if _by_quotient_rule(site):
        first, second = site.node.args[0].args
        yield quotient(add(toggled(first), toggled(second)), site.node.args[1]), "the numerator in the other order"


def _quotient_square(site: Site, line: Line) -> Changed:
    if _square_below(site.node):
        yield quotient(site.node.args[0], site.node.args[1].args[0]), "the square below dropped"


def _one_minus(node: Expression) -> Expression | None:
    """The ``a`` of ``1 - a``."""
    if node.head == "add" and len(node.args) == 2 and _is_number(node.args[0], 1) and node.args[1].head == "negative":
        return node.args[1].args[0]
    return None


def _name_in(node: Expression) -> str | None:
    while node.head == "entry":
        node = node.args[0]
    return str(node.data) if node.head == "symbol" else None


def _wrong_place(site: Site, line: Line) -> Changed:
    """``a (1 - a)`` with what a is a function of: ``z (1 - z)``; ``f'(z)`` as ``f'(f(z))``."""
    node = site.node
    if node.head == "apply" and node.data[1] > 0:
        value = replace(node, data=(node.data[0], 0, None))
        yield replace(node, args=(value,)), "the derivative at the value of the function"
    inner = dict(_arguments(line))
    if node.head == "product":
        for factor in node.args:
            name = _name_in(_one_minus(factor) or ONE)
            if name in inner:
                yield _with_symbol(node, name, inner[name]), "the derivative at the argument"


def _arguments(line: Line) -> Iterator[tuple[str, str]]:
    for left, right in line.work.setting.given:
        made, of = _name_in(left), _name_in(right.args[0]) if right.head == "apply" and len(right.args) == 1 else None
        if made and of and line.notation.declared(made) == line.notation.declared(of):
            yield made, of


def _with_symbol(node: Expression, old: str, new: str) -> Expression:
    def change(one: Expression) -> Expression:
        return replace(one, data=new) if one.head == "symbol" and one.data == old else one

    return node.map(change)


# Functions, powers, cases


def _labels_swapped(node: Expression, line: Line) -> Changed:
    names = {str(one.data) for one in node.walk() if one.head == "symbol"}
    for name in sorted(names):
        other = rf"\hat{{{name}}}"
        if other in names and not node.has("derivative"):
            swapped = _with_symbol(_with_symbol(_with_symbol(node, name, "#"), other, name), "#", other)
            yield swapped, f"{name} and {other} exchanged"


def _log_split(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head != "apply" or node.data != ("log", 0, None):
        return
    (inner,) = node.args
    if inner.head == "add" and all(term.head != "negative" for term in inner.args):
        yield add(*(replace(node, args=(term,)) for term in inner.args)), "the log of a sum as a sum of logs"
    elif inner.head == "sum":
        yield replace(inner, args=(replace(node, args=inner.args[:1]), *inner.args[1:])), "the log under the sum"


def _is_exponential(node: Expression) -> bool:
    return node.head == "power" and node.args[0].head == "constant" and node.args[0].data == "e"


def _exponent_rule(site: Site, line: Line) -> Changed:
    node = site.node
    if _is_exponential(node):
        exponent = node.args[1]
        if exponent.head == "add":
            yield add(*(with_part(node, 1, term) for term in exponent.args)), "a sum of powers for a power of a sum"
        if exponent.head == "negative":
            yield negative(with_part(node, 1, exponent.args[0])), "a minus taken out of the exponent"


def _exponent(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head != "power" or node.args[1].head != "number" or not line.is_scalar(node.args[0]):
        return
    exponent = node.args[1].data[0]
    for other in (exponent + 1, exponent - 1, -exponent):
        if other not in (0, 1):
            raised = negative(number(-other)) if other < 0 else number(other)
            yield with_part(node, 1, raised), f"the exponent {other}"
    if exponent == 2:
        yield node.args[0], "the exponent 1"


def _upside_down(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "quotient" and line.is_scalar(node.args[0]):
        yield quotient(node.args[1], node.args[0]), "a fraction upside down"


def _diagonal_alone(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "add" and any(term.head == "kronecker" for term in node.args):
        terms = tuple(ONE if term.head == "kronecker" else term for term in node.args)
        yield replace(node, args=terms), "the case of equal indices for all"


def _off_diagonal_alone(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "add":
        for place, term in enumerate(node.args):
            if term.head == "kronecker":
                yield without(node, place), "the case of different indices for all"


def _diagonal_off(node: Expression, line: Line) -> Changed:
    different = any(one.data == "!=" for one in line.work.setting.assumptions.conditions)
    inner = node.args[0] if node.head == "negative" else node
    if different and inner.head == "product" and len(inner.args) == 2:
        first, second = inner.args
        yield product(first, add(ONE, negative(second))), "the diagonal entry off the diagonal"


def _softmax_elementwise(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "add" and len(node.args) == 2 and node.args[1].head == "negative":
        first, second = node.args[0], node.args[1].args[0]
        if first.head == "kronecker" and second.head == "entry":
            yield product(first, add(ONE, negative(second))), "softmax as if it were elementwise"
        if first.head == "apply" and first.data[0] == "diag":
            (vector,) = first.args
            entries = Expression("product", (vector, add(ONE, negative(vector))), ("", "odot"))
            yield replace(first, args=(entries,)), "softmax as if it were elementwise"


def _assumed(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "sum" and node.args[0].head == "entry" and _name_in(node.args[0]):
        yield ONE, "a sum taken to be 1"
    dims = line.dims(node)
    if node.head == "transpose" and node.args[0].head == "symbol" and dims[0] == dims[1] != 1:
        yield node.args[0], "a matrix taken to be symmetric"


def _bracket_lost(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "negative" and node.args[0].head == "add":
        first, *rest = node.args[0].args
        yield add(negative(first), *rest), "a bracket after a minus lost"
    if node.head == "product" and node.args[-1].head == "add":
        first, *rest = node.args[-1].args
        if first.head != "negative":
            yield add(with_part(node, len(node.args) - 1, first), *rest), "a bracket after a factor lost"


def _bias(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "add":
        for place, term in enumerate(node.args):
            if (_name_in(term) or "").startswith("b"):
                yield without(node, place), "the bias dropped"


def _constant_kept(node: Expression, line: Line) -> Changed:
    used = {str(one.data) for one in node.walk() if one.head == "symbol"}
    for name in line.notation.names.values():
        dims = name.declared.dims
        fits = dims == line.dims(node) and not line.row.free
        if name.full not in used and name.declared.kind == "array" and fits and not _is_defined(name.full, line):
            yield add(node, Expression("symbol", (), name.full)), f"{name.full} kept"


def _is_defined(name: str, line: Line) -> bool:
    return any(_name_in(left) == name for left, _ in line.work.setting.given)


def _case_as_general(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "kronecker" and any(arg.data in line.notation.indices for arg in node.args):
        yield ONE, "the true label's case for all"


def _term_dropped(site: Site, line: Line) -> Changed:
    if site.node.head == "add":
        for place in range(len(site.node.args)):
            yield without(site.node, place), f"term {place + 1} dropped"


def _term_repeated(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "add":
        for place, term in enumerate(node.args):
            yield (
                replace(node, args=(*node.args[: place + 1], term, *node.args[place + 1 :])),
                f"term {place + 1} twice",
            )


def _function(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "apply" and not node.data[1] and node.data[0] in OTHER_FUNCTIONS:
        yield replace(node, data=(OTHER_FUNCTIONS[node.data[0]], *node.data[1:])), "another function"
    if node.head == "apply" and node.data[1]:
        yield replace(node, data=(node.data[0], node.data[1] - 1, node.data[2])), "the function for its derivative"
    inner = _one_minus(node)
    if inner is not None and inner.head == "power" and _is_number(inner.args[1], 2):
        yield add(ONE, negative(inner.args[0])), "1 - a for 1 - a^2"


def _variable(site: Site, line: Line) -> Changed:
    node = site.node
    declared = line.notation.declared(node.data) if node.head == "symbol" else None
    if declared is None or declared.kind != "array":
        return
    others = [
        name.full for name in line.notation.names.values() if name.declared == declared and name.full != node.data
    ]
    for other in others[:2]:
        yield replace(node, data=other), f"{other} for {node.data}"


# Lines of another kind


def _given(line: Line) -> Iterator[Edit]:
    """A given restated wrongly in front of the work, by another slip in it."""
    if line.place:
        return
    for left, right in line.work.setting.given:
        if left.head == "symbol":
            restated = plain(right)
            for change in (_sign, _turned, _factor_two, _mean):
                for site in sites(restated):
                    for new, done in change(site, line):
                        changed = Edit(put(restated, site.path, new), f"a given restated with {done}")
                        yield replace(
                            changed,
                            before=True,
                            text=f"{latex(left, line.notation)} = {latex(changed.right, line.notation)}",
                        )


def _shape(line: Line) -> Iterator[Edit]:
    r"""``\in \mathbb{R}^{n \times m}`` behind the line, with rows and columns exchanged."""
    dims = dims_of(line.row.right, line.notation) if not line.row.free else None
    if dims and len(dims) == 2 and dims[0] != dims[1] and dims != SCALAR and 1 not in dims:
        text = line.work.text(line.place) + rf" \in \mathbb{{R}}^{{{dims[1]} \times {dims[0]}}}"
        yield Edit(line.row.right, f"said to be {dims[1]} x {dims[0]}", text)


LAYOUTS = ("transposed", "layout", "product-order", "outer-for-inner", "inner-for-outer")
TERMS = ("missing-term", "extra-term")
INDICES = ("wrong-index", "escaped-index", "delta-indices", "sum-over-wrong-index")
FACTORS = ("missing-factor", "missing-inner-derivative", "missing-size", "missing-mean")

SLIPS = (
    Slip("sign", everywhere(_sign), ("quotient-sign", "quotient-order", "bracket-lost", "wrong-exponent")),
    Slip("missing-factor-2", everywhere(_factor_two), ("missing-factor", "extra-factor-2", "bracket-lost")),
    Slip("extra-factor-2", everywhere(_half), ("extra-factor", "wrong-exponent")),
    Slip("extra-factor-2", at_the_root(_double), ("extra-factor",)),
    Slip("missing-mean", everywhere(_mean), ("extra-size", "bracket-lost")),
    Slip("extra-mean", at_the_root(_mean_put_in), ("missing-size",)),
    Slip("missing-size", everywhere(_size_dropped), ("extra-mean", "missing-mean", "missing-factor")),
    Slip("extra-size", at_the_root(_size_put_in), ("missing-mean", "extra-factor")),
    Slip(
        "missing-factor",
        everywhere(_factor_dropped),
        (*FACTORS, "wrong-exponent", "reciprocal", "function-for-derivative"),
    ),
    Slip("extra-factor", everywhere(_factor_repeated), ("wrong-exponent",)),
    Slip("missing-learning-rate", everywhere(_rate_dropped), ("missing-factor",)),
    Slip("transposed", everywhere(_turned), LAYOUTS),
    Slip("product-order", everywhere(_swapped), LAYOUTS),
    Slip("hadamard-for-product", everywhere(_hadamard), ()),
    Slip("product-for-hadamard", everywhere(_juxtaposed), ()),
    Slip("outer-for-inner", everywhere(_outer), LAYOUTS),
    Slip("inner-for-outer", everywhere(_inner), LAYOUTS),
    Slip("layout", at_the_root(_layout), LAYOUTS),
    Slip("wrong-index", everywhere(_index_swapped), INDICES),
    Slip("escaped-index", everywhere(_index_escaped), ("wrong-index",)),
    Slip(
        "missing-delta",
        everywhere(_delta_dropped),
        ("one-case-only", "missing-factor", "extra-sum", "missing-inner-derivative"),
    ),
    Slip("delta-indices", everywhere(_delta_indices), INDICES),
    Slip("missing-sum", everywhere(_sum_dropped), ("escaped-index", "wrong-index", "missing-size")),
    Slip("sum-over-wrong-index", everywhere(_sum_elsewhere), INDICES),
    Slip(
        "term-outside-sum", everywhere(_term_outside), ("bracket-lost", "missing-size", "missing-sum", "escaped-index")
    ),
    Slip("missing-inner-derivative", everywhere(_inner_dropped), (*FACTORS, "missing-delta", "extra-sum")),
    Slip("product-rule", at_the_root(_product_rule), ("missing-term",)),
    Slip("quotient-sign", everywhere(_quotient_sign), ("sign",)),
    Slip("quotient-order", everywhere(_quotient_order), ("sign", "quotient-sign")),
    Slip("quotient-square", everywhere(_quotient_square), ("wrong-exponent",)),
    Slip("derivative-at-wrong-place", everywhere(_wrong_place), ("wrong-variable", "wrong-function")),
    Slip("swapped-labels", at_the_root(_labels_swapped), ("sign", "wrong-variable")),
    Slip("log-of-sum-split", everywhere(_log_split), ()),
    Slip("exponent-rule", everywhere(_exponent_rule), ("sign",)),
    Slip("wrong-exponent", everywhere(_exponent), ("missing-factor", "extra-factor", "reciprocal", "quotient-square")),
    Slip("reciprocal", everywhere(_upside_down), ("wrong-exponent", "swapped-labels")),
    Slip("one-case-only", everywhere(_diagonal_alone), ("missing-delta", "diagonal-for-off-diagonal")),
    Slip("one-case-only", everywhere(_off_diagonal_alone), ("missing-term", "missing-delta")),
    Slip("diagonal-for-off-diagonal", at_the_root(_diagonal_off), ("one-case-only",)),
    Slip("softmax-elementwise", everywhere(_softmax_elementwise), ("missing-delta", "one-case-only")),
    Slip("assumption-used", everywhere(_assumed), ("transposed", "missing-factor", "missing-sum", *LAYOUTS)),
    Slip("given-restated", _given, ("layout", "transposed")),
    Slip("bracket-lost", everywhere(_bracket_lost), ("sign", "missing-factor", "missing-factor-2", "missing-mean")),
    Slip("claimed-shape", _shape, ("shape",)),
    Slip("forgotten-bias", everywhere(_bias), ("missing-term",)),
    Slip("constant-kept", at_the_root(_constant_kept), ("extra-term",)),
    Slip("special-case-as-general", everywhere(_case_as_general), ("missing-delta", "one-case-only")),
    Slip(
        "missing-term", everywhere(_term_dropped), ("forgotten-bias", "product-rule", "one-case-only", "quotient-apart")
    ),
    Slip("extra-term", everywhere(_term_repeated), ("extra-factor-2", "constant-kept")),
    Slip("wrong-function", everywhere(_function), ("missing-factor", "wrong-exponent")),
    Slip("wrong-variable", everywhere(_variable), ("swapped-labels", "derivative-at-wrong-place", "wrong-function")),
)
