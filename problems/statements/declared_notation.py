"""From the names of a statement to the notation in force."""

from __future__ import annotations

import dataclasses
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec.structs import replace

from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import ReadingFault, StatementFault, quoted
from truestep.derivations.language.functions import BY_NAME
from truestep.derivations.language.latex.macros import Macro, macro_of
from truestep.derivations.language.notation import Family, Name, Notation, UserFunction, strip_fonts
from truestep.derivations.language.reading.tokens import canonical, closing, tokenize
from truestep.derivations.language.shapes import SCALAR, Declared, derived_size, parse_shape
from truestep.problems.statements.problem import FUNCTION_KINDS

if TYPE_CHECKING:
    from collections.abc import Collection

    from truestep.derivations.language.latex.groups import Token
    from truestep.derivations.language.shapes import Dims
    from truestep.derivations.meaning.arena import Arena
    from truestep.problems.statements.problem import Problem


Key = tuple[str, str | None, str | None]
# what a quantity is called after and before one step of an update
NEW = ("new", "t+1", "(t+1)", "k+1", "(k+1)", "n+1", "(n+1)", "+", "next", "neu", "nuevo", "nouveau", "нов", "新")
OLD = ("old", "t", "(t)", "k", "(k)", "n", "(n)", "alt", "viejo", "ancien", "antigo", "стар", "旧")


def split_name(text: str) -> tuple[str, str | None, str | None]:
    r"""The base, subscript and superscript of a name as a statement writes it.

    >>> split_name(r"\hat{y}"), split_name("W^{(1)}"), split_name("xw_0")
    (('\\hat{y}', None, None), ('W', None, '(1)'), ('xw', '0', None))
    """
    try:
        tokens = tokenize(text)
    except ReadingFault as fault:
        raise StatementFault(
            f"the name {quoted(text)} cannot be read: {fault.message}", key="symbols", entry=text
        ) from None
    if not tokens:
        raise StatementFault("a name is empty", key="symbols")
    place = 0
    while place < len(tokens) and tokens[place].text not in ("_", "^"):
        place = closing(tokens, place, len(tokens)) + 1 if tokens[place].kind == "open" else place + 1
    base, sub, sup = canonical(_plain(tokens[:place])), None, None
    while place < len(tokens):
        sign, start = tokens[place].text, place + 1
        if sign == "'":  # s_n' is s' with the subscript n
            base, place = base + sign, start
            continue
        if sign not in ("_", "^") or start >= len(tokens):
            raise StatementFault(f"{quoted(text)} is not one name", key="symbols", entry=text)
        stop = closing(tokens, start, len(tokens)) if tokens[start].kind == "open" else start
        inner = tokens[start + 1 : stop] if tokens[start].kind == "open" else tokens[start : stop + 1]
        if sign == "_":
            sub = canonical(inner)
        elif all(token.text == "'" for token in inner):
            base += canonical(inner)
        else:
            sup = canonical(inner)
        place = stop + 1
    if not base or base[0].isdigit():
        raise StatementFault(f"{quoted(text)} is not a name", key="symbols", entry=text)
    return base, sub, sup


def _plain(tokens: list[Token]) -> list[Token]:
    """Without braces around the whole."""
    while len(tokens) > 2 and tokens[0].kind == "open" and closing(tokens, 0, len(tokens)) == len(tokens) - 1:
        tokens = tokens[1:-1]
    return tokens


def declared_shape(name: str, shape: str) -> Declared:
    """The shape of a symbol.

    Raises StatementFault, which names the symbol.
    """
    try:
        return parse_shape(shape)
    except StatementFault as fault:
        raise StatementFault(fault.message, key="symbols", name=name) from None


