r"""Text to tokens: LaTeX, Unicode and plain text, with macros put in; every token keeps its place in the text."""

from __future__ import annotations

import itertools
import re
import string
from typing import TYPE_CHECKING, NoReturn

from truestep.derivations.language.faults import ReadingFault, Span
from truestep.derivations.language.functions import WORDS
from truestep.derivations.language.latex.colours import WHITE, alike, in_css, in_model, mixed
from truestep.derivations.language.latex.commands import (
    BOXES,
    DERIVATIVES,
    DROPPED_WITH_ARGUMENT,
    MATRICES,
    SPACING,
    SYNONYMS,
    TEXTS,
    WIDE,
)
from truestep.derivations.language.latex.groups import ALONE, Token, Tree, tree
from truestep.derivations.language.latex.lexer import Lexeme, lex, written
from truestep.derivations.language.latex.macros import Expander
from truestep.derivations.language.latex.typography import switched
from truestep.derivations.language.latex.unicode import accented, is_mark, latex_of, script_run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from truestep.derivations.language.latex.macros import Macro

MAX_CHARACTERS = 20_000
MAX_TOKENS = 4_000
MAX_NESTING = 60
MOST_VARIABLES = 3

_CALLED = re.compile(r"([A-Za-z]+)(\(.*\))")
_SPREADS = ("Var", "Cov")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?|[-+=]")  # \text{=}
_STARRED = DROPPED_WITH_ARGUMENT | {r"\operatorname*"}
SHORTEST_WORD = 3
_FIRST_OF_CYRILLIC, _FIRST_OF_KANA = "\u0400", "\u3040"
_LONE_WORD = re.compile("[A-Za-z\u00c0-\u024f\u0400-\u04ff]+")
_APART, _BEHIND = (*" \t\n~,;",), ("", *" \t\n~,;:.")
_COLOURS = (r"\color", r"\textcolor", r"\mathcolor")
_CHANGING = frozenset(one.rstrip("*") for one in _STARRED).union(  # all others are tokens as they stand
    *(_STARRED, SYNONYMS, DERIVATIVES, SPACING, WIDE, TEXTS, BOXES, MATRICES, _COLOURS),
    (r"\ensuremath", r"\mathrm", r"\not"),
)
_BLANK = " \t\n~"
_ODD = re.compile(r"""[#"`\x00-\x08\x0b-\x1f\x7f]""")
_ASCII = dict.fromkeys(string.punctuation, "mark") | dict.fromkeys(string.ascii_letters, "letter")
_ASCII |= dict.fromkeys(string.digits, "digit") | dict.fromkeys(_BLANK, "")
_WORDS = frozenset(("if", "otherwise", "else", "for", "when", "and", "or", "where"))


def tokenize(text: str, macros: Mapping[str, Macro] | None = None) -> Tree:
    r"""The tokens of a text.

    Raises ReadingFault with the place where a character, a brace or a control word cannot be read.

    >>> [token.text for token in tokenize(r"\hat y_k - 1.")]
    ['\\hat', 'y', '_', 'k', '-', '1', '.']
    """
    if len(text) > MAX_CHARACTERS:
        raise ReadingFault(f"this line has {len(text)} characters; the limit is {MAX_CHARACTERS}", (0, 0))
    tokenizer = _Tokenizer(text, macros or {})
    tokenizer.run()
    _check_nesting(tokenizer.out)
    return switched(tokenizer.out)


def _words(text: str) -> str:
    """The words of another script that a text begins with, if these are no letters that look like Latin ones."""
    run = "".join(itertools.takewhile(lambda one: one.isalpha() and not one.isascii() and latex_of(one) is None, text))
    return run if run[:1] >= _FIRST_OF_KANA or (len(run) >= SHORTEST_WORD and run[:1] >= _FIRST_OF_CYRILLIC) else ""


def _lone_word(text: str, start: int) -> str:
    """A word that stands between blanks, told by letters that formulas do not have.

    >>> [_lone_word(text, 2) for text in ("a где b", "a où b", "a и b", "a ℂ b", "a éa", "a éa(b)")]
    ['где', 'où', 'и', '', 'éa', '']
    """
    found = _LONE_WORD.match(text, start)
    is_apart = found is not None and (not start or text[start - 1] in _APART) and text[found.end() :][:1] in _BEHIND
    if found is None or not is_apart or all(one.isascii() or latex_of(one) is not None for one in found[0]):
        return ""
    return found[0] if len(found[0]) > 1 or found[0] >= _FIRST_OF_CYRILLIC else ""


