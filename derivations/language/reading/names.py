"""Names: what a letter with its accents, scripts and primes stands for under the notation in force."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import ANEW, Expression, negative
from truestep.derivations.language.functions import COMMANDS, SHORT, WORDS
from truestep.derivations.language.notation import ACCENTS, CONSTANTS, COUNT_LETTERS, FONTS, strip_fonts
from truestep.derivations.language.reading import brackets, special, subscripts
from truestep.derivations.language.reading.cursor import reaches
from truestep.derivations.language.reading.tokens import canonical, closing
from truestep.derivations.language.shapes import SCALAR

if TYPE_CHECKING:
    from truestep.derivations.language.reading.cursor import Cursor

MIN_WORD, MAX_WORD = 3, 60


def letter(parser: Cursor) -> Expression:
    """A letter, or a run of letters that is one known name."""
    start = parser.at
    run = _run(parser)
    word = _longest(parser, run)
    if word is not None:
        parser.at += len(word)
        return resolve(parser, word, start)
    notation = parser.notation
    if run[0] == "d" and start + 1 < parser.end and ("d" in notation.indices or not notation.is_name("d")):
        differential = _differential(parser, run, start)
        if differential is not None:
            return differential
    if run[0] == "D" and _is_total(parser):
        parser.at += 1
        of = parser.factor()
        inner = of.args[0] if of.head == "transpose" else of  # D f(x)^T is the transpose of what D makes of it
        row = Expression("gradient", (inner,), 1, parser.span_from(start))
        slope = brackets.along(parser, row, start) if inner is of else row
        return slope if slope is not row or inner is not of else Expression("transpose", (row,), None, row.span)
    if run.lower() in CONSTANTS or run in special.SPREADS:
        parser.at += len(run)
        return resolve(parser, run, start)
    if (
        len(run) >= MIN_WORD
        and not parser.bound
        and not any(notation.is_name(c) or c in notation.sizes for c in set(run))
        and not notation.letters.issuperset(run)
    ):
        parser.fail(
            f"the word {run} is no name here", (parser.tokens[start].start, parser.tokens[start + len(run) - 1].end)
        )
    parser.at += 1
    return resolve(parser, run[0], start)


def _is_total(parser: Cursor) -> bool:
    """Whether a D that nobody declared is the derivative, a row, of what a given defines: ``D f(x)``."""
    notation, following = parser.notation, parser.tokens[parser.at + 1 : min(parser.at + 2, parser.end)]
    known = notation.is_name("D") or "D" in {*notation.sizes, *notation.letters, *parser.bound}
    names = {*notation.defined, *notation.depends}
    return not known and any(one.text in names or notation.own_arguments(one.text) for one in following)


def _run(parser: Cursor) -> str:
    """The letters from here that stand side by side without a gap, up to the length that a word has at most."""
    text, tokens, place = "", parser.tokens, parser.at
    last = min(parser.end, place + MAX_WORD)
    while place < last and (token := tokens[place]).kind == "letter":
        if text and not token.touches(tokens[place - 1]):
            break
        text += token.text
        place += 1
    return text


def _longest(parser: Cursor, run: str) -> str | None:
    """The longest name of several letters that the run begins with."""
    notation = parser.notation
    numbered = run + _digits(parser, parser.at + len(run))
    if numbered != run and (numbered in WORDS or numbered in notation.words):  # ReLU6, W1
        return numbered
    for length in range(min(len(run), 24), 1, -1):
        word = run[:length]
        if word in notation.words:
            return word
        if word in SHORT and length == len(run) and not _is_spelled_out(parser, word) and _is_applied(parser, length):
            return word
        if word in WORDS and (length == len(run) or length > 2) and not _is_product(parser, word, length):
            return word
    return None


def _digits(parser: Cursor, place: int) -> str:
    """The digits that stand at a place without a gap."""
    if place >= parser.end or parser.tokens[place].kind != "digit":
        return ""
    here = itertools.takewhile(lambda token: token.kind == "digit", parser.tokens[place : parser.end])
    return "".join(token.text for token in here)


def _is_spelled_out(parser: Cursor, word: str) -> bool:
    """Whether declared letters explain a short name: ``sh`` as s h, ``acos`` as a cos."""
    is_name = parser.notation.is_name
    return all(map(is_name, word)) or (is_name(word[0]) and word[1:] in WORDS)


def _is_applied(parser: Cursor, length: int) -> bool:
    """Whether an argument stands behind a short name, or behind a script of it: not in ``3th^2 + h^3``."""
    place = parser.at + length
    if place + 1 < parser.end and parser.tokens[place].text in ("^", "'"):
        is_braced = parser.tokens[place + 1].kind == "open"
        place += 1 if parser.tokens[place].text == "'" else 2
        while is_braced and place < parser.end and parser.tokens[place - 1].kind != "close":
            place += 1
    return place < parser.end and (parser.tokens[place].kind == "open" or parser.starts_factor(parser.tokens[place]))


def _is_product(parser: Cursor, word: str, length: int) -> bool:
    """Whether a function's letters are rather a product of declared letters: not before a bracket or script."""
    place = parser.at + length
    following = parser.tokens[place].text if place < parser.end else ""
    return following not in ("(", "[", "{", "_", "^", "'", r"\left") and all(parser.notation.is_name(c) for c in word)