def notation_of(
    problem: Problem,
    functions: dict[str, UserFunction],
    depends: dict[str, tuple[str, ...]],
    defined: frozenset[str] = frozenset(),
) -> Notation:
    """The notation of a problem."""
    split = {name: (split_name(name), declared_shape(name, shape)) for name, shape in problem.symbols.items()}
    indices = {
        parts[0]: declared
        for parts, declared in split.values()
        if declared.kind == "index" and parts[1:] == (None, None)
    }
    names: dict[tuple[str, str | None, str | None], Name] = {}
    families: dict[tuple[str, str], Family] = {}
    written = {canonical(tokenize(full)) for full in split}
    sizes: set[str] = set()
    for full, (parts, declared) in split.items():
        base, sub, sup = parts
        for size in declared.dims:
            if isinstance(size, str):
                derived = derived_size(size)
                sizes |= {size} if derived is None else {size, derived[1]}
        bare_sup = sup.strip("()") if sup else None
        if declared.kind == "size":
            sizes.add(canonical(tokenize(full)))
        elif declared.kind == "index" and parts[1:] == (None, None):
            continue
        elif (
            sup is None
            and sub in indices
            and declared.dims == SCALAR
            and full in problem.find
            and base not in problem.symbols
        ):
            names[base, None, None] = Name(base, base, None, None, Declared("array", (*indices[sub].dims[:1], 1)))
        elif sup is None and sub in indices and _is_entry(declared, indices[sub], split.get(base)):
            continue  # y_i: scalar beside y: N
        elif sub is not None and sup is None and sub in indices:
            families[base, "_"] = Family(canonical(tokenize(full)), base, "_", indices[sub], declared)
        elif bare_sup is not None and sub is None and bare_sup in indices:
            families[base, "^"] = Family(canonical(tokenize(full)), base, "^", indices[bare_sup], declared)
        elif bare_sup in indices and sub is not None and sub not in indices and "(" in str(sup):
            whole = f"{base}_{{{sub}}}"  # y_{pred}^{(i)}
            families[whole, "^"] = Family(canonical(tokenize(full)), whole, "^", indices[bare_sup], declared)
        elif sub in indices and bare_sup in indices and declared.dims == SCALAR and (base, "^") not in families:
            member = Declared("array", (indices[sub].dims[0], 1))  # x^{(i)}_j: scalar
            families[base, "^"] = Family(f"{base}^{{{sup}}}", base, "^", indices[bare_sup], member)
        elif sup is None and declared.dims == SCALAR and len(below := _indices(sub, indices)) == 3:
            member = Declared("array", (indices[below[1]].dims[0], indices[below[2]].dims[0]))  # q_{ijk}: scalar
            families[base, "_"] = Family(f"{base}_{below[0]}", base, "_", indices[below[0]], member)
        elif (dims := _table(sub, indices)) and declared.dims == SCALAR and (whole := _whole(base, sup)) not in written:
            names[base, None, sup] = Name(whole, base, None, sup, Declared("array", dims))  # w^{(2)}_{ij}: scalar
        else:
            names[parts] = Name(canonical(tokenize(full)), base, sub, sup, declared)
    for parts, name in list(names.items()):
        plain = (strip_fonts(parts[0]), parts[1], parts[2])
        if plain[0] not in sizes:  # \mathcal{N}_{nk} beside a size N
            names.setdefault(plain, name)
        if parts[1] and parts[1].isalpha() and len(parts[1]) > 1:  # u_{o,t} of u_{ot}
            names.setdefault((parts[0], ",".join(parts[1]), parts[2]), name)
        if (word := _SET.fullmatch(parts[0])) is not None:  # \text{loss}, typed as loss
            names.setdefault((word[1], *parts[1:]), name)
    updates = _with_updates(names, indices, problem.find)
    bases = [parts[0] for parts, _ in split.values()] + list(functions)
    bases += [word[1] for base in bases if (word := _SET.fullmatch(base)) is not None]
    words = frozenset(base for base in bases if len(base) > 1 and base.isalnum())
    return Notation(names, families, indices, functions, depends, defined, words, frozenset(sizes), updates=updates)


def _is_entry(declared: Declared, index: Declared, whole: tuple[Key, Declared] | None) -> bool:
    """Whether a family of numbers is that of the entries of a vector, which is declared too."""
    return declared.dims == SCALAR and whole is not None and whole[1].dims in ((size := index.dims[0], 1), (1, size))


def _table(sub: str | None, indices: dict[str, Declared]) -> Dims | None:
    """The shape of what is declared for each value of one or two indices; None where these are something else."""
    letters = _indices(sub, indices)
    if len(letters) not in (1, 2):
        return None
    return indices[letters[0]].dims[0], indices[letters[1]].dims[0] if letters[1:] else 1