class _Tokenizer:
    def __init__(self, text: str, macros: Mapping[str, Macro]) -> None:
        self.source = Expander(text, macros)
        self.out = Tree()

    def emit(self, kind: str, text: str, place: Span) -> None:
        if len(self.out) >= MAX_TOKENS:
            raise ReadingFault(f"this line has more than {MAX_TOKENS} symbols", place)
        self.out.append(tuple.__new__(Token, (kind, text, *place, None)))  # half the time of Token()

    def run(self) -> None:
        while (lexeme := self.source.next()) is not None:
            kind = lexeme.kind
            if kind == "text":
                self.characters(lexeme)
            elif kind in ("open", "close"):
                self.emit(kind, lexeme.text, (lexeme.start, lexeme.end))
            elif kind == "word":
                self.command(lexeme)
            elif kind in ("symbol", "newrow"):
                self.symbol(lexeme)
            elif kind in ("begin", "end"):
                self.environment(lexeme)
            elif kind == "shift":
                place = (lexeme.start, lexeme.end)
                raise ReadingFault("a dollar sign inside the formula: are the dollars balanced?", place)

    def characters(self, lexeme: Lexeme) -> None:
        text, plain = lexeme.text, lexeme.text.isascii()
        if plain and not lexeme.made and _ODD.search(text) is None and len(self.out) + len(text) <= MAX_TOKENS:
            made, put = tuple.__new__, self.out.append  # half the time of Token()
            for at, character in enumerate(text, lexeme.start):
                if kind := _ASCII[character]:
                    put(made(Token, (kind, character, at, at + 1, None)))
            return
        for offset, character in enumerate(text):
            if character in _BLANK:
                continue
            at = lexeme.start + (0 if lexeme.made else offset)
            place = (at, lexeme.end if lexeme.made else at + 1)
            if plain and character.isalpha():
                self.emit("letter", character, place)
                continue
            if character == "\r" and text[offset + 1 : offset + 2] == "\n":
                continue
            if not plain and (
                _lone_word(text, offset)
                or not character.isascii()
                or (character.isalpha() and is_mark(text[offset + 1 : offset + 2]))
            ):
                self.foreign(lexeme, offset, place)
                return
            self.character(character, place)

    def character(self, character: str, place: Span) -> None:
        if character.isalpha():
            self.emit("letter", character, place)
        elif character.isdigit():
            self.emit("digit", character, place)
        elif character in '#"`' or ord(character) < 32 or ord(character) == 127:
            raise ReadingFault(f"the character {character!r} has no meaning in a formula", place)
        else:
            self.emit("mark", character, place)

    def foreign(self, lexeme: Lexeme, offset: int, place: Span) -> None:
        """A character outside ASCII, a letter under a mark, or a run of raised or lowered characters, as LaTeX."""
        text = lexeme.text
        word = _lone_word(text, offset)
        latex, stop = (rf"\text{{ {word} }}", offset + len(word)) if word else script_run(text, offset)
        if latex:
            pass
        elif text[offset].isascii():
            latex, stop = accented(text[offset], text[offset + 1]), offset + 2
        else:
            known, stop = latex_of(text[offset]), offset + 1
            if known is not None and text[offset].isalpha() and is_mark(text[stop : stop + 1]):  # θ̂
                known, stop = accented(known, text[stop]), stop + 1
            begins = not self.out or self.out[-1].text in (",", ";")
            run = _words(text[offset:]) if known is None and begins else ""
            if run:  # words of another script, which TeX sets as they stand
                known, stop = rf"\text{{{run}}}", offset + len(run)
            if known is None:
                raise ReadingFault(f"the character {text[offset]!r} has no meaning in a formula here", place)
            latex = known
        place = place if lexeme.made else (place[0], lexeme.start + stop)
        if stop < len(text):
            self.source.back(lexeme._replace(text=text[stop:], start=lexeme.start if lexeme.made else place[1]))
        self.source.insert(lex(latex), place)

    def environment(self, lexeme: Lexeme) -> None:
        """``\\begin{name}`` as its word, its braces and the letters between."""
        word = "\\" + lexeme.kind
        places = [(lexeme.start, lexeme.end)] * len(lexeme.text)
        if not lexeme.made:
            places = [(lexeme.start + k, lexeme.start + k + 1) for k in range(len(lexeme.text))]
        self.emit("command", word, (places[0][0], places[len(word) - 1][1]))
        for character, place in list(zip(lexeme.text, places, strict=True))[len(word) :]:
            if character in "{}":
                self.emit("open" if character == "{" else "close", character, place)
            elif not character.isspace():
                self.character(character, place)

    def symbol(self, lexeme: Lexeme) -> None:
        if lexeme.text == "\\":
            raise ReadingFault("the line ends in a backslash", (lexeme.start, lexeme.end))
        if lexeme.text.startswith("\\\\"):
            self.emit("command", "\\\\", (lexeme.start, lexeme.end))
        elif lexeme.text not in ("\\\n", "\\\t"):
            self.command(lexeme)

    def command(self, lexeme: Lexeme) -> None:
        name, place = lexeme.text, (lexeme.start, lexeme.end)
        if name not in _CHANGING:
            self.emit("command", name, place)
            return
        if name + "*" in _STARRED and self.source.takes("*"):
            name += "*"
        name = SYNONYMS.get(name, name)
        if not name.startswith("\\") or name.startswith(r"\text{"):
            self.source.insert(lex(name), place)
        elif name in DERIVATIVES:
            self.derivative(name, place)
        elif name in SPACING:
            return
        elif name in WIDE:
            self.emit("space", name, place)
        elif name in DROPPED_WITH_ARGUMENT:
            if name in (r"\hspace", r"\hspace*", r"\mspace"):
                self.emit("space", name, place)
            self.source.argument(name, place)
        elif name in _COLOURS:
            model = _text(self.source.bracketed(name, place) or ()).strip()
            said = _text(self.source.group(name, place)).strip()
            if alike(in_model(model, said) if model else mixed(said) or in_css(said), WHITE):
                self.fail("white text cannot be seen; write the answer in a visible colour", lexeme)
        elif name in TEXTS:
            found = self.source.group(name, place)
            if len(found) > 2 and found[0].kind == found[-1].kind == "shift":  # \text{$x$}
                self.source.back(*found[1:-1])
                return
            shifts = [k for k, one in enumerate(found) if one.kind == "shift"]
            if len(shifts) > 1 and "=" in _text(found[shifts[0] : shifts[1]]):  # \text{since $a = b$}
                behind = Lexeme("word", name, *place, True), Lexeme("open", "{", *place, True)
                more = found[shifts[1] + 1 :]
                more = [*behind, *more, Lexeme("close", "}", *place, True)] if _text(more).strip() else []
                self.source.back(*found[shifts[0] + 1 : shifts[1]], *more)
                found = found[: shifts[0]]
            words = _text(found)
            if any(sign in words for sign in '<>"'):
                self.fail("markup in words has no meaning here", lexeme)
            called = _CALLED.fullmatch(words.strip())
            if called and called[1] in WORDS:  # \text{softmax(x)}
                self.source.insert(lex(rf"\operatorname{{{called[1]}}}{called[2]}"), self.since(lexeme))
            elif words.strip() in _SPREADS and self.is_called():
                self.source.insert(lex(rf"\operatorname{{{words.strip()}}}"), self.since(lexeme))
            elif _NUMBER.fullmatch(words.strip()):
                self.source.insert(lex(words), self.since(lexeme))
            elif words.strip(" ~\\,"):
                self.emit("text", words.replace("$", " "), self.since(lexeme))
        elif name in BOXES:
            for _ in range(BOXES[name]):
                self.source.group(name, place)
            self.source.back(*(one for one in self.source.group(name, place) if one.kind != "shift"))
        elif name in MATRICES and (following := self.source.skip_blanks()) is not None and following.kind == "open":
            rows, kind = written(self.source.group(name, place)).replace(r"\cr", r"\\"), MATRICES[name]  # plain TeX
            self.source.insert(lex(rf"\begin{{{kind}}}{rows}\end{{{kind}}}"), place)
        elif name == r"\ensuremath":
            inner = self.source.argument(name, place)
            braces = [Lexeme(kind, sign, *place, True) for kind, sign in (("open", "{"), ("close", "}"))]
            self.source.back(*inner if len(inner) == 1 else (braces[0], *inner, braces[1]))
        elif name == r"\mathrm" and (word := self.word_in_braces()):
            self.emit("text", f" {word} ", self.since(lexeme))
        elif name == r"\not":  # \not= and, for what is meant by it, \not k
            self.source.takes("=")
            self.emit("command", r"\neq", self.since(lexeme))
        else:
            self.emit("command", name, place)

    def derivative(self, name: str, place: Span) -> None:
        r"""``\dv[n]{f}{x}``, ``\pdv{f}{x}{y}`` and ``\pdv{f}/!{x}`` (packages physics and derivative) as a fraction."""
        self.source.takes("*")
        order = "".join(c for c in _text(self.source.bracketed(name, place) or ()) if c.isdigit() or c == "n")
        groups = [self.source.argument(name, place)]
        while True:
            while self.source.takes("/") or self.source.takes("!"):
                pass
            following = self.source.skip_blanks()
            if following is None or following.kind != "open" or len(groups) > MOST_VARIABLES:
                break
            groups.append(self.source.group(name, place))
        sign, raised = DERIVATIVES[name], f"^{{{order}}}" if order else ""
        above = written(groups.pop(0)) if len(groups) > 1 else ""
        below = "".join(f"{sign} {{{written(group)}}}{raised if len(groups) == 1 else ''}" for group in groups)
        raised = raised or (f"^{{{len(groups)}}}" if len(groups) > 1 else "")
        self.source.insert(lex(rf"\frac{{{sign}{raised} {above}}}{{{below}}}"), place)

    def is_called(self) -> bool:
        """Whether a bracket follows."""
        following = self.source.skip_blanks()
        return following is not None and (following.text[:1] in ("(", "[") or following.text == r"\left")

    def since(self, lexeme: Lexeme) -> Span:
        """From the start of a lexeme to the end of what was passed after it."""
        return lexeme.start, max(self.source.at, lexeme.end)

    def fail(self, message: str, lexeme: Lexeme) -> NoReturn:
        raise ReadingFault(message, self.since(lexeme))

    def word_in_braces(self) -> str:
        """A connecting word in the braces that follow, which then are passed; nothing where there is none."""
        passed: list[Lexeme] = []
        for kind in ("open", "text", "close"):
            self.source.skip_blanks()
            lexeme = self.source.raw()
            if lexeme is not None:
                passed.append(lexeme)
            if lexeme is None or lexeme.kind != kind or (kind == "text" and lexeme.text.strip() not in _WORDS):
                self.source.back(*passed)
                return ""
        return passed[1].text.strip()


