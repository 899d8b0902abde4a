r"""What is asked: free optima as what makes a gradient vanish, and derivatives that vanish by default.

Under equations for x the gradient of what ``\min_x f`` asks for need not vanish (Boyd and Vandenberghe, Convex
Optimization, 4.2.3). A derivative of what nothing says that it varies is told to the author, and never graded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from truestep.derivations.language.faults import Fault, StatementFault, quoted
from truestep.derivations.language.latex.groups import tree
from truestep.derivations.language.reading.tokens import canonical
from truestep.derivations.meaning.differentiate import quantities, roots
from truestep.derivations.meaning.scope import value_of
from truestep.derivations.meaning.shaped_terms import axes_for
from truestep.problems.statements.assumptions import quantity_of
from truestep.problems.statements.declarations import stands
from truestep.problems.statements.left_sides import opening, readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.language.expression import Expression
    from truestep.derivations.meaning.scope import Scope
    from truestep.problems.statements.problem import Problem

_EXTREMES = (r"\min", r"\max")
_PLACES = (r"\argmin", r"\argmax", r"\operatorname{argmin}", r"\operatorname{argmax}")


class _Optimum(NamedTuple):
    """What is made least or largest, by what, and whether the place is asked."""

    of: str
    by: str
    is_place: bool


def with_optima(problem: Problem) -> Problem:
    r"""The problem with free optima asked for as what makes a gradient vanish.

    >>> from truestep.problems.statements.problem import Problem
    >>> made = with_optima(Problem(symbols={"x": "n", "f": "scalar"}, given=("f = x^T x",), find=(r"\arg\min_x f",)))
    >>> made.find, made.assume
    (('x',), ('\\nabla_{x} f = 0',))
    """
    find, assume, names = list(problem.find), list(problem.assume), dict(problem.names)
    for place, text in enumerate(problem.find):
        found = _optimum(text)
        if found is None or not _is_free(found, problem):
            continue
        find[place] = found.by if found.is_place else found.of
        fact = rf"\nabla_{{{found.by}}} {found.of} = 0"
        assume += [fact] if fact not in assume else []
        names |= {text: find[place], text.replace(r"\arg\m", r"\argm"): find[place]}
    return replace(problem, find=tuple(find), assume=tuple(assume), names=names) if find != [*problem.find] else problem


def _optimum(text: str) -> _Optimum | None:
    tokens = readable(text)
    place = next((k for k, token in enumerate(tokens) if token.text == "_"), 0)
    head, script, rest = canonical(tokens[:place]).replace(" ", ""), tokens[place + 1 : place + 2], tokens[place + 2 :]
    is_place = head.replace(r"\arg", "", 1) in _EXTREMES and head not in _EXTREMES
    if not (head in (*_EXTREMES, *_PLACES) or is_place) or not script:
        return None
    if script[0].kind == "open":
        end = tree(tokens).partner[place + 1]
        script, rest = tokens[place + 2 : end], tokens[end + 1 :]
    name = rest[: opening(rest) or len(rest)]
    return _Optimum(canonical(name), canonical(script), is_place or head in _PLACES) if name and script else None


def _is_free(found: _Optimum, problem: Problem) -> bool:
    """Whether both are quantities of the problem, and no equation is assumed of the one that is varied."""
    declared = {canonical(readable(name)): shape for name, shape in problem.symbols.items()}
    is_array = not declared.get(found.by, "index").startswith(("index", "size"))
    lefts = {
        canonical(tokens[: opening(tokens) or len(tokens)])
        for tokens in (readable(text.partition("=")[0]) for text in problem.given)
    }
    by = readable(found.by)
    is_tied = any("=" in text and stands(by, readable(text)) for text in problem.assume)
    return is_array and found.of in {*declared, *lefts} and not is_tied


def refuse_constant(
    texts: Sequence[str], find: Sequence[Expression], lefts: Sequence[Expression], scope: Scope
) -> None:
    """Raises StatementFault where a derivative that is asked for vanishes, since no given speaks of what it is of.

    So it is of ``D_v f``, which is the derivative by v, where f is given without v.
    """
    arena = scope.arena
    told = {found[0] for left in lefts if (found := quantity_of(left, scope.notation)) is not None}
    tied = {name for system in arena.systems for one in system.constraints for name in quantities(one.gap)}
    known = {*told, *tied, *arena.definitions, *arena.told}  # by a given that is not understood, too
    for text, node in zip(texts, find, strict=False):
        parts = [quantity_of(part, scope.notation) for part in node.args] if node.head == "derivative" else []
        names = [one[0] for one in parts if one is not None]
        is_untold = len(names) == len(parts) > 0 and names[0] in arena.shapes
        is_untold = is_untold and (names[0] not in known or node.data == "operator")
        is_untold = is_untold and roots(arena, names[:1]).isdisjoint(roots(arena, names[1:]))
        if is_untold and not arena.recurring and _is_zero(node, scope.like(free=dict(scope.free), ran={})):
            top, by = names[0], names[-1]
            mend = rf"write {by}^T \nabla {top} for the derivative along {by}"
            mend = mend if node.data == "operator" else f"give {top} = {top}({by})"
            raise StatementFault(
                f"{quoted(text)} is 0 whatever is done, since nothing says that {top} depends on {by};"
                f" {mend}, or state the answer",
                code="constant",
                key="find",
                entry=text,
            )


def _is_zero(node: Expression, scope: Scope) -> bool:
    """Whether a derivative is 0 as a term, so that no right answer but 0 could be called right."""
    try:
        value = value_of(node, scope)
        term = value.entry(*axes_for(scope.arena, value.dims))
    except Fault:
        return False
    return term.op == "constant" and term.data == 0
