r"""Other spellings: what the statement's ``names`` puts in the place of what was written.

The longest key goes first.  A letter that stands in index position in the value is a wildcard of the key: it matches
any index.  The value is put in as one unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from derivations.faults import StatementFault, quoted
from derivations.functions import BY_SPELLING
from derivations.reading.tokens import Token, closing, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from derivations.reading.tokens import MacroText


WORDS = (r"\operatorname", r"\operatorname*", r"\mathrm", r"\mathit", r"\mathsf", r"\mathtt", r"\mathbf")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A pattern of tokens, its wildcards, and the tokens that replace it."""

    pattern: tuple[Token, ...]
    wildcards: frozenset[str]
    value: tuple[Token, ...]


def spellings(
    names: Mapping[str, str], indices: Iterable[str], macros: Mapping[str, MacroText]
) -> tuple[Spelling, ...]:
    """The patterns of a statement's names, the longest first."""
    known = frozenset(indices)
    made = [_spelling(key, value, known, macros) for key, value in names.items()]
    return tuple(sorted(made, key=lambda spelling: -len(spelling.pattern)))


def _spelling(key: str, value: str, indices: frozenset[str], macros: Mapping[str, MacroText]) -> Spelling:
    pattern, tokens = _normal(tokenize(key, macros)), _normal(tokenize(value, macros))
    if not pattern:
        raise StatementFault(f"names: the spelling {quoted(key)} is empty")
    letters = {token.text for token in pattern[1:] if token.kind == "letter"}
    inside = _index_letters(tokens)
    return Spelling(tuple(pattern), frozenset(letters & inside & (indices | inside)), tuple(_unit(tokens)))


def _index_letters(tokens: Sequence[Token]) -> set[str]:
    """The letters of a value that stand in index position: in a subscript, or inside an indicator's brackets."""
    found, place = set[str](), 0
    while place < len(tokens):
        if tokens[place].text == "_" and place + 1 < len(tokens):
            stop = closing(list(tokens), place + 1, len(tokens)) if tokens[place + 1].kind == "open" else place + 1
            found |= {token.text for token in tokens[place + 1 : stop + 1] if token.kind == "letter"}
            place = stop
        elif tokens[place].text == "[":
            found |= {token.text for token in tokens[place:] if token.kind == "letter"}
            break
        place += 1
    return found


def _normal(tokens: Sequence[Token]) -> list[Token]:
    """Tokens without the braces around a single one, and with braces around a lone script."""
    out: list[Token] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if (
            token.kind == "open"
            and place + 2 < len(tokens)
            and tokens[place + 2].kind == "close"
            and tokens[place + 1].kind != "open"
        ):
            out.append(tokens[place + 1])
            place += 3
        elif token.text in (r"\left", r"\right") and place + 1 < len(tokens) and tokens[place + 1].text != ".":
            place += 1
        else:
            out.append(token)
            place += 1
    return out


def _unit(tokens: list[Token]) -> list[Token]:
    """The value in invisible brackets where it is more than one name; commands and signs are put in as they are."""
    loose = any(token.text in ("+", "-", "/") and token.kind == "mark" for token in _top_level(tokens))
    factors = sum(1 for token in _top_level(tokens) if token.kind in ("letter", "digit", "command"))
    operator = len(tokens) >= 1 and tokens[0].text in (r"\nabla", r"\partial")
    bracketed = bool(tokens) and tokens[0].text == "(" and tokens[-1].text == ")"
    if bracketed or operator or not (loose or factors > 1) or _is_operator_fraction(tokens) or _is_atom(tokens):
        return tokens
    edge = (tokens[0].start, tokens[-1].end)
    return [Token("mark", "(", *edge), *tokens, Token("mark", ")", *edge)]


def _is_atom(tokens: list[Token]) -> bool:
    """A single fraction, or an accented or scripted letter."""
    if tokens[0].text == r"\frac":
        place = 1
        for _ in range(2):
            place = closing(tokens, place, len(tokens)) + 1 if tokens[place].kind == "open" else place + 1
        return place == len(tokens)
    heads = [token for token in _top_level(tokens) if token.kind in ("letter", "digit", "command", "text")]
    accents = sum(
        1 for token in heads if token.text in (r"\hat", r"\bar", r"\tilde", r"\mathbf", r"\boldsymbol", r"\mathbb")
    )
    return len(heads) - accents <= 1 and not any(token.text in "+-*/" for token in _top_level(tokens))


def _is_operator_fraction(tokens: list[Token]) -> bool:
    return tokens[0].text == r"\frac" and len(tokens) > 1 and tokens[1].text == r"\partial"


def _top_level(tokens: Sequence[Token]) -> list[Token]:
    out, depth, script = [], 0, False
    for token in tokens:
        depth += 1 if token.kind == "open" or token.text in "([" else 0
        if depth == 0 and not script:
            out.append(token)
        script = token.text in "_^" and token.kind == "mark"
        depth -= 1 if token.kind == "close" or token.text in ")]" else 0
    return out