def _text(lexemes: Sequence[Lexeme]) -> str:
    return "".join(lexeme.text for lexeme in lexemes)


def _check_nesting(tokens: Tree) -> None:
    stack: list[Token] = []
    for token in tokens:
        if token.kind == "open":
            stack.append(token)
            if len(stack) > MAX_NESTING:
                raise ReadingFault(f"braces are nested more than {MAX_NESTING} deep", (token.start, token.end))
        elif token.kind == "close":
            if not stack:
                raise ReadingFault("this closing brace has no opening one", (token.start, token.end))
            stack.pop()
    if stack:
        raise ReadingFault("this brace is not closed", (stack[-1].start, stack[-1].end))


def closing(tokens: Sequence[Token], start: int, end: int) -> int:
    """The place of the brace that closes the one at ``start``."""
    partner = tree(tokens).partner
    stop = partner[start] if start < len(partner) else ALONE
    if stop == ALONE or stop >= end:
        raise ReadingFault(
            "this brace is not closed", (tokens[start].start, tokens[start].end) if start < len(tokens) else None
        )
    return stop


def canonical(tokens: Sequence[Token]) -> str:
    r"""The tokens as text in one spelling, so that ``\hat y`` and ``\hat{y}`` are one name.

    >>> canonical(tokenize(r"\hat y")), canonical(tokenize("W^{(1)}")), canonical(tokenize(r"\text{ReLU}"))
    ('\\hat{y}', 'W^{(1)}', '\\text{ReLU}')
    """
    if len(tokens) == 1 and tokens[0].kind != "text":
        return tokens[0].text
    out: list[str] = []
    for place, token in enumerate(tokens):
        if token.kind == "text":
            out.append(f"\\text{{{token.text}}}")
        elif (
            token.kind == "open"
            and place + 2 < len(tokens)
            and tokens[place + 2].kind == "close"
            and (place == 0 or tokens[place - 1].text in "_^")
        ) or (
            token.kind == "close"
            and place >= 2
            and tokens[place - 2].kind == "open"
            and (place == 2 or tokens[place - 3].text in "_^")
        ):
            continue
        elif place and tokens[place - 1].text in _TAKES and token.kind == "command" and token.text not in _TAKES:
            out.append(f"{{{token.text}}}")
        elif place and tokens[place - 1].kind == "command" and token.kind in ("letter", "digit"):
            accent = len(tokens[place - 1].text) > 2 and tokens[place - 1].text in _TAKES
            out.append(f"{{{token.text}}}" if accent else (" " if token.kind == "letter" else "") + token.text)
        else:
            out.append(token.text)
    return "".join(out)


_TAKES = frozenset(
    ("\\" + word)
    for word in (
        "hat bar tilde vec mathbf boldsymbol bm mathrm mathcal overline widehat widetilde mathbb mathsf "
        "dot ddot bold pmb mathit"
    ).split()
)
