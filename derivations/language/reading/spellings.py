r"""Other spellings: what the statement's ``names`` puts in the place of what was written.

The longest key goes first.  A letter that stands in index position in the value is a wildcard of the key: it matches
any index.  The value is put in as one unit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import StatementFault, quoted
from truestep.derivations.language.functions import WORDS
from truestep.derivations.language.latex.groups import Token, Tree, tree
from truestep.derivations.language.notation import ACCENTS, FONTS
from truestep.derivations.language.reading.code import MODULES
from truestep.derivations.language.reading.plain_text import GREEK
from truestep.derivations.language.reading.tokens import canonical, closing, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from truestep.derivations.language.latex.macros import Macro


# commands whose argument is a word and no product of letters
WORDED = frozenset((r"\operatorname", r"\begin", r"\end"))
LONGEST = 12
# two shapes of one letter: two names where both are declared
VARIANTS = ((r"\epsilon", r"\varepsilon"), (r"\phi", r"\varphi"), (r"\theta", r"\vartheta"), (r"\rho", r"\varrho"))
_TIMED = re.compile(r"(?<![\^_{\[(])\[")  # h[t-1], not W^{[1]}
_STEP = re.compile(r"\\[dD]elta(?:\s+[A-Za-z]|\s*\\[A-Za-z]+|\s*\\[a-z]+\{[^{}]+\})(?:[_^](\w|\{[^{}]+\}))*")
_LETTER = re.compile(r"[^\W_]")
_WORDS = (*WORDS, *GREEK, "hat", "bar", "tilde", "sum", "prod")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A pattern of tokens, its wildcards, and the tokens that replace it."""

    pattern: tuple[Token, ...]
    wildcards: frozenset[str]
    value: tuple[Token, ...]


def spellings(
    names: Mapping[str, str], indices: Iterable[str], macros: Mapping[str, Macro], declared: Iterable[str] = ()
) -> tuple[Spelling, ...]:
    """The patterns of a statement's names, the longest first; of the same length those with fewer wildcards.

    A ``declared`` name with a square bracket in it, such as ``h[t-1]``, is one name wherever it stands; so is
    ``\\Delta x``.
    """
    known = frozenset(indices)
    scripts = {name: found[1] or "" for name in declared if (found := _STEP.fullmatch(name.strip())) is not None}
    steps = {name for name, script in scripts.items() if known.isdisjoint(_LETTER.findall(script))}
    units = [_unit_name(name, macros) for name in declared if _TIMED.search(name) or name in steps]
    made = [_spelling(key, value, known, macros) for key, value in names.items()]
    made = [replace(one, value=tuple(respell(list(one.value), units))) for one in made] + units
    made += [replace(one, pattern=other) for one in made if (other := _other_order(one.pattern)) is not None]
    made += [replace(one, pattern=(*one.pattern, *listed)) for one in made if (listed := _listed(one))]
    made += _variants(declared)
    return tuple(sorted(made, key=lambda spelling: (-len(spelling.pattern), len(spelling.wildcards))))


def _other_order(pattern: tuple[Token, ...]) -> tuple[Token, ...] | None:
    """A pattern with its first two scripts in the other order: ``x_j^{(i)}`` and ``x^{(i)}_j`` are one name."""
    for place, token in enumerate(pattern):
        middle = _script_end(pattern, place)
        end = _script_end(pattern, middle)
        if middle and end and pattern[middle].text != token.text:
            return (*pattern[:place], *pattern[middle:end], *pattern[place:middle], *pattern[end:])
    return None


def _listed(spelling: Spelling) -> list[Token]:
    """What a name of derivatives may be said to depend on: ``J(x, y)`` of those by x and by y."""
    value = tree(list(spelling.value))
    below = [k + 2 for k in range(len(value) - 3) if value[k].kind == "open" and value[k + 1].text == r"\partial"]
    names = [value[k : value.partner[k - 2]] for k in below if value[k - 3].kind == "close"]
    found = {"".join(token.text for token in name): name for name in names}
    if not found or spelling.pattern[-1].text in (")", "]"):
        return []
    lists = [[*name, Token("mark", ",", 0, 0)] for name in found.values()]
    return [Token("mark", "(", 0, 0), *[token for name in lists for token in name][:-1], Token("mark", ")", 0, 0)]


def _script_end(pattern: tuple[Token, ...], place: int) -> int:
    """Where a script ends that begins at a place; 0 where none does."""
    if not 0 < place < len(pattern) - 1 or pattern[place].text not in ("^", "_"):
        return 0
    return (closing(list(pattern), place + 1, len(pattern)) if pattern[place + 1].kind == "open" else place + 1) + 1


def _variants(declared: Iterable[str]) -> list[Spelling]:
    """Each shape of a letter that is not declared stands for the one that is."""
    letters = {token.text for name in declared for token in tokenize(name)}
    made = []
    for plain, variant in VARIANTS:
        meant, other = (variant, plain) if variant in letters else (plain, variant)
        if other not in letters:
            made.append(Spelling(tuple(tokenize(other)), frozenset(), tuple(tokenize(meant))))
    return made


