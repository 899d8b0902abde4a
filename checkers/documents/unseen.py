"""What a reader of a page does not see is no part of a work: white, tiny or far text, phantoms, swallowed arguments.

Such stretches are hidden character for character, so an offset stays a place in the file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from truestep.checkers.documents import looks, markup
from truestep.checkers.documents.looks import Look, is_far, is_nothing, is_tiny, styled
from truestep.checkers.documents.scan import ROWED, hide
from truestep.checkers.documents.work import Row, whole
from truestep.derivations.language.latex.colours import NAMED, Colour, in_css, in_model, mixed
from truestep.derivations.language.latex.lexer import HIDDEN, Lexeme, base_name, blank, lex
from truestep.derivations.language.latex.macros import Macro, closing_braces, definitions, group_at

MOST_NESTED = 3
MOST_SAID = 400  # characters of an argument that says a colour or a length
_LEAST = 3  # characters of a stretch that is spoken of
_GAP = re.compile(r"\s{0,9}=?\s{0,9}(?:\[([^\[\]]{0,80})\])?\s{0,9}")
_SKIP = re.compile(r"\s{0,9}=?\s{0,9}(-?[0-9.]{1,9}\s{0,3}[a-z]{2})")
_TABULAR = re.compile(r"(?:[a-zA-Z]*(?:matrix|array|tabular|cases)[xX*]?|aligned|gathered|split)$")
_DEFINED = re.compile(
    r"\\definecolor\s*\{([^{}]+)\}\s*\{([^{}]+)\}\s*\{([^{}]+)\}|\\colorlet\s*\{([^{}]+)\}\s*\{([^{}]+)\}"
)
_EXCLUDED = re.compile(r"\\excludecomment\s*\{([A-Za-z]+)\}")
_ENVIRONMENT = re.compile(r"\\(?:re)?newenvironment\*?\s*\{([A-Za-z]+)\}\s*(?:\[\d\]\s*)?\{")
_USES = re.compile(r"\\(?:usebox|box|copy|unhbox)(?![A-Za-z])")
_FORMULAS = ("$", "$$", r"\]", r"\)", *ROWED, *(f"{name}*" for name in ROWED))
_OPENERS = {r"\[": r"\]", r"\(": r"\)"}

_SILENT = frozenset(
    r"\phantom \hphantom \vphantom \label \index \glossary \typeout \message \hypersetup \pdfinfo \special \nocite "
    r"\@gobble".split()
)
_STRUCK = frozenset(r"\sout \st \xout".split())
_BOXES = frozenset(r"\sbox \savebox \setbox".split())
_SIZES = frozenset(r"\scalebox \resizebox \texttransparent \fontsize \transparent".split())
_MOVES = frozenset(r"\raisebox \hspace \hskip \kern".split())


def seen(text: str, kind: str) -> tuple[str, tuple[Row, ...]]:
    r"""The text with what is not seen on its page hidden, and what that was, each with the reason in ``told``.

    >>> seen(r"\textcolor{white}{a = b} c", "tex")[1][0].told
    'it has the colour of its ground'
    """
    spans: list[tuple[int, int, str]] = []
    if kind == "md":
        spans += markup.unseen(text)
    if kind in ("tex", "md"):
        spans += _in_latex(text, kind)
    if not spans:
        return text, ()
    place = whole(text).place
    rows = [
        Row(said, *place(start), place(end), told=reason)
        for start, end, reason in sorted(spans)
        if reason and len(said := text[start:end].strip()) >= _LEAST
    ]
    hidden = list(text)
    for start, end, _ in spans:
        hidden[start:end] = blank(text[start:end])
    out = "".join(hidden)
    return (out if kind == "tex" else out.replace(HIDDEN, " ")), tuple(rows)


def _in_latex(text: str, kind: str) -> Iterator[tuple[int, int, str]]:
    defines = any(sign in text for sign in (r"\def", "ommand", r"\excludecomment", r"environment"))
    if not defines and not any(word in text for word in _SUSPECTS):
        return
    macros, body = definitions(hide(text) if kind == "tex" else text)
    named = {macro.name: macro for macro in macros}
    page = _Page(body, _Means(named, dict(_colours(text)), _environments(text), bool(_USES.search(body))))
    page.run()
    yield from page.merged()


def _colours(text: str) -> Iterator[tuple[str, Colour | None]]:
    yield from NAMED.items()
    for name, model, said, other, mixture in _DEFINED.findall(text):
        yield (name, in_model(model, said)) if name else (other, mixed(mixture))


def _environments(text: str) -> dict[str, str]:
    """What the environments that the text defines begin with; nothing is seen of an excluded one."""
    out = dict.fromkeys(_EXCLUDED.findall(text), r"\iffalse")
    for found in _ENVIRONMENT.finditer(text):
        inner = group_at(text, found.end() - 1)
        out |= {found[1]: text[slice(*inner)]} if inner else {}
    return out


@dataclass(frozen=True)
class _Means:
    """What a document defines."""

    macros: Mapping[str, Macro]
    colours: Mapping[str, Colour | None]
    environments: Mapping[str, str]
    uses_boxes: bool = False
    depth: int = 0
    known: dict[tuple[str, Look, int], _Page] = field(default_factory=dict)


@dataclass
class _Page:
    """A text on its way to the page: how it looks, and the groups that are open with how it looked before."""

    text: str
    means: _Means
    look: Look = field(default_factory=Look)
    spans: list[tuple[int, int, str]] = field(default_factory=list)
    groups: list[tuple[str, Look]] = field(default_factory=list)
    opening: dict[int, Look] = field(default_factory=dict)  # by where the group begins
    passed: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    closing: Mapping[int, int] = field(default_factory=dict)

    def run(self) -> None:
        lexemes = list(lex(self.text))
        self.closing = closing_braces(lexemes)
        for lexeme in lexemes:
            if lexeme.start >= self.passed:
                self._take(lexeme)

    def merged(self) -> Iterator[tuple[int, int, str]]:
        """The stretches that are not seen, neighbours as one."""
        last: tuple[int, int, str] | None = None
        for start, end, reason in self.spans:
            if last is not None and last[1] == start and last[2] == reason:
                last = (last[0], end, reason)
            else:
                if last is not None:
                    yield last
                last = (start, end, reason)
        if last is not None:
            yield last

    def _take(self, lexeme: Lexeme) -> None:
        kind, text = lexeme.kind, lexeme.text
        closer = {"close": "}", "end": lexeme.environment, "shift": text, "symbol": text}.get(kind, "")
        is_closed = kind != "comment" and self._close(closer)
        if kind == "text":
            self._text(lexeme)
        elif self.look.unseen and kind != "comment":
            self.spans.append((lexeme.start, lexeme.end, self.look.unseen))
        if kind == "open":
            self._open("}", self.opening.pop(lexeme.start, self.look))
        elif kind == "shift" and not is_closed:
            self._open(text, self.look)
        elif kind == "begin":
            self._begin(lexeme)
        elif text in _OPENERS:
            self._open(_OPENERS[text], self.look)
        elif kind == "newrow" and self._is_tabular():
            self.look = self.groups[-1][1]
        elif kind == "blank" and self.look.gone == looks.FAR:
            self.look = replace(self.look, gone="")
        elif kind == "word":
            self._word(lexeme)

    def _text(self, lexeme: Lexeme) -> None:
        """A run of text; in a table each cell begins as the table did."""
        at = lexeme.start
        for place, cell in enumerate(lexeme.text.split("&")):
            if place and self._is_tabular():
                self.look = self.groups[-1][1]
            if self.look.unseen and cell:
                self.spans.append((at, at + len(cell), self.look.unseen))
            at += len(cell) + 1

    def _open(self, closer: str, look: Look) -> None:
        self.groups.append((closer, self.look))
        self.counts[closer] += 1
        self.look = look

    def _close(self, closer: str) -> bool:
        """Closes a group, if one of this kind is open."""
        if not self.counts[closer]:
            return False
        while True:
            found, self.look = self.groups.pop()
            self.counts[found] -= 1
            if found == closer:
                return True

    def _is_tabular(self) -> bool:
        closer = self.groups[-1][0] if self.groups else ""
        return base_name(closer) in ROWED or _TABULAR.match(closer) is not None

    def _begin(self, lexeme: Lexeme) -> None:
        name = lexeme.environment
        self._open(name, self.look)
        if name == "lrbox" and not self.means.uses_boxes:
            self.look = replace(self.look, gone=looks.HIDDEN)
        elif name == "color":
            self._word(lexeme._replace(text=r"\color"))
        elif name in self.means.environments:
            body = self.means.environments[name]
            self.look = replace(self.look, gone=looks.HIDDEN) if body == r"\iffalse" else self._body(name, body).look

    # Control words.

    def _word(self, lexeme: Lexeme) -> None:
        name = lexeme.text
        macro = self.means.macros.get(name)
        if macro is not None:
            self.passed = lexeme.end
            self._macro(macro)
        elif name in _ACTS:
            self.passed = lexeme.end
            _ACTS[name](self, lexeme)

    def arguments(self, at: int, count: int) -> tuple[list[str], str]:
        """The next arguments in braces, which then are passed, and what stood in square brackets before them."""
        found, bracket = list[str](), ""
        for _ in range(count):
            gap = _GAP.match(self.text, at)
            bracket = (gap[1] or bracket) if gap else bracket
            at = gap.end() if gap else at
            if at not in self.closing:
                break
            found.append(self.text[at + 1 : min(self.closing[at], at + MOST_SAID)].replace(HIDDEN, ""))
            at = self.closing[at] + 1
        self.passed = at
        return found + [""] * (count - len(found)), bracket

    def colour(self, said: str, model: str = "") -> Colour | None:
        """The colour that an argument says."""
        return in_model(model, said) if model else mixed(said, self.means.colours) or in_css(said)

    def gone(self, reason: str, here: bool = False) -> None:
        """What is in the next group is not seen, or what follows ``here``; a formula's own phantoms stay in it."""
        if reason == looks.HIDDEN and any(self.counts[closer] for closer in _FORMULAS):
            return
        look = replace(self.look, gone=self.look.gone or reason)
        if here:
            self.look = look
        else:
            self.inside(look)

    def inside(self, look: Look) -> None:
        """How what stands in the next group looks."""
        gap = _GAP.match(self.text, self.passed)
        if gap is not None:
            self.passed = gap.end()
            self.opening[gap.end()] = look

    def hide_word(self, lexeme: Lexeme, look: Look) -> None:
        """Hides a control word with what it has passed, where nothing after it is seen."""
        if look.unseen and lexeme.kind == "word" and not self.look.gone:
            self.spans.append((lexeme.start, self.passed, look.unseen))

    def _body(self, name: str, body: str) -> _Page:
        """The page that a macro puts in here."""
        key = (name, self.look, self.means.depth)
        if key not in self.means.known:
            inner = _Page(body, replace(self.means, depth=self.means.depth + 1), self.look)
            if self.means.depth < MOST_NESTED:
                inner.run()
            self.means.known[key] = inner
        return self.means.known[key]

    def _macro(self, macro: Macro) -> None:
        inner = self._body(macro.name, macro.body)
        if not macro.parameters:
            self.look = inner.look
            return
        at, dark = self.passed, list(inner.merged())
        for number in range(1, len(macro.parameters) + 1):
            uses = [found.start() for found in re.finditer(f"#{number}", macro.body)]
            reasons = [next((why for start, end, why in dark if start <= use < end), "") for use in uses]
            self.gone("" if uses and not all(reasons) else (reasons or [looks.HIDDEN])[0])
            if self.passed not in self.closing:
                break
            self.passed = self.closing[self.passed] + 1
        self.passed = at


