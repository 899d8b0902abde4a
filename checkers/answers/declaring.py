r"""The names of formulas that no statement declares: scalars, or the shapes that the formulas themselves tell.

A formula without a sign of arrays is one of scalars.  Where something is transposed, normed, traced, picked by a bound
index or set in bold, capital letters are matrices, small Latin ones vectors and Greek ones scalars, as far as that fits
together; else what differs least from it and does.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from truestep.checkers.answers.fitting import ENTRYWISE, Fit
from truestep.checkers.answers.uses import CANNOT, Use
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import MeaningFault

OF_ARRAYS = frozenset(("trace", "det", "logdet", "diag", "vec", "rank", "softmax"))
MOST_WAYS = 3


@dataclass(frozen=True)
class Declarations:
    """Names with their shapes, functions with their kinds, and what depends on what, as a statement has them."""

    symbols: Mapping[str, str] = field(default_factory=dict)
    functions: Mapping[str, str] = field(default_factory=dict)
    given: tuple[str, ...] = ()


def declarations(
    wanted: Sequence[Expression], given: Sequence[Expression] = (), bold: Collection[str] = ()
) -> tuple[Declarations, ...]:
    r"""The ways in which a statement may declare the names of formulas, the usual one first; there are a few.

    The formulas that are ``wanted`` tell the shapes, those that are ``given`` beside them only those of further names;
    ``bold`` are the letters that are set so.  Raises MeaningFault where no shapes fit.

    >>> x, W = Expression("unknown", (), "x"), Expression("unknown", (), "W")
    >>> declarations([Expression("add", (x, W))])[0].symbols
    {'x': 'scalar', 'W': 'scalar'}
    >>> declarations([Expression("product", (Expression("transpose", (W,)), x), ("", ""))])[0].symbols
    {'W': 'n x m', 'x': 'n'}
    """
    use = Use((*wanted, *given))
    names, more = list(use.names(wanted)), list(use.names(given))
    more = [name for name in more if name not in names]
    is_array = bool(use.picked or bold) or any(map(_tells_arrays, use.nodes((*wanted, *given))))
    ways = list(_ways(wanted, given, names, more, use, bold)) if is_array or use.has_products(wanted) else []
    shapes = ways if is_array else [dict.fromkeys((*names, *more), "scalar"), *ways[:1]]
    if not shapes:
        raise MeaningFault(CANNOT)
    unique = [one for place, one in enumerate(shapes) if one not in shapes[:place]]
    return tuple(Declarations(use.declared(one), use.functions, use.given) for one in unique[:MOST_WAYS])


def _ways(
    wanted: Sequence[Expression],
    given: Sequence[Expression],
    names: Sequence[str],
    more: Sequence[str],
    use: Use,
    bold: Collection[str],
) -> Iterator[dict[str, str]]:
    """Shapes of the names under which what is wanted fits together, those that differ little from the usual ones."""
    fixed = dict[str, Mapping[int, int]]()
    found = list(itertools.islice(Fit(wanted, use, bold, fixed).fits(names), MOST_WAYS))
    least = min((cost for cost, _, _ in found), default=0)
    for cost, kinds, shapes in found:
        if cost > least:
            continue
        fixed = {name: {kind: 0} for name, kind in kinds.items()}
        for formulas in ((*wanted, *given), given):
            both = next(Fit(formulas, use, bold, fixed).fits([*names, *more]), None) if more else None
            if both is not None:
                yield both[2]
                break
        else:
            yield shapes | dict.fromkeys(more, "scalar")


def _tells_arrays(node: Expression) -> bool:
    is_product = node.head == "product" and not ENTRYWISE.isdisjoint(node.data)
    return is_product or node.head in ("transpose", "norm") or (node.head == "apply" and node.data[0] in OF_ARRAYS)