def _spelling(key: str, value: str, indices: frozenset[str], macros: Mapping[str, Macro]) -> Spelling:
    pattern, tokens = _normal(tokenize(key, macros)), _normal(tokenize(value, macros))
    for side, said in ((pattern, "this spelling is empty; leave it out"), (tokens, "say what it stands for")):
        if not side:
            raise StatementFault(f"{quoted(key)}: {said}", key="names", entry=key)
    letters = {token.text for token in pattern[1:] if token.kind == "letter"}
    inside = _index_letters(tokens)
    return Spelling(tuple(pattern), frozenset(letters & inside & (indices | inside)), tuple(_unit(tokens)))


def _unit_name(name: str, macros: Mapping[str, Macro]) -> Spelling:
    whole = Token("unit", name, 0, 0, Expression("symbol", (), canonical(tokenize(name)) if "_" in name else name))
    return Spelling(tuple(_normal(tokenize(name, macros))), frozenset(), (whole,))


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
    tops = tree(tokens).top(0, len(tokens))
    return [tokens[k] for k in tops if not (k and tokens[k - 1].text in "_^" and tokens[k - 1].kind == "mark")]


def respell(tokens: list[Token], patterns: Sequence[Spelling]) -> list[Token]:
    """The tokens with every spelling replaced; the replacement keeps the place of what was written."""
    texts = tree(tokens).texts
    patterns = [one for one in patterns if len(one.pattern) > 1 or one.pattern[0].text in texts]
    if not patterns:
        return tokens
    out: list[Token] = []
    place = 0
    tokens = tree(tokens)
    bound = _bound(tokens)
    while place < len(tokens):
        word = _word_end(tokens, place)
        for spelling in patterns:
            found = _match(tokens, place, spelling) if place + len(spelling.pattern) >= word else None
            if found is not None and bound and len(spelling.pattern) == 1 and tokens[place].text in bound:
                found = found if [token.text for token in tokens[found[0] : found[0] + 1]] == ["_"] else None
            if found is not None and not _is_variable(tokens, place, spelling):
                stop, letters = found
                edge = (tokens[place].start, tokens[stop - 1].end)
                added: list[Token] = []
                for number, token in enumerate(spelling.value):
                    if token.unit is not None:
                        token = token._replace(unit=replace(token.unit, span=edge))
                    put = letters.get(token.text, [token]) if token.kind == "letter" else [token]
                    wrapped = put if len(put) == 1 else [Token("open", "{", *edge), *put, Token("close", "}", *edge)]
                    within = number > 0 and _touch(spelling.value, number - 1)  # the letters of a word stay together
                    added += [inner._replace(start=edge[within], end=edge[1]) for inner in wrapped]
                script = tokens[stop].text if stop < len(tokens) and tokens[stop].text in ("_", "^") else ""
                if script and any(t.text == script for t in spelling.value):
                    added = [Token("open", "{", *edge), *added, Token("close", "}", *edge)]  # {W_2}_{kj}
                out += added
                place = stop
                break
        else:
            out += tokens[place:word]
            place = word
    return out


def _bound(tokens: Tree) -> set[str]:
    """The letters that a sum of the row binds; they are indices in it, whatever they are elsewhere."""
    out: set[str] = set()
    for place, token in enumerate(tokens[:-2]):
        typed = "".join(one.text for one in tokens[max(place - 2, 0) : place + 1])
        if tokens[place + 1].text == "_" and (token.text in (r"\sum", r"\prod") or typed.lower() == "sum"):
            inner = tokens[place + 2 + (tokens[place + 2].kind == "open")]
            out |= {inner.text} if inner.kind == "letter" else set()
    return out


def _is_variable(tokens: Tree, place: int, spelling: Spelling) -> bool:
    r"""Whether a spelling such as ``dz`` is what a derivative is taken by: ``\frac{da}{dz}``, ``da/dz``."""
    if spelling.pattern[0].text != "d" or len(spelling.pattern) < 2 or not place:
        return False
    if tokens[place - 1].text == "/":
        return True
    above = tokens.partner[place - 2] if place > 1 and tokens[place - 1].kind == "open" else 0
    is_below = above > 0 and tokens[place - 2].kind == "close" and tokens[above - 1].text == r"\frac"
    return is_below and tokens[above + 1].text in ("d", r"\partial")


def _word_end(tokens: list[Token], place: int) -> int:
    """The end of one token, or of a command and the word in braces that belongs to it."""
    after = place + 1
    if tokens[place].text not in WORDED:
        return after
    after += after < len(tokens) and tokens[after].text == "*"
    return (
        closing(tokens, after, len(tokens)) + 1 if after < len(tokens) and tokens[after].kind == "open" else place + 1
    )