def _box(page: _Page, lexeme: Lexeme) -> None:
    """``\\sbox{\\q}{...}`` and ``\\setbox0=\\hbox{...}`` are not seen where no box is used."""
    if lexeme.text == r"\setbox":
        found = re.compile(r"\s{0,9}(?:\\[A-Za-z@]+|[0-9]{1,3})\s{0,9}=?\s{0,9}\\[hv]box").match(page.text, lexeme.end)
        page.passed = found.end() if found else page.passed
    else:
        page.arguments(lexeme.end, 1)
        gap = re.compile(r"(?:\s{0,9}\[[^\[\]]{0,80}\]){0,2}").match(page.text, page.passed)
        page.passed = gap.end() if gap else page.passed
    if not page.means.uses_boxes:
        page.gone(looks.HIDDEN)


def _color(page: _Page, lexeme: Lexeme) -> None:
    (said,), model = page.arguments(lexeme.end, 1)
    page.look = replace(page.look, ink=page.colour(said, model))
    page.hide_word(lexeme, page.look)


def _textcolor(page: _Page, lexeme: Lexeme) -> None:
    (said,), model = page.arguments(lexeme.end, 1)
    look = replace(page.look, ink=page.colour(said, model))
    page.hide_word(lexeme, look)
    page.inside(look)


