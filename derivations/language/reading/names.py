"""Names: what a letter with its accents, scripts and primes stands for under the notation in force."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression
from truestep.derivations.language.functions import SHORT, WORDS
from truestep.derivations.language.notation import FONTS, strip_fonts
from truestep.derivations.language.reading import atoms, brackets, conditions, subscripts
from truestep.derivations.language.reading.tokens import canonical, closing

if TYPE_CHECKING:
    from truestep.derivations.language.reading.parser import Parser

TRANSPOSES = frozenset(
    (
        "T",
        r"\top",
        r"\mathsf{T}",
        r"\mathrm{T}",
        r"\text{T}",
        r"\intercal",
        r"\mathsf T",
        r"\mathrm T",
        r"\mathbf{T}",
        r"\tr",
        r"\mathtt{T}",
        r"\mathit{T}",
    )
)
MIN_WORD = 3


def letter(parser: Parser) -> Expression:
    """A letter, or a run of letters that is one known name."""
    start = parser.at
    run = _run(parser)
    word = _longest(parser, run)
    if word is not None:
        parser.at += len(word)
        return resolve(parser, word, start)
    notation = parser.notation
    is_mark = "d" in notation.indices or not notation.is_name("d")
    if run[0] == "d" and is_mark and len(parser.tokens) > start + 1:
        differential = _differential(parser, run, start)
        if differential is not None:
            return differential
    if len(run) >= MIN_WORD and not parser.bound and not any(notation.is_name(c) or c in notation.sizes for c in run):
        parser.fail(
            f"the word {run} is no name here", (parser.tokens[start].start, parser.tokens[start + len(run) - 1].end)
        )
    parser.at += 1
    return resolve(parser, run[0], start)


def _run(parser: Parser) -> str:
    """The letters from here that stand side by side without a gap."""
    text, place = "", parser.at
    while place < parser.end and parser.tokens[place].kind == "letter":
        if text and parser.tokens[place].start != parser.tokens[place - 1].end:
            break
        text += parser.tokens[place].text
        place += 1
    return text


def _longest(parser: Parser, run: str) -> str | None:
    """The longest name of several letters that the run begins with."""
    notation = parser.notation
    numbered = run + _digits(parser, parser.at + len(run))
    if numbered != run and numbered in WORDS:  # ReLU6
        return numbered
    for length in range(min(len(run), 24), 1, -1):
        word = run[:length]
        if word in notation.words:
            return word
        if word in SHORT and length == len(run) and not _is_spelled_out(parser, word):
            return word
        if word in WORDS and (length == len(run) or length > 2) and not _is_product(parser, word, length):
            return word
    return None


def _digits(parser: Parser, place: int) -> str:
    """The digits that stand at a place without a gap."""
    here = itertools.takewhile(lambda token: token.kind == "digit", parser.tokens[place : parser.end])
    return "".join(token.text for token in here)


def _is_spelled_out(parser: Parser, word: str) -> bool:
    """Whether declared letters explain a short name: ``sh`` as s h, ``acos`` as a cos."""
    is_name = parser.notation.is_name
    return all(map(is_name, word)) or (is_name(word[0]) and word[1:] in WORDS)


def _is_product(parser: Parser, word: str, length: int) -> bool:
    """Whether a function's letters are rather a product of declared letters: not before a bracket or script."""
    place = parser.at + length
    following = parser.tokens[place].text if place < parser.end else ""
    return following not in ("(", "[", "{", "_", "^", "'", r"\left") and all(parser.notation.is_name(c) for c in word)


def _differential(parser: Parser, run: str, start: int) -> Expression | None:
    """``dx``: a d directly before a name."""
    parser.at += 1
    token = parser.tokens[parser.at] if parser.at < parser.end else None
    known = (len(run) > 1 and (_longest(parser, run[1:]) is not None or parser.notation.is_name(run[1]))) or (
        len(run) == 1
        and token is not None
        and (token.text in FONTS or token.text in (r"\hat", r"\tilde") or parser.notation.is_name(token.text))
    )
    if not known or token is None:
        parser.at = start
        return None
    inner = parser.factor()
    return Expression("differential", (inner,), None, parser.span_from(start))


