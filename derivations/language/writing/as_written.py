r"""LaTeX -> one line of Unicode that says what stands there, read or not, and nothing of what it means."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.language.functions import FUNCTIONS
from truestep.derivations.language.latex.commands import BOXES, DROPPED_WITH_ARGUMENT, SPACING, SYNONYMS, TEXTS, WIDE
from truestep.derivations.language.latex.lexer import lex
from truestep.derivations.language.latex.typography import SWITCHES
from truestep.derivations.language.notation import FONTS
from truestep.derivations.language.writing.alphabets import LETTERS, MARKS

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 60

_SIGNS = r"""
    \pm ± \mp ∓ \cup ∪ \cap ∩ \subset ⊂ \subseteq ⊆ \supset ⊃ \supseteq ⊇ \setminus ∖ \emptyset ∅ \varnothing ∅
    \forall ∀ \ni ∋ \ll ≪ \gg ≫ \sim ∼ \simeq ≃ \cong ≅ \perp ⊥ \parallel ∥ \oplus ⊕ \ominus ⊖ \oslash ⊘ \bigotimes ⊗
    \wedge ∧ \land ∧ \vee ∨ \lor ∨ \neg ¬ \lnot ¬ \gets ← \leftarrow ← \Leftarrow ⇐ \mapsto ↦ \uparrow ↑ \downarrow ↓
    \leftrightarrow ↔ \rightsquigarrow ⇝ \leadsto ⇝ \int ∫ \iint ∬ \oint ∮ \coprod ∐ \bigcup ⋃ \bigcap ⋂ \bigoplus ⊕
    \hbar ℏ \imath ı \jmath ȷ \Re ℜ \Im ℑ \models ⊨ \vdash ⊢ \prec ≺ \succ ≻ \preceq ≼ \succeq ≽ \varsigma ς \varpi ϖ
    \Upsilon Υ \dagger † \ddagger ‡ \angle ∠ \lfloor ⌊ \rfloor ⌋ \lceil ⌈ \rceil ⌉ \cdots ⋯ \vdots ⋮ \ddots ⋱ \bullet ∙
    \backslash \ \| ‖ \therefore ∴ \because ∵ \blacksquare ∎ \square □ \Box □ \qed ∎ \checkmark ✓ \doteq ≐ \star ⋆
    \llbracket ⟦ \rrbracket ⟧ \langle ⟨ \rangle ⟩ \% % \_ _ \# # \& & \$ $ \{ { \} } \ss ß \dd d \exists ∃
    """.split()
SIGNS = {**LETTERS, **dict(zip(_SIGNS[::2], _SIGNS[1::2], strict=True))}
del SIGNS[r"\sqrt"]
_WORDS = {spelling for row in FUNCTIONS for spelling in row.spellings if spelling.startswith("\\")} | {
    f"\\{word}" for word in "max min arg lim sup inf gcd deg dim ker Pr tr det diag".split()
}
_TEXT_MARKS = dict(zip("'`\"^~=", "\u0301\u0300\u0308\u0302\u0303\u0304", strict=True))
_MARKS = {f"\\{name}": mark for name, mark in (MARKS | _TEXT_MARKS).items()}
_DRAWN_THROUGH = frozenset((r"\overline", r"\underline"))
# how many arguments stand before the one that is seen
_WRAPPERS = dict.fromkeys(
    (
        *TEXTS,
        *FONTS,
        *r"\operatorname \boxed \cancel \underbrace \overbrace \ensuremath \emph \mathop \mathrel \mathbb".split(),
    ),
    0,
) | {**BOXES, r"\textcolor": 1}
_MATRICES = frozenset(f"{kind}matrix" for kind in ("", "p", "b", "B", "v", "V", "small")) | {"array"}
_SPACES = frozenset((r"\,", r"\;", r"\:", r"\ ", r"\>", r"\thinspace", *WIDE))
_HIDDEN = (
    (SPACING - SIGNS.keys() - _SPACES) | SWITCHES.keys() | {r"\left", r"\right", r"\(", r"\)", r"\[", r"\]", r"\hline"}
)
_CLOSE = frozenset("∂∇√∑∏∐∫∬∮⋃⋂¬∀∃")
_SIMPLE = re.compile(r"[_^](?:\{[^{}]*\}|.)|[∂∇']|[\u0300-\u036f\u20d7]")
_LETTER = re.compile(r"\w[\u0300-\u036f\u20d7]*(?=$|[_^'])")
_CELL = re.compile(r"\s+|.", re.DOTALL)


class _TooDeep(Exception):
    """Groups nest deeper than a person writes them."""


class _Atom(NamedTuple):
    kind: str
    text: str


def as_written(latex: str) -> str:
    r"""A formula as a line of Unicode; its source where its braces do not match or nest too deep.

    >>> as_written(r"\frac{\partial J}{\partial \hat y_j} \leq \sum_{k} a_k e^{-x}"), as_written(r"\frac{")
    ('∂J/∂ŷ_j ≤ ∑_k a_k e^{-x}', '\\frac{')
    """
    try:
        line = _Line(list(_atoms(latex)))
        written = line.until("")
        return " ".join(written.split()) if line.is_whole else latex
    except _TooDeep:
        return latex


def _atoms(latex: str) -> Iterator[_Atom]:
    for lexeme in lex(latex):
        if lexeme.kind in ("text", "blank"):
            yield from (
                _Atom("blank" if one.isspace() or one in "&~" else "text", one) for one in _CELL.findall(lexeme.text)
            )
        elif lexeme.kind in ("begin", "end"):
            yield _Atom(lexeme.kind, lexeme.environment.rstrip("*"))
        elif lexeme.kind not in ("comment", "shift"):
            yield _Atom(lexeme.kind, lexeme.text)


_END = _Atom("", "")


class _Line:
    """Writes atoms from left to right; ``is_whole`` as long as braces and environments match."""

    def __init__(self, atoms: list[_Atom]) -> None:
        self.atoms = [*atoms, _END]
        self.place = 0
        self.depth = 0
        self.is_whole = True

    @property
    def ahead(self) -> _Atom:
        return self.atoms[self.place]

    def until(self, end: str) -> str:
        """What stands up to an atom of this kind, which is passed; up to the end of all where it is ``""``."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise _TooDeep
        out: list[str] = []
        while self.ahead.kind not in (end, ""):
            if self.ahead.text == r"\right" and out and out[-1] == " ":
                out.pop()
            out.append(self.one())
        self.is_whole &= self.ahead.kind == end
        self.place += bool(self.ahead.kind)
        self.depth -= 1
        return "".join(out)

    def one(self) -> str:
        """The next atom with what belongs to it."""
        kind, text = self.ahead
        self.place += 1
        if kind in ("word", "symbol"):
            return self.command(text)
        if kind == "open":
            inner = self.until("close")
            return f"{{{inner}}}" if len(inner) > 1 else inner
        if kind == "begin":
            return self.environment(text)
        if kind == "newrow":
            return "; "
        if kind in ("close", "end"):
            self.is_whole = False
            return ""
        return " " if kind == "blank" else text

    def environment(self, name: str) -> str:
        if name == "array" and self.ahead.kind == "open":
            self.argument()
        inner = self.until("end")
        inner = " ".join(inner.split()).replace(" ;", ";")
        return f"[ {inner} ]" if name in _MATRICES else f" {inner} "

    def command(self, name: str) -> str:
        if name in (r"\left", r"\right"):
            return self.fence(is_opened=name == r"\left")
        if name in _MARKS:
            return _marked(name, self.argument())
        if name in _WRAPPERS:
            self.star()
            return [self.argument() for _ in range(_WRAPPERS[name] + 1)][-1]
        if name in DROPPED_WITH_ARGUMENT or name == r"\color":
            self.star()
            self.argument()
            return ""
        if name == r"\not":
            return unicodedata.normalize("NFC", f"{self.argument()}\u0338")
        is_word = name[1:].isalpha()
        own, name = SIGNS.get(name), SYNONYMS.get(name, name)
        if own or name in SIGNS:
            return self.sign(own or SIGNS[name], is_word)
        if name == r"\frac":
            return "/".join(_bracketed(self.argument().strip()) for _ in range(2))
        if name == r"\binom":
            return f"binom({self.argument()}, {self.argument()})"
        if name == r"\sqrt":
            degree = self.bracket()
            return f"{_ROOTS.get(degree, f'root[{degree}]')}({self.argument().strip()})"
        return self.word(name)

    def word(self, name: str) -> str:
        """A command that takes nothing, known or not; blanks behind it part it from what follows."""
        if name in _SPACES or name in _HIDDEN:
            self.place += name[1:].isalpha() and self.ahead.kind == "blank"
            return " " if name in _SPACES else ""
        if not name.startswith("\\"):  # what another spelling stands for
            return self.sign(name, True)
        return name[1:] if name in _WORDS else f"{name} "

    def sign(self, sign: str, is_word: bool) -> str:
        """A sign; the blank that ends a word is seen around operators alone, where one stands before them too."""
        if is_word and self.ahead.kind == "blank":
            if _is_operator(sign):
                is_apart = self.place < 2 or self.atoms[self.place - 2].kind == "blank"
            else:
                _, text = self.atoms[self.place + 1]
                is_close = text.isalnum() or text == "(" or not _is_operator(SIGNS.get(text, text))
                is_apart = sign not in _CLOSE and not is_close
            self.place += not is_apart
        return sign

    def fence(self, is_opened: bool) -> str:
        """The bracket behind ``\\left`` or ``\\right``, of which a full stop is none; close to what it encloses."""
        self.skip()
        if self.ahead.kind not in ("text", "word", "symbol") or self.ahead.text in (r"\left", r"\right"):
            return ""
        drawn = self.one()
        if is_opened:
            self.skip()
        return "" if drawn == "." else drawn

    def skip(self) -> None:
        while self.ahead.kind == "blank":
            self.place += 1

    def star(self) -> None:
        if self.ahead.text == "*":
            self.place += 1

    def bracket(self) -> str:
        """What stands in square brackets, if they come next."""
        if self.ahead.text == "[":
            closed = next((at for at in range(self.place, len(self.atoms)) if self.atoms[at].text == "]"), 0)
            if closed:
                inner = _Line(self.atoms[self.place + 1 : closed]).until("")
                self.place = closed + 1
                return inner.strip()
        return ""

    def argument(self) -> str:
        """The next group without its braces, or the next atom."""
        self.skip()
        if self.ahead.kind in ("close", "end", "newrow", ""):
            return ""
        if self.ahead.kind == "open":
            self.place += 1
            return self.until("close")
        self.depth += 1
        if self.depth > DEEPEST:
            raise _TooDeep
        one = self.one()
        self.depth -= 1
        return one


_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}


def _is_operator(sign: str) -> bool:
    return not (sign.isalpha() or sign in _CLOSE or sign.startswith("\\"))


def _marked(name: str, inner: str) -> str:
    """An accent on its letter; a bar through all letters, and any other accent on several as a word."""
    inner, mark = inner.strip(), _MARKS[name]
    letter = _LETTER.match(inner)
    if letter is not None:
        return unicodedata.normalize("NFC", letter[0] + mark) + inner[letter.end() :]
    if name in _DRAWN_THROUGH:
        return "".join(one + mark for one in unicodedata.normalize("NFC", inner))
    return f"{SYNONYMS.get(name, name)[1:]}({inner})" if inner else name


def _bracketed(text: str) -> str:
    """The part of a fraction, in brackets unless it is one symbol or number."""
    core = _SIMPLE.sub("", text).strip()
    core = core[1:] if len(core) == 2 and core[0] == "d" else core
    return text if len(core) <= 1 or re.fullmatch(r"[0-9.]+", core) else f"({text})"