def _ground(page: _Page, lexeme: Lexeme) -> None:
    said, model = page.arguments(lexeme.end, 2 if lexeme.text == r"\fcolorbox" else 1)
    page.inside(replace(page.look, ground=page.colour(said[-1], model)))


def _paper(page: _Page, lexeme: Lexeme) -> None:
    (said,), model = page.arguments(lexeme.end, 1)
    ground = page.colour(said, model)
    page.look = replace(page.look, ground=ground)
    page.groups = [(closer, replace(look, ground=ground)) for closer, look in page.groups]


def _sized(page: _Page, lexeme: Lexeme) -> None:
    r"""``\scalebox{0}{...}``, ``\resizebox{0pt}{!}{...}``; ``\fontsize{0}{0}`` holds to the end of the group."""
    name = lexeme.text
    lengths, _ = page.arguments(lexeme.end, 2 if name in (r"\resizebox", r"\fontsize") else 1)
    if name == r"\fontsize":
        lengths = [lengths[0] + "pt" * lengths[0].strip().isdigit()]
    is_gone = any(map(is_tiny, lengths)) if name in (r"\resizebox", r"\fontsize") else is_nothing(lengths[0])
    here = name in (r"\fontsize", r"\transparent")
    if is_gone:
        page.gone(looks.SMALL, here)
    elif here and page.look.gone == looks.SMALL:
        page.look = replace(page.look, gone="")


