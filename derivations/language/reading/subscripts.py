"""Scripts on a name: which part of them belongs to the name, what is an index, what is a power."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import Span
from truestep.derivations.language.notation import strip_fonts
from truestep.derivations.language.reading import brackets, calls, code, special
from truestep.derivations.language.reading.indices import (
    has_less,
    index_end,
    indices,
    is_label,
    is_of_sample,
    is_step,
    names_array,
    names_number,
    one_index,
    own_scripts,
    places,
    quantities_below,
    sample_of,
    script_text,
)
from truestep.derivations.language.reading.tokens import canonical
from truestep.derivations.language.shapes import SCALAR

if TYPE_CHECKING:
    from truestep.derivations.language.notation import Family, Name
    from truestep.derivations.language.reading.cursor import Cursor

LONGEST_TRANSPOSE = 8  # tokens
_SCRIPTING = frozenset(("'", "_", "^"))
_CALLING, _INVISIBLE = frozenset(("(", "[", r"\left")), frozenset(("open", "close", "space"))
Range = tuple[int, int]
Script = Range | None
_UNBRACED = str.maketrans("", "", "{}")  # d_k and d_{k} are one name


def resolve(parser: Cursor, base: str, start: int, script: Range | None = None) -> Expression:
    """The node of a base name with the scripts, primes and arguments that follow it."""
    if base in special.SPREADS and (base != "V" or parser.notation.has_chance):
        node = special.spread(parser, base, start)
        if node is not None:
            return node
    token = parser.tokens[parser.at] if parser.at < parser.end else None
    if script is None and (token is None or (token.kind != "close" and token.text not in _SCRIPTING)):
        name, at = parser.notation.names.get((base, None, None)), parser.at
        if name is not None:
            node = _with_name(parser, name, None, start)
            return node if parser.at == at and (token is None or token.text != "!") else parser.scripts(node, start)
    primes, sub, sup = _collect(parser, base, script)
    if primes and parser.notation.is_name(base + "'" * primes):
        base, primes = base + "'" * primes, 0
    sup, power = _without_power(parser, sup)
    sub, sup = (sub, sup) if primes or sub is sup is None else own_scripts(parser, base, sub, sup)
    node = _named(parser, base, primes, sub, sup, start)
    node = node if power is None else special.raised(parser, node, *power, start)
    return parser.scripts(node, start) if node.head not in ("apply",) or not parser.is_next("^") else node


def _collect(parser: Cursor, base: str, script: Range | None) -> tuple[int, Range | None, Range | None]:
    """The primes, the subscript and the superscript behind a base."""
    primes, sub, sup = 0, script, None
    while True:
        closed = False
        while parser.at < parser.end and parser.tokens[parser.at].kind == "close":
            parser.at += 1
            closed = True
        token = parser.tokens[parser.at] if parser.at < parser.end else None
        if token is None or token.kind == "text" or token.text not in ("'", "_", "^"):
            break
        if closed and (sub if token.text == "_" else sup) is not None:  # {W^{(1)}}^T
            break
        if token.text == "'":
            if sub is not None and canonical(parser.tokens[slice(*sub)]) + "'" in parser.bound:
                sub = (sub[0], parser.at + 1)
                parser.at += 1
                continue
            primes += 1
            parser.at += 1
            if primes > 3:
                parser.fail("this has too many primes")
            continue
        if (sub if token.text == "_" else sup) is not None:
            parser.fail(f"{base} has two {'subscripts' if token.text == '_' else 'superscripts'}")
        parser.at += 1
        found = parser.argument(token.text)
        if token.text == "_":
            sub = found
        elif all(token.text == "'" for token in parser.tokens[found[0] : found[1]]):
            primes += found[1] - found[0]
        else:
            sup = found
    rest, turned = _unturned(parser, sup)
    if turned and rest is not None and all(token.text == "'" for token in parser.tokens[slice(*rest)]):  # a^{'\top}
        assert sup is not None
        primes, sup = primes + rest[1] - rest[0], (rest[1], sup[1])
    return primes, sub, sup


def _unturned(parser: Cursor, sup: Range | None) -> tuple[Range | None, bool]:
    r"""A superscript without the transpose at its end, and whether there is one: ``(1)T``, ``(1)^T``, ``'\top``."""
    if sup is None:
        return None, False
    low, high = sup
    for place in range(max(low + 1, high - LONGEST_TRANSPOSE), high):
        text = canonical(parser.tokens[place:high])
        if text in special.TRANSPOSES or (text[:1] == "{" and text[1:-1] in special.TRANSPOSES):
            return (low, place - (parser.tokens[place - 1].text == "^")), True
    return sup, False