def _differential(parser: Cursor, run: str, start: int) -> Expression | None:
    """``dx`` and ``d(uv)``: a d directly before what it is the differential of."""
    notation, token = parser.notation, parser.tokens[start + 1]
    inner = next((one for one in parser.tokens[start + 1 :] if one.kind != "open"), token)  # d{\cal E}
    if len(run) > 1:
        known = _longest_after(parser) or notation.is_name(run[1]) or (len(run) == 2 and not _is_count(parser, run))
    else:
        is_free = notation.differs or "d" not in {*notation.sizes, *notation.letters, *notation.indices}  # d f is df
        touches = (token.start == parser.tokens[start].end or is_free) and not _is_size(parser)
        known = (
            inner.text in FONTS
            or inner.text in ACCENTS
            or (inner.kind == "command" and notation.is_name(inner.text))
            or (inner.text.endswith(ANEW) and token.start == parser.tokens[start].end)
            or (touches and (token.kind == "open" or (token.kind == "mark" and token.text in ("(", "["))))
            or (token.kind == "command" and token.text in _DIFFERENTIATED and not _is_size(parser))
            or (token.kind == "letter" and is_free and notation.is_name(token.text))
            or (token.kind == "letter" and not _is_size(parser) and _longest_after(parser) in WORDS)  # d vec(X)
        )
    return differential(parser) if known else None


_DIFFERENTIATED = frozenset(COMMANDS) | {r"\|", r"\langle", r"\left", r"\operatorname", r"\det"}


def _is_size(parser: Cursor) -> bool:
    return "d" in parser.notation.sizes and not parser.notation.differs


def _is_count(parser: Cursor, run: str) -> bool:
    """Whether ``dK`` is a product of two sizes."""
    return "d" in parser.notation.sizes and (run[1] in COUNT_LETTERS or run[1] in parser.notation.sizes)


def _longest_after(parser: Cursor) -> str | None:
    at, parser.at = parser.at, parser.at + 1
    found = _longest(parser, _run(parser))
    parser.at = at
    return found


def differential(parser: Cursor) -> Expression:
    r"""The sign of differentiation, and the factor or bracket behind it."""
    start = parser.at
    parser.take()
    if parser.is_next("^"):
        parser.fail("a differential of higher order is not read here")
    before = parser.at
    inner = parser.factor()
    if inner.head == "derivative" and _is_held(parser, inner, before):
        inner = inner.args[0]
    if inner.head == "apply" and parser.is_next("(", "["):
        return brackets.along(parser, Expression("gradient", (inner,), 1, inner.span), start)
    return Expression("differential", (inner,), None, parser.span_from(start))


def _is_held(parser: Cursor, inner: Expression, before: int) -> bool:
    """Whether ``dL_W`` is the differential of L where all but the array W is held fixed."""
    by = [parser.notation.declared(str(one.data)) for one in inner.args[1:]]
    is_array = len(by) == 1 and by[0] is not None and by[0].dims != SCALAR
    marks = {token.text for token in parser.tokens[before : parser.at]}
    return is_array and marks.isdisjoint({r"\partial", r"\frac", r"\dfrac", r"\tfrac", r"\nabla"})


def text_name(parser: Cursor) -> Expression:
    r"""A name or function in ``\text{...}``."""
    start = parser.at
    token = parser.take()
    full = f"\\text{{{token.text.strip()}}}"
    notation = parser.notation
    base = full if notation.is_name(full) or full in notation.functions else token.text.strip()
    if not (parser.is_name_text(token) or notation.is_name(base)):
        parser.fail(f"the words {token.text!r} stand inside the formula", (token.start, token.end))
    return resolve(parser, base, start)


