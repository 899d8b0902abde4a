"""Fractions, derivatives, sums, cases and matrices: the commands that have a grammar of their own."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression, by_all, free_indices, is_linear
from truestep.derivations.language.faults import ReadingFault
from truestep.derivations.language.latex.groups import ALONE
from truestep.derivations.language.notation import ACCENTS, FONTS
from truestep.derivations.language.reading import conditions
from truestep.derivations.language.reading.cursor import (
    differential_mark,
    is_declared_d,
    is_over,
    mark_text,
    over_place,
    reaches,
    several,
    sign_of,
    tight_mark,
)
from truestep.derivations.language.reading.tokens import canonical, closing
from truestep.derivations.language.shapes import SCALAR

if TYPE_CHECKING:
    from truestep.derivations.language.reading.cursor import Cursor


def over(parser: Cursor) -> Expression:
    r"""``{a \over b}``."""
    start = parser.at
    end = closing(parser.tokens, start, parser.end)
    middle = over_place(parser, start + 1, end)
    assert middle is not None
    parser.at = end + 1
    return fraction_of(parser, (start + 1, middle), (middle + 1, end), start)


def fraction(parser: Cursor) -> Expression:
    r"""``\frac{a}{b}``, which may be a derivative."""
    start = parser.at
    parser.take()
    return fraction_of(parser, parser.argument(r"\frac"), parser.argument(r"\frac"), start)


def fraction_of(parser: Cursor, above: tuple[int, int], below: tuple[int, int], start: int) -> Expression:
    """A fraction of two ranges."""
    span = parser.span_from(start)
    top, bottom = differential_mark(parser, *above), differential_mark(parser, *below)
    if is_declared_d(parser) and top is bottom is None:
        top, bottom = tight_mark(parser, *above), tight_mark(parser, *below)
        if bottom is not None and canonical(parser.tokens[slice(*above)]) == "d":
            return Expression("operator", denominators(parser, *below), None, span)
        top, bottom = (None, None) if top is None or bottom is None else (top, bottom)
    if top is bottom is None and not parser.notation.divides(r"\delta"):
        top, bottom = (_delta_mark(parser, *part) for part in (above, below))
        if bottom is not None and parser.tokens.partner[above[0] + 1 : above[0] + 2] == [above[1] - 1]:
            top = above[0] + 1  # \delta(a b) by \delta x
        top, bottom = (None, None) if top is None or bottom is None else (top, bottom)
    product = (top is None and mark_text(parser, *below) == "d") or (
        bottom is None and mark_text(parser, *above) == "d" and not (_is_variable(parser, *below) and _acts(parser))
    )
    if (top is None) != (bottom is None) and not product and not _is_bare(parser, *above):
        product = not parser.takes("missing-partial", start)
        if product and r"\partial" in {parser.tokens[k].text for part in (above, below) for k in range(*part)}:
            parser.fail("a sign of differentiation is missing in this fraction", span)
    if (top is not None or bottom is not None) and not product:
        is_higher = top is not None and any(token.text == "^" for token in parser.tokens[above[0] : top])
        variables = denominators(parser, *below, 1 + is_higher)
        if _is_bare(parser, *above):
            return Expression("operator", variables, None, span)
        marks = [k for k in parser.tokens.top(*above) if parser.tokens[k].text in (r"\partial", r"\dd", "d")]
        if bottom is not None and len(marks) > (top is not None):
            terms = parser.inside(*above).whole()
            if is_linear(terms):
                return terms.map(lambda node: by_all(node, variables))
        inner = parser.inside(above[0] if top is None else top, above[1])
        body = inner.sum()
        if inner.peek() is not None:
            inner.fail("this does not fit into the numerator of a derivative")
        if body.head == "unknown" and body.data == "d":
            return Expression("operator", variables, None, span)
        return Expression("derivative", (body, *variables), "Leibniz", span, sign_of(parser, *above))
    numerator = parser.inside(*above).whole()
    denominator = parser.inside(*below).whole()
    if denominator.head == "differential" and is_linear(numerator):
        return numerator.map(lambda node: by_all(node, denominator.args))
    return Expression("quotient", (numerator, denominator), "frac", span)


def _acts(parser: Cursor) -> bool:
    r"""Whether a factor follows, or the d above is no size: ``-\frac{d}{s} + ...`` of d entries is a quotient."""
    return "d" not in parser.notation.sizes or ((token := parser.peek()) is not None and parser.starts_factor(token))


def _is_variable(parser: Cursor, start: int, end: int) -> bool:
    r"""Whether a denominator is a name, as in the sloppy ``\frac{dL}{w}``; ``\frac{dS K}{\sqrt{n}}`` is a quotient."""
    return parser.inside(start, end).whole().head in ("symbol", "member", "entry", "unknown", "index")


def _is_bare(parser: Cursor, start: int, end: int) -> bool:
    r"""Whether a numerator names nothing that is derived: ``\partial``, or ``\partial d`` as some write it."""
    mark = differential_mark(parser, start, end) or _delta_mark(parser, start, end)
    printed = [token.text for token in parser.tokens[mark:end] if token.kind not in ("open", "close")]
    return mark is not None and printed in ([], [] if is_declared_d(parser) else ["d"])


def _delta_mark(parser: Cursor, start: int, end: int) -> int | None:
    r"""Where what follows a \delta that is a sign of differentiation begins: one without indices."""
    texts = [token.text for token in parser.tokens[start : min(start + 2, end)]]
    if texts[:1] != [r"\delta"] or texts[1:] in (["_"], ["^"]):
        return None
    stop = parser.tokens.partner[start + 1] if texts[1:] == ["("] else ALONE  # \delta (z_3)_r, not \delta(x)
    is_call = texts[1:] == ["("] and [token.text for token in parser.tokens[stop + 1 : stop + 2]] not in (["_"], ["["])
    return None if is_call else start + 1


def denominators(parser: Cursor, start: int, end: int, order: int = 1) -> tuple[Expression, ...]:
    r"""What a derivative is taken by: ``\partial x``, ``\partial x \partial y``, ``\partial x^2``; ``\partial x y``."""
    variables: list[Expression] = []
    inner = parser.inside(start, end)
    while inner.peek() is not None:
        begin = _mark(inner, inner.at, end)
        begin = _delta_mark(inner, inner.at, end) if begin is None and not variables else begin
        if begin is not None:
            inner.at = begin
        elif 0 < len(variables) < order:
            begin = inner.at
        elif variables:
            inner.fail("this does not fit into the denominator of a derivative")
        if begin is None:
            variables.append(inner.whole())
            continue
        place, variable = inner.at, inner.factor()
        variable = _rooted(parser, variable) if order > 1 else variable
        if variable.head == "power" and variable.args[1].head == "number" and variable.args[1].data[0] in (2, 3):
            is_square = order == 1 and not variables and _is_number(parser, variable.args[0])
            is_square = is_square and inner.peek() is None and not parser.takes("missing-order", place)
            variables += [variable] if is_square else [variable.args[0]] * int(variable.args[1].data[0])
        else:  # by w', where the prime can be no derivative
            is_turned = bool(variables) and (variable.head == "prime" or _is_turned(variable))
            turned = Expression("transpose", variable.args[:1], None, variable.span) if is_turned else variable
            variables.append(turned)
    if not variables:
        parser.fail("this derivative does not say by what it is taken")
    return tuple(variables)


def _is_turned(variable: Expression) -> bool:
    """Whether a t stands above a name that is no power: ``w^t``."""
    return variable.head == "power" and (variable.args[1].head, variable.args[1].data) == ("unknown", "t")


def _is_number(parser: Cursor, variable: Expression) -> bool:
    known = parser.notation.declared(str(variable.data)) if variable.head == "symbol" else None
    return known is not None and known.dims == SCALAR


def _rooted(parser: Cursor, variable: Expression) -> Expression:
    r"""``\partial \sigma^2`` below a second derivative, where \sigma^2 is a name and \sigma is one: twice by \sigma."""
    names = parser.notation.names
    known = next((one for one in names.values() if variable.head == "symbol" and one.full == variable.data), None)
    root = names.get((known.base, known.sub, None)) if known is not None and known.sup == "2" else None
    if root is None:
        return variable
    two = Expression("number", (), (Fraction(2), None), variable.span)
    return Expression("power", (Expression("symbol", (), root.full, variable.span), two), None, variable.span)


def derivative_operator(parser: Cursor) -> Expression | None:
    r"""A derivative that acts on what stands beside it: ``\frac{\partial}{\partial x}``, ``\partial_x``."""
    token = parser.peek()
    if token is not None and token.text == "D" and "D" not in parser.notation.letters:
        return None if parser.notation.is_name("D") else _subscript_operator(parser, only_names=True)
    start = parser.at
    if token is not None and token.kind == "open" and is_over(parser):
        node = over(parser)
        if node.head == "operator":
            return node
        parser.at = start
    if token is None or token.kind != "command":
        return None
    if token.text == r"\frac":
        parser.take()
        above, below = parser.argument(r"\frac"), parser.argument(r"\frac")
        is_own = is_declared_d(parser) and canonical(parser.tokens[slice(*above)]) == "d"
        if is_own or _is_bare(parser, *above):  # all others are read once, or nesting would double the work
            node = fraction_of(parser, above, below, start)
            if node.head == "operator":
                return node
        parser.at = start
    elif token.text == r"\partial":
        return _subscript_operator(parser)
    return None


def _subscript_operator(parser: Cursor, only_names: bool = False) -> Expression | None:
    r"""``\partial_x``, ``\partial^2_{x y}``, and ``D_x`` where only names stand below."""
    start = parser.at
    parser.take()
    order = 1
    if parser.is_next("^"):
        parser.take()
        low, high = parser.argument("^")
        order = 2 if canonical(parser.tokens[low:high]) == "2" else 1
    if not parser.is_next("_"):
        parser.at = start
        return None
    parser.take()
    low, high = parser.argument("_")
    inner = parser.inside(low, high)
    variables: list[Expression] = []
    while inner.peek() is not None:
        variables.append(inner.factor())
    if only_names and not all(_is_named(variable) for variable in variables):
        parser.at = start
        return None
    return Expression(
        "operator", tuple(variables * (order if len(variables) == 1 else 1)), None, parser.span_from(start)
    )


_NAMING = frozenset((*ACCENTS, *FONTS, r"\ell"))


def _is_named(variable: Expression) -> bool:
    """Whether this is a declared quantity or an entry of one."""
    while variable.head in ("entry", "group"):
        variable = variable.args[0]
    return variable.head in ("symbol", "member")


def operand(parser: Cursor, variables: tuple[Expression, ...], is_below: bool = False) -> Expression:
    r"""What a derivative operator acts on: a bracket right behind it, else the whole product that follows.

    It may also be the next factor alone: a name behind ``\partial_x``, where the variable ``is_below``; and on a right
    side, which says what it is worth, any function or name.
    """
    token = parser.peek()
    assert token is not None
    is_name = token.kind == "letter" or token.text in _NAMING
    may_be_short = is_name if is_below else (is_name or token.kind == "command") and parser.is_right()
    if may_be_short and parser.takes("operator-short", parser.at):
        return parser.factor()
    if reaches(parser, variables) and parser.takes("operator-long", parser.at):
        return parser.sum()
    if token.text in ("(", "[") and token.kind == "mark" and not parser.takes("operator-scope", parser.at):
        return parser.factor()
    return parser.term()


def slash_derivative(parser: Cursor) -> Expression | None:
    r"""``dJ/dz`` and ``\partial J/\partial z``; None (and nothing passed) where it is none."""
    start = parser.at
    begin = _mark(parser, start, parser.end)
    if begin is None or begin >= parser.end:
        return None
    parser.at = begin
    try:
        above = None if parser.is_next("/") else parser.factor()
        if not parser.is_next("/"):
            raise LookupError
        parser.take()
        below = _below_slash(parser, parser.tokens[start + 1].text == "^")
    except (LookupError, ReadingFault):
        parser.at = start
        return None
    if above is None:
        return Expression("operator", below, None, parser.span_from(start))
    sign = sign_of(parser, start, parser.at)
    return Expression("derivative", (above, *below), "Leibniz", parser.span_from(start), sign)


def _mark(parser: Cursor, start: int, end: int) -> int | None:
    """Where the name behind a sign of differentiation begins; a d that is a name touches it."""
    found = differential_mark(parser, start, end)
    found = tight_mark(parser, start, end) if found is None and is_declared_d(parser) else found
    return _delta_mark(parser, start, end) if found is None and not parser.notation.divides(r"\delta") else found


def _below_slash(parser: Cursor, is_higher: bool) -> tuple[Expression, ...]:
    """What a derivative with a slash is taken by: ``dx``, or several in a bracket, ``(dx dy)``."""
    if parser.is_next("(") and _mark(parser, parser.at + 1, parser.end) is not None:
        close = parser.tokens.partner[parser.at]
        if close > parser.at:
            found = denominators(parser, parser.at + 1, close)
            parser.at = close + 1
            return found
    low = _mark(parser, parser.at, parser.end)
    if low is None:
        raise LookupError
    parser.at = low
    variable = parser.factor(is_bare=True)
    found = several(variable) if is_higher else (variable,)
    low = _mark(parser, parser.at, parser.end) if is_higher and len(found) == 1 and parser.at < parser.end else None
    if low is None:
        return found
    parser.at = low
    return (variable, parser.factor(is_bare=True))


def environment(parser: Cursor, as_cases: bool = False) -> Expression:
    r"""``\begin{cases}``, matrices and arrays."""
    start = parser.at
    parser.take()
    low, high = parser.argument(r"\begin")
    name = "".join(token.text for token in parser.tokens[low:high])
    stop = _end_of(parser, name, start)
    if name in ("array", "array*") and parser.tokens[parser.at].kind == "open":
        parser.at = closing(parser.tokens, parser.at, stop) + 1
    rows = split_rows(parser, parser.at, stop)
    parser.at = closing(parser.tokens, stop + 1, parser.end) + 1
    span = parser.span_from(start)
    if name in ("cases", "dcases", "rcases") or (as_cases and name in ("array", "matrix", "aligned")):
        return conditions.cases(parser, rows, span)
    if name in ("matrix", "pmatrix", "bmatrix", "vmatrix", "Bmatrix", "array", "smallmatrix", "Vmatrix"):
        made = matrix(parser, rows, span)
        around = {"vmatrix": ("abs", None), "Vmatrix": ("norm", "")}.get(name)
        return made if around is None else Expression(around[0], (made,), around[1], span)
    parser.fail(f"the environment {name} does not belong inside a formula", span)


def _end_of(parser: Cursor, name: str, start: int) -> int:
    tokens, token = parser.tokens, parser.tokens[start]
    stop = tokens.partner[start]
    if not ALONE < stop < parser.end:
        parser.fail(f"the environment {name} is not closed", (token.start, token.end))
    closed = "".join(inner.text for inner in tokens[stop + 2 : closing(tokens, stop + 1, parser.end)])
    if closed != name:
        parser.fail(f"{name} is closed as {closed}", (tokens[stop].start, tokens[stop].end))
    return stop


def split_rows(parser: Cursor, start: int, end: int) -> list[list[tuple[int, int]]]:
    r"""The cells of an environment, split at ``\\`` and ``&`` at its top level."""
    rows: list[list[tuple[int, int]]] = [[]]
    begin = start
    for place in parser.tokens.top(start, end, strong=True):
        token = parser.tokens[place]
        if token.text in (r"\\", r"\cr", "&") and token.kind in ("command", "mark"):
            rows[-1].append((begin, place))
            begin = place + 1
            if token.text != "&":
                rows.append([])
    rows[-1].append((begin, end))
    return [row for row in rows if any(low < high for low, high in row)]


def matrix(parser: Cursor, rows: list[list[tuple[int, int]]], span: tuple[int, int]) -> Expression:
    """A matrix of entries."""
    width = len(rows[0]) if rows else parser.fail("this matrix is empty", span)
    if any(len(row) != width for row in rows):
        parser.fail("the rows of this matrix have different lengths", span)
    if width * len(rows) > 64:
        parser.fail("this matrix has more than 64 entries", span)
    entries: list[Expression] = []
    for row in rows:
        for low, high in row:
            entries.append(_entry(parser, low, high) if low < high else Expression("blank", (), None, span))
    if any(entry.head == "dots" for entry in entries):
        return _with_dots(parser, entries, width, span)
    if any(entry.head == "blank" for entry in entries):
        parser.fail("an entry of this matrix is empty", span)
    return Expression("matrix", tuple(entries), width, span)


def _entry(parser: Cursor, low: int, high: int) -> Expression:
    printed = [token for token in parser.tokens[low:high] if token.kind not in ("open", "close", "space")]
    if printed and all(token.text == r"\dots" for token in printed):
        return Expression("dots")
    return parser.inside(low, high).whole()


def _is_dotted(entries: list[Expression]) -> bool:
    """Whether a row or column only says how the others go on: dots, with nothing beside them but blanks and zeros."""
    rest = [entry for entry in entries if entry.head != "dots"]
    empty = all(one.head == "blank" or (one.head == "number" and not one.data[0]) for one in rest)
    return len(rest) < len(entries) and (empty or "dots" in (entries[0].head, entries[-1].head))


def _with_dots(parser: Cursor, entries: list[Expression], width: int, span: tuple[int, int]) -> Expression:
    """A matrix with dots: the rows and columns that are written, without those of dots alone."""
    written = [entry for entry in entries if entry.head not in ("dots", "blank")]
    if len(written) == 1 and free_indices(written[0]):  # any entry, among dots
        return Expression("group", (written[0],), None, span)
    grid = [entries[k : k + width] for k in range(0, len(entries), width)]
    if [entry.head == "dots" for entry in entries] == [True, False, True] and width in (1, 3):
        return Expression("typical", (entries[1],), "column" if width == 1 else "row", span)
    zero = Expression("number", (), (Fraction(0), None), span)
    rows = [row for row in grid if not _is_dotted(row)]
    columns = [k for k in range(width) if not _is_dotted([row[k] for row in grid])]
    if any(row[k].head == "dots" for row in rows for k in columns):
        columns = [k for k in columns if all(row[k].head != "dots" for row in rows)]
    rows = [[zero if entry.head == "blank" else entry for entry in row] for row in rows]
    if len(rows) * len(columns) < 2 or 0 not in columns:
        parser.fail("these dots leave open how the entries go on", span)
    kept = tuple(row[k] for row in rows for k in (columns if len(columns) == 1 else (columns[0], columns[-1])))
    return Expression("pattern", kept, (len(rows), min(len(columns), 2)), span)
