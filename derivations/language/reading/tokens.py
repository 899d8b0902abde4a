r"""Text to tokens: LaTeX, Unicode and plain text, with macros expanded; every token keeps its place in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from truestep.derivations.language.faults import ReadingFault, Span
from truestep.derivations.language.reading.commands import DROPPED_WITH_ARGUMENT, SPACING, SYNONYMS, TEXTS, WIDE
from truestep.derivations.language.reading.unicode import accented, is_mark, latex_of, script_run

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_CHARACTERS = 20_000
MAX_TOKENS = 4_000
MAX_NESTING = 60
MAX_MACRO_DEPTH = 16


class Token(NamedTuple):
    """A token: ``command``, ``letter``, ``digit``, ``mark``, ``open``, ``close``, ``text``, ``space``, ``unit``."""

    kind: str
    text: str
    start: int
    end: int
    unit: Any = None


@dataclass(frozen=True, slots=True)
class MacroText:
    """A macro: how many arguments it takes, and its body with #1, #2, ..."""

    arity: int
    body: str


_COMMAND = re.compile(r"\\(?:[A-Za-z]+\*?|.)", re.DOTALL)
_WORD = re.compile(r"\s*\{\s*(if|otherwise|else|for|when|and|or|where)\s*\}")
_HIDDEN = re.compile(r"\s*\{\s*white\s*\}", re.IGNORECASE)


def tokenize(text: str, macros: Mapping[str, MacroText] | None = None) -> list[Token]:
    r"""The tokens of a text.

    Raises ReadingFault with the place where a character, a brace or a control word cannot be read.

    >>> [token.text for token in tokenize(r"\hat y_k - 1.")]
    ['\\hat', 'y', '_', 'k', '-', '1', '.']
    """
    if len(text) > MAX_CHARACTERS:
        raise ReadingFault(f"this line has {len(text)} characters; the limit is {MAX_CHARACTERS}", (0, 0))
    tokens: list[Token] = []
    _Tokenizer(text, macros or {}, tokens).run()
    _check_nesting(tokens)
    return tokens


