"""The setting of a problem: its notation, its quantities with what defines them, and what is assumed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from msgspec.json import decode, encode

from truestep.derivations.language.einstein import over_pairs, summed
from truestep.derivations.language.expression import Expression, free_indices, symbol
from truestep.derivations.language.faults import Fault, MeaningFault, StatementFault, nearest, quoted
from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.reading.calls import by_name
from truestep.derivations.language.reading.chains import read_row
from truestep.derivations.language.reading.parser import Parser
from truestep.derivations.language.reading.rowtext import Context, row_tokens
from truestep.derivations.meaning.arena import Arena
from truestep.derivations.meaning.calculus import strip_groups
from truestep.derivations.meaning.denotation import RULES
from truestep.derivations.meaning.scope import Scope
from truestep.problems.kinds.inequalities import as_expression
from truestep.problems.statements import chances, left_sides
from truestep.problems.statements.asked import refuse_constant, with_optima
from truestep.problems.statements.assumptions import Assumptions, is_definite, quantity_of, settled, understand
from truestep.problems.statements.constraints import Held, constrain, contradiction, hold, imply, names_of, seek
from truestep.problems.statements.declarations import context_of, tokens_of
from truestep.problems.statements.declared_notation import (
    function_table,
    register_shapes,
    user_macros,
    with_identifiers,
    with_squares,
)
from truestep.problems.statements.defined_functions import complete, exact
from truestep.problems.statements.definitions import Given, add_dependencies, add_one_hot, define
from truestep.problems.statements.introduced_symbols import of_authors, with_introduced
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.singular import Singular, singular_of, tell
from truestep.problems.statements.sizes import is_full_rank, is_said_invertible, total_of, with_named_sums
from truestep.problems.statements.unfolding import stepped, unfolded, with_members

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from truestep.derivations.language.latex.groups import Token
    from truestep.derivations.language.latex.macros import Macro
    from truestep.derivations.language.notation import Notation

MAX_KEPT = 256  # settings

RUNNING = frozenset("ij")  # the letters of \sum_{i \neq j}, which runs over both
TOO_DEEP = "given, find or answer: a formula is nested too deeply; write it in several smaller ones"
MAX_STATED = 300_000  # steps that the definitions of a statement may take
_SIGNED = re.compile(r"=\s*\\pm\s*(\d+)\s*$")  # y = \pm 1
_CALLED = re.compile(r"\\(?:text|operatorname|mathrm)\{([A-Za-z]+)\}\s*\(")
_WORDS = re.compile(r"\\(?:text|operatorname|mathrm|underset|mathop|arg)|\\min_|\\max_|Var|Cov")


@dataclass(frozen=True)
class Setting:
    """A problem made ready: reading context, scope, assumptions, and what is asked and answered as expressions."""

    problem: Problem
    context: Context
    scope: Scope
    assumptions: Assumptions
    find: tuple[Expression, ...]
    answer: tuple[Expression, ...]
    given: tuple[tuple[Expression, Expression], ...]
    singular: tuple[Singular, ...] = ()

    @cached_property
    def asked_indices(self) -> frozenset[str]:
        """The indices that stand free in what is asked and answered."""
        return frozenset[str]().union(*(free_indices(node) for node in (*self.answer, *self.find[:1])))

    @cached_property
    def of_differentials(self) -> Context:
        """What reading a work needs that writes differentials."""
        return replace(self.context, notation=self.notation.like(differs=True))

    @cached_property
    def fixed_indices(self) -> frozenset[str]:
        """The indices of which a given takes one value, as that of a true class."""
        return frozenset[str]().union(*(free_indices(right) - free_indices(left) for left, right in self.given))

    @cached_property
    def assumed(self) -> tuple[tuple[Expression, ...], ...]:
        """The sides of the equations among the assumptions."""
        sides = (tuple(map(self.read_or_none, text.split("="))) for text in self.problem.assume if "=" in text)
        return tuple(tuple(node for node in one if node is not None) for one in sides if None not in one)

    def anew(self) -> Setting:
        """The same setting with an arena of its own."""
        scope = self.scope.like(arena=self.scope.arena.copied(), free=dict(self.scope.free), offers=set(), notes=[])
        return replace(self, scope=scope)

    def context_with(self, macros: Mapping[str, Macro]) -> Context:
        """What reading a submission needs: its own macros hold in it, and nowhere in the statement."""
        return replace(self.context, macros={**self.context.macros, **macros}) if macros else self.context

    @property
    def notation(self) -> Notation:
        """The notation in force."""
        return self.context.notation

    def read(self, latex: str) -> Expression:
        """One formula in the names of the statement.  Raises Fault."""
        tokens = row_tokens(latex, self.context)
        return Parser(tokens, 0, len(tokens), self.notation, Reading()).whole()

    def read_or_none(self, latex: str) -> Expression | None:
        """One formula in the names of the statement; None where it cannot be read."""
        try:
            return self.read(latex)
        except Fault:
            return None


def setting_of(
    problem: Problem,
    restated: Mapping[str, tuple[Expression, Expression]] | None = None,
    counts: frozenset[str] = frozenset(),
    held: Sequence[Held] = (),
) -> Setting:
    """The setting of a problem, with the quantities that a submission states or finds, and gradients that vanish.

    Raises StatementFault, which names the key, the formula and the reason.
    """
    try:
        if restated or held:
            return _made(problem, restated or {}, counts, held)
        return _kept(encode(problem), counts).anew()
    except RecursionError:
        raise StatementFault(TOO_DEEP) from None


@lru_cache(maxsize=MAX_KEPT)
def _kept(statement: bytes, counts: frozenset[str]) -> Setting:
    return _made(decode(statement, type=Problem), {}, counts)


def _made(
    problem: Problem,
    restated: Mapping[str, tuple[Expression, Expression]],
    counts: frozenset[str],
    held: Sequence[Held] = (),
) -> Setting:
    stated, problem = problem, with_members(left_sides.with_called(with_identifiers(with_named_sums(problem))))
    plain = with_squares(
        with_introduced(
            left_sides.with_spellings(left_sides.with_logarithms(left_sides.with_chains(with_optima(problem))))
        )
    )
    problem = unfolded(plain)
    table = user_macros(problem)
    functions, depends = function_table(problem), dict[str, tuple[str, ...]]()
    context, definitions = context_of(problem, table, functions, depends)
    complete(functions, context)
    assumptions, random = Assumptions(), chances.Chances()
    chances.add_random(problem, context, random)
    stated_all = [_equation(text, tokens, context) for text, tokens in definitions]
    of_sizes = [one.text for one in stated_all if total_of(one.left, one.right, context.notation) is not None]
    stated_all = [one for one in stated_all if one.text not in of_sizes]
    _assume((*problem.assume, *of_sizes), problem, context, assumptions, random)
    arena = Arena()
    arena.lows |= {size: low for size in context.notation.sizes if (low := context.notation.low(size)) != 1}
    register_shapes(context.notation, arena)
    scope = Scope(
        arena,
        context.notation,
        RULES,
        {},
        {},
        uniform=_uniform(assumptions, context.notation),
        outside=frozenset(assumptions.outside),
        layout="numerator" if problem.layout == "numerator" else "denominator",
        reading=of_authors(),
        counts=counts,
    )
    add_dependencies(depends, scope, arena)
    add_one_hot(assumptions, scope, arena)
    givens = _restated([one for one in stated_all if one.left != strip_groups(one.right)], restated, context)
    labels = {name.full for name in context.notation.names.values() if name.declared.kind == "index"}
    fixed = {*context.notation.indices, *labels} - RUNNING  # \sum_{k \neq y}, where y is declared, is a sum over k
    givens = [replace(given, right=over_pairs(given.right, free_indices(given.left), fixed)) for given in givens]
    if problem.summation == "einstein":
        givens = [replace(given, right=summed(given.right, free_indices(given.left))) for given in givens]
    arena.found |= {*restated} - {str(one.left.data) for one in stated_all}
    known = {given.left for given in givens}
    solved = [Given(str(left.data), left, right) for left, right in assumptions.solved if left not in known]
    singular = singular_of(assumptions, [(given.left, given.right) for given in givens])
    scope = replace(scope, spectral=bool(singular))
    with arena.effort.aside(MAX_STATED):
        aliases = define([*givens, *solved], context, scope, arena, assumptions)
        scope = replace(scope, aliases=aliases)
        singular = tell(singular, assumptions, scope)
    scope = replace(scope, chance=chances.fitting(random, assumptions, scope))
    if problem is not plain:
        bases = stepped(plain, problem)
        named = [name for name in context.notation.names.values() if name.base in bases]
        recurring = {name.base for name in named if name.full in arena.definitions}
        arena.steps |= {name.full: name.base in recurring for name in named}
    is_formula = problem.kind in ("expression", "count", "numbers")
    find = tuple(exact(_asked("find", text, context, assumptions)) for text in problem.find if is_formula)
    meets = arena.found.isdisjoint  # what is found meets what is assumed of it, or does not
    assumptions.relations = [one for one in assumptions.relations if meets(names_of(one.left, one.right))]
    constrain(assumptions, scope, [str(node.data) for node in find if node.head == "symbol"])
    hold(held, scope, assumptions)
    imply(scope, find)
    if not problem.answer:
        seek(assumptions, scope, [given.left for given in givens], find)
    if givens and not (problem.answer or restated or held):
        refuse_constant(problem.find, find, [given.left for given in givens], scope)
    answer = _answers(problem, context, assumptions, find) if is_formula else ()
    slopes = (*find, *assumptions.stationary)
    variables = [node for one in slopes if one.head == "derivative" for node in one.args[1:]]
    below = (quantity_of(node, context.notation) for node in variables)
    tops = [str(node.args[0].data) for node in find if node.head == "gradient" and node.args[0].head == "symbol"]
    own = frozenset(name for top in tops for name in context.notation.formals.get(top, ()))  # \nabla F of F(a, b)
    by = frozenset(one[0] for one in below if one is not None) | own
    scope = replace(scope, asked=_asked_by(slopes if len({*variables}) == 1 else find), asked_by=by)
    calls = frozenset(_CALLED.findall(" ".join(problem.find)))
    units = any(one.code == "unit-vector" for one in scope.offers)
    of, several = _arguments(givens, find), _several(givens, find)
    notation = replace(context.notation, arguments=of, calls=several, asked_calls=calls, units=units)
    context, scope = replace(context, notation=notation), replace(scope, notation=notation)
    pairs = tuple((given.left, given.right) for given in givens)
    return Setting(stated, context, scope, assumptions, find, answer, pairs, singular)


def _answers(
    problem: Problem, context: Context, assumptions: Assumptions, find: tuple[Expression, ...]
) -> tuple[Expression, ...]:
    """The answers that a problem gives to what it asks, with the sums that it leaves unwritten."""
    answer = tuple(exact(_answer(as_expression(text), context, assumptions, find)) for text in problem.answer)
    if len(find) == len(answer):
        answer = tuple(over_pairs(one, free_indices(asked)) for asked, one in zip(find, answer, strict=True))
    if problem.summation == "einstein" and len(find) == len(answer):
        answer = tuple(summed(one, free_indices(asked)) for asked, one in zip(find, answer, strict=True))
    return answer


def _arguments(givens: Sequence[Given], find: tuple[Expression, ...]) -> dict[str, Expression | None]:
    """The one thing of which the givens take a function; of any other, that by which a derivative is asked for."""
    found = dict[str, set[Expression]]()
    for node in (one for given in givens for one in given.right.walk()):
        if node.head == "apply" and len(node.args) == 1:
            found.setdefault(str(node.data[0]), set()).add(strip_groups(node.args[0]))
    by = [variable for node in find if node.head == "derivative" for variable in node.args[1:]]
    found[""] = {one.args[0] if one.head == "entry" else one for one in by}
    return {
        name: one if len(args) == 1 and not free_indices(one := next(iter(args))) else None
        for name, args in found.items()
    }


def _several(givens: Sequence[Given], find: tuple[Expression, ...]) -> dict[str, tuple[Expression, ...]]:
    """The several things of which the givens and what is asked take a function, where they always do of the same."""
    found = dict[str, set[tuple[Expression, ...]]]()
    for node in (node for one in (*(given.right for given in givens), *find) for node in one.walk()):
        if node.head == "apply" and len(node.args) > 1 and not node.data[1]:
            found.setdefault(str(node.data[0]), set()).add(tuple(map(strip_groups, node.args)))
    alone = {name: next(iter(calls)) for name, calls in found.items() if len(calls) == 1}
    return {name: args for name, args in alone.items() if not any(map(free_indices, args))}


def _asked_by(find: tuple[Expression, ...]) -> str | None:
    """The quantity that the first derivative that is asked for is taken by."""
    for node in find:
        if node.head == "derivative" and node.args[1].head == "symbol":
            return str(node.args[1].data)
    return None


def _expression(key: str, text: str, context: Context) -> Expression:
    tokens = tokens_of(key, text, context)
    try:
        if not tokens:
            raise MeaningFault("it is empty")
        node = Parser(tokens, 0, len(tokens), context.notation, Reading()).whole()
        node = by_name(node, context.notation)
        by = left_sides.arguments(tokens, context.notation) if node.head == "gradient" else ()
        if len(by) == 1:
            node = Expression("derivative", (*node.args, *[symbol(*by)] * int(node.data)), "nabla", node.span)
    except Fault as fault:
        raise StatementFault(f"{quoted(text)} cannot be read: {fault.message}", key=key, entry=text) from None
    stray = next((child.data for child in node.walk() if child.head == "unknown"), None)
    if stray is not None and not node.has("tuple", "space"):
        close = nearest(str(stray), context.notation.all_names)
        raise StatementFault(
            f"{quoted(text)} uses {stray}, which is not declared", "undeclared", key=key, entry=text, close=close
        )
    return node


def _answer(text: str, context: Context, assumptions: Assumptions, find: tuple[Expression, ...]) -> Expression:
    """The reference answer; one that cannot be read leaves the lines to be judged where something else is asked."""
    return _asked("answer", text, context, assumptions) if find else _expression("answer", text, context)


def _asked(key: str, text: str, context: Context, assumptions: Assumptions) -> Expression:
    """What is asked; where it is of a kind that is not read here, a node that nothing answers."""
    try:
        return _expression(key, text, context)
    except StatementFault as fault:
        if not _WORDS.search(text):
            raise
        assumptions.unused.append(fault.message)
        return Expression("words", (), text)


def _assume(
    texts: Sequence[str], problem: Problem, context: Context, into: Assumptions, random: chances.Chances
) -> None:
    letters = context.notation.indices
    into.uniform += [name for name, one in problem.random.items() if name in letters and "unif" in one.law.lower()]
    for text in texts:
        if "uniform" in text.lower() and (named := [one for one in text.split("\\sim")[0].split() if one in letters]):
            into.uniform += named
            continue
        try:
            if chances.sampled(row_tokens(text, context), context, random):
                continue
            if is_said_invertible(text, problem.given, context, into.sizes):
                continue
            for tokens in left_sides.each(row_tokens(_SIGNED.sub(r"\\in \{-\1, \1\}", text), context)):
                if not (is_definite(tokens, context, into) or is_full_rank(tokens, context.notation, into.sizes)):
                    for read in read_row(tokens, context, Reading(), frozenset()):
                        for statement in left_sides.unconditioned(read, text):
                            if not chances.moment(statement, context.notation, random):
                                understand(left_sides.sloped(statement), text, context.notation, into)
        except Fault:
            into.unused.append(text)
    settled(into)
    name = contradiction(into)
    if name:
        raise StatementFault(
            f"no {name} meets all that is assumed of it; mend or leave out one assumption",
            code="assumptions-contradict",
            key="assume",
        )


def _uniform(assumptions: Assumptions, notation: Notation) -> dict[str, str | int]:
    return {name: notation.indices[name].dims[0] for name in assumptions.uniform if name in notation.indices}


def _equation(text: str, tokens: list[Token], context: Context) -> Given:
    try:
        statements = read_row(tokens, context, Reading(), frozenset())
    except Fault as fault:
        raise StatementFault(f"{quoted(text)} cannot be read: {fault.message}", key="given", entry=text) from None
    parts = statements[0].parts if statements else ()
    words = tokens[0] if tokens and tokens[0].kind == "text" and left_sides.equals(tokens) == 1 else None
    if words and not context.notation.is_name(f"\\text{{{words.text.strip()}}}") and len(parts) != 2:
        name = words.text.strip()
        close = nearest(name, context.notation.all_names)
        raise StatementFault(f"given: {name} is not declared", "undeclared", close=close)
    if len(statements) != 1 or len(parts) != 2 or parts[1].relation not in ("=", ":="):
        raise StatementFault(f"{quoted(text)} is not one equation with a name on its left", key="given", entry=text)
    left, right = strip_groups(parts[0].expression), exact(parts[1].expression)
    if left.has("slice") and strip_groups(right).head == "member":  # U_{:w} = u_w: each member is a column
        left, right = strip_groups(right), left
    return Given(text, left, right)


def _restated(
    givens: list[Given], restated: Mapping[str, tuple[Expression, Expression]], context: Context
) -> list[Given]:
    """The givens, those that are stated anew as they are stated now."""
    named = {found[0]: given for given in givens if (found := quantity_of(given.left, context.notation)) is not None}
    anew = {
        name: Given(named[name].text if name in named else name, strip_groups(left), right)
        for name, (left, right) in restated.items()
    }
    kept = [given for given in givens if all(named.get(name) is not given for name in anew)]
    return [*kept, *anew.values()]
