"""Unicode as people type it, turned into the LaTeX that it stands for."""

from __future__ import annotations

import unicodedata

GREEK = dict(
    zip(
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩϵϕϑϱℓ∂∇∑∏√·×÷⋅∘⊙⊗≤≥≠≈≡∈∉→⇒∞−∥‖⟨⟩∗⊤′’‘´…⋯ΩµƩℝ⇔⟹⟺∝≜–。、⪰≽⪯≼≻≺←⟵⟶",
        (
            r"\alpha \beta \gamma \delta \varepsilon \zeta \eta \theta \iota \kappa \lambda \mu \nu \xi \pi "
            r"\rho \sigma \tau \upsilon \varphi \chi \psi \omega \Gamma \Delta \Theta \Lambda \Xi \Pi \Sigma "
            r"\Phi \Psi \Omega \epsilon \phi \vartheta \varrho \ell \partial \nabla \sum \prod \sqrt \cdot "
            r"\times \div \cdot \circ \odot \otimes \le \ge \neq \approx \equiv \in \notin \to \Rightarrow "
            r"\infty - \| \| \langle \rangle * \top ' ' ' ' \dots \dots \Omega \mu \Sigma \mathbb{R} "
            r"\Leftrightarrow \Rightarrow \Leftrightarrow \propto \triangleq - . , "
            r"\succeq \succeq \preceq \preceq \succ \prec \leftarrow \leftarrow \to"
        ).split(),
        strict=True,
    )
)

_MARKS = {
    "\u0302": r"\hat",
    "\u0303": r"\tilde",
    "\u0304": r"\bar",
    "\u0305": r"\overline",
    "\u20d7": r"\vec",
    "\u0307": r"\dot",
}
_SCRIPTS = {"^": "<super> ", "_": "<sub> "}
_SLASH = "\u2044"
_IGNORED = frozenset("\u200b\u200c\u200d\u2060\ufeff✓✔☑□∎■")
_BLANK = frozenset("\u00a0\u3000\u2001\u205f\u2002\u2003\u2009\u200a\u202f\u2004\u2005\u2006\u2007\u2008")


def is_mark(character: str) -> bool:
    """Whether a character is an accent that belongs to the letter before it."""
    return character in _MARKS


def latex_of(character: str) -> str | None:
    r"""The LaTeX of one character outside ASCII, or None where it stands for nothing known.

    >>> latex_of("σ"), latex_of("ŷ"), latex_of("−"), latex_of("ℂ")
    ('\\sigma', '\\hat{y}', '-', None)
    """
    if character in GREEK:
        return GREEK[character]
    if character in _IGNORED:
        return ""
    if character in _BLANK:
        return " "
    if "①" <= character <= "⑳":  # the number of an equation
        return rf"\quad ({unicodedata.normalize('NFKC', character)})"
    code = ord(character)
    if 0x1D400 <= code <= 0x1D7FF or 0xFF01 <= code <= 0xFF5E:
        plain = unicodedata.normalize("NFKC", character)
        return GREEK.get(plain, plain) if plain != character else None
    top, slash, bottom = unicodedata.normalize("NFKC", character).partition(_SLASH)
    if slash and top.isdigit() and bottom.isdigit():  # ½
        return rf"\frac{{{top}}}{{{bottom}}}"
    parts = unicodedata.normalize("NFD", character)
    if len(parts) == 2 and parts[1] in _MARKS:
        letter = GREEK.get(parts[0], parts[0])
        return f"{_MARKS[parts[1]]}{{{letter}}}" if letter.isascii() else None
    return None


def accented(letter: str, mark: str) -> str:
    """The LaTeX of a letter under a combining mark."""
    return f"{_MARKS[mark]}{{{letter}}}"


def script_run(text: str, start: int) -> tuple[str, int]:
    r"""The LaTeX of a run of superscript or subscript characters, and where the run ends.

    >>> script_run("x⁻¹", 1)
    ('^{-1}', 3)
    """
    for sign, mark in _SCRIPTS.items():
        end, inner = start, ""
        while end < len(text) and (one := _plain_script(text[end], mark)):
            end, inner = end + 1, inner + one
        if inner:
            return f"{sign}{{{inner}}}", end
    return "", start


def _plain_script(character: str, mark: str) -> str:
    """A raised or lowered character on the line; nothing where it is none."""
    said = unicodedata.decomposition(character)
    if not said.startswith(mark) or len(said) != len(mark) + 4:
        return ""
    plain = chr(int(said[len(mark) :], 16))
    plain = GREEK[plain] + " " if plain in GREEK and plain != "−" else GREEK.get(plain, plain)
    return plain if plain.isascii() else ""