def _without_power(parser: Cursor, sup: Range | None) -> tuple[Range | None, Range | None]:
    """A superscript in brackets, and the power that stands within it: ``(i)^2``."""
    if sup is None or parser.tokens[sup[0]].text not in ("(", "["):
        return sup, None
    middle = parser.tokens.partner[sup[0]] + 1
    if not sup[0] < middle < sup[1] or _unturned(parser, sup)[1]:
        return sup, None
    if all(token.kind == "digit" for token in parser.tokens[middle : sup[1]]):  # a^{[1]2}
        return (sup[0], middle), (middle, sup[1])
    is_number = parser.tokens[sup[0] + 1].text in "+-"  # x^{(-1)^n}
    if middle == sup[1] - 1 or parser.tokens[middle].text != "^" or is_number:
        return sup, None
    inner = parser.inside(middle + 1, sup[1])
    power = inner.argument("^")
    return ((sup[0], middle), power) if inner.peek() is None else (sup, None)


def _named(parser: Cursor, base: str, primes: int, sub: Range | None, sup: Range | None, start: int) -> Expression:
    sub_text, sup_text = script_text(parser, sub), script_text(parser, sup)
    if sub is not None and parser.notation.functions:  # h_\\theta(x), where h may be a quantity of its own
        full = next(
            (name for name in (f"{base}_{sub_text}", f"{base}_{{{sub_text}}}") if name in parser.notation.functions),
            None,
        )
        if full is not None:
            return calls.application(parser, full, primes, None, sup, start)
    if sub is not None and (labelled := _numbered(parser, base, sub, None, start, over=True)) is not None:
        return _raise(parser, _primes(parser, labelled, primes, start), sup, False, start)
    for known in dict.fromkeys((base, strip_fonts(base))):
        for name, inner_sup, transposed in _sup_ways(parser, known, sub_text, sup_text, sup):
            rest = sub if name.sub is None else None
            if not primes and rest is None and sup is not None and not inner_sup and is_label(parser, sup, 0):
                full = f"{name.full}^{{{script_text(parser, sup)}}}"  # \\theta^{new}
                return Expression("unknown", (), full, parser.span_from(start))
            if rest is not None and sup is not None and not inner_sup and 1 not in name.declared.dims:
                entry = _entry_of_raised(parser, name, rest, sup, start)
                if entry is not None:
                    return entry
            slope = calls.slope(parser, name, primes, start) if primes and rest is sup is None else None
            if slope is not None:
                return slope
            node = _with_name(parser, name, rest, start)
            primes -= primes and len(node.args) - 1 if node.head == "derivative" else 0  # y'_v
            return _raise(parser, _primes(parser, node, primes, start), None if inner_sup else sup, transposed, start)
        member = _member(parser, known, sub, sup, sub_text, sup_text, start)
        if member is not None:
            return _primes(parser, member, primes, start)
        if known in parser.notation.indices and sub is None:
            node = Expression("index", (), known + "'" * primes, parser.span_from(start))  # i', another index
            return _raise(parser, node, sup, False, start)
    twin = TWINS.get(base, "")
    if base not in parser.bound and (twin, sub_text, None) in parser.notation.names:
        return _with_name(parser, parser.notation.names[twin, sub_text, None], None, start)
    numbered = _numbered(parser, base, sub, sup, start)
    if numbered is not None:
        return _primes(parser, numbered, primes, start)
    for label, rest in ((sub_text, None), (None, sub)) if not (primes or calls.is_called(parser)) else ():
        square = parser.notation.names.get((base, label, "2"))
        if square and (root := special.of_square(parser, _with_name(parser, square, rest, start), sup_text, start)):
            return root
    function = parser.notation.function_named(base)
    is_own = base in parser.notation.own and special.is_quantity(parser, sup) and not calls.is_called(parser)
    is_own = is_own or (sub is not None and sup is None and calls.is_member(parser, base, start))
    if function is not None and not is_own:
        return calls.application(parser, function, primes, sub, sup, start)
    return _undeclared(parser, base, primes, sub, sup, start)


