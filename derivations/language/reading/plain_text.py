"""Plain text: words, names and signs as people type them without LaTeX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.derivations.language.latex.groups import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.language.notation import Notation

WORDS = frozenset(
    "if for when otherwise else where since because and or then so hence thus let with by case which gives that is as "
    "we get from using therefore".split()
)
_FIRST_LETTERS = frozenset(word[0] for word in WORDS)
_GREEK = frozenset(
    "alpha beta gamma delta epsilon theta lambda mu nu rho sigma tau phi psi omega eta Sigma "
    "Delta partial nabla".split()
)
_HAT = ("hat", "bar", "tilde")
_PAIRS = {("!", "="): r"\neq", ("<", "="): r"\le", (">", "="): r"\ge"}


def plain(tokens: Sequence[Token], notation: Notation, is_latex: bool) -> list[Token]:
    r"""The tokens with plain spellings in LaTeX: ``!=``, ``sum_k``, ``yhat``, ``W_kj``, "if" as a word.

    Words are taken as words in LaTeX too; the rest only where the row has no control word.
    """
    texts = {token.text for token in tokens}
    out = list(tokens)
    if texts & _FIRST_LETTERS:
        out = _as_words(out, notation)
    if "=" in texts:
        out = _signs(out)
    if r"\Sigma" in texts:
        out = [_sum_sign(token, notation) for token in out]
    return out if is_latex else _scripts(_names(out, notation), notation)


def _signs(tokens: list[Token]) -> list[Token]:
    out: list[Token] = []
    for token in tokens:
        pair = _PAIRS.get((out[-1].text, token.text)) if out and token.kind == out[-1].kind == "mark" else None
        if pair is not None and out[-1].end == token.start:
            out[-1] = Token("command", pair, out[-1].start, token.end)
        else:
            out.append(token)
    return out


def _sum_sign(token: Token, notation: Notation) -> Token:
    r"""``\Sigma`` is a sum sign where it is no name."""
    if token.text == r"\Sigma" and token.kind == "command" and not notation.is_name(r"\Sigma"):
        return token._replace(text=r"\sum")
    return token


def _runs(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """The runs of letters that stand side by side without a gap."""
    runs, place = list[tuple[int, int]](), 0
    while place < len(tokens):
        start = place
        while (
            place < len(tokens)
            and tokens[place].kind == "letter"
            and (place == start or tokens[place].start == tokens[place - 1].end)
        ):
            place += 1
        if place > start:
            runs.append((start, place))
        else:
            place += 1
    return runs


def _as_words(tokens: list[Token], notation: Notation) -> list[Token]:
    """Words between blanks, such as "if", as text."""
    if not any(notation_free(tokens, start, end, notation) for start, end in _runs(tokens)):
        return tokens
    out: list[Token] = []
    place = 0
    for start, end in _runs(tokens):
        out += tokens[place:start]
        place = end
        if notation_free(tokens, start, end, notation):
            word = "".join(token.text for token in tokens[start:end])
            out.append(Token("text", f" {word} ", tokens[start].start, tokens[end - 1].end))
        else:
            out += tokens[start:end]
    return out + tokens[place:]


def notation_free(tokens: Sequence[Token], start: int, end: int, notation: Notation) -> bool:
    """Whether a run of letters is a word that stands alone."""
    word = "".join(token.text for token in tokens[start:end])
    if word not in WORDS or word in notation.words or all(notation.is_name(letter) for letter in word):
        return False
    before = start == 0 or tokens[start - 1].end < tokens[start].start or tokens[start - 1].text in ",;)"
    after = end == len(tokens) or tokens[end].start > tokens[end - 1].end or tokens[end].text in ",;:("
    return before and after and (len(word) > 1)


def _names(tokens: list[Token], notation: Notation) -> list[Token]:
    """``sum``, ``yhat``, ``y_hat``, ``delta`` as the names that they spell."""
    out: list[Token] = []
    place = 0
    for start, end in _runs(tokens):
        if start < place:
            continue
        out += tokens[place:start]
        place = end
        word = "".join(token.text for token in tokens[start:end])
        span = (tokens[start].start, tokens[end - 1].end)
        ending = next((mark for mark in _HAT if word.endswith(mark) and len(word) > len(mark)), "")
        script = start >= 2 and tokens[start - 1].text == "_" and word in _HAT and bool(out) and len(out) >= 2
        if word in ("sum", "prod") and word not in notation.words:
            out.append(Token("command", "\\" + word, *span))
        elif ending and word not in notation.words:
            out += _accented(tokens[start : end - len(ending)], ending, span)
        elif script and out[-2].kind == "letter":
            letter = out[-2]
            out[-2:] = _accented([letter], word, (letter.start, span[1]))
        elif word in _GREEK and word not in notation.words:
            out.append(Token("command", "\\" + word, *span))
        else:
            out += tokens[start:end]
    return [_sum_sign(token, notation) for token in out + tokens[place:]]


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
        if token.text != "_" or token.kind != "mark" or len(out) < 2:
            continue
        stop = place
        while (
            stop < len(tokens)
            and tokens[stop].kind in ("letter", "digit")
            and (stop == place or tokens[stop].start == tokens[stop - 1].end)
        ):
            stop += 1
        length = _subscript_length(out[-2].text, "".join(t.text for t in tokens[place:stop]), notation)
        if length > 1:
            edge = (tokens[place].start, tokens[place + length - 1].end)
            out += [Token("open", "{", *edge), *tokens[place : place + length], Token("close", "}", *edge)]
            place += length
    return out


def _subscript_length(base: str, run: str, notation: Notation) -> int:
    """How many characters of a run are a base's subscript: a declared name's, two indices of a matrix, else one."""
    for length in range(len(run), 0, -1):
        if (base, run[:length], None) in notation.names:
            return length
    known = next((name.declared for key, name in notation.names.items() if key[0] == base), None)
    if known is not None and known.kind == "array" and 1 not in known.dims:
        return min(2, len(run))
    return len(run) if run.isdigit() else 1
