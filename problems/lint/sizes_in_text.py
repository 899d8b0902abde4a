r"""Sizes that the text of a question names, beside the shapes that its problem declares.

What is understood: "maps from $M$-dimensional space to $K$-dimensional space", "from $\mathbb{R}^s$ to $\mathbb{R}^t$",
"$x$ is the $M$-dimensional input", "an $N$-dimensional vector $x$", "$W$ is the weight matrix of size $K \times M$",
"a $K \times M$ matrix $W$", "$b$ has $K$ entries", "a vector $b$ of length $K$", "$x, y \in \mathbb{R}^n$".
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.language.faults import Fault, ShapeFault, StatementFault, quoted
from truestep.derivations.language.notation import strip_fonts
from truestep.derivations.language.reading.tokens import canonical, tokenize
from truestep.derivations.language.shapes import describe
from truestep.derivations.meaning.scope import value_of
from truestep.problems.lint.lint_rule import Remark
from truestep.problems.lint.texts import FORMULA, members
from truestep.problems.statements.declared_notation import declared_shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.shapes import Dims, Size
    from truestep.problems.lint.draft import Asked, Draft, Stated
    from truestep.problems.statements.prepared import Setting
    from truestep.problems.statements.toml.positions import Path

    _Equation = tuple[re.Match[str], tuple[Expression, Expression, bool]]

# no two repetitions side by side take the same letters, so that each pattern runs once over a text
_SIZE = r"(?:\$\s*+)?([A-Za-z]|\d{1,5})(?:\s*+\$)?"
_DIMENSIONAL = rf"{_SIZE}[\s-]*dimensional"
_REALS = r"\\(?:mathbb\s*+(?:\{\s*+)?R(?:\s*+\})?|R\b|reals)"
_POWER = rf"{_REALS}\s*+\^\s*+(?:\{{\s*+)?([^{{}}$\s][^{{}}$]{{0,79}}?)\s{{0,9}}\}}?"
_SPACE = rf"(?:\$\s*{_POWER}\s*\$|{_DIMENSIONAL}(?:\s+(?:vector\s+)?spaces?)?)"
_NAME = r"\$\s*+([^$=\s][^$=]{0,39}?)\s*+\$"
_ADJECTIVES = r"(?:[A-Za-z-]+\s+){0,3}"
_IS_A = rf"{_NAME}\s+(?:is|be|denotes)\s+(?:an?|the|our)\s+{_ADJECTIVES}"
_BY = r"\s{0,9}(?:\\times|\\cdot|×|x)\s{0,9}"
_PRODUCT = rf"(?:\$\s*+)?([A-Za-z]|\d{{1,5}}){_BY}([A-Za-z]|\d{{1,5}})(?:\s*+\$)?"
MAPPING = re.compile(rf"\bfrom\s+(?:an?\s+|the\s+)?{_SPACE}\s+(?:in)?to\s+(?:an?\s+|the\s+)?{_SPACE}", re.IGNORECASE)
# sentences, and which groups of each are the name and its sizes
SENTENCES: tuple[tuple[re.Pattern[str], int, *tuple[int, ...]], ...] = (
    (re.compile(rf"{_NAME}\s+(?:is|be|denotes)\s+(?:an?|the|our)\s+{_DIMENSIONAL}\b"), 1, 2),
    (re.compile(rf"{_NAME}\s+(?:has|with|have)\s+{_SIZE}\s+(?:entries|components|elements|dimensions)\b"), 1, 2),
    (re.compile(rf"{_IS_A}vector\s+(?:of|with)\s+(?:size|length|dimension)\s+{_SIZE}(?!{_BY})"), 1, 2),
    (re.compile(rf"(?i:\bvector\s+{_NAME}\s+(?:of|with)\s+(?:size|length|dimension)\s+{_SIZE}(?!{_BY}))"), 1, 2),
    (re.compile(rf"{_DIMENSIONAL}\s+{_ADJECTIVES}vector\s+{_NAME}"), 2, 1),
    (re.compile(rf"{_IS_A}matrix\s+(?:of|with)\s+(?:size|shape|dimensions?)\s+{_PRODUCT}"), 1, 2, 3),
    (re.compile(rf"\bmatrix\s+{_NAME}\s+of\s+(?:size|shape|dimensions?)\s+{_PRODUCT}"), 1, 2, 3),
    (re.compile(rf"{_PRODUCT}\s+{_ADJECTIVES}matrix\s+{_NAME}"), 3, 1, 2),
)
MEMBERSHIP = re.compile(
    rf"(?P<names>[^$\s][^$]{{0,59}}?)\s{{0,9}}\\in\s*{_REALS}(?:\s*\^\s*(?:\{{(?P<power>[^{{}}]+)\}}|(?P<one>\w)))?"
)


class Claim(NamedTuple):
    """What a text says of a name: its sizes, and where."""

    name: str
    sizes: Dims
    offset: int
    said: str


def sizes_in_text(draft: Draft) -> Iterator[Remark]:
    """Sizes in the text of a question that are not those of the declared shapes."""
    for place, text, about in _texts(draft):
        for offset, message in differing(text, about):
            yield Remark(place, message, "mend the text, or the shape under symbols", offset)


def _texts(draft: Draft) -> Iterator[tuple[Path, str, tuple[Stated, ...]]]:
    """The texts of questions, each with the problems that it is about."""
    if draft.single is not None and isinstance(draft.single.table.get("text"), str):
        yield (*draft.single.place, "text"), str(draft.single.table["text"]), (draft.single,)
    for question in draft.questions:
        text = question.table.get("text")
        if isinstance(text, str):
            yield (*question.place, "text"), text, _around(draft, question)


def _around(draft: Draft, question: Asked) -> tuple[Stated, ...]:
    """The problems that a text is about: its own, or those of the questions that share it."""
    inside = members(draft, question) if question.is_heading else [question]
    return tuple(stated for one in inside for stated in one.stated if stated.role == "asked")


def differing(text: str, about: tuple[Stated, ...]) -> Iterator[tuple[int, str]]:
    """Where a text names sizes that differ from what all the problems declare, and what is to be said."""
    settings = [stated.setting for stated in about if stated.setting is not None]
    shapes = _agreed(about)
    for claim in claims(text):
        declared = shapes.get(_plain(claim.name))
        if declared is not None and not _fits(claim.sizes, declared):
            message = f"the text says {quoted(claim.said)}, but {claim.name} is declared as {describe(declared)}"
            yield claim.offset, message
    mappings = list(MAPPING.finditer(text))
    equations = [(setting, [*_equations(text, setting)]) for setting in settings] if mappings else []
    for found in mappings:
        taken, given = (_size(found[1] or found[2]), _size(found[3] or found[4]))
        message = next((told for pair in equations if (told := _mapped(found, taken, given, *pair))), "")
        if message:
            yield found.start(), message


def claims(text: str) -> Iterator[Claim]:
    r"""What a text says of the sizes of names.

    >>> said = r"where $W$ is a matrix of size $K \times M$ and $x \in \mathbb{R}^M$"
    >>> [(claim.name, claim.sizes) for claim in claims(said)]
    [('W', ('K', 'M')), ('x', ('M', 1))]
    """
    for pattern, named, *places in SENTENCES:
        for found in pattern.finditer(text):
            sizes = (*(_size(found[place]) for place in places), 1)
            yield Claim(found[named], sizes[:2], found.start(), _said(found))
    for formula in FORMULA.finditer(text):
        for found in MEMBERSHIP.finditer(formula[2]):
            power = found["power"] or found["one"]
            sizes = tuple(_size(part) for part in re.split(_BY, power)) if power else (1,)
            if len(sizes) <= 2 and all(re.fullmatch(r"\w{1,5}", str(size)) for size in sizes):
                for name in found["names"].split(","):
                    yield Claim(name.strip(), (*sizes, 1)[:2], formula.start(2) + found.start(), _said(found))


def shape_written(text: str) -> Dims | None:
    r"""The sizes that a shape names, as a space, a product or a tuple; None where it names none.

    >>> shape_written(r"\mathbb{R}^{t \times s}"), shape_written("(N, m)"), shape_written("two rows")
    (('t', 's'), ('N', 'm'), None)
    """
    space = re.fullmatch(rf"\s*{_POWER}\s*", text)
    parts = re.split(rf"{_BY}|,", space[1] if space else text.strip().strip("()"))
    sizes = tuple(_size(part) for part in parts)
    return sizes if all(re.fullmatch(r"\w{1,5}", str(size)) for size in sizes) else None


def _said(found: re.Match[str]) -> str:
    return " ".join(found[0].split())


def _size(text: str) -> Size:
    text = text.strip().strip("{}")
    return int(text) if text.isdigit() else text


def _plain(name: str) -> str:
    """A name without fonts, as it is compared; empty where it is none."""
    try:
        return strip_fonts(canonical(tokenize(name)))
    except Fault:
        return ""


def _agreed(about: tuple[Stated, ...]) -> dict[str, Dims]:
    """The shapes of the names that all problems declare alike."""
    shapes: dict[str, set[Dims]] = {}
    for stated in about:
        symbols = stated.table.get("symbols")
        for name, shape in symbols.items() if isinstance(symbols, dict) else ():
            with suppress(StatementFault):
                declared = declared_shape(name, shape)
                if declared.kind == "array":
                    shapes.setdefault(_plain(name), set()).add(declared.dims)
    return {name: next(iter(found)) for name, found in shapes.items() if len(found) == 1}


def _fits(claimed: Dims, declared: Dims) -> bool:
    """Whether sizes may be the same: a number and a letter may, a row and a column of one length do."""
    one, other = ([size for size in dims if size != 1] for dims in (claimed, declared))
    return len(one) == len(other) and all(type(a) is not type(b) or a == b for a, b in zip(one, other, strict=True))


def _mapped(found: re.Match[str], taken: Size, given: Size, setting: Setting, equations: list[_Equation]) -> str:
    """What is wrong with a mapping's sizes, by the equation that stands nearest; empty where nothing is."""
    nearest = _nearest(found, equations)
    if nearest is None:
        return ""
    formula, (left, right, is_named) = nearest
    arrays = _arrays(right, setting)
    goes_to = _dims(left if is_named else right, setting)
    shown = " ".join(formula[2].split())
    if goes_to is not None and not _fits((given, 1), goes_to):
        what = f"{left.data} is" if is_named else "the value is"
        return f"the text says {quoted(_said(found))}, but in {quoted(shown)} {what} declared as {describe(goes_to)}"
    sizes = {size for dims in arrays.values() for size in dims}
    if sizes and isinstance(taken, str) and taken not in sizes:
        return f"the text says {quoted(_said(found))}, but nothing in {quoted(shown)} has the size {taken}"
    return ""


