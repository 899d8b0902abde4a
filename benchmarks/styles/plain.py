"""Trees as people type them: one line of Unicode, or ASCII alone; and the ways in which these vary."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from benchmarks.styles.cards import everywhere
from benchmarks.styles.drafts import Card
from benchmarks.styles.trees import entry_for_whole, implied_sums, limits_from, other_letters
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.notation import Notation
from truestep.derivations.language.writing.text import text

_SIGNS = "∂ d − - · * ⊙ * ∘ * ∑ sum ∏ prod √ sqrt ≤ <= ≥ >= ≠ != ᵀ ^T ∇ nabla 𝟏 1 ‖ || ∈ in × * ℓ ell"
_GREEK = (
    "α alpha β beta γ gamma δ delta ε epsilon ζ zeta η eta θ theta κ kappa λ lambda μ mu ν nu ξ xi π pi ρ rho σ sigma"
)
_MORE = "τ tau φ phi ψ psi ω omega Σ Sigma Δ Delta Φ Phi"
_PAIRS = f"{_SIGNS} {_GREEK} {_MORE}".split()
WORDS = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_SUPERSCRIPTS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾]+ᵀ?")
_SUBSCRIPTS = re.compile("[₀₁₂₃₄₅₆₇₈₉]+")
_ACCENTS = {"\u0302": "_hat", "\u0303": "_tilde", "\u0304": "_bar"}


def set_in_plain(tree: Expression, notation: Notation, form: str, flags: Mapping[str, str]) -> str:
    """The expression as a line that a person types."""
    line = re.sub(r"\^\(⊙(\d)\)", r"**\1", text(tree, notation))
    line = re.sub(r"\^\(⊙([\d/]+)\)", r"**(\1)", line)
    return _in_ascii(line) if form == "ascii" else line


def _in_ascii(line: str) -> str:
    line = re.sub(r"√(\w)", r"√(\1)", line)
    line = _SUBSCRIPTS.sub(lambda found: "_" + unicodedata.normalize("NFKC", found[0]), line)
    line = _SUPERSCRIPTS.sub(lambda found: "^" + _normal(found[0]), line)
    out = ""
    for letter in unicodedata.normalize("NFD", line.replace("≠", "!=")):
        if letter in _ACCENTS:
            out += _ACCENTS[letter]
        elif letter in WORDS:
            word = WORDS[letter]
            out += (" " if word.isalpha() and len(word) > 1 and out[-1:].isalnum() else "") + word
        else:
            out += unicodedata.normalize("NFKD", letter)
    return out


def _normal(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text.replace("ᵀ", "T")).replace("−", "-")
    return plain if len(plain) == 1 or plain.startswith("(") else f"({plain})"


PLAIN_CARDS = (
    Card(
        "implied-sum",
        implied_sums,
        "tree",
        ("missing-sum", "escaped-index", "wrong-index", "sum-over-wrong-index"),
        "plain",
    ),
    Card("entry-for-whole", entry_for_whole, "tree", form="plain"),
    Card("limits", limits_from(1), "tree", form="plain"),
    Card("letter", other_letters, "tree", form="plain"),
    Card("total-derivative", everywhere((r"∂", "d")), form="plain"),
    Card(
        "typed-transpose",
        everywhere(*((r"(?<!⁻)ᵀ|\^T", new) for new in (".T", "'", "^T", "^⊤"))),
        hides=("transposed",),
        form="plain",
    ),
    Card("typed-minus", everywhere((r"−", "-"), (r" − ", "-"), (r" \+ ", "+")), form="plain"),
    Card(
        "typed-times",
        everywhere((r"(?<=[ (][A-Zace-z]) (?=[A-Za-z(])", " * "), (r" · ", " * "), (r" ⊙ ", " .* "), (r" ⊙ ", " ∘ ")),
        hides=("hadamard-for-product", "product-for-hadamard"),
        form="plain",
    ),
    Card("typed-power", everywhere((r"(?<=_\w)\^(?=\d)", "**"), (r"(?<!⁽)²", "^2")), form="plain"),
    Card(
        "typed-sum",
        everywhere((r"∑_(\w)", r"sum_\1"), (r"∑_(\w)", r"Σ_\1"), (r"∑_(\w)", r"sum_{\1}"), (r"sum_(\w)", r"Sum_\1")),
        form="plain",
    ),
    Card("typed-hat", everywhere((r"ŷ", "y_hat"), (r"y_hat", "yhat"), (r"ŷ", "yhat")), form="plain"),
    Card(
        "typed-index",
        everywhere(
            (r"_([a-z])([a-z])\b", r"_{\1\2}"),
            (r"_\{([a-z])([a-z])\}", r"_\1\2"),
        ),
        form="plain",
    ),
    Card("typed-number", everywhere((r"(?<![A-Za-z])([A-Za-z])_(\d)\b", r"\1\2")), form="plain"),
    Card(
        "typed-functions",
        everywhere((r"\b(log|exp|tanh)\(", r"np.\1("), (r"\blog\(", r"ln("), (r"\be\^\(", "exp(")),
        form="plain",
    ),
)