def text_name(parser: Parser) -> Expression:
    r"""A name or function in ``\text{...}``."""
    start = parser.at
    token = parser.take()
    full = f"\\text{{{token.text}}}"
    notation = parser.notation
    base = full if notation.is_name(full) or full in notation.functions else token.text.strip()
    if not (atoms.is_name_text(parser, token) or notation.is_name(base)):
        parser.fail(f"the words {token.text!r} stand inside the formula", (token.start, token.end))
    return resolve(parser, base, start)


def decorated(parser: Parser) -> Expression:
    r"""A letter under an accent or in a font: ``\hat{y}``, ``\mathbf{x}``, ``\operatorname{diag}``."""
    start = parser.at
    word = parser.take().text
    low, high = parser.argument(word)
    inner = parser.tokens[low:high]
    plain = all(
        token.kind in ("letter", "digit", "command", "open", "close", "text") or token.text in "_^-" for token in inner
    )
    letters = "".join(token.text for token in inner)
    full = f"{word}{{{canonical(inner)}}}"
    notation = parser.notation
    if letters == "0":
        return Expression("number", (), (0, None), parser.span_from(start))
    if word in (r"\mathbf", r"\mathrm", r"\boldsymbol", r"\mathit") and letters == "1":
        node = indicator(parser, start)
        return node if node is not None else ones(parser, start)
    if (
        word in (r"\mathbf", r"\mathrm")
        and letters in ("I", "E")
        and not notation.is_name(full)
        and not notation.is_name(letters)
    ):
        return expectation(parser, start) if letters == "E" else identity_or_indicator(parser, start)
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
        return atoms.scripts(
            parser, Expression("group", (parser.inside(low, high).whole(),), None, parser.span_from(start)), start
        )
    if not plain:
        parser.fail(f"{word} stands over more than a name", parser.span_from(start))
    # An accent over a name with a font or script: \hat{\mathbf{y}}, \hat{y_k}.
    bare = strip_fonts(full)
    if notation.is_name(bare):
        return resolve(parser, bare, start)
    for place, token in enumerate(inner):
        if token.text in ("_", "^") and token.kind == "mark":
            if place + 1 == len(inner):
                parser.fail(f"nothing stands behind {token.text}", parser.span_from(start))
            base = f"{word}{{{strip_fonts(canonical(inner[:place]))}}}"
            stop = closing(parser.tokens, low + place + 1, high) if inner[place + 1].kind == "open" else low + place + 1
            if notation.is_name(base) and token.text == "_" and stop == high - 1:
                script = (low + place + 1, high) if inner[place + 1].kind != "open" else (low + place + 2, stop)
                return resolve(parser, base, start, script)
    return resolve(parser, full if word in (r"\hat", r"\bar", r"\tilde") else bare, start)


def blackboard(parser: Parser) -> Expression:
    r"""``\mathbb{1}``, ``\mathbb{E}``, ``\mathbb{I}``."""
    start = parser.at
    parser.take()
    letters = canonical(parser.tokens[slice(*parser.argument(r"\mathbb"))])
    if parser.notation.is_name(f"\\mathbb{{{letters}}}"):
        return resolve(parser, f"\\mathbb{{{letters}}}", start)
    if letters == "E":
        return expectation(parser, start)
    if letters == "1":
        node = indicator(parser, start)
        return node if node is not None else ones(parser, start)
    if letters == "I":
        return identity_or_indicator(parser, start)
    if letters == "R":
        return space(parser, start)
    parser.fail(f"\\mathbb{{{letters}}} is a set, not a value", parser.span_from(start))


def space(parser: Parser, start: int) -> Expression:
    r"""``\mathbb{R}^{k \times d}``."""
    sizes: list[Expression] = []
    if parser.is_next("^"):
        parser.take()
        inner = parser.inside(*parser.argument("^"))
        wrapped = inner.is_next("(", r"\{")
        whole = inner.whole()
        del wrapped
        while whole.head == "group":
            whole = whole.args[0]
        sizes = list(whole.args) if whole.head == "product" and set(whole.data[1:]) == {"times"} else [whole]
    return Expression("space", tuple(sizes), None, parser.span_from(start))