def _indices(sub: str | None, indices: dict[str, Declared]) -> list[str]:
    """The declared indices of which a subscript consists, each once; none where it holds anything else."""
    letters = [token.text for token in tokenize(sub or "") if token.kind not in ("open", "close") and token.text != ","]
    return letters if len(set(letters)) == len(letters) and indices.keys() >= set(letters) else []


def _whole(base: str, sup: str | None) -> str:
    """The quantity of which a name with a subscript is an entry."""
    return base if sup is None else canonical(tokenize(f"{base}^{{{sup}}}"))


def _with_updates(names: dict[Key, Name], indices: dict[str, Declared], asked: Collection[str]) -> dict[str, str]:
    r"""Adds the other spellings of ``w^{\text{new}}`` and of w before the step; from the old name to the new one."""
    updates: dict[str, str] = {}
    for (base, sub, sup), name in list(names.items()):
        label = _label(sub or sup)
        if label in OLD and base in asked and (whole := names.get((base, None, None))) and not (sub and sup):
            after = (
                (label[:-1] + "+1)" if label.endswith(")") else f"{label}+1",) if len(label.strip("()")) == 1 else NEW
            )
            for key in (key for one in after if one not in indices for key in _labelled(base, one)):
                names.setdefault(key, dataclasses.replace(whole, sub=key[1], sup=key[2]))
        if label not in NEW or (sub and sup):
            continue
        keys: list[Key] = [(base, None, None), *(key for one in OLD for key in _labelled(base, one))]
        old = next((names[key] for key in keys if key in names), None)
        if old is None:
            continue
        updates[old.full] = name.full
        for labels, meant in ((NEW, name), (OLD, old)):
            for one in labels:
                if one.strip("()") not in indices:
                    for key in _labelled(base, one):
                        names.setdefault(key, dataclasses.replace(meant, sub=key[1], sup=key[2]))
        for key, meant in (((base + "'", None, None), name), ((base, None, None), old)):
            names.setdefault(key, dataclasses.replace(meant, sub=None, sup=None))
    return updates


def _label(script: str | None) -> str:
    r"""The word in a script, however it is set: ``new`` of ``\text{new}`` and ``\mathrm{new}``."""
    return strip_fonts(script or "").strip("{} ")


def _labelled(base: str, label: str) -> list[Key]:
    """The keys under which a name with a label below or above it is found."""
    texts = (label, rf"\text{{{label}}}", rf"\mathrm{{{label}}}") if label.isalpha() else (label,)
    return [key for text in texts for key in ((base, text, None), (base, None, text))]


def with_identifiers(problem: Problem) -> Problem:
    r"""Names that are declared as in a program, ``y_true``, as ``y_{true}`` wherever they stand.

    >>> from truestep.problems.statements.problem import Problem
    >>> with_identifiers(Problem(symbols={"y_true": "scalar"}, find=(r"\frac{dL}{dy_true}",))).find
    ('\\frac{dL}{dy_{true}}',)
    """
    words = sorted((name for name in problem.symbols if _IDENTIFIER.fullmatch(name)), key=len, reverse=True)
    if not words:
        return problem
    pattern = re.compile(rf"(?<![A-Za-z\\])(d?)({'|'.join(words)})(?![A-Za-z0-9_])")

    def spelled(text: str) -> str:
        return pattern.sub(lambda found: f"{found[1]}{found[2].replace('_', '_{', 1)}}}", text)

    lists = {key: tuple(map(spelled, getattr(problem, key))) for key in ("given", "assume", "find", "answer", "only")}
    symbols = {spelled(name): shape for name, shape in problem.symbols.items()}
    names = {key: spelled(value) for key, value in problem.names.items()}
    for word in words:
        escaped = word.replace("_", r"\_")
        set_in = (escaped, *(rf"\{font}{{{one}}}" for font in ("text", "mathrm", "texttt") for one in (word, escaped)))
        names |= {one: spelled(word) for one in set_in if one not in names}
    return replace(problem, symbols=symbols, names=names, **lists)


