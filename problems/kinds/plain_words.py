r"""A line of an answer as plain words: LaTeX, Markdown and code spellings of the same thing become one.

>>> plain(r"$\mathbf{W_1} \in \mathbb{R}^{t \times s}$, `w_1.shape`, **b**").split()
['W_1', '∈', 'ℝ^(t', '×', 's)', ',', 'w_1.shape,', 'b']
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MAX_LINE = 20_000
_STYLES = (
    "mathbf|mathrm|mathit|mathsf|mathtt|mathcal|mathbb|boldsymbol|bm|pmb|text|textbf|textit|texttt|textrm|textsf|emph|"
    "underline|boxed|operatorname\\*?|mbox|code|hbox|uline|textnormal|lstinline"
)
_STYLED = re.compile(rf"\\(?:{_STYLES})\s*\{{([^{{}}]*)\}}")
_BARE_STYLE = re.compile(rf"\\(?:{_STYLES})(?![A-Za-z])\s*")
_SCRIPT = re.compile(r"([_^])\s*+\{([^{}]*+)\}")
_PARTIAL = re.compile(r"\\[dtc]?frac\s*+\{\s*+(?:∂|d)([^{}]++)\}\s*+\{\s*+(?:∂|d)([^{}]++)\}")
_SLANTED = re.compile(r"(?<![A-Za-z])(?:∂|d)\s*(\w+)\s*/\s*(?:∂|d)\s*(\w+)")
_VERB = re.compile(r"\\(?:verb|lstinline)([|!+@])(.*?)\1")
_SIGNS = (
    (re.compile(r"\\allowbreak\s*(?:\{\})?"), ""),
    (re.compile(r"\\(?:times)(?![A-Za-z])|[✕✖]"), " × "),
    (re.compile(r"\\(?:cdot|bullet)(?![A-Za-z])|[⋅•](?=\s*[\w(])"), " · "),
    (re.compile(r"\\(?:odot|circ|ast|star)(?![A-Za-z])|[⊙∘∗]"), " * "),
    (re.compile(r"\\in(?![A-Za-z])"), " ∈ "),
    (re.compile(r"\\colon(?![A-Za-z])"), ":"),
    (re.compile(r"\\item\s*\[[^\]]*\]"), " "),
    (
        re.compile(
            r"\\(?:long)?(?:rightarrow|mapsto)(?![A-Za-z])|\\(?:to|Rightarrow|implies)(?![A-Za-z])|-{1,2}>|=>|[⟶⇒↦⟹]"
        ),
        " → ",
    ),
    (re.compile(r"\\partial(?![A-Za-z])"), "∂"),
    (re.compile(r"\\(?:R|Real|reals)(?![A-Za-z])"), "ℝ"),
    (re.compile(r"\\(?:checkmark|surd)(?![A-Za-z])"), "✓"),
    (re.compile(r"\\(?:boxtimes|XBox|xmark)(?![A-Za-z])"), "☒"),
    (re.compile(r"\\(?:square|Box|Square)(?![A-Za-z])"), "☐"),
    (
        re.compile(
            r"\\(?:left|right|[bB]igg?[lr]?|displaystyle|noindent|item|hline|toprule|midrule|bottomrule)(?![A-Za-z])"
        ),
        " ",
    ),
    (re.compile(r"\\(?:q?quad|hspace\*?\{[^{}]*\}|vspace\*?\{[^{}]*\})(?![A-Za-z])|\\[ ,;:!>]|~|&nbsp;"), " "),
    (re.compile(r"\\(?:begin|end)\{[A-Za-z*]+\}(?:\{[lcr|\s]*\})?"), " "),
    (re.compile(r"\\([_#%&{}$])"), r"\1"),
    (re.compile(r"\\[()\[\]]|\$+"), " "),
)
_BEFORE_STYLES = 10
_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_LOWERED = re.compile(r"[₀₁₂₃₄₅₆₇₈₉]+")
_RAISED = re.compile(r"ℝ([ʰ-ʸᴬ-ᵪⁱⁿ⁰-⁹¹²³×ˣ]+)")
_ROMAN_R = re.compile(r"(?<![A-Za-z0-9_])\\?R(?=\s*\^)")


@lru_cache(maxsize=512)
def plain(text: str) -> str:
    """The line without commands, emphasis and delimiters of formulas; nothing that says something is lost.

    >>> plain(r"\\texttt{get\\_input\\_gradients()} has shape $(N,\\, m)$").split()
    ['get_input_gradients()', 'has', 'shape', '(N,', 'm)']
    """
    text = unicodedata.normalize("NFC", text[:MAX_LINE])
    text = _VERB.sub(r"\2", text).replace("`", "").replace("**", "").replace("__", "")
    text = _LOWERED.sub(lambda found: "_" + found[0].translate(_DIGITS), text)
    text = _RAISED.sub(lambda found: f"ℝ^({unicodedata.normalize('NFKC', found[1])})", text)
    for sign, written in _SIGNS[:_BEFORE_STYLES]:
        text = sign.sub(written, text)
    text = _without_styles(text)
    for sign, written in _SIGNS[_BEFORE_STYLES:]:
        text = sign.sub(written, text)
    text = _PARTIAL.sub(lambda found: f" {partial(found[1], found[2])} ", text)
    text = _SLANTED.sub(lambda found: partial(found[1], found[2]), text)
    text = _SCRIPT.sub(lambda found: _script(found[1], found[2].strip()), text)
    return _ROMAN_R.sub("ℝ", text)


def partial(above: str, below: str) -> str:
    """The one spelling of a partial derivative.

    >>> partial("L", "W_1")
    '∂L/∂W_1'
    """
    return f"∂{_tight(above)}/∂{_tight(below)}"


def name_of(text: str) -> str:
    r"""A name as it is compared: without styles, blanks and braces.

    >>> name_of(r"\mathbf{W_{1}}"), name_of("`get_input_gradients()`"), name_of(r"\frac{\partial L}{\partial x}")
    ('W_1', 'get_input_gradients()', '∂L/∂x')
    """
    return _tight(plain(text))


def _tight(text: str) -> str:
    return re.sub(r"[\s{}\\]+", "", text)


def _without_styles(text: str) -> str:
    for _ in range(6):
        text, changed = _STYLED.subn(_content, text)
        if not changed:
            break
    return _BARE_STYLE.sub(" ", text)


def _content(found: re.Match[str]) -> str:
    r"""What a style holds; \mathbb{R} is the space."""
    inside = found[1].strip()
    return "ℝ" if inside == "R" and "mathbb" in found[0] else f" {inside}" if "math" in found[0] else inside


def _script(sign: str, inside: str) -> str:
    if sign == "_" or re.fullmatch(r"\w|\([^()]*\)|\[[^\[\]]*\]", inside):
        return f"{sign}{inside}"
    return f"{sign}({inside})"
