"""Names as LaTeX has them, in the letters of Unicode."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from truestep.derivations.language.latex.unicode import GREEK
from truestep.derivations.language.notation import strip_fonts

LETTERS = {latex: letter for letter, latex in list(GREEK.items())[::-1] if latex.startswith("\\")}
MARKS = {
    "hat": "\u0302",
    "tilde": "\u0303",
    "bar": "\u0304",
    "overline": "\u0305",
    "vec": "\u20d7",
    "dot": "\u0307",
    "ddot": "\u0308",
    "check": "\u030c",
    "widehat": "\u0302",
    "widetilde": "\u0303",
    "underline": "\u0332",
}
_SUPERSCRIPTS = dict(
    zip(
        "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ",
        strict=True,
    )
)
_SUBSCRIPTS = dict(zip("0123456789", "₀₁₂₃₄₅₆₇₈₉", strict=True))
_PART = re.compile(
    r"\\([A-Za-z]+)(?:\{([^{}]*)\})?|([_^])(?:\{((?:[^{}]|\{[^{}]*\})*)\}|(\\[A-Za-z]+|.))|\\?(.)", re.DOTALL
)


@lru_cache(maxsize=4096)
def unicode_name(name: str) -> str:
    r"""A name in Unicode: accents on their letters, fonts left out.

    >>> [unicode_name(name) for name in (r"\hat{y}", r"W^{(1)}", r"\theta_1", r"x_{in}", r"\delta_{\hat{y}}")]
    ['ŷ', 'W⁽¹⁾', 'θ₁', 'x_in', 'δ_ŷ']
    """
    return "".join(_part(found) for found in _PART.finditer(strip_fonts(name))).strip()


def _part(found: re.Match[str]) -> str:
    command, inside, sign, group, single, letter = found.groups()
    if sign is not None:
        script = unicode_name(group if group is not None else single)
        return below(script) if sign == "_" else above(script)
    if command is None:
        return str(letter)
    if command in MARKS and inside is not None:
        inner = unicode_name(inside)
        return unicodedata.normalize("NFC", inner[:1] + MARKS[command] + inner[1:])
    known = LETTERS.get(f"\\{command}", command)
    return known if inside is None else known + inside if known != command else unicode_name(inside)


def above(script: str) -> str:
    """A superscript: in small characters where they are signs, digits and brackets, or a T; else behind a ``^``.

    >>> above("-1"), above("T"), above("(t)"), above("z"), above("z + 1")
    ('⁻¹', 'ᵀ', '⁽ᵗ⁾', '^z', '^(z + 1)')
    """
    small = script in ("T", "−T") or not any(letter.isalpha() for letter in script) or _is_bracketed(script)
    if small and all(letter in _SUPERSCRIPTS for letter in script):
        return "".join(_SUPERSCRIPTS[letter] for letter in script)
    return f"^{script}" if is_word(script) or _is_bracketed(script) else f"^({script})"


def below(script: str) -> str:
    """A subscript: digits in small characters, other words behind a low line.

    >>> below("2"), below("kj"), below("k + 1")
    ('₂', '_kj', '_{k+1}')
    """
    if script.isdecimal() and script.isascii():
        return "".join(_SUBSCRIPTS[digit] for digit in script)
    return f"_{script}" if is_word(script) else f"_{{{script.replace(' ', '')}}}"


def is_word(text: str) -> bool:
    """Whether a text is one name or number without signs in it."""
    return all(letter.isalnum() or unicodedata.combining(letter) or letter in "'∞*" for letter in text)


def _is_bracketed(text: str) -> bool:
    return text.startswith("(") and text.endswith(")") and "(" not in text[1:] and ")" not in text[:-1]