def decorated(parser: Cursor) -> Expression:
    r"""A letter under an accent or in a font: ``\hat{y}``, ``\mathbf{x}``, ``\operatorname{diag}``."""
    start = parser.at
    word = parser.take().text
    low, high = parser.argument(word)
    while high - low > 2 and parser.tokens[low].kind == "open" and closing(parser.tokens, low, high) == high - 1:
        low, high = low + 1, high - 1
    inner = parser.tokens[low:high]
    plain = all(
        token.kind in ("letter", "digit", "command", "open", "close", "text") or token.text in "_^-" for token in inner
    )
    letters = "".join(token.text for token in inner)
    full = f"{word}{{{canonical(inner)}}}"
    notation = parser.notation
    if letters == "0":
        return Expression("number", (), (0, None), parser.span_from(start))
    if word in FONTS and letters == "1":
        node = special.indicator(parser, start)
        return node if node is not None else special.ones(parser, start)
    if (
        word in (r"\mathbf", r"\mathrm")
        and letters in ("I", "E")
        and not notation.is_name(full)
        and not notation.is_name(letters)
    ):
        return special.expectation(parser, start) if letters == "E" else special.identity_or_indicator(parser, start)
    raised = None if word in FONTS else _raised(parser, word, strip_fonts(canonical(inner)), start)
    if raised is not None:
        return raised
    if notation.is_name(full) or notation.function_named(full):
        return resolve(parser, full, start)
    if word in FONTS or word == r"\operatorname":
        if len(inner) == 1 or (plain and notation.is_name(strip_fonts(full))):
            return resolve(
                parser, strip_fonts(full) if notation.is_name(strip_fonts(full)) else canonical(inner), start
            )
        if word in (r"\mathrm", r"\operatorname", r"\mathit", r"\mathsf", r"\mathtt") and letters.isalpha():
            return resolve(parser, letters, start)
        if word == r"\operatorname":
            parser.fail("the operator " + canonical(inner) + " is not known here", parser.span_from(start))
        within = parser.inside(low, high)
        is_scripted = parser.is_next("^") or not {"_", "^"}.isdisjoint(token.text for token in inner)
        if is_scripted and inner[0].text == "1" and (found := special.bold_ones(parser, within, start)) is not None:
            return found
        within = parser.inside(low, high)
        return parser.scripts(Expression("group", (within.whole(),), None, parser.span_from(start)), start)
    if word == r"\underline" and not notation.is_name(strip_fonts(full)):  # what is emphasised
        return Expression("group", (parser.inside(low, high).whole(),), None, parser.span_from(start))
    if not plain:
        parser.fail(f"{word} stands over more than a name", parser.span_from(start))
    # An accent over a name with a font or script: \hat{\mathbf{y}}, \hat{y_k}.
    bare = strip_fonts(full)
    if notation.is_name(bare):
        return resolve(parser, bare, start)
    scripted = _scripted(parser, word, low, high, start)
    if scripted is not None:
        return scripted
    return resolve(parser, full if word in (r"\hat", r"\bar", r"\tilde") else bare, start)


def _raised(parser: Cursor, word: str, base: str, start: int) -> Expression | None:
    r"""``\hat{\sigma}^2`` and ``\hat{\sigma}^2_{ML}`` of a declared ``\sigma^2``: another value of it."""
    at, found = parser.at, dict[str, str]()
    while parser.is_next("^", "_"):
        sign = parser.take().text
        if sign in found:
            break
        found[sign] = canonical(parser.tokens[slice(*parser.argument(sign))])
    power, label = found.get("^", ""), found.get("_", "")
    name = parser.notation.names.get((base, None, power)) if power.isdigit() else None
    if name is None or (label and len(label.strip("{}")) < SHORTEST_LABEL):
        parser.at = at
        return None
    under = f"_{label if label.startswith('{') else '{' + label + '}'}" if label else ""
    return Expression("unknown", (), f"{word}{{{name.full}}}{under}", parser.span_from(start))


SHORTEST_LABEL = 2  # one letter is an index


def _scripted(parser: Cursor, word: str, low: int, high: int, start: int) -> Expression | None:
    r"""``\hat{y_k}`` and ``\hat{y_k^2}`` of a declared \hat{y}: its scripts stand under the accent with it."""
    inside = parser.inside(low, high)
    place = next((k for k in parser.tokens.top(low, high) if parser.tokens[k].text in ("_", "^")), high)
    bare = strip_fonts(canonical(parser.tokens[low:place]))
    base = f"{word}{{{bare}}}"
    if place + 1 == high:
        parser.fail(f"nothing stands behind {parser.tokens[place].text}", parser.span_from(start))
    names = parser.notation.names
    if place < high and parser.tokens[place].text == "^" and (bare, None, None) in names:  # \hat{\sigma^2}
        power = parser.inside(place + 1, high).whole()
        if power.head == "number" and not parser.notation.is_name(base):
            return Expression("power", (Expression("unknown", (), base), power), None, parser.span_from(start))
    if place == high or not parser.notation.is_name(base):
        return None
    inside.at = place
    found: dict[str, tuple[int, int]] = {}
    while inside.is_next("_", "^"):
        sign = inside.take().text
        if inside.at >= high or sign in found:
            parser.fail(f"nothing stands behind {sign}", parser.span_from(start))
        found[sign] = inside.argument(sign)
    if inside.peek() is not None:
        return None
    node = resolve(parser, base, start, found.get("_"))
    return special.raised(parser, node, *found["^"], start) if "^" in found else node


