r"""The symbols that givens introduce: ``r = y - X w`` has the shape of its right side, whoever declared the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from truestep.derivations.language.faults import Fault
from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.notation import strip_fonts
from truestep.derivations.language.reading.chains import read_row
from truestep.derivations.language.reading.tokens import canonical, tokenize
from truestep.derivations.meaning.arena import Arena
from truestep.derivations.meaning.calculus import strip_groups
from truestep.derivations.meaning.denotation import RULES
from truestep.derivations.meaning.scope import Scope, value_of
from truestep.derivations.meaning.shaped_terms import UNSTATED
from truestep.problems.statements.declarations import context_of, stands
from truestep.problems.statements.declared_notation import (
    function_table,
    register_shapes,
    split_name,
    user_macros,
)
from truestep.problems.statements.defined_functions import complete
from truestep.problems.statements.left_sides import equals, opening, readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.latex.groups import Token
    from truestep.derivations.language.reading.rowtext import Context
    from truestep.derivations.language.shapes import Dims, Size
    from truestep.problems.statements.problem import Problem


def of_authors() -> Reading:
    """How the formulas of a statement are read: with a prime for the transpose, and e_c for a unit vector."""
    return Reading().taking("prime-transpose").taking("unit-vector")


def with_introduced(problem: Problem) -> Problem:
    r"""The problem with a shape for each name that a given defines, that is not declared, and that is used.

    >>> from truestep.problems.statements.problem import Problem
    >>> stated = Problem(symbols={"X": "n x d", "w": "d"}, given=("r = X w", "L = r^T r"), find=(r"\nabla_w L",))
    >>> dict(with_introduced(stated).symbols)
    {'X': 'n x d', 'w': 'd', 'r': 'n', 'L': 'scalar'}
    """
    problem = _with_told(problem)
    worded = _with_words(problem)
    return problem if worded is problem else _with_told(worded)


def _with_told(problem: Problem) -> Problem:
    for _ in problem.given:  # each round declares what is told by what is declared
        found = _told(problem) if _is_new(problem) else {}
        if not found:
            break
        problem = replace(problem, symbols={**problem.symbols, **found})
    return problem


def _with_words(problem: Problem) -> Problem:
    """The problem with each word that a given defines, ``RSS`` and ``RSS^{ols}(w)``, as a number."""
    known = {strip_fonts(split_name(name)[0]) for name in problem.symbols} | {*problem.functions}
    found = dict[str, str]()
    for text in problem.given:
        base, left = _base(text), text.partition("=")[0].strip()
        name = left.partition("(")[0].strip()
        if _is_word(base, known) and strip_fonts(base) not in known and name in (left, *_scripted(name)):
            found[name] = "scalar"
    return replace(problem, symbols={**problem.symbols, **found}) if found else problem


def _is_word(base: str, known: Set[str]) -> bool:
    """Whether a base is a word, and no product ``ab`` of declared letters and no differential ``dz``."""
    word = strip_fonts(base)
    declared = [letter in known for letter in word]
    is_product = all(declared) or (any(declared) and not word.isupper())
    return len(word) > 1 and word.isalpha() and word.isascii() and not is_product


def _scripted(name: str) -> tuple[str, ...]:
    """A name with scripts; one without them and with arguments behind it is a function."""
    return (name,) if "_" in name or "^" in name else ()


def _is_new(problem: Problem) -> bool:
    """Whether the left side of a given is a name whose base is not declared."""
    known = {strip_fonts(split_name(name)[0]) for name in problem.symbols}
    return any(strip_fonts(base) not in known for base in map(_base, problem.given))


def _base(text: str) -> str:
    r"""What a left side is the name of, without its scripts and arguments; nothing where it is no name.

    >>> _base(r"\hat{y}^{(i)} = w"), _base(""), _base("= 1")
    ('\\hat{y}', '', '')
    """
    try:
        tokens = tokenize(text)
        end = equals(tokens) or 0
        if not end:
            return ""
        return split_name(text[: tokens[opening(tokens[:end]) or end].start])[0]
    except Fault:
        return ""


def _told(problem: Problem) -> dict[str, str]:
    """The shapes of the names whose right sides are of declared names."""
    try:
        functions = function_table(problem)
        plain = replace(problem, given=tuple(text for text in problem.given if not _unspecified(text, problem)))
        context, definitions = context_of(plain, user_macros(problem), functions, {})
        complete(functions, context)
    except (Fault, RecursionError):
        return {}  # it is said where the statement is read
    found = {name: "scalar" for text in problem.given if (name := _unspecified(text, problem))}
    for text, tokens in definitions:
        found |= dict(_shaped(tokens, context)) if _is_used(_base(text), text, problem) else {}
    return found


def _unspecified(text: str, problem: Problem) -> str:
    """The undeclared J of ``J = J(z)``, some scalar function of z."""
    try:
        tokens = tokenize(text)
    except Fault:
        return ""
    end = equals(tokens) or 0
    start, name = opening(tokens[end + 1 :]), canonical(tokens[:end])
    is_call = start is not None and canonical(tokens[end + 1 : end + 1 + start]) == name and tokens[-1].text == ")"
    declared = {canonical(tokenize(one)) for one in problem.symbols}
    return name if is_call and name not in declared else ""


def _is_used(base: str, text: str, problem: Problem) -> bool:
    """Whether a name stands elsewhere in the statement than on the left of its own given."""
    texts = (
        *problem.assume,
        *problem.find,
        *problem.answer,
        *problem.only,
        *problem.must_show,
        *problem.names.values(),
    )
    rights = (one.partition("=")[2] for one in problem.given if one != text)
    return bool(base) and any(stands(readable(base), readable(one)) for one in (*texts, *rights))


def _shaped(tokens: list[Token], context: Context) -> Iterator[tuple[str, str]]:
    """The undeclared name that a definition begins with, and its shape."""
    try:
        statements = read_row(tokens, context, Reading(), frozenset())
        parts = statements[0].parts if len(statements) == 1 else ()
        if len(parts) != 2 or parts[0].expression.head not in ("unknown", "constant"):  # e = y - t is an error
            return
        left = parts[0].expression
        arena = Arena()
        register_shapes(context.notation, arena)
        scope = Scope(arena, context.notation, RULES, {}, {}, reading=of_authors())
        dims = value_of(strip_groups(parts[1].expression), scope).dims
    except (Fault, RecursionError):
        return
    yield from _named(left, dims, scope)


def _named(left: Expression, dims: Dims, scope: Scope) -> Iterator[tuple[str, str]]:
    """A name as it is declared: an array of all its entries, or one member of a family for each index."""
    base, _, sup = split_name(str(left.data))
    letters = [str(arg.data) for arg in left.args if arg.head == "index"]
    sizes = [size for letter in letters if (size := _range(letter, scope)) is not None]
    if not letters:
        yield str(left.data), _shape(dims)
    elif len(letters) == len(left.args) == len(sizes) and dims == (1, 1) and len(letters) < 3 and sup is None:
        yield base, _shape((*sizes, 1)[:2])
    elif len(letters) == 1 and letters[0] in scope.notation.indices and UNSTATED not in dims:
        yield str(left.data), _shape(dims)


def _range(letter: str, scope: Scope) -> Size | None:
    """Over what a letter of a left side runs: as it is declared, else as its places on the right side say."""
    declared = scope.notation.indices.get(letter)
    if declared is not None:
        return declared.dims[0] if declared.low == 1 else None
    axis = scope.free.get(letter)
    return axis.size if axis is not None else None


def _shape(dims: Dims) -> str:
    """A shape as a statement writes it."""
    rows, columns = dims
    return "scalar" if dims == (1, 1) else str(rows) if columns == 1 else f"{rows} x {columns}"
