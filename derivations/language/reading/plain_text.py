"""Plain text: words, names and signs as people type them without LaTeX."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from truestep.derivations.language.latex.groups import ALONE, Token, tree
from truestep.derivations.language.latex.powers import number_end, powers
from truestep.derivations.language.latex.typography import SIGNS_IN_WORDS
from truestep.derivations.language.programs import quotients
from truestep.derivations.language.reading.code import coded
from truestep.derivations.language.reading.cursor import RELATIONS
from truestep.derivations.language.words_in_rows import runs, with_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.language.notation import Notation

_GREEK = "alpha beta gamma delta epsilon theta lambda mu nu rho sigma tau phi psi omega eta Sigma Delta"
GREEK = frozenset((*_GREEK.split(), "partial", "nabla", "ell"))
_MARKS = ("d", r"\partial")
MOST_INDICES = 3
_HAT = ("hat", "bar", "tilde")
_PAIRS = {("!", "="): r"\neq", ("<", "="): r"\le", (">", "="): r"\ge"}


def plain(tokens: list[Token], notation: Notation, is_latex: bool) -> list[Token]:
    r"""The tokens with plain spellings in LaTeX: ``!=``, ``sum_k``, ``yhat``, ``W_kj``, "if" as a word.

    Words are taken as words in LaTeX too; the rest only where the row has no control word.
    """
    texts = tree(tokens).texts
    out = with_words(tokens, notation)
    if "=" in texts and not texts.isdisjoint("!<>"):
        out = _signs(out)
    if r"\Sigma" in texts:
        out = _sum_signs(out, notation, is_latex)
    if not is_latex:
        out = quotients(out, notation) if "d" in texts else out
        out = _solution_marks(out) if texts & {"*", "^"} else out
        out = coded(out, notation) if texts & {".", "("} else out
        out = powers(out) if {"=", "*"} <= texts else out
        out = _scripts(_numbered(_names(out, notation), notation), notation)
        for sign, change in _TYPED:
            out = change(out, notation) if sign in texts else out
    return out


def _brackets(tokens: list[Token], _: Notation) -> list[Token]:
    """``{a - b} / {c d}``: braces that no script and no command takes are the brackets that they look like."""
    row, out = tree(tokens), list(tokens)
    for place, token in enumerate(row):
        stop = row.partner[place] if token.kind == "open" and token.text == "{" else ALONE
        before = row[place - 1] if place else None
        is_taken = before is not None and (before.text in ("^", "_") or before.kind in ("command", "open", "close"))
        if stop < place or is_taken:
            continue
        inside = [row[k] for k in row.top(place + 1, stop)]
        if inside and not any(one.kind == "text" or one.text in RELATIONS or one.text in ",;" for one in inside):
            out[place] = token._replace(kind="mark", text="(")
            out[stop] = row[stop]._replace(kind="mark", text=")")
    return out


def _dotted(tokens: list[Token], notation: Notation) -> list[Token]:
    """``a .* b``, an entrywise product."""
    out: list[Token] = []
    for token in tokens:
        dot = out[-1] if token.text == "*" and out and out[-1].text == "." and out[-1].end == token.start else None
        if dot is not None and not (len(out) > 1 and out[-2].kind == "digit" and out[-2].end == dot.start):
            out[-1] = Token("command", r"\odot", dot.start, token.end)
        else:
            out.append(token)
    return out


def _nablas(tokens: list[Token], notation: Notation) -> list[Token]:
    """``∇wL``, the gradient by w, which has lost its place below the sign."""
    out: list[Token] = []
    for place, token in enumerate(tokens):
        out.append(token)
        by, of = ([*tokens[place + 1 : place + 3], token, token])[:2]
        is_tight = token.end == by.start and by.end == of.start
        if token.text == r"\nabla" and is_tight and by.text != of.text and notation.is_name(by.text):
            is_by = by.text not in notation.defined and of.text in notation.defined
            out += [Token("mark", "_", token.end, token.end)] if is_by else []
    return out


def _has_entries(tokens: Sequence[Token], place: int, notation: Notation) -> bool:
    """Whether the name of a vector, or one with a number, stands at a place, with what is below it."""
    sub = [token.text for token in tokens[place + 1 : place + 4] if token.kind != "open"][:2]
    is_vector = getattr(notation.declared(tokens[place].text), "dims", (1, 1)) != (1, 1)
    is_own = sub[:1] == ["_"] and (tokens[place - 2].text, sub[-1], tokens[place].text) not in notation.names
    return is_own and (is_vector or (tokens[place].text, sub[-1], None) in notation.names)


def _exponents(tokens: list[Token], notation: Notation) -> list[Token]:
    """``e^(-z)``, ``e^-z``, ``x^1.5``, ``e^x_3``: the whole exponent as it is typed."""
    row, out, ends, letters = tree(tokens), list[Token](), list[int](), dict(runs(tokens))
    for place, token in enumerate(row):
        is_raised = place > 0 and row[place - 1].text == "^"
        stop = row.partner[place] if token.text == "(" and is_raised else ALONE
        if token.text == "-" and is_raised:  # e^-z_k
            stop = max(_variable_end(row, place + 1), number_end(row, place + 1)) - 1
        elif is_raised and token.kind == "digit":  # x^1.5
            stop = number_end(row, place) - 1
        elif is_raised and _has_entries(row, place, notation):  # e^x_3
            stop = _variable_end(row, place) - 1
        elif place in letters and is_raised and _is_word_above(row, place, letters[place], notation):  # w^new
            stop = letters[place] - 1
        if stop > place:
            out.append(Token("open", "{", token.start, token.start))
            ends.append(stop)
        out.append(token)
        while ends and ends[-1] == place:
            out.append(Token("close", "}", token.end, token.end))
            ends.pop()
    return out


def _is_word_above(row: Sequence[Token], place: int, stop: int, notation: Notation) -> bool:
    """Whether letters are a word above a name, declared so or made of no names."""
    run = "".join(token.text for token in row[place:stop])
    is_declared = len(run) > 1 and (row[place - 2].text, None, run) in notation.names
    return is_declared or (len(run) > 2 and not any(map(notation.is_name, run)))


def _operators(tokens: list[Token], notation: Notation) -> list[Token]:
    r"""``d/dz`` before what it acts on, as ``\frac{d}{dz}``."""
    out, place = list[Token](), 0
    while place < len(tokens):
        three = tokens[place : place + 3]
        marks = [token.text for token in three]
        stop = _variable_end(tokens, place + 3) if marks[1:2] == ["/"] and marks[0] == marks[-1] in _MARKS else 0
        is_bare = place == 0 or tokens[place - 1].end < tokens[place].start or tokens[place - 1].text in "=+-*/(["
        if not stop or not is_bare or any(a.end != b.start for a, b in itertools.pairwise(three)):
            out.append(tokens[place])
            place += 1
            continue
        top, slash, below = three
        opening, closing = Token("open", "{", slash.start, slash.end), Token("close", "}", slash.start, slash.end)
        out += [top._replace(kind="command", text=r"\frac"), opening, top, closing, opening]
        out += [below, *tokens[place + 3 : stop], closing]
        place = stop
    return out


def _variable_end(tokens: Sequence[Token], start: int) -> int:
    """Where the name of a variable ends: a letter or an accented one, with its scripts; 0 where none begins."""
    row = tree(tokens)
    is_grouped = start < len(tokens) and tokens[start].text == "(" and row.partner[start] > start
    is_begun = start < len(tokens) and (tokens[start].kind == "letter" or tokens[start].text.startswith("\\"))
    if not (is_grouped or is_begun):
        return 0
    place = row.partner[start] + 1 if is_grouped else start + 1
    while place < len(row):
        is_index = row[place].text == "[" and row[place].start == row[place - 1].end
        if (row[place].kind == "open" or is_index) and row.partner[place] > place:
            place = row.partner[place] + 1
        elif row[place].text in ("_", "^") and row[place].kind == "mark" and place + 1 < len(row):
            place += 1 if row[place + 1].kind == "open" else 2
        else:
            break
    return place


def _signs(tokens: list[Token]) -> list[Token]:
    out: list[Token] = []
    for token in tokens:
        pair = _PAIRS.get((out[-1].text, token.text)) if out and token.kind == out[-1].kind == "mark" else None
        if pair is not None and out[-1].end == token.start:
            out[-1] = Token("command", pair, out[-1].start, token.end)
        else:
            out.append(token)
    return out


def _sum_signs(tokens: list[Token], notation: Notation, is_latex: bool) -> list[Token]:
    r"""``\Sigma`` is a sum sign where it is no name; in LaTeX it may be one of the work where nothing stands below."""
    if notation.is_name(r"\Sigma"):
        return tokens
    behind = (*tokens[1:], None)
    return [
        token._replace(text=r"\sum")
        if token.text == r"\Sigma" and (not is_latex or (after is not None and after.text == "_"))
        else token
        for token, after in zip(tokens, behind, strict=False)
    ]


def _solution_marks(tokens: list[Token]) -> list[Token]:
    """``w* = a`` and ``w^ = a``: a star or a hat right behind what stands before the equals sign."""
    out: list[Token] = []
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        is_mark = token.kind == "mark" and token.text in ("*", "^") and after is not None and after.text in ("=", ":=")
        if not is_mark or not out or out[-1].end != token.start or out[-1].text in RELATIONS | {"^", "_"}:
            out.append(token)
        elif token.text == "*" or out[-1].kind not in ("letter", "command"):
            out += [token._replace(text="^"), token._replace(text="*")]
        else:
            out[-1:] = _accented([out[-1]], "hat", (out[-1].start, token.end))
    return out


def _names(tokens: list[Token], notation: Notation) -> list[Token]:
    """``sum``, ``yhat``, ``y_hat``, ``delta`` as the names that they spell."""
    out: list[Token] = []
    place = 0
    for start, end in runs(tokens):
        if start < place:
            continue
        out += tokens[place:start]
        place = end
        word = "".join(token.text for token in tokens[start:end])
        span = (tokens[start].start, tokens[end - 1].end)
        ending = next((mark for mark in _HAT if word.endswith(mark) and len(word) > len(mark)), "")
        word = _small(word, notation)
        if (
            word[0] == "d"
            and word not in notation.words
            and (word[1:] in GREEK or (ending and len(word) > len(ending) + 1))
        ):
            out.append(tokens[start])  # dtheta, dyhat
            start, word, span = start + 1, word[1:], (tokens[start + 1].start, span[1])
        if word == "grad" and _is_quantity(tokens, end, notation):  # grad_W
            of = notation.declared(tokens[end + 2].text) if end + 2 < len(tokens) else None
            is_of = of is not None and of.dims == (1, 1)  # grad_x f
            out.append(Token("command", r"\nabla" if is_of else r"\dd", *span))
            place = end if is_of else end + 1
            continue
        if word in ("hess", "hessian") and _is_quantity(tokens, end, notation):  # hess_w f
            square = (Token("mark", "^", *span), Token("digit", "2", *span))
            out += [Token("command", r"\nabla", *span), *tokens[end : end + 2], *square]
            place = end + 2
            continue
        script = start >= 2 and tokens[start - 1].text == "_" and word in _HAT and bool(out) and len(out) >= 2
        if word in SIGNS_IN_WORDS and len(word) > 1 and word not in notation.words:
            out.append(Token("command", SIGNS_IN_WORDS[word], *span))
        elif word in ("sum", "prod", "Sum") and word not in notation.words:
            out.append(Token("command", "\\" + word.lower(), *span))
        elif ending and word not in notation.words:
            out += _accented(tokens[start : end - len(ending)], ending, span)
        elif script and (out[-2].kind == "letter" or out[-2].text[1:] in GREEK):
            letter = out[-2]
            out[-2:] = _accented([letter], word, (letter.start, span[1]))
        elif _is_pair_below(out, word, notation, end < len(tokens) and tokens[end].kind == "close"):  # X_pi
            out += tokens[start:end]
        elif (word in GREEK or (word == "pi" and not notation.is_name("p"))) and word not in notation.words:
            out.append(Token("command", "\\" + word, *span))
        else:
            out += tokens[start:end]
    return _sum_signs(out + tokens[place:], notation, is_latex=False)


def _small(word: str, notation: Notation) -> str:
    r"""``Beta`` and ``dBeta`` as ``beta`` and ``dbeta`` where that alone is declared."""
    d, name = ("d", word[1:]) if word[:1] == "d" and word[1:2].isupper() else ("", word)
    is_small = name.lower() in GREEK and not notation.is_name(f"\\{name}") and notation.is_name(f"\\{name.lower()}")
    return d + name.lower() if name[:1].isupper() and is_small else word


def _is_pair_below(before: Sequence[Token], word: str, notation: Notation, is_alone: bool) -> bool:
    """Whether two letters below a matrix or a delta, alone in braces or without, are its two indices, and no Greek."""
    in_braces = len(before) > 2 and before[-1].kind == "open" and before[-2].text == "_"
    base, sign = ("", "") if len(before) < 2 else (before[-2 - in_braces].text, before[-1 - in_braces].text)
    is_below = len(word) == 2 and sign == "_" and not (in_braces and (base == r"\sum" or not is_alone))
    return is_below and _subscript_length(base, word, notation) == 2


def _is_quantity(tokens: Sequence[Token], place: int, notation: Notation) -> bool:
    """Whether a low line and a declared name stand at a place."""
    texts = [token.text for token in tokens[place : place + 2]]
    return texts[:1] == ["_"] and len(texts) > 1 and notation.is_name(texts[1])


def _numbered(tokens: list[Token], notation: Notation) -> list[Token]:
    """``W2``: the number behind a name is its subscript, or a superscript in brackets, where it is declared so."""
    out: list[Token] = []
    run = ""  # the letters that end here
    for place, token in enumerate(tokens):
        touches = bool(out) and out[-1].end == token.start
        if token.kind == "letter":
            run = run + token.text if touches and run else token.text
        elif token.kind == "digit" and run and touches and [t.kind for t in tokens[place + 1 : place + 2]] != ["digit"]:
            scripts = [_script_of(run[k:], token.text, notation) for k in range(len(run))]
            sign = next(filter(None, scripts), "")
            run = ""
            if sign:
                out.append(Token("mark", sign, token.start, token.start))
            if sign == "^":
                grouped = zip(_GROUP, f"{{({token.text})}}", strict=True)
                out += [token._replace(kind=kind, text=text) for kind, text in grouped]
                continue
        else:
            run = ""
        out.append(token)
    return out


def _script_of(base: str, number: str, notation: Notation) -> str:
    """Where the number of a declared name stands: below it, or above it in brackets."""
    if (base, number, None) in notation.names:
        return "_"
    return "^" if (base, None, f"({number})") in notation.names else ""


_GROUP = ("open", "mark", "digit", "mark", "close")


def _accented(letters: Sequence[Token], mark: str, span: tuple[int, int]) -> list[Token]:
    inner = [token._replace(start=span[0], end=span[1]) for token in letters]
    return [Token("command", "\\" + mark, *span), Token("open", "{", *span), *inner, Token("close", "}", *span)]


def _scripts(tokens: list[Token], notation: Notation) -> list[Token]:
    """``W_kj``: the letters that follow a low line without a gap are its subscript, where the name has two indices."""
    out: list[Token] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        out.append(token)
        place += 1
        count = _number_length(tokens, place - 1, notation)
        if count:
            out += _subscript(tokens[place : place + count], "_")
            place += count
            continue
        if token.text != "_" or token.kind != "mark" or len(out) < 2:
            continue
        stop = place
        while (
            stop < len(tokens)
            and tokens[stop].kind in ("letter", "digit")
            and (stop == place or tokens[stop].start == tokens[stop - 1].end)
        ):
            stop += 1
        is_base = stop < len(tokens) and tokens[stop].text == "_" and tokens[stop].start == tokens[stop - 1].end
        stop -= is_base and stop - place > 1  # W_la_{l-1}
        length = _subscript_length(out[-2].text, "".join(t.text for t in tokens[place:stop]), notation)
        if length > 1:
            out += _subscript(tokens[place : place + length])
            place += length
    return out


def _subscript(script: Sequence[Token], mark: str = "") -> list[Token]:
    edge = (script[0].start, script[-1].end)
    marks = [Token("mark", mark, edge[0], edge[0])] if mark else []
    return [*marks, Token("open", "{", *edge), *script, Token("close", "}", *edge)]


def _number_length(tokens: Sequence[Token], place: int, notation: Notation) -> int:
    """How many digits behind a letter are its number, as in ``w1`` and ``dL/dw1``; none where no such name is known."""
    stop, letter = place + 1, tokens[place]
    if letter.kind not in ("letter", "command"):
        return 0
    while stop < len(tokens) and tokens[stop].kind == "digit" and tokens[stop].start == tokens[stop - 1].end:
        stop += 1
    before = tokens[place - 1] if place and tokens[place - 1].end == letter.start else None
    is_within = before is not None and (before.text in ("_", "^") or (before.kind == "letter" and before.text != "d"))
    if stop == place + 1 or is_within:
        return 0
    number = "".join(token.text for token in tokens[place + 1 : stop])
    known = next((name.declared for key, name in notation.names.items() if key[0] == letter.text), None)
    is_array = known is not None and known.kind == "array" and known.dims != (1, 1)
    is_array = is_array or (letter.text, "_") in notation.families
    return stop - place - 1 if is_array or (letter.text, number, None) in notation.names else 0


_CLOSING = (")", "]", "}", r"\delta")


def _subscript_length(base: str, run: str, notation: Notation) -> int:
    """How many characters of a run are a base's subscript: a declared name's, two indices of a matrix, else one."""
    is_word = len(run) > 2 and run.isalpha() and base != r"\sum"
    if base in _CLOSING and not notation.is_name(base):
        if is_word and base == "}":  # \hat{θ}_MLE
            return len(run)
        return 2 if len(run) == 2 and run.isalpha() else len(run) if run.isdigit() else 1
    family = notation.families.get((base, "_"))
    if family is not None and family.member.kind == "array" and len(run) > 1:
        return min(1 + sum(size != 1 for size in family.member.dims), len(run))
    if base == r"\sum" and run.isalpha():  # sum_ij
        return len(run) if len(run) <= MOST_INDICES else 1
    for length in range(len(run), 0, -1):
        if (base, run[:length], None) in notation.names:
            return length
    known = next((name.declared for key, name in notation.names.items() if key[0] == base), None)
    is_matrix = known is not None and known.kind == "array" and 1 not in known.dims
    if is_word and not all(notation.is_name(letter) for letter in run[1 + is_matrix :]):
        return len(run)  # w_opt, θ_MLE
    is_pair = known is None and len(run) == 2 and run.isalpha() and not any(map(notation.is_name, run))
    longest = 2 if is_matrix or is_pair else len(run) if run.isdigit() else 1  # G_nm of what a work introduces
    return min(longest, len(run))


_TYPED = ((r"\nabla", _nablas), ("{", _brackets), (".", _dotted), ("^", _exponents), ("/", _operators))