def blackboard(parser: Cursor) -> Expression:
    r"""``\mathbb{1}``, ``\mathbb{E}``, ``\mathbb{I}``, ``\mathbb{0}``."""
    start = parser.at
    parser.take()
    letters = canonical(parser.tokens[slice(*parser.argument(r"\mathbb"))])
    if parser.notation.is_name(f"\\mathbb{{{letters}}}"):
        return resolve(parser, f"\\mathbb{{{letters}}}", start)
    if letters == "E":
        return special.expectation(parser, start)
    if letters == "V" and (node := special.spread(parser, letters, start)) is not None:
        return node
    if letters == "1":
        node = special.indicator(parser, start)
        return node if node is not None else special.ones(parser, start)
    if letters == "0":
        return Expression("number", (), (0, None), parser.span_from(start))
    if letters == "I":
        return special.identity_or_indicator(parser, start)
    if letters == "R":
        return special.space(parser, start)
    parser.fail(f"\\mathbb{{{letters}}} is a set, not a value", parser.span_from(start))


def gradient(parser: Cursor) -> Expression:
    r"""``\nabla_W L``, ``\nabla L``, ``\nabla^2 f``; ``\nabla_Y`` of nothing, or of Y, is of what is spoken of."""
    start = parser.at
    parser.take()
    variables: tuple[Expression, ...] = ()
    order = 1
    while parser.is_next("_", "^"):
        if parser.take().text == "^":
            low, high = parser.argument("^")
            order = 2 if canonical(parser.tokens[low:high]) == "2" else parser.fail("only \\nabla^2 is read here")
        else:
            variables = (parser.inside(*parser.argument("_")).whole(),)
    token = parser.peek()
    is_alone = token is None or token.text in _PRODUCTS or not parser.starts_factor(token)
    spoken = Expression("spoken", (), None, parser.span_from(start))
    spoken = Expression("derivative", (spoken, *variables * order), "nabla", spoken.span)
    opens = start > 0 and parser.tokens[start - 1].text in ("(", "[")
    if variables and opens and parser.is_next("-"):  # (\nabla_w -y w^T x), of a product with its sign
        parser.take()
        return Expression("derivative", (negative(parser.term()), *variables * order), "nabla", parser.span_from(start))
    if variables and parser.is_next("-") and parser.takes("operator-long", start):  # \nabla_w -\log p
        return Expression("derivative", (parser.sum(), *variables * order), "nabla", parser.span_from(start))
    if parser.is_left() or (variables and is_alone):
        return spoken
    is_name = not parser.is_next(r"\frac", r"\partial", "D", "d", "(", "[")
    behind = parser.at
    whole = parser.is_next(r"\frac", r"\sum") or _digit_next(parser) or parser.takes("operator-scope", start)
    if reaches(parser, variables) and not parser.is_next("(", "[") and parser.takes("operator-long", parser.at):
        body = parser.sum()
    else:
        body = parser.term() if whole else parser.factor()
    if body in variables:
        parser.at = behind
        return spoken
    if body.head == "transpose" and body.args[0].head == "apply":  # \nabla f(x)^T is the transpose of \nabla f(x)
        row = Expression("gradient", body.args, order, parser.span_from(start))
        row = Expression("derivative", (*body.args, *variables * order), "nabla", row.span) if variables else row
        return Expression("transpose", (row,), None, row.span)
    by = parser.notation.formals.get(str(body.data), ()) if body.head == "symbol" else ()
    if not variables and len(by) == 1:
        variables = (Expression("symbol", (), by[0], body.span),)
    if len(variables) == 1:
        return Expression("derivative", (body, *variables * order), "nabla", parser.span_from(start))
    if body.head == "derivative" and body.data == "Leibniz" and order == len(body.args) - 1 == 1 and is_name:
        return Expression("derivative", body.args, "nabla", parser.span_from(start))  # \nabla J_w
    if body.head == "gradient" and order == body.data == 1:  # \nabla\nabla f
        body, order = body.args[0], 2
    return Expression("gradient", (body,), order, parser.span_from(start))


_PRODUCTS = frozenset((r"\odot", r"\cdot", r"\times", r"\circ", r"\otimes", "*", "/"))


def _digit_next(parser: Cursor) -> bool:
    token = parser.peek()
    return token is not None and token.kind == "digit"


def resolve(parser: Cursor, base: str, start: int, script: tuple[int, int] | None = None) -> Expression:
    """The node of a base name with the scripts, primes and arguments that follow it."""
    return subscripts.resolve(parser, base, start, script)