def _entry_of_raised(parser: Cursor, name: Name, sub: Range, sup: Range, start: int) -> Expression | None:
    """``X^T_{ji}`` and ``S^{-1}_k``: an entry of the transpose, an entry or a row of the inverse; ``X^{(i)}_j``."""
    text, found = canonical(parser.tokens[slice(*sup)]).strip("{}"), indices(parser, *sub)
    is_inverse = text[:1] == "-" and text[1:] in ("1", *special.TRANSPOSES)
    if len(found) == 1 and (row := sample_of(parser, name.full, sup)) is not None:
        return Expression("entry", (_with_name(parser, name, None, start), row, *found), None, parser.span_from(start))
    is_entry = len(found) == 2 and all(index.head != "slice" for index in found)
    if not (text in special.TRANSPOSES and is_entry) and not (is_inverse and (len(found) == 1 or sup < sub)):
        return None
    whole = special.raised(parser, _with_name(parser, name, None, start), *sup, start)
    return Expression("entry", (whole, *found), None, parser.span_from(start))


TWINS = {"l": r"\ell", r"\ell": "l"}  # letters that are written for each other where one of them is declared


def _numbered(parser: Cursor, base: str, sub: Script, sup: Script, start: int, over: bool = False) -> Expression | None:
    r"""A name declared with its number elsewhere: ``z_{2,k}`` of a z_2, ``W^{(2)}_{kj}`` of a W_2, or back.

    Over a base that is declared, too, where that has less indices: ``y_{\text{out}, k}`` beside a y.
    """
    named = parser.notation.names
    for known in dict.fromkeys((base, strip_fonts(base))):
        raised, turned = _unturned(parser, sup)
        label = script_text(parser, raised) or ""
        name = named.get((known, label[1:-1], None)) if label[:1] in ("(", "[") else None
        if name is not None:
            return _raise(parser, _with_name(parser, name, sub, start), None, turned, start)
        if sub is None or (over and not has_less(parser, named.get((known, None, None)), sub)):
            continue
        low, high = sub
        stop = index_end(parser, low, high, any(token.text == "," for token in parser.tokens[low:high]))
        label = canonical(parser.tokens[low:stop])
        rest = stop + (stop < high and parser.tokens[stop].text == ",")
        keys: list[tuple[str, str | None, str | None]] = [(known, None, f"({label})"), (known, None, f"[{label}]")]
        keys += [] if rest >= high else [(known, label, None)]
        name = next((found for key in keys if (found := named.get(key)) is not None), None)
        if name is not None:
            node = _with_name(parser, name, (rest, high) if rest < high else None, start)
            return _raise(parser, node, sup, False, start)
    return None


def _sup_ways(parser: Cursor, base: str, sub: str | None, sup: str | None, at: Script) -> list[tuple[Name, bool, bool]]:
    """The declared name, whether the superscript belongs to it, and whether a transpose follows in it."""
    names, families = parser.notation.names, parser.notation.families
    is_member = (sup or "").startswith("(") and (base, "^") in families  # L^{(t)} beside L is no power
    rest, turned = _unturned(parser, at)
    head = script_text(parser, rest) if turned else None
    for sub_key in dict.fromkeys((sub, None)):
        if sup is not None and (name := names.get((base, sub_key, sup))) is not None:
            return [(name, True, False)]
        if head and (name := names.get((base, sub_key, head))) is not None:
            return [(name, True, True)]
        free = (base, "_") not in families or sub in (sub_key, None)
        if free and not is_member and (name := names.get((base, sub_key, None))) is not None:
            return [(name, False, False)]
    return []