class _Tokenizer:
    def __init__(
        self, text: str, macros: Mapping[str, MacroText], out: list[Token], place: Span | None = None, depth: int = 0
    ) -> None:
        self.text, self.macros, self.out, self.place, self.depth = text, macros, out, place, depth
        self.at = 0

    def emit(self, kind: str, text: str, start: int, end: int) -> None:
        if len(self.out) >= MAX_TOKENS:
            raise ReadingFault(f"this line has more than {MAX_TOKENS} symbols", self.place or (start, end))
        self.out.append(Token(kind, text, *(self.place or (start, end))))

    def fail(self, message: str, start: int, end: int) -> None:
        raise ReadingFault(message, self.place or (start, end))

    def run(self) -> None:
        text = self.text
        while self.at < len(text):
            start, character = self.at, text[self.at]
            self.at += 1
            if character == "\\":
                self.command(start)
            elif character.isascii():
                self.ascii(character, start)
            else:
                self.foreign(character, start)

    def ascii(self, character: str, start: int) -> None:
        if character in " \t\n~" or (character == "\r" and self.text[self.at : self.at + 1] == "\n"):
            return
        if character.isalpha():
            mark = self.text[self.at : self.at + 1]
            if mark and is_mark(mark):
                self.at += 1
                self.nested(accented(character, mark), start, self.at)
                return
            self.emit("letter", character, start, self.at)
        elif character.isdigit():
            self.emit("digit", character, start, self.at)
        elif character == "{":
            self.emit("open", "{", start, self.at)
        elif character == "}":
            self.emit("close", "}", start, self.at)
        elif character == "%":
            end = self.text.find("\n", self.at)
            self.at = len(self.text) if end < 0 else end + 1
        elif character == "$":
            self.fail("a dollar sign inside the formula: are the dollars balanced?", start, self.at)
        elif character in '#"`@' or ord(character) < 32 or ord(character) == 127:
            self.fail(f"the character {character!r} has no meaning in a formula", start, self.at)
        else:
            self.emit("mark", character, start, self.at)

    def foreign(self, character: str, start: int) -> None:
        run, end = script_run(self.text, start)
        if run:
            self.at = end
            self.nested(run, start, end)
            return
        latex = latex_of(character)
        if latex is None:
            self.fail(f"the character {character!r} has no meaning in a formula here", start, self.at)
        elif latex.strip():
            self.nested(latex, start, self.at)

    def nested(self, latex: str, start: int, end: int) -> None:
        if self.depth >= MAX_MACRO_DEPTH:
            self.fail("macros are nested too deeply here", start, end)
        _Tokenizer(latex, self.macros, self.out, self.place or (start, end), self.depth + 1).run()

    def command(self, start: int) -> None:
        found = _COMMAND.match(self.text, start)
        if found is None:
            self.fail("the line ends in a backslash", start, start + 1)
            return
        name, self.at = found[0], found.end()
        if name.endswith("*") and name not in DROPPED_WITH_ARGUMENT and name != r"\operatorname*":
            name, self.at = name[:-1], self.at - 1
        if name in self.macros:
            self.macro(name, start)
            return
        name = SYNONYMS.get(name, name)
        if not name.startswith("\\") or name.startswith(r"\text{"):
            self.nested(name, start, self.at)
        elif name in SPACING:
            return
        elif name in WIDE:
            self.emit("space", name, start, self.at)
        elif name in DROPPED_WITH_ARGUMENT:
            if name in (r"\hspace", r"\hspace*"):
                self.emit("space", name, start, self.at)
            self.braced(name, start)
        elif name in (r"\color", r"\textcolor"):
            if _HIDDEN.match(self.text, self.at):
                self.fail("white text cannot be seen; write the answer in a visible colour", start, self.at)
            self.braced(name, start)
        elif name in TEXTS:
            words = self.braced(name, start)
            if any(sign in words for sign in '<>"'):
                self.fail("markup in words has no meaning here", start, self.at)
            if words.strip(" ~\\,"):
                self.emit("text", words.replace("$", " "), start, self.at)
        elif name == r"\mathrm" and (word := _WORD.match(self.text, self.at)) is not None:
            self.at = word.end()
            self.emit("text", f" {word[1]} ", start, self.at)
        elif name in ("\\\n", "\\\t"):
            return
        elif name == r"\not":  # \not= and, for what is meant by it, \not k
            self.at += self.text[self.at : self.at + 1] == "="
            self.emit("command", r"\neq", start, self.at)
        else:
            self.emit("command", name, start, self.at)

    def braced(self, name: str, start: int) -> str:
        """The raw text of the braces that follow a command."""
        while self.at < len(self.text) and self.text[self.at] in " \t\n":
            self.at += 1
        if self.at >= len(self.text) or self.text[self.at] != "{":
            self.fail(f"{name} needs its argument in braces", start, self.at)
        depth, begin = 0, self.at
        while self.at < len(self.text):
            character = self.text[self.at]
            self.at += 1
            if character == "\\":
                self.at += 1
            elif character in "{}":
                depth += 1 if character == "{" else -1
                if depth == 0:
                    return self.text[begin + 1 : self.at - 1]
        self.fail(f"the brace after {name} is not closed", begin, begin + 1)
        return ""

    def macro(self, name: str, start: int) -> None:
        macro = self.macros[name]
        body = macro.body
        arguments = [self.argument(name, start) for _ in range(macro.arity)]
        for number in range(macro.arity, 0, -1):
            body = body.replace(f"#{number}", f"{{{arguments[number - 1]}}}")
        if len(body) > MAX_CHARACTERS:
            self.fail(f"the macro {name} expands to more than {MAX_CHARACTERS} characters", start, self.at)
        self.nested(body, start, self.at)

    def argument(self, name: str, start: int) -> str:
        while self.at < len(self.text) and self.text[self.at] in " \t\n":
            self.at += 1
        if self.text[self.at : self.at + 1] == "{":
            return self.braced(name, start)
        if self.text[self.at : self.at + 1] == "\\":
            found = _COMMAND.match(self.text, self.at)
            assert found is not None or self.at + 1 >= len(self.text)
            if found is not None:
                self.at = found.end()
                return found[0]
        if self.at >= len(self.text):
            self.fail(f"the macro {name} lacks an argument", start, self.at)
        self.at += 1
        return self.text[self.at - 1]


def _check_nesting(tokens: list[Token]) -> None:
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


def closing(tokens: list[Token], start: int, end: int) -> int:
    """The place of the brace that closes the one at ``start``."""
    depth = 0
    for place in range(start, end):
        depth += {"open": 1, "close": -1}.get(tokens[place].kind, 0)
        if depth == 0:
            return place
    raise ReadingFault("this brace is not closed", (tokens[start].start, tokens[start].end))


def canonical(tokens: list[Token]) -> str:
    r"""The tokens as text in one spelling, so that ``\hat y`` and ``\hat{y}`` are one name.

    >>> canonical(tokenize(r"\hat y")), canonical(tokenize("W^{(1)}")), canonical(tokenize(r"\text{ReLU}"))
    ('\\hat{y}', 'W^{(1)}', '\\text{ReLU}')
    """
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
        elif place and tokens[place - 1].kind == "command" and token.kind in ("letter", "digit"):
            accent = len(tokens[place - 1].text) > 2 and tokens[place - 1].text in _TAKES
            out.append(f"{{{token.text}}}" if accent else (" " if token.kind == "letter" else "") + token.text)
        else:
            out.append(token.text)
    return "".join(out)


_TAKES = frozenset(
    (
        r"\hat",
        r"\bar",
        r"\tilde",
        r"\vec",
        r"\mathbf",
        r"\boldsymbol",
        r"\bm",
        r"\mathrm",
        r"\mathcal",
        r"\overline",
        r"\widehat",
        r"\widetilde",
        r"\mathbb",
        r"\mathsf",
        r"\dot",
        r"\ddot",
        r"\bold",
        r"\pmb",
        r"\mathit",
    )
)