_SET = re.compile(r"\\(?:text|mathrm|operatorname|mathit|textit)\{([A-Za-z]\w+)\}")
_IDENTIFIER = re.compile(r"[A-Za-z]+_(?=[A-Za-z0-9_]*[A-Za-z])[A-Za-z0-9_]{2,}")


def _respelled_square(text: str, problem: Problem) -> str:
    """A square that is asked for under the name that the statement declares."""
    for key, value in problem.names.items() if text.endswith(("^2", "^{2}")) else ():
        with suppress(StatementFault):
            base, sub, sup = split_name(text)
            if sup == "2" and split_name(key) == (base, sub, None) and value in problem.symbols:
                return f"{value}^2"
    return text


def with_squares(problem: Problem) -> Problem:
    r"""``\sigma^2`` of a declared \sigma, given or asked: the square is a quantity, and \sigma is its root.

    Where ``\hat\sigma`` is another spelling of it, its square is one of that.
    """
    find = tuple(_respelled_square(text, problem) for text in problem.find)
    problem = problem if find == problem.find else replace(problem, find=find)
    known = {split_name(name): shape for name, shape in problem.symbols.items()}
    lefts = [text.partition("=")[0].strip() for text in problem.given]
    symbols, given, assume = dict(problem.symbols), list(problem.given), list(problem.assume)
    for left in dict.fromkeys((*lefts, *problem.find)):
        try:
            base, sub, sup = split_name(left)
        except StatementFault:
            continue
        whole = (base, sub, None) in known
        shape = known.get((base, sub, None)) or (known.get((base, None, None)) if sub else None)
        if sup != "2" or shape is None or (whole and declared_shape(base, shape).dims != SCALAR):
            continue
        root = base if sub is None else f"{base}_{{{sub}}}"
        is_new = known.keys().isdisjoint({(base, sub, sup), (base, None, sup)})
        if is_new and {root, f"{base}_{sub}"}.isdisjoint(lefts):
            symbols[f"{root if whole else base}^2"] = shape
            given.append(rf"{root} = \sqrt{{{left}}}")
            assume += [] if left in lefts else [f"{left} > 0"]
    is_same = len(given) == len(lefts)
    return problem if is_same else replace(problem, symbols=symbols, given=tuple(given), assume=tuple(assume))


def function_table(problem: Problem) -> dict[str, UserFunction]:
    """The functions that a statement names."""
    table: dict[str, UserFunction] = {}
    for name, kind in problem.functions.items():
        try:
            key, row = canonical(tokenize(name)), BY_NAME.get(kind)
        except ReadingFault as fault:
            raise StatementFault(f"{quoted(name)} is no name: {fault.message}", key="functions", entry=name) from None
        if row is not None and row.kind == "elementwise":
            formal = Expression("unknown", (), "t")
            table[key] = UserFunction(key, row.kind, (formal,), Expression("apply", (formal,), (kind, 0, None)))
        elif kind in FUNCTION_KINDS:
            table[key] = UserFunction(key, kind)
        else:
            known = f"{', '.join(FUNCTION_KINDS)}, or the name of a function, such as normal cdf"
            raise StatementFault(f"{name} is {kind!r}; write one of {known}", key="functions")
        table.setdefault(strip_fonts(key), table[key])
    return table


def user_macros(problem: Problem) -> dict[str, Macro]:
    r"""The course's own commands: ``\R`` -> ``\mathbb{R}``; ``#1`` in the value is an argument."""
    made = [macro_of(name, body) for name, body in problem.macros.items()]
    return {macro.name: macro for macro in made}


def register_shapes(notation: Notation, arena: Arena) -> None:
    """Tells an arena the shapes of all declared quantities."""
    for name in notation.names.values():
        arena.declared.add(name.full)
        if name.declared.kind == "array":
            arena.shapes[name.full] = tuple(size for size in name.declared.dims if size != 1)
        elif name.declared.kind == "index":
            arena.shapes[name.full] = ()
    for family in notation.families.values():
        if family.member.kind == "index":
            arena.labels[family.name] = family.member.dims[0]
        own = () if family.member.kind == "index" else tuple(size for size in family.member.dims if size != 1)
        arena.shapes[family.name] = (family.index.dims[0], *own)