def _with_name(parser: Cursor, name: Name, sub: Range | None, start: int) -> Expression:
    """A declared name, with the entry where a subscript is left over, and without a remark of what it depends on."""
    head = {"size": "size", "index": "index"}.get(name.declared.kind, "symbol")
    node = Expression(head, (), name.full, parser.span_from(start))
    if sub is not None:
        dims = name.declared.dims
        axes = sum(size != 1 for size in dims)
        if head == "symbol" and (is_label(parser, sub, axes) or (axes and names_number(parser, sub))):
            full = f"{name.full}_{{{canonical(parser.tokens[slice(*sub)])}}}"
            if calls.has_several(parser):  # D_{KL}(p \| q)
                return calls.call(parser, full, start)
            return Expression("unknown", (), full, parser.span_from(start))
        if dims == SCALAR and head == "symbol" and (below := quantities_below(parser, *sub)):
            brackets.pass_dependency(parser, name.full, False)
            return Expression("derivative", (node, *below), "Leibniz", parser.span_from(start))
        found = indices(parser, *sub)
        if axes == 0:  # a summand of it, should the work say so
            full, span = f"{name.full}_{{{script_text(parser, sub)}}}", parser.span_from(start)
            brackets.pass_dependency(parser, name.full, True)
            return Expression("unknown", tuple(found), full, span)
        if axes == 1 and len(found) == 2 and all(i.head == "number" for i in found):
            found = [Expression("number", (), (found[0].data[0] * 10 + found[1].data[0], None), found[0].span)]
        if len(found) != axes and not (len(found) == 1 and axes == 2):
            said = f"{name.full} has {axes} ind{'ices' if axes > 1 else 'ex'}, not {len(found)}"
            parser.fail(said, parser.span_from(start))
        node = Expression("entry", (node, *found), None, parser.span_from(start))
        points = brackets.pass_dependency(parser, name.full, True)
        return Expression("at", (node, *points), None, parser.span_from(start)) if points else node
    token = parser.tokens[parser.at] if parser.at < parser.end else None
    if token is None or (token.text not in _CALLING and token.kind not in _INVISIBLE):
        return node
    if name.declared.kind == "array":
        if calls.is_conditional(parser, name.declared.dims != SCALAR):
            return calls.call(parser, name.full, start)
        node = code.array_index(parser, node, sum(size != 1 for size in name.declared.dims), start)
    points = brackets.pass_dependency(parser, name.full)
    return Expression("at", (node, *points), None, parser.span_from(start)) if points else node


def _member(
    parser: Cursor, base: str, sub: Script, sup: Script, sub_text: str | None, sup_text: str | None, start: int
) -> Expression | None:
    """A member of a family, with the entry that further indices pick."""
    families = parser.notation.families
    if sub is not None and (family := families.get((base, "_"))) is not None:
        found = indices(parser, *sub)
        node = _entry_of_member(parser, family, found[0], found[1:], start)
        return _raise(parser, node, sup, False, start)
    base, sub = (f"{base}_{{{sub_text}}}", None) if (f"{base}_{{{sub_text}}}", "^") in families else (base, sub)
    family = families.get((base, "^")) if sup is not None else None
    if family is None or sup is None or sup_text is None:
        return None
    rest, transposed = _unturned(parser, sup)
    assert rest is not None
    low, high = rest
    if parser.tokens[low].text == "(" and parser.tokens[high - 1].text == ")":
        low, high = low + 1, high - 1
    if sup_text in special.TRANSPOSES:
        return None
    index = one_index(parser, low, high)
    node = _entry_of_member(parser, family, index, indices(parser, *sub) if sub else [], start)
    return Expression("transpose", (node,), None, node.span) if transposed else node


def _entry_of_member(
    parser: Cursor, family: Family, index: Expression, rest: list[Expression], start: int
) -> Expression:
    span = parser.span_from(start)
    if index.head == "number" and family.member.kind == "array":
        own = parser.notation.names.get((family.base, str(index.data[0]), None))
        if own is not None:
            return Expression("symbol", (), own.full, span)
    node = Expression("member", (index,), (family.base, family.place), span)
    brackets.pass_dependency(parser, family.name, bool(rest) or family.place == "_")
    if not rest:
        return node
    if len(rest) != sum(size != 1 for size in family.member.dims):
        parser.fail(f"{family.name} has too many indices here", span)
    return Expression("entry", (node, *rest), None, span)


