r"""Macros: their definitions, and the one way of putting them in.

A definition is read as LaTeX reads it: ``\newcommand`` and its kin with a default, ``\def`` without delimiters,
``\let``, ``\DeclareMathOperator``, ``\NewDocumentCommand`` with the arguments ``m``, ``o``, ``O{...}`` and ``s``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.language.faults import ReadingFault
from truestep.derivations.language.latex.lexer import HIDDEN, Lexeme, blank, lex, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from truestep.derivations.language.faults import Span

MOST_DEFINED = 400
LONGEST = 4_000  # characters of a definition
MOST_CALLS = 1_000
MOST_LEXEMES = 20_000

NOTHING = r"\NoValue"
_TRUE, _FALSE = r"\BooleanTrue", r"\BooleanFalse"
_TAKEN = frozenset((r"\ifmmode", r"\iftrue"))  # what is read here is mathematics
_BRANCHES = _TAKEN | {r"\iffalse", r"\else", r"\fi"}
_TESTS = {r"\IfBooleanTF": _TRUE, r"\IfNoValueTF": NOTHING, r"\IfValueTF": NOTHING}


class Parameter(NamedTuple):
    """What a macro takes: ``m`` a group or a token, ``o`` what stands in square brackets, ``s`` a star."""

    kind: str
    default: str = NOTHING


MANDATORY = Parameter("m")


@dataclass(frozen=True, slots=True)
class Macro:
    r"""A command that a text defines: ``\newcommand{\R}[1]{\mathbb{#1}}`` is ``Macro(r"\R", r"\mathbb{#1}", (m,))``."""

    name: str
    body: str
    parameters: tuple[Parameter, ...] = ()


def macro_of(name: str, body: str) -> Macro:
    r"""The macro whose arguments are those that stand in its body.

    >>> macro_of("R", r"\mathbb{#1}").parameters
    (Parameter(kind='m', default='\\NoValue'),)
    """
    count = max((int(digit) for digit in "123456789" if f"#{digit}" in body), default=0)
    return Macro(name if name.startswith("\\") else "\\" + name, body, (MANDATORY,) * count)


# Definitions.

_SPACE = r"\s{0,9}"
_CALLED = r"\\(?:[A-Za-z@]+|[^A-Za-z\s])"
_NAME = re.compile(rf"{_SPACE}(?:\{{{_SPACE}({_CALLED}){_SPACE}\}}|({_CALLED}))")
_ARITY = re.compile(rf"{_SPACE}\[{_SPACE}([0-9]){_SPACE}\]")
_DEFAULT = re.compile(rf"{_SPACE}\[([^\[\]]{{0,200}})\]")
_PARAMETERS = re.compile(rf"{_SPACE}((?:#[1-9]){{0,9}}){_SPACE}")
_ALIAS = re.compile(rf"{_SPACE}=?{_SPACE}({_CALLED})")
_BLANKS = re.compile(_SPACE)
_SPECIFIED = re.compile(rf"{_SPACE}\{{((?:{_SPACE}(?:[mos]|O\{{[^{{}}]{{0,200}}\}})){{0,9}}){_SPACE}\}}")
_SPECIFIER = re.compile(r"([mos])|O\{([^{}]*)\}")
_COMMANDS = frozenset((r"\newcommand", r"\renewcommand", r"\providecommand", r"\DeclareRobustCommand"))
_PLAIN = frozenset((r"\def", r"\gdef", r"\xdef", r"\edef"))
_DOCUMENT = frozenset(
    rf"\{verb}DocumentCommand" for verb in ("New", "Renew", "Provide", "Declare", "NewExpandable", "DeclareExpandable")
)
_DEFINERS = _COMMANDS | _PLAIN | _DOCUMENT | {r"\DeclareMathOperator", r"\let"}


def definitions(text: str) -> tuple[tuple[Macro, ...], str]:
    r"""The macros that the text defines, and the text with the definitions hidden.

    Of two definitions of one name the later holds, but ``\providecommand`` gives way to an earlier one, and so does
    what comes after the last use: what stood there is not changed by it.  A name that is used before a definition of
    another meaning and after it is no macro.

    >>> definitions(r"\newcommand{\R}[1]{\mathbb{#1}} x")[0][0].body
    '\\mathbb{#1}'
    """
    if not any(sign in text for sign in ("def", "ommand", r"\Declare", r"\let")):
        return (), text
    macros: dict[str, Macro] = {}
    parts: list[str] = []
    position = seen = 0
    lexemes = list(lex(text))
    closing = closing_braces(lexemes)
    for lexeme in lexemes:
        if lexeme.kind != "word" or lexeme.text not in _DEFINERS or lexeme.start < position or seen >= MOST_DEFINED:
            continue
        seen += 1
        made = _definition(text, lexeme, closing)
        if made is None:
            continue
        macro, stop = made
        is_weak = lexeme.text.lower().startswith(r"\provide")
        if macro.name not in macros or not (is_weak or _is_used(macro.name, [*parts, text[position : lexeme.start]])):
            macros[macro.name] = macro
        elif not is_weak and macro != macros[macro.name] and _is_used(macro.name, [text[stop:]]):
            del macros[macro.name]
        parts += [text[position : lexeme.start], blank(text[lexeme.start : stop])]
        position = stop
    return tuple(macros.values()), "".join([*parts, text[position:]])


def _is_used(name: str, parts: list[str]) -> bool:
    """Whether a macro stands in some parts of a text."""
    use = re.compile(re.escape(name) + r"(?![A-Za-z])")
    return any(use.search(part) for part in parts)


def _definition(text: str, word: Lexeme, closing: Mapping[int, int]) -> tuple[Macro, int] | None:
    """The macro that this word defines, and where the definition ends; None where it cannot be read."""
    star = text[word.end : word.end + 1] == "*"
    named = _NAME.match(text, word.end + star)
    if named is None:
        return None
    name, at = named[1] or named[2], named.end()
    if word.text == r"\let":
        alias = _ALIAS.match(text, at)
        return (Macro(name, alias[1]), alias.end()) if alias else None
    parameters: tuple[Parameter, ...] = ()
    if word.text in _DOCUMENT:
        specified = _SPECIFIED.match(text, at)
        if specified is None:
            return None
        parameters, at = tuple(map(_parameter, _SPECIFIER.finditer(specified[1]))), specified.end()
    elif word.text in _PLAIN:
        counted = _PARAMETERS.match(text, at)
        parameters, at = ((MANDATORY,) * (len(counted[1]) // 2), counted.end()) if counted else ((), at)
    elif word.text in _COMMANDS and (arity := _ARITY.match(text, at)):
        default = _DEFAULT.match(text, arity.end())
        parameters, at = (MANDATORY,) * int(arity[1]), (default or arity).end()
        if default and parameters:
            parameters = (Parameter("o", default[1]), *parameters[1:])
    opening = _after_blanks(text, at)
    end = closing.get(opening, len(text) + LONGEST)
    if end > opening + LONGEST:
        return None
    inner = text[opening + 1 : end].replace(HIDDEN, "").strip()
    if word.text == r"\DeclareMathOperator":
        inner = rf"\operatorname{'*' if star else ''}{{{inner}}}"
    return Macro(name, inner, parameters), end + 1


def _parameter(found: re.Match[str]) -> Parameter:
    return Parameter(found[1]) if found[1] else Parameter("o", found[2])


def closing_braces(lexemes: Iterable[Lexeme]) -> dict[int, int]:
    """Where the group ends that each opening brace begins."""
    opened, out = list[int](), dict[int, int]()
    for lexeme in lexemes:
        if lexeme.kind == "open":
            opened.append(lexeme.start)
        elif lexeme.kind == "close" and opened:
            out[opened.pop()] = lexeme.start
    return out


def _after_blanks(text: str, start: int) -> int:
    blanks = _BLANKS.match(text, start)
    return blanks.end() if blanks else start


def group_at(text: str, start: int) -> Span | None:
    """What stands in the braces that begin here, after blanks; None where they are not closed nearby.

    >>> group_at(" {a{b}}c", 0)
    (2, 6)
    """
    opening = _after_blanks(text, start)
    if text[opening : opening + 1] != "{":
        return None
    unclosed = 0
    for lexeme in lex(text, opening, min(opening + LONGEST, len(text))):
        unclosed += (lexeme.kind == "open") - (lexeme.kind == "close")
        if unclosed == 0:
            return opening + 1, lexeme.start
    return None


# Expansion.

_REFERENCE = re.compile(r"#[1-9]|[^#]+|#")


@lru_cache(maxsize=1024)
def _pieces(body: str) -> tuple[Lexeme, ...]:
    """The lexemes of a body, with each reference to an argument as one of the kind ``argument``."""
    out: list[Lexeme] = []
    for lexeme in lex(body):
        if lexeme.kind != "text" or "#" not in lexeme.text:
            out.append(lexeme)
            continue
        for found in _REFERENCE.finditer(lexeme.text):
            kind = "argument" if len(found[0]) == 2 and found[0][0] == "#" else "text"
            out.append(Lexeme(kind, found[0], 0, 0))
    return tuple(out)


class Expander:
    """The lexemes of a text with macros put in; what comes out of a macro stands where it was called.

    ``word``s that are no macros pass as they are.  Raises ReadingFault, with its place, where a macro lacks an
    argument, and where macros make more of a text than anyone writes.
    """

    def __init__(
        self, text: str, macros: Mapping[str, Macro], start: int = 0, end: int | None = None, calls: int = MOST_CALLS
    ) -> None:
        self.macros, self.calls, self.made = macros, calls, 0
        self.at = start  # where what was passed ends
        self._source = lex(text, start, end)
        self._ahead: list[Lexeme] = []

    def __iter__(self) -> Iterator[Lexeme]:
        while (lexeme := self.next()) is not None:
            yield lexeme

    def raw(self) -> Lexeme | None:
        """The next lexeme as it is written."""
        lexeme = self._ahead.pop() if self._ahead else next(self._source, None)
        self.at = self.at if lexeme is None else lexeme.end
        return lexeme

    def next(self) -> Lexeme | None:
        """The next lexeme that is no macro."""
        while (lexeme := self._ahead.pop() if self._ahead else next(self._source, None)) is not None:
            self.at = lexeme.end
            if lexeme.kind not in ("word", "symbol", "newrow"):
                return lexeme
            macro = self.macros.get(lexeme.text)
            if macro is not None:
                self._call(macro, lexeme)
            elif lexeme.text in _TESTS:
                self._test(lexeme)
            elif lexeme.text in _BRANCHES:
                self._branch(lexeme)
            else:
                return lexeme
        return None

    def back(self, *lexemes: Lexeme) -> None:
        """Puts lexemes that were passed before what comes next."""
        self._ahead += reversed(lexemes)
        self.at = lexemes[0].start if lexemes else self.at

    def insert(self, lexemes: Iterable[Lexeme], place: Span) -> None:
        """Puts lexemes before what comes next, all of them at one place."""
        self._ahead += [Lexeme(lexeme.kind, lexeme.text, *place, True) for lexeme in lexemes][::-1]

    def skip_blanks(self) -> Lexeme | None:
        """The next lexeme that is not blank, which is left; blanks and comments before it are passed."""
        while (lexeme := self.raw()) is not None:
            if lexeme.kind == "text" and (stripped := lexeme.text.lstrip(" \t\n")) != lexeme.text:
                lexeme = _without_first(lexeme, len(lexeme.text) - len(stripped))
            if lexeme.text and lexeme.kind not in ("blank", "comment"):
                self.back(lexeme)
                return lexeme
        return None

    def group(self, name: str, place: Span) -> list[Lexeme]:
        """What stands in the braces that follow."""
        opening = self.skip_blanks()
        if opening is None or opening.kind != "open":
            raise ReadingFault(f"{name} needs its argument in braces", place)
        self.raw()
        out: list[Lexeme] = []
        unclosed = 1
        while (lexeme := self.raw()) is not None:
            unclosed += (lexeme.kind == "open") - (lexeme.kind == "close")
            if unclosed == 0:
                return out
            out.append(lexeme)
        raise ReadingFault(f"the brace after {name} is not closed", (opening.start, opening.end))

    def takes(self, sign: str) -> bool:
        """Whether the very next character is this one, which then is passed."""
        lexeme = self.raw()
        if lexeme is None:
            return False
        found = lexeme.kind == "text" and lexeme.text.startswith(sign)
        if not found or len(lexeme.text) > len(sign):
            self.back(_without_first(lexeme, len(sign)) if found else lexeme)
        return found

    def argument(self, name: str, place: Span) -> list[Lexeme]:
        """The next argument: a group, a control word, or one character."""
        lexeme = self.skip_blanks()
        if lexeme is None:
            raise ReadingFault(f"the macro {name} lacks an argument", place)
        if lexeme.kind == "open":
            return self.group(name, place)
        self.raw()
        if lexeme.kind == "text" and len(lexeme.text) > 1:
            self.back(_without_first(lexeme, 1))
            return [lexeme._replace(text=lexeme.text[0])]
        return [lexeme]

    def bracketed(self, name: str, place: Span) -> list[Lexeme] | None:
        """What stands in the square brackets that follow; None where there are none."""
        lexeme = self.skip_blanks()
        if lexeme is None or not self.takes("["):
            return None
        out: list[Lexeme] = []
        unclosed = 0
        while (lexeme := self.raw()) is not None:
            unclosed += (lexeme.kind == "open") - (lexeme.kind == "close")
            stop = lexeme.text.find("]") if lexeme.kind == "text" and unclosed == 0 else -1
            if stop < 0:
                out.append(lexeme)
                continue
            out += [lexeme._replace(text=lexeme.text[:stop])] if stop else []
            if stop + 1 < len(lexeme.text):
                self.back(_without_first(lexeme, stop + 1))
            return out
        raise ReadingFault(f"the bracket after {name} is not closed", place)

    def _count(self, place: Span, made: int = 1) -> None:
        self.calls -= 1
        self.made += made
        if self.calls < 0 or self.made > MOST_LEXEMES:
            raise ReadingFault("the macros here expand to more than can be read", place)

    def _call(self, macro: Macro, called: Lexeme) -> None:
        place = (called.start, called.end)
        arguments = [self._given(parameter, macro.name, place) for parameter in macro.parameters]
        place = (called.start, max(called.end, self.at))
        out: list[Lexeme] = []
        for piece in _pieces(macro.body):
            number = int(piece.text[1]) if piece.kind == "argument" else 0
            out += arguments[number - 1] if 0 < number <= len(arguments) else [piece] if not number else []
            if len(out) > MOST_LEXEMES:
                break
        self._count(place, len(out) + 1)
        self.insert(out, place)

    def _given(self, parameter: Parameter, name: str, place: Span) -> Sequence[Lexeme]:
        if parameter.kind == "s":
            return _pieces(_TRUE if self.takes("*") else _FALSE)
        if parameter.kind == "o":
            found = self.bracketed(name, place)
            return _pieces(parameter.default) if found is None else found
        return self.argument(name, place)

    def _branch(self, lexeme: Lexeme) -> None:
        r"""``\ifmmode ... \else ... \fi``: passes over the branch that is not taken."""
        if lexeme.text in _TAKEN or lexeme.text == r"\fi":
            return
        self._count((lexeme.start, lexeme.end))
        unclosed = 1
        while unclosed and (passed := self.raw()) is not None:
            word = passed.text if passed.kind == "word" else ""
            unclosed += (word.startswith(r"\if") and word != r"\iff") - (word == r"\fi")
            if unclosed == 1 and word == r"\else" and lexeme.text == r"\iffalse":
                return

    def _test(self, called: Lexeme) -> None:
        r"""``\IfBooleanTF``, ``\IfNoValueTF`` and ``\IfValueTF``, which choose between two arguments."""
        place = (called.start, called.end)
        tested, yes, no = (self.argument(called.text, place) for _ in range(3))
        holds = written(tested).strip() == _TESTS[called.text]
        self._count(place)
        self.insert(yes if holds != (called.text == r"\IfValueTF") else no, place)


def _without_first(lexeme: Lexeme, count: int) -> Lexeme:
    start = lexeme.start if lexeme.made else lexeme.start + count
    return lexeme._replace(text=lexeme.text[count:], start=start)


def expanded(source: str, macros: Mapping[str, Macro]) -> str:
    r"""The source with its macros put in, as it stands where that cannot be done.

    >>> macro = Macro(r"\pd", r"\frac{\partial #1}{\partial #2}", (Parameter("o", "J"), MANDATORY))
    >>> expanded(r"\pd{W} + \pdx", {r"\pd": macro})
    '\\frac{\\partial J}{\\partial W} + \\pdx'
    """
    if "\\" not in source or not macros:
        return source
    try:
        put_in = written(Expander(source, macros))
    except ReadingFault:
        return source
    return put_in if len(put_in) <= max(LONGEST, 2 * len(source)) else source