def expectation(parser: Parser, start: int) -> Expression:
    r"""``\mathbb{E}_i[...]``."""
    name: str | None = None
    if parser.is_next("_"):
        parser.take()
        name = canonical(parser.tokens[slice(*parser.argument("_"))]).split(r"\sim")[0].strip("{} ")
    if not parser.is_next("[", "(", r"\left", r"\{"):
        parser.fail("an expectation needs its argument in brackets", parser.span_from(start))
    body = brackets.bracket(parser)
    return atoms.scripts(parser, Expression("mean", (body,), name, parser.span_from(start)), start)


def ones(parser: Parser, start: int) -> Expression:
    r"""``\mathbf{1}``, ``\mathbf{1}_{n \times 1}``, ``\mathbf{1}_K``, with ``^T``."""
    sizes: tuple[Expression, ...] = ()
    if parser.is_next("_"):
        parser.take()
        whole = parser.inside(*parser.argument("_")).whole()
        sizes = whole.args if whole.head == "product" and set(whole.data[1:]) == {"times"} else (whole,)
    return atoms.scripts(parser, Expression("ones", sizes, None, parser.span_from(start)), start)


def identity_or_indicator(parser: Parser, start: int) -> Expression:
    """``I``, ``I_k``; with a condition in brackets it is an indicator."""
    node = indicator(parser, start)
    if node is not None:
        return node
    sizes: tuple[Expression, ...] = ()
    if parser.is_next("_"):
        parser.take()
        low, high = parser.argument("_")
        entry = identity_entry(parser, low, high, start)
        if entry is not None:
            return entry
        sizes = (parser.inside(low, high).whole(),)
    return atoms.scripts(parser, Expression("identity", sizes, None, parser.span_from(start)), start)


def identity_entry(parser: Parser, low: int, high: int, start: int) -> Expression | None:
    """``I_{ij}``, an entry of the identity: the Kronecker delta."""
    letters = [token for token in parser.tokens[low:high] if token.text != ","]
    if len(letters) != 2 or not all(token.kind == "letter" for token in letters):
        return None
    found = subscripts.indices(parser, low, high)
    return Expression("kronecker", tuple(found), None, parser.span_from(start))


def indicator(parser: Parser, start: int) -> Expression | None:
    r"""The condition behind a 1, as ``_{i=j}``, ``[i = j]``, ``(y = k)``, ``\{..\}``; None where there is none."""
    at = parser.at
    if parser.is_next("_"):
        parser.take()
        low, high = _unbracketed(parser, *parser.argument("_"))
        if conditions.has_relation(parser.inside(low, high)):
            return Expression(
                "indicator",
                (conditions.condition(parser, low, high),),
                None,
                parser.span_from(start),
            )
    elif parser.is_next("[", "(", r"\{", r"\left"):
        node = _try_condition(parser)
        if node is not None:
            return Expression("indicator", node.args, None, parser.span_from(start))
    parser.at = at
    return None


def _try_condition(parser: Parser) -> Expression | None:
    left = parser.is_next(r"\left")
    if left:
        parser.take()
    opening = parser.take().text
    closer = brackets.CLOSERS.get(opening)
    if closer is None:
        return None
    end = brackets.find_close(parser, opening, closer, left)
    inner = parser.inside(parser.at, end)
    if not conditions.has_relation(inner):
        return None
    parser.at = end + 1 + left
    return Expression("indicator", (conditions.condition(inner, inner.at, inner.end),))


def _unbracketed(parser: Parser, low: int, high: int) -> tuple[int, int]:
    texts = (parser.tokens[low].text, parser.tokens[high - 1].text)
    return (low + 1, high - 1) if texts in (("(", ")"), ("[", "]"), (r"\{", r"\}")) else (low, high)


