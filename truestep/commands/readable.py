"""LaTeX as a line that a person reads in a terminal; a submission's text is never markup here."""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from truestep.derivations.language.latex.lexer import lex

LONGEST = 2000
LONGEST_ROW = 700
DEEPEST = 40

# commands that show what they wrap, and whether a star may follow them
WRAPPERS = (
    ("operatorname", True),
    ("boxed", False),
    ("cancel", False),
    ("underbrace", False),
    ("mathbb", False),
    ("mathbbm", False),
    ("mathbf", False),
    ("boldsymbol", False),
    ("bm", False),
    ("texttt", False),
    ("mathcal", False),
)
SIGNS = {
    **dict.fromkeys(("left", "right", "displaystyle", "nonumber", "notag", "limits"), ""),
    **dict.fromkeys(("big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr"), ""),
    **dict.fromkeys(("top", "intercal"), "⊤"),
    **dict.fromkeys(("lVert", "rVert", "Vert", "|"), "‖"),
    **dict.fromkeys(("quad", "qquad"), "  "),
    "\\": "; ",
}
NAMED = "log ln exp max min arg tanh sin cos det tr diag lim sup inf".split()
_ALIGNMENT = re.compile(r"(?<!\\)&|\\(?:label|tag)\*?\{[^{}]{0,80}\}|\\(?:left|right)\s?\.")
_STEPS = {"open": 1, "begin": 1, "close": -1, "end": -1}
_HIDDEN_KINDS = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SIMPLE = re.compile(r"[_^](?:\{[^{}]*\}|.)|[∂∇']|[\u0300-\u036f]")


def visible(text: str) -> str:
    """The text with each control, format or lone surrogate character shown as one that can be seen.

    >>> visible("a\\x1b[2J\\u202eb")
    'a␛[2J\ufffdb'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character in "\t\n\r\u2028\u2029":
        return " "
    if unicodedata.category(character) not in _HIDDEN_KINDS:
        return character
    code = ord(character)
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


@functools.lru_cache(maxsize=512)
def readable(latex: str) -> str:
    r"""A formula as text; its source where that cannot be had.

    >>> readable(r"\frac{\partial J}{\partial x_j} = \sum_{k} a_k")
    '∂J/∂x_j = ∑_k a_k'
    """
    source = " ".join(visible(latex).split())
    if len(source) > LONGEST or not _is_balanced(source):
        return source
    try:
        text = _converter()(_ALIGNMENT.sub(" ", source))
    except Exception:  # a third party's parser on any text at all: the source is always a true reading
        return source
    return " ".join(visible(text).split()) or source


class Readable:
    """Makes formulas readable, until so many characters have been read that it would take long; then their source.

    >>> Readable(5)(r"\\alpha + \\beta")
    '\\\\alpha + \\\\beta'
    """

    def __init__(self, room: int = 60_000) -> None:
        self.room = room

    def __call__(self, latex: str) -> str:
        if len(latex) > min(self.room, LONGEST_ROW):
            source = " ".join(visible(latex[: 2 * LONGEST_ROW]).split())
            return source if len(source) <= LONGEST_ROW else source[:LONGEST_ROW] + " …"
        self.room -= len(latex)
        return readable(latex)


def _is_balanced(text: str) -> bool:
    """Whether the braces of a text match and nest no deeper than a person writes them."""
    steps = [_STEPS.get(lexeme.kind, 0) for lexeme in lex(text)]
    depths = list(itertools.accumulate(steps, initial=0))
    return min(depths) == depths[-1] == 0 and max(depths) <= DEEPEST


@functools.cache
def _converter() -> Callable[[str], str]:
    """From LaTeX to text, knowing the commands of formulas."""
    from pylatexenc import latex2text, latexwalker, macrospec

    grammar = latexwalker.get_default_latex_context_db()
    grammar.add_context_category(
        "formulas",
        prepend=True,
        macros=[macrospec.std_macro(name, "*{" if star else "{") for name, star in WRAPPERS],
    )
    shown: dict[str, Any] = {name: _inside for name, _ in WRAPPERS}
    shown |= dict.fromkeys(NAMED, lambda node: node.macroname + node.macro_post_space)
    shown |= dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac"), _fraction) | SIGNS
    context = latex2text.get_default_latex_context_db()
    specs = [latex2text.MacroTextSpec(name, simplify_repl=text) for name, text in shown.items()]
    context.add_context_category("formulas", prepend=True, macros=specs)
    context.set_unknown_macro_spec(latex2text.MacroTextSpec("", lambda node: f"\\{node.macroname} "))
    converter = latex2text.LatexNodes2Text(
        latex_context=context, math_mode="text", keep_braced_groups=True, keep_braced_groups_minlen=2
    )
    return lambda latex: str(converter.nodelist_to_text(_nodes(latexwalker.LatexWalker(latex, grammar))))


def _nodes(walker: Any) -> Any:
    return walker.get_latex_nodes()[0]


def _inside(node: Any, l2tobj: Any) -> str:
    """What a command such as \\boxed wraps."""
    return _bare(str(l2tobj.nodelist_to_text(node.nodeargd.argnlist[-1:])))


def _fraction(node: Any, l2tobj: Any) -> str:
    parts = [argument for argument in (node.nodeargd.argnlist if node.nodeargd else []) if argument is not None]
    if len(parts) != 2:
        return str(node.latex_verbatim())
    above, below = (l2tobj.nodelist_to_text([part]).strip() for part in parts)
    return f"{_bracketed(_bare(above))}/{_bracketed(_bare(below))}"


def _bare(text: str) -> str:
    return text[1:-1].strip() if text.startswith("{") and text.endswith("}") else text


def _bracketed(text: str) -> str:
    """The part of a fraction, in brackets unless it is one symbol or number."""
    core = _SIMPLE.sub("", text).strip()
    core = core[1:] if len(core) == 2 and core[0] == "d" else core
    single = len(core) <= 1 or re.fullmatch(r"[0-9.]+", core)
    return text if single else f"({text})"