def _equations(text: str, setting: Setting) -> Iterator[_Equation]:
    for formula in FORMULA.finditer(text):
        sides = _sides(formula[2], setting)
        if sides is not None:
            yield formula, sides


def _nearest(found: re.Match[str], equations: list[_Equation]) -> _Equation | None:
    """The equation that stands nearest to a sentence; one within it only where there is no other."""
    before = bisect_right(equations, found.start(), key=lambda one: one[0].end())
    after = bisect_left(equations, found.end(), key=lambda one: one[0].start())
    if before > 0 and after < len(equations):
        is_after = equations[after][0].start() - found.end() < found.start() - equations[before - 1][0].end()
        return equations[after if is_after else before - 1]
    place = before - 1 if before else after if after < len(equations) else 0
    return equations[place] if equations else None


def _sides(formula: str, setting: Setting) -> tuple[Expression, Expression, bool] | None:
    r"""Both sides of ``z = W x + b`` or ``x \mapsto W x + b``, and whether the left one names the result."""
    for sign in ("=", r"\mapsto"):
        left, found, right = formula.partition(sign)
        if found:
            try:
                return setting.read(left), setting.read(right), sign == "="
            except Fault:
                return None
    return None


def _arrays(node: Expression, setting: Setting) -> dict[str, Dims]:
    """The declared quantities in an expression, with their shapes."""
    declared = {
        str(child.data): setting.notation.declared(str(child.data)) for child in node.walk() if child.head == "symbol"
    }
    return {name: found.dims for name, found in declared.items() if found is not None}


def _dims(node: Expression, setting: Setting) -> Dims | None:
    """The shape of a value; where an argument does not fit, that of a term or a factor which tells it."""
    try:
        return value_of(node, setting.scope).dims
    except ShapeFault:
        told = [dims for arg in node.args if (dims := _dims(arg, setting)) is not None]
        if node.head == "add":
            return told[0] if told else None
        return (told[0][0], 1) if node.head == "product" and told else None
    except Fault:
        return None