def respell(tokens: list[Token], patterns: Sequence[Spelling]) -> list[Token]:
    """The tokens with every spelling replaced; the replacement keeps the place of what was written."""
    if not patterns:
        return tokens
    out: list[Token] = []
    place = 0
    while place < len(tokens):
        word = _word_end(tokens, place)
        for spelling in patterns:
            found = _match(tokens, place, spelling) if place + len(spelling.pattern) >= word else None
            if found is not None:
                stop, letters = found
                edge = (tokens[place].start, tokens[stop - 1].end)
                for token in spelling.value:
                    put = letters.get(token.text, [token]) if token.kind == "letter" else [token]
                    wrapped = put if len(put) == 1 else [Token("open", "{", *edge), *put, Token("close", "}", *edge)]
                    out += [inner._replace(start=edge[0], end=edge[1]) for inner in wrapped]
                place = stop
                break
        else:
            out += tokens[place:word]
            place = word
    return out


def _word_end(tokens: list[Token], place: int) -> int:
    r"""Where what begins here ends: ``\operatorname{ReLU}`` and the letters ``ReLU`` are one word, not four names."""
    if tokens[place].text in WORDS and place + 1 < len(tokens) and tokens[place + 1].kind == "open":
        stop = closing(tokens, place + 1, len(tokens))
        inner = tokens[place + 2 : stop]
        return stop + 1 if len(inner) > 1 and all(token.kind == "letter" for token in inner) else place + 1
    stop = place
    while (
        stop < len(tokens)
        and tokens[stop].kind == "letter"
        and tokens[stop].start == tokens[place].start + stop - place
    ):
        stop += 1
    return stop if "".join(token.text for token in tokens[place:stop]) in BY_SPELLING else place + 1


def _match(tokens: list[Token], start: int, spelling: Spelling) -> tuple[int, dict[str, list[Token]]] | None:
    """Where the pattern ends that begins here, and what its wildcards stand for."""
    first = spelling.pattern[0]
    if tokens[start].text != first.text or tokens[start].kind != first.kind:
        return None
    if first.kind == "letter" and not _stands_alone(tokens, start, spelling):
        return None
    letters: dict[str, list[Token]] = {}
    place, braces = start, 0
    for wanted in spelling.pattern:
        place, braces = _pass_braces(tokens, place, wanted, braces)
        if place >= len(tokens):
            return None
        token = tokens[place]
        if wanted.kind == "letter" and wanted.text in spelling.wildcards:
            if token.kind not in ("letter", "digit") and token.text not in (r"\ell",):
                return None
            stop = place + 1
            while stop < len(tokens) and tokens[stop].text == "'":
                stop += 1
            taken = tokens[place:stop]
            if wanted.text in letters and [t.text for t in letters[wanted.text]] != [t.text for t in taken]:
                return None
            letters[wanted.text], place = taken, stop
        elif token.text == wanted.text:
            place += 1
        else:
            return None
    while braces and place < len(tokens) and tokens[place].kind == "close":
        place, braces = place + 1, braces - 1
    last = spelling.pattern[-1]
    if braces or (
        last.text != "'"
        and place < len(tokens)
        and tokens[place].text == "'"
        and len(spelling.pattern) == 1
        and first.kind == "letter"
    ):
        return None
    return place, letters


def _pass_braces(tokens: list[Token], place: int, wanted: Token, braces: int) -> tuple[int, int]:
    """Passes over braces around a single token, and sized brackets, that the pattern does not have."""
    while place < len(tokens) and wanted.kind not in ("open", "close"):
        token = tokens[place]
        if token.kind == "open" and place + 1 < len(tokens):
            stop = place + 2
            while stop < len(tokens) and tokens[stop].text == "'":
                stop += 1
            if stop < len(tokens) and tokens[stop].kind == "close":
                place, braces = place + 1, braces + 1
                continue
            break
        if token.kind == "close" and braces:
            place, braces = place + 1, braces - 1
        elif token.text in (r"\left", r"\right") and wanted.text not in (r"\left", r"\right"):
            place += 1
        else:
            break
    return place, braces


def _stands_alone(tokens: list[Token], start: int, spelling: Spelling) -> bool:
    """Whether a letter begins a name here: not inside a longer word, unless the pattern is that word."""
    run = sum(1 for _ in _letter_run(spelling.pattern))
    before = start > 0 and tokens[start - 1].kind == "letter" and tokens[start - 1].end == tokens[start].start
    return not (run > 1 and before)


def _letter_run(pattern: Sequence[Token]) -> Iterable[Token]:
    for token in pattern:
        if token.kind != "letter":
            return
        yield token
