r"""Rules of matrices that a work recalls in letters of its own: ``\nabla_x (x^T M x) = (M + M^T) x``.

Nothing says what shapes these letters have, so capitals are square matrices, and small letters vectors, or numbers
where these do not fit.
"""

from __future__ import annotations

import itertools
from contextlib import suppress
from typing import TYPE_CHECKING

from truestep.checkers.comparing.world import World
from truestep.checkers.works.bench import Bench
from truestep.checkers.works.claim import Claim
from truestep.derivations.language.expression import Expression, symbol
from truestep.derivations.language.faults import Fault
from truestep.derivations.meaning.calculus import strip_groups
from truestep.problems.statements.prepared import setting_of
from truestep.problems.statements.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from truestep.checkers.comparing.verdicts import Verdict
    from truestep.derivations.language.reading.chains import Statement
    from truestep.derivations.meaning.effort import Effort

MOST_LETTERS = 3
_SIZE = "n"
_MATRICES, _ARRAYS = (f"{_SIZE} x {_SIZE}",), (_SIZE, "scalar")  # of capital letters, and of small ones
_LETTERS = ("unknown", "symbol")
_BEYOND = frozenset(("call", "member", "differential", "prime", "dots", "unread", "value", "at"))
_PLACES = ("index", "entry", "sum")


def matrix_rule(statement: Statement, known: frozenset[str], effort: Effort) -> Verdict | None:
    """The verdict on an equation whose letters nothing defines, in the first shapes that fit.

    None where it says something of what is ``known``, or where no shapes let it be decided.
    """
    parts = statement.parts
    if len(parts) < 2 or parts[0].relation or any(part.relation != "=" for part in parts[1:]):
        return None
    sides = [part.expression.map(_by_entries) for part in parts]
    nodes = [node for side in sides for node in side.walk()]
    names = [{str(node.data) for node in side.walk() if node.head in _LETTERS} for side in sides]
    is_rule = (
        sides[0].head not in _LETTERS and bool(names[0] - known) and all(names) and set[str]().union(*names) <= names[0]
    )
    if (
        not is_rule
        or len(names[0]) > MOST_LETTERS
        or any(node.head in _BEYOND or (node.head in _LETTERS and node.args) for node in nodes)
    ):
        return None
    slope = strip_groups(sides[0])
    top = slope.args[0] if slope.head in ("derivative", "gradient") else slope
    if {str(node.data) for node in top.walk() if node.head in _LETTERS} <= known:
        return None  # \partial a / \partial z of a known a: by a name of the work's own
    letters = sorted(names[0])
    for shapes in itertools.product(*(_MATRICES if name[:1].isupper() else _ARRAYS for name in letters)):
        found = [*_under(dict(zip(letters, shapes, strict=True)), sides, effort)]
        if found:
            by_places = any(node.head in _PLACES for node in nodes)  # which entries are meant, words may say
            return next((one for one in found if one.is_right), None if by_places else found[0])
    return None


def _by_entries(node: Expression) -> Expression:
    """``B_{ji}`` of a letter that nothing defines as an entry of an array."""
    is_entry = node.head == "unknown" and node.args and all(arg.head in ("index", "number") for arg in node.args)
    base = Expression("unknown", (), str(node.data).partition("_")[0], node.span)
    return Expression("entry", (base, *node.args), None, node.span) if is_entry else node


def _under(shapes: Mapping[str, str], sides: Sequence[Expression], effort: Effort) -> Iterator[Verdict]:
    """The verdicts on the sides where the letters have these shapes: of any matrices, and of symmetric ones."""
    of_places = any(side.has(*_PLACES) for side in sides)  # which tell a matrix from its transpose
    is_slope = strip_groups(sides[0]).head in ("derivative", "gradient") and not of_places
    matrices = [name for name, shape in shapes.items() if shape in _MATRICES and is_slope]
    for assumed in ([], [f"{name} = {name}^T" for name in matrices]) if matrices else ([],):
        with suppress(Fault, RecursionError):
            nodes = (node for side in sides for node in side.walk())
            places = {str(node.data): f"index {_SIZE}" for node in nodes if node.head == "index"}
            problem = Problem(symbols={**places, **shapes}, assume=tuple(assumed), find=(next(iter(shapes)),))
            bench = Bench(World(setting_of(problem)))
            effort.spend(bench.scope.arena.effort.spent)
            bench.scope.arena.effort = effort
            left, *rest = (side.map(_declared) for side in sides)
            found = [bench.judge(Claim(left, right)) for right in rest]
            if any(one.code in ("shape", "transposed") for one in found):
                return
            sure = [one.verdict for one in found if one.verdict.is_right or one.verdict.witness is not None]
            if len(sure) == len(found):
                yield next((one for one in sure if one.is_wrong), sure[0])


def _declared(node: Expression) -> Expression:
    return symbol(str(node.data)) if node.head in _LETTERS else node