def is_kronecker(parser: Parser) -> bool:
    r"""Whether ``\delta`` with two indices is the Kronecker delta here."""
    tokens, place = parser.tokens, parser.at + 1
    if place >= parser.end:
        return False
    if tokens[place].text == "_" and place + 1 < parser.end and tokens[place + 1].kind == "open":
        inner = tokens[place + 2 : closing(tokens, place + 1, parser.end)]
    elif tokens[place].kind == "open":
        inner = tokens[place + 1 : closing(tokens, place, parser.end)]
    else:
        return False
    letters = [token for token in inner if token.text != ","]
    two = len(letters) == 2 and all(token.kind in ("letter", "digit") for token in letters)
    declared = next((name.declared for key, name in parser.notation.names.items() if key[0] == r"\delta"), None)
    return two and (declared is None or 1 in declared.dims)


def kronecker(parser: Parser) -> Expression:
    r"""``\delta_{ij}``."""
    start = parser.at
    parser.take()
    if parser.tokens[parser.at].text == "_":
        parser.take()
    low, high = parser.argument(r"\delta")
    indices = subscripts.indices(parser, low, high)
    return atoms.scripts(parser, Expression("kronecker", tuple(indices), None, parser.span_from(start)), start)


def gradient(parser: Parser) -> Expression:
    r"""``\nabla_W L``, ``\nabla L``, ``\nabla^2 f``."""
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
    whole = parser.reading.wide or parser.is_next(r"\frac", r"\sum") or _digit_next(parser)
    body = parser.term() if whole else parser.factor()
    if len(variables) == 1:
        return Expression("derivative", (body, *variables * order), "nabla", parser.span_from(start))
    return Expression("gradient", (body,), order, parser.span_from(start))


def _digit_next(parser: Parser) -> bool:
    token = parser.peek()
    return token is not None and token.kind == "digit"


def resolve(parser: Parser, base: str, start: int, script: tuple[int, int] | None = None) -> Expression:
    """The node of a base name with the scripts, primes and arguments that follow it."""
    return subscripts.resolve(parser, base, start, script)


STARS = ("*", r"\ast", r"\star")


def raised(parser: Parser, base: Expression, low: int, high: int, start: int) -> Expression:
    """A base with a superscript: a transpose, a power, or the positive part."""
    text = canonical(parser.tokens[low:high])
    if text in TRANSPOSES:
        return Expression("transpose", (base,), None, parser.span_from(start))
    if text == "+":
        return Expression("apply", (base,), ("relu", 0, None), parser.span_from(start))
    if text.startswith("-") and text[1:] in TRANSPOSES:
        span = parser.span_from(start)
        inverse = Expression("power", (base, Expression("number", (), (-1, None), span)), None, span)
        return Expression("transpose", (inverse,), None, parser.span_from(start))
    sign = next((mark for mark in (r"\odot", r"\circ") if text.startswith(mark) and len(text) > len(mark)), None)
    if sign is not None:
        return Expression("power", (base, parser.inside(low + 1, high).whole()), "entrywise", parser.span_from(start))
    equated = parser.at < len(parser.tokens) and parser.tokens[parser.at].text == "="
    if text in STARS and equated and base.head in ("symbol", "unknown"):  # w^* = ...: the value at the solution
        return Expression("unknown", (), f"{base.data}^*", parser.span_from(start))
    if text in ("*", r"\dagger", r"\circ") or text.startswith("'"):
        parser.fail(f"the superscript {text} has no meaning here", parser.span_from(start))
    exponent = parser.inside(low, high).whole()
    return Expression("power", (base, exponent), None, parser.span_from(start))


def lowered(parser: Parser, base: Expression, low: int, high: int, start: int) -> Expression:
    """A base with a subscript: an entry, or the positive part."""
    if canonical(parser.tokens[low:high]) == "+":
        return Expression("apply", (base,), ("relu", 0, None), parser.span_from(start))
    return Expression("entry", (base, *subscripts.indices(parser, low, high)), None, parser.span_from(start))
