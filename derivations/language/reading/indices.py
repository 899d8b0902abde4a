"""Indices: what stands in a subscript, one by one."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression, number
from truestep.derivations.language.faults import ReadingFault
from truestep.derivations.language.functions import COMMANDS
from truestep.derivations.language.notation import FONTS, strip_fonts
from truestep.derivations.language.reading.tokens import canonical, closing
from truestep.derivations.language.shapes import SCALAR

if TYPE_CHECKING:
    from truestep.derivations.language.latex.groups import Token
    from truestep.derivations.language.notation import Name
    from truestep.derivations.language.reading.cursor import Cursor
    from truestep.derivations.language.shapes import Declared

Range = tuple[int, int]


def indices(parser: Cursor, low: int, high: int) -> list[Expression]:
    """The indices in a subscript: by commas where there are some, else one symbol each."""
    if high - low == 1 and parser.tokens[low].text != ",":
        return [one_index(parser, low, high)]
    found: list[Expression] = []
    place = low
    commas = any(token.text == "," for token in parser.tokens[low:high])
    while place < high:
        if parser.tokens[place].text == ",":
            place += 1
            continue
        stop = index_end(parser, place, high, commas)
        found.append(one_index(parser, place, stop))
        place = stop
    if not found:
        parser.fail("this subscript is empty")
    return found


def index_end(parser: Cursor, place: int, high: int, commas: bool) -> int:
    """Where the index that begins here ends."""
    tokens = parser.tokens
    if commas:
        return next((stop for stop in tokens.top(place, high) if tokens[stop].text == ","), high)
    if tokens[place].text in (r"\argmax", r"\argmin") or any(
        token.text in "+-" and token.kind == "mark" for token in tokens[place:high]
    ):
        return high
    stop = place + 1
    if tokens[place].kind == "open":
        stop = closing(tokens, place, high) + 1
    while stop < high and tokens[stop].text in ("'", "_", "^"):
        if tokens[stop].text == "'":
            stop += 1
        elif stop + 1 < high and tokens[stop + 1].kind == "open":
            stop = closing(tokens, stop + 1, high) + 1
        else:
            stop += 2
    return min(stop, high)


def one_index(parser: Cursor, low: int, high: int) -> Expression:
    """One index: a letter, a number, ``:``, a class label, or a letter plus or minus a number."""
    tokens = parser.tokens
    while low < high and tokens[low].kind == "open" and closing(tokens, low, high) == high - 1:
        low, high = low + 1, high - 1
    if low >= high:
        parser.fail("this index is empty")
    span = (tokens[low].start, tokens[high - 1].end)
    is_letter = high == low + 1 and tokens[low].kind == "letter"
    text = tokens[low].text if is_letter else canonical(tokens[low:high])
    if text in (":", r"\cdot", "*", r"\colon"):
        return Expression("slice", (), None, span)
    if text.isdigit():
        return Expression("number", (), (Fraction(int(text)), None), span)
    notation = parser.notation
    if text in parser.bound or text in notation.indices:
        return Expression("index", (), text, span)
    if text in COMMANDS:
        parser.fail(f"{text} is no index", span)
    if tokens[low].kind in ("letter", "command") and (
        high == low + 1 or all(token.text == "'" for token in tokens[low + 1 : high])
    ):
        known = notation.names.get((text, None, None))
        if known is None or known.declared.kind == "array":
            return Expression("index", (), text, span)
    inner = parser.inside(low, high).whole()
    return (
        inner
        if inner.head != "symbol" or inner.data not in notation.indices
        else Expression("index", (), inner.data, span)
    )


def entries_above(parser: Cursor, declared: Declared, low: int, high: int) -> tuple[Expression, ...]:
    r"""The indices that stand above an array, ``A^{ij}``, ``u^t`` of t over its entries; none where it is a power.

    Two letters are two indices, of which nobody says that they are quantities; a letter alone is declared as one.
    """
    sizes, notation = [size for size in declared.dims if size != 1], parser.notation
    texts = [token.text for token in parser.tokens[low:high] if token.text not in ("{", "}", ",", "'")]
    if len(texts) != len(sizes) or not texts or any(notation.declared(text) is not None for text in texts):
        return ()
    known = [text in parser.bound or text in notation.indices for text in texts]
    pairs = zip(texts, sizes, strict=True)
    of_size = [text in notation.indices and notation.indices[text].dims[0] == size for text, size in pairs]
    is_letters = all(token.kind == "letter" or token.text in "{},'" for token in parser.tokens[low:high])
    is_any = is_letters and "T" not in texts and notation.sizes.isdisjoint(texts)
    return tuple(indices(parser, low, high)) if (all(of_size) if len(sizes) == 1 else all(known) or is_any) else ()


def places(parser: Cursor, sub: Range) -> tuple[Expression, ...]:
    """The indices of an undeclared name, should it be introduced as an array; none where they are no indices.

    Of several between commas some may be labels, which only say which name it is, as the gate in ``\\delta_{f,t}``.
    """
    known = {*parser.notation.indices, *parser.bound}
    try:
        found = tuple(indices(parser, *sub))
        is_told = any(node.head == "number" or node.data in known for one in found for node in one.walk())
        return tuple(_label_of(parser, one) if is_told and one.data not in known else one for one in found)
    except ReadingFault:
        parts, low = list[Expression](), sub[0]
        while low < sub[1]:
            stop = index_end(parser, low, sub[1], True)
            text = canonical(parser.tokens[low:stop])
            span = (parser.tokens[low].start, parser.tokens[max(low, stop - 1)].end)
            parts.append(Expression("index" if text in known else "label", (), text, span))
            low = stop + 1
        return tuple(parts) if {part.head for part in parts} == {"index", "label"} else ()


def _label_of(parser: Cursor, index: Expression) -> Expression:
    """A letter that is no index of its own but the name of a quantity says whose value it is."""
    is_name = index.head in ("index", "symbol", "unknown") and index.data in parser.notation.bases
    return Expression("label", (), index.data, index.span) if is_name else index


def quantities_below(parser: Cursor, low: int, high: int) -> tuple[Expression, ...]:
    """The declared quantities that stand below a scalar, by which it is differentiated: ``L_z``, ``f_{xy}``."""
    if parser.tokens[low].kind == "digit":
        return ()
    found: list[Expression] = []
    inner = parser.inside(low, high)
    inner.offers = set()
    try:
        while inner.peek() is not None:
            found.append(inner.factor())
            if inner.is_next(","):
                inner.take()
    except ReadingFault:
        return ()
    while len(found) == 1 and found[0].head == "group":
        found = [found[0].args[0]]
    wholes = [one.args[0] if one.head == "entry" else one for one in found]
    bare = (one.args[0] if one.head == "group" else one for one in wholes)  # (W_1)_{ij}
    return tuple(found) if all(one.head in ("symbol", "member") for one in bare) else ()


def quantity_below(parser: Cursor, low: int, high: int) -> Expression | None:
    """The one declared quantity that stands in a range; None where something else does."""
    found = quantities_below(parser, low, high)
    return found[0] if len(found) == 1 else None


def is_label(parser: Cursor, sub: tuple[int, int], axes: int) -> bool:
    r"""Whether a subscript is a word, or a star, which makes another name: ``w_{MAP}``, ``w_{new}``, ``w_*``."""
    if sub[1] - sub[0] == 1 and parser.tokens[sub[0]].kind in ("letter", "digit"):
        return False
    tokens = [t for t in parser.tokens[slice(*sub)] if t.kind not in ("open", "close") and t.text not in FONTS]
    if len(tokens) == 1 and tokens[0].kind in ("letter", "digit"):
        return False
    if [token.text for token in tokens] in (["*"], [r"\ast"], [r"\star"]):
        return any(token.text == "_" for token in parser.tokens[max(sub[0] - 2, 0) : sub[0]])
    if word := _word(parser, sub):
        return word.replace("-", "").isalpha() and not (len(tokens) == 1 and parser.is_name_text(tokens[0]))
    if any(token.kind != "letter" for token in tokens) or any(not b.touches(a) for a, b in itertools.pairwise(tokens)):
        return False
    known = {*parser.notation.indices, *parser.bound, *parser.notation.sizes}
    is_upper = len(tokens) > 1 and all(token.text.isupper() for token in tokens)
    own = [token.text not in known for token in tokens]
    return any(own) and (is_upper or len(tokens) > max(axes, 2))


def is_step(parser: Cursor, sup: tuple[int, int]) -> bool:
    """Whether a superscript is one of the names of the statement, and no number: the k of ``a^k`` and ``a^{k+1}``."""
    text = canonical(parser.tokens[slice(*sup)])
    notation = parser.notation
    steps = {key[2] for key in notation.names} - {None, "T", "2", "*"}
    is_other = text in parser.bound or text in notation.indices or notation.divides(text)
    return text in steps and not text.isdigit() and not is_other


def is_of_sample(parser: Cursor, base: str, sub: tuple[int, int]) -> bool:
    r"""Whether a size stands below an estimate, ``\hat{\mu}_n``: that of so many."""
    text, notation = canonical(parser.tokens[slice(*sub)]).strip("{}"), parser.notation
    return base.startswith((r"\hat", r"\widehat")) and text in notation.sizes and text not in notation.indices


def _word(parser: Cursor, script: tuple[int, int]) -> str:
    r"""The words that a script is set as, or written as with a hyphen: ``\text{neg}``, ``neg-sample``."""
    tokens = [token for token in parser.tokens[slice(*script)] if token.kind not in ("open", "close")]
    text = "".join(token.text for token in tokens)
    if len(tokens) == 1:
        return text.strip() if tokens[0].kind == "text" else ""
    is_one = all(b.touches(a) and b.kind in ("letter", "mark") for a, b in itertools.pairwise(tokens))
    return text if is_one and re.fullmatch(r"[A-Za-z]{3,}(?:-[A-Za-z]{3,})+", text) else ""


def held(node: Expression, first: Expression, inner: Cursor) -> Expression | None:
    r"""``\frac{\partial U}{\partial T}|_{p, V}``: the derivative with these held fixed; None where it is none."""
    *before, last = node.args if node.head == "product" else (node,)
    whole = last
    while whole.head == "group":
        whole = whole.args[0]
    if whole.head != "derivative" or first.head != "symbol" or inner.is_next("="):
        return None
    names = [str(first.data)]
    while inner.is_next(","):
        inner.take()
        names.append(str(inner.sum().data))
    kept = replace(whole, data=" ".join(("held", *names)))
    return replace(node, args=(*before, kept)) if before else kept


_OTHERS = frozenset(("new", "old", "next", "prev", "opt", "max", "min", "train", "test", "val", "neu", "alt"))


def is_remark(parser: Cursor, base: str, script: tuple[int, int] | None) -> bool:
    r"""Whether a word at a scalar that the givens define only says which it is: ``E^{\text{Ridge}}``."""
    names = parser.notation.names
    known = names.get((strip_fonts(base), None, None)) if script is not None else None
    if known is None or known.declared.dims != SCALAR or known.full not in parser.notation.defined:
        return False
    if script is None or not (word := _word(parser, script)):
        return False
    scripts = [part for key in names if key[0] == known.base for part in key[1:] if part]
    is_other = any(strip_fonts(part).strip("{} ") == word for part in scripts)
    return word.replace("-", "").isalpha() and len(word) > 1 and word.lower() not in _OTHERS and not is_other


def script_text(parser: Cursor, script: Range | None) -> str | None:
    """A script in one spelling, without its braces."""
    if script is None:
        return None
    low, high = script
    if high - low == 1 and parser.tokens[low].kind in ("letter", "digit"):
        return parser.tokens[low].text
    text = canonical(parser.tokens[low:high])
    return text[1:-1] if text.startswith("{") and text.endswith("}") and text.count("{") == 1 else text


def own_scripts(parser: Cursor, base: str, sub: Range | None, sup: Range | None) -> tuple[Range | None, Range | None]:
    r"""The scripts without a remark; the index of a sample above a name is one below it: ``t^{(i)}`` of a vector t."""
    sub, sup = (None if is_remark(parser, base, script) else script for script in (sub, sup))
    place = None if sub is not None or sup is None else sample(parser, sup)
    if sup is None or place is None or not may_be_index(parser, base, parser.tokens[place[0]].text):
        return sub, sup
    name = strip_fonts(base)
    declared = parser.notation.declared(name)
    if declared is None:
        capital = parser.notation.declared(name.upper()) if len(name) == 1 else None
        is_own = capital is not None and capital.kind == "array" and 1 not in capital.dims
    else:
        is_own = declared.kind == "array" and 1 in declared.dims
    if place == sup:  # z^i, which is no power of a vector
        letter = parser.tokens[place[0]].text
        is_known = letter.islower() and (letter in parser.notation.indices or letter in parser.bound)
        is_own &= is_known and declared is not None and declared.dims != SCALAR
    return (place, None) if is_own else (sub, sup)


def sample(parser: Cursor, sup: Range) -> Range | None:
    """Where the one letter stands that a superscript is, perhaps in brackets."""
    if sup[1] - sup[0] == 3 and parser.tokens[sup[0]].text in ("(", "["):
        sup = (sup[0] + 1, sup[1] - 1)
    return sup if sup[1] - sup[0] == 1 and parser.tokens[sup[0]].kind == "letter" else None


def may_be_index(parser: Cursor, base: str, letter: str) -> bool:
    """Whether a letter above a name is no quantity, and the name is declared with nothing of its own above it."""
    known, names = parser.notation.names, {base, strip_fonts(base)}
    if letter in parser.notation.sizes or (letter, None, None) in known:
        return False
    is_family = any((name, place) in parser.notation.families for name in names for place in ("_", "^"))
    return not is_family and not any(key[0] in names and (key[2] or "")[:1] in ("(", "[") for key in known if key[2])


def sample_of(parser: Cursor, base: str, sup: Range) -> Expression | None:
    r"""The index of a row that stands in brackets above the name of a matrix, ``X^{(i)}_j``, or its small letter."""
    place, name = sample(parser, sup), strip_fonts(base)
    declared = parser.notation.declared(name) or parser.notation.declared(name.upper() if len(name) == 1 else "")
    is_matrix = declared is not None and declared.kind == "array" and 1 not in declared.dims
    if place in (None, sup) or not is_matrix or not may_be_index(parser, base, parser.tokens[place[0]].text):
        return None
    return one_index(parser, *place)


def has_less(parser: Cursor, name: Name | None, sub: tuple[int, int]) -> bool:
    """Whether an array is declared that has less axes than a subscript has parts."""
    if name is None:
        return False
    parts = 1 + sum(parser.tokens[k].text == "," for k in parser.tokens.top(*sub))
    return parts > sum(size != 1 for size in name.declared.dims)


def shape_of(parser: Cursor, node: Expression) -> Expression:
    """``X.shape[0]`` of a declared array, or of a name that the code gives one."""
    known = parser.notation.declared(str(node.data)) if node.head == "symbol" else None
    close = next((k for k in range(parser.at, parser.end) if parser.tokens[k].text == "]"), parser.at)
    said = "".join(token.text for token in parser.tokens[parser.at : close + 1])
    last = max((k for k, size in enumerate(known.dims) if size != 1), default=None) if known is not None else None
    axis = {"[0]": 0, "[1]": 1, "[-1]": last}.get(said)
    if axis is None or (known is None and node.head != "unknown"):
        parser.fail("this size is not read here", node.span)
    parser.at = close + 1
    if known is None:
        return Expression("code", (node,), ("shape", axis), node.span)
    size = known.dims[axis]
    return number(Fraction(size), node.span) if isinstance(size, int) else Expression("size", (), size, node.span)


def names_number(parser: Cursor, sub: Range) -> bool:
    r"""Whether a subscript is a declared number and no index, which says whose value it is: ``w_\lambda``."""
    declared = parser.notation.declared(text := canonical(parser.tokens[slice(*sub)]))
    is_number = declared is not None and declared.kind == "array" and declared.dims == SCALAR
    return is_number and text not in {*parser.bound, *parser.notation.indices}


def names_array(parser: Cursor, label: Token) -> bool:
    """Whether a letter names arrays alone, which are no exponents."""
    notation, letter = parser.notation, label.text
    declared = [notation.names[key].declared for key in notation.names if key[0] == letter]
    declared += [family.member for key, family in notation.families.items() if key[0] == letter]
    return (
        label.kind == "letter"
        and bool(declared)
        and all(one.kind == "array" and one.dims != SCALAR for one in declared)
    )