def _match(tokens: list[Token], start: int, spelling: Spelling) -> tuple[int, dict[str, list[Token]]] | None:
    """Where the pattern ends that begins here, and what its wildcards stand for."""
    first = spelling.pattern[0]
    if tokens[start].text != first.text or tokens[start].kind != first.kind:
        return None
    if len(spelling.pattern) > 1 and first.text in _MARKS and _in_derivative(tokens, start):
        return None
    if _is_under_accent(tokens, start) or (first.kind == "letter" and not _stands_alone(tokens, start, spelling)):
        return None
    letters: dict[str, list[Token]] = {}
    place, braces = start, 0
    for wanted, after in zip(spelling.pattern, (*spelling.pattern[1:], None), strict=True):
        place, braces = _pass_braces(tokens, place, wanted, braces)
        if place >= len(tokens):
            return None
        token = tokens[place]
        if wanted.kind == "letter" and wanted.text in spelling.wildcards:
            if token.kind not in ("letter", "digit") and token.text not in (r"\ell",):
                return None
            if token.text == "T" and tokens[place - 1].text == "^":  # a transpose is no index
                return None
            stop = place + 1
            while stop < len(tokens) and tokens[stop].text == "'" and (after is None or after.text != "'"):
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


_MARKS = (r"\partial", r"\dd", "d")


def _in_derivative(tokens: list[Token], start: int) -> bool:
    """Whether a sign of differentiation begins the numerator or denominator of a derivative: no name begins there."""
    groups = tree(tokens)
    opening = start - 1
    if opening < 1 or groups[opening].kind != "open":
        return False
    before = opening - 1
    if groups[before].kind == "close":  # the denominator
        other = groups.partner[before]
        return other > 0 and groups[other - 1].text == r"\frac" and groups[other + 1].text in _MARKS
    other = groups.partner[opening] + 1
    is_above = groups[before].text == r"\frac" and 0 < other < len(groups) - 1 and groups[other].kind == "open"
    return is_above and groups[other + 1].text in _MARKS


def _pass_braces(tokens: list[Token], place: int, wanted: Token, braces: int) -> tuple[int, int]:
    """Passes over braces around a single token, and sized brackets, that the pattern does not have."""
    while place < len(tokens) and wanted.kind not in ("open", "close"):
        token = tokens[place]
        if token.text in FONTS and wanted.text != token.text:
            place += 1
        elif token.kind == "open" and place + 1 < len(tokens):
            stop = place + 2
            while stop < len(tokens) and tokens[stop].text == "'":
                stop += 1
            if stop < len(tokens) and tokens[stop].kind == "close":
                place, braces = place + 1, braces + 1
                continue
            break
        elif token.kind == "close" and braces:
            place, braces = place + 1, braces - 1
        elif token.text in (r"\left", r"\right") and wanted.text not in (r"\left", r"\right"):
            place += 1
        else:
            break
    return place, braces


def _is_under_accent(tokens: list[Token], start: int) -> bool:
    """Whether a name stands under an accent, which makes another one of it."""
    outside = start - 1
    while outside > 0 and tokens[outside].kind == "open":
        outside -= 1
    return outside >= 0 and tokens[outside].text in ACCENTS


def _stands_alone(tokens: list[Token], start: int, spelling: Spelling) -> bool:
    """Whether a letter begins a name here: not inside a longer word, unless the pattern is that word, nor in a font."""
    if start > 0 and tokens[start - 1].text in FONTS:
        return False
    run = sum(1 for _ in _letter_run(spelling.pattern))
    if run == 1 and _is_in_function(tokens, start):
        return False
    before = start > 0 and tokens[start - 1].kind == "letter" and tokens[start - 1].end == tokens[start].start
    return not (run > 1 and before)


def _is_in_function(tokens: list[Token], start: int) -> bool:
    """Whether a letter is one of those of a function's name, such as the s of ``softmax``."""
    first, last = start, start + 1
    while first > 0 and start - first < LONGEST and _touch(tokens, first - 1):
        first -= 1
    while last < len(tokens) and last - start < LONGEST and _touch(tokens, last - 1):
        last += 1
    run = "".join(token.text for token in tokens[first:last])
    if run in MODULES and len(run) > 1 and [token.text for token in tokens[last : last + 1]] == ["."]:
        return True
    here = start - first
    starts = range(max(0, here - LONGEST), here + 1)
    return last - first > 1 and any(
        run.startswith(word, place) and place + len(word) > here for word in _WORDS for place in starts
    )


def _touch(tokens: Sequence[Token], place: int) -> bool:
    """Whether a letter and the next token, a letter too, stand side by side."""
    left, right = tokens[place], tokens[place + 1]
    return left.kind == right.kind == "letter" and left.end == right.start


def _letter_run(pattern: Sequence[Token]) -> Iterable[Token]:
    for token in pattern:
        if token.kind != "letter":
            return
        yield token