def _primes(parser: Cursor, node: Expression, primes: int, start: int) -> Expression:
    for _ in range(primes):
        node = Expression("prime", (node,), None, parser.span_from(start))
    return node


def _raise(parser: Cursor, node: Expression, sup: Range | None, transposed: bool, start: int) -> Expression:
    if transposed:
        return Expression("transpose", (node,), None, parser.span_from(start))
    return node if sup is None else special.raised(parser, node, *sup, start)


def _labelled(parser: Cursor, base: str, sub: Range | None, sup: Range | None, span: Span) -> Expression | None:
    r"""``\delta^{(1)}``, ``e^{(i)}``, ``\delta^{\text{out}}``: a name with a label or an index above it."""
    if sup is None:
        return None
    low, high = sup
    label = parser.tokens[low + 1] if high - low == 3 else parser.tokens[low]
    is_bracketed = high - low == 3 and (parser.tokens[low].text, parser.tokens[high - 1].text) in (
        ("(", ")"),
        ("[", "]"),
    )
    is_index = label.text in parser.notation.indices or label.text in parser.bound
    is_quantity = not is_index and sub is not None and label.text not in special.TRANSPOSES
    is_quantity = is_quantity and names_array(parser, label)
    is_word = is_label(parser, sup, 0) or is_step(parser, sup) or (high - low == 1 and label.text in special.STARS)
    is_of = is_quantity and (is_bracketed or high - low == 1)  # \delta^f_t
    if not (is_bracketed and (is_index or label.kind == "digit")) and not is_word and not is_of:
        return None
    below = () if sub is None else places(parser, sub)
    above = (Expression("index", (), label.text, (label.start, label.end)),) if is_index and is_bracketed else ()
    script = "" if sub is None else f"_{{{script_text(parser, sub)}}}"
    return Expression("unknown", (*above, *below), f"{base}^{{{canonical(parser.tokens[low:high])}}}{script}", span)


def _undeclared(parser: Cursor, base: str, primes: int, sub: Range | None, sup: Range | None, start: int) -> Expression:
    """What a name means that nobody declared: a constant, the identity, an expectation, a size, or nothing."""
    span = parser.span_from(start)
    bare = strip_fonts(base)
    row = sample_of(parser, bare, sup) if sub is not None and sup is not None else None
    if row is not None and sub is not None:  # x^{(i)}_j
        name = f"{base}_{{{row.data}{script_text(parser, sub)}}}"
        return Expression("unknown", (row, *places(parser, sub)), name, span)
    labelled = None if primes else _labelled(parser, bare, sub, sup, span)
    if labelled is not None:
        return labelled
    if bare in parser.notation.sizes and sub is None and not primes:
        return _raise(parser, Expression("size", (), bare, span), sup, False, start)
    is_own = bare in parser.notation.own and special.is_quantity(parser, sup)
    meant = None if primes or is_own else special.meaning(parser, bare, sub, sup, start)
    if meant is not None:
        return meant if meant.head == "space" else _raise(parser, meant, sup, False, start)
    if bare == r"\infty":
        parser.fail("infinity is not a value here", span)
    if (base in parser.bound or bare in parser.bound) and sub is None:
        return _raise(parser, Expression("index", (), base if base in parser.bound else bare, span), sup, False, start)
    full = base if sub is None else f"{base}_{{{script_text(parser, sub)}}}"
    sizes = {size.translate(_UNBRACED): size for size in parser.notation.sizes if "_" in size}
    count = sizes.get(full.translate(_UNBRACED))
    if count is not None and not primes:
        return _raise(parser, Expression("size", (), count, span), sup, False, start)
    is_told = sub is None or is_label(parser, sub, 1) or names_number(parser, sub) or is_of_sample(parser, base, sub)
    below = () if sub is None or is_told else places(parser, sub)
    known = {*parser.notation.indices, *parser.bound}
    is_entry = bool(below) and all(place.head == "index" and place.data in known for place in below)
    if sup is None and not is_entry and calls.is_called(parser) and not calls.holds_itself(parser, start):
        return _primes(parser, calls.call(parser, full, start), primes, start)
    node = Expression("unknown", below, full, span)
    return _raise(parser, _primes(parser, node, primes, start), sup, False, start)