def _moved(page: _Page, lexeme: Lexeme) -> None:
    r"""``\raisebox{-50cm}{...}`` and ``\hspace{50cm}`` lead out of the page."""
    if lexeme.text in (r"\hskip", r"\kern"):
        found = _SKIP.match(page.text, lexeme.end)
        length = found[1] if found else ""
    else:
        at = lexeme.end + page.text.startswith("*", lexeme.end)
        (length,), _ = page.arguments(at, 1)
    if is_far(length):
        page.gone(looks.FAR, here=lexeme.text != r"\raisebox")


def _style(page: _Page, lexeme: Lexeme) -> None:
    (css,), _ = page.arguments(lexeme.end, 1)
    page.inside(styled(page.look, css))


def _endinput(page: _Page, lexeme: Lexeme) -> None:
    page.spans.append((lexeme.start, len(page.text), looks.HIDDEN))
    page.passed = len(page.text)


_ACTS: Mapping[str, Callable[[_Page, Lexeme], None]] = {
    **dict.fromkeys(_SILENT, lambda page, _: page.gone(looks.HIDDEN)),
    **dict.fromkeys(_STRUCK, lambda page, _: page.gone(looks.STRUCK)),
    **dict.fromkeys(_BOXES, _box),
    **dict.fromkeys(_SIZES, _sized),
    **dict.fromkeys(_MOVES, _moved),
    r"\color": _color,
    r"\textcolor": _textcolor,
    r"\mathcolor": _textcolor,
    r"\colorbox": _ground,
    r"\fcolorbox": _ground,
    r"\pagecolor": _paper,
    r"\style": _style,
    r"\htmlStyle": _style,
    r"\endinput": _endinput,
}
_SUSPECTS = (*sorted(set(_ACTS) - {r"\label"}), "{color}", "{lrbox}")
