"""The control words that a formula in a homework may hold; whatever is not here is refused."""

from __future__ import annotations

from truestep.derivations.language import functions

GREEK = frozenset(
    r"\alpha \beta \gamma \delta \epsilon \varepsilon \zeta \eta \theta \vartheta \iota \kappa \lambda \mu \nu \xi \pi "
    r"\varpi \rho \varrho \sigma \varsigma \tau \upsilon \phi \varphi \chi \psi \omega \Gamma \Delta \Theta \Lambda "
    r"\Xi \Pi \Sigma \Upsilon \Phi \Psi \Omega".split()
)
RELATIONS = frozenset(
    r"\le \leq \leqslant \ge \geq \geqslant \ne \neq \approx \equiv \cong \sim \simeq \propto \in \notin \ni \subset "
    r"\succ \succeq \prec \preceq \perp \parallel "
    r"\subseteq \supset \ll \gg \mid \triangleq \coloneqq \to \rightarrow \longrightarrow \leftarrow \gets \mapsto "
    r"\Rightarrow \Longrightarrow \implies \Leftrightarrow \iff \therefore \because".split()
)
BINARY = frozenset(
    r"\cdot \times \div \circ \ast \star \odot \oplus \otimes \oslash \pm \mp \bullet \wedge \vee \land \lor \cap "
    r"\cup \setminus".split()
)
LARGE = frozenset(r"\sum \prod \int \bigodot \bigoplus \bigcup \bigcap".split())
FUNCTIONS = frozenset(
    (
        r"\sup",
        r"\inf",
        r"\lim",
        r"\dim",
        r"\ker",
        r"\Pr",
        *(s for f in functions.FUNCTIONS for s in f.spellings if s[0] == "\\"),
    )
)
SIGNS = frozenset(
    r"\partial \nabla \infty \ell \hbar \forall \exists \neg \top \prime \emptyset \dots \ldots \cdots \vdots \ddots "
    r"\langle \rangle \lfloor \rfloor \lceil \rceil \lVert \rVert \lvert \rvert \Vert \vert \| \{ \} \lbrace \rbrace "
    r"\lbrack \rbrack \% \$ \# \& \_ \Re \Im \dagger \square \checkmark \colon".split()
)
SPACES = frozenset((r"\,", r"\;", r"\:", r"\!", r"\quad", r"\qquad"))
STYLES = frozenset((r"\displaystyle", r"\textstyle", r"\limits", r"\nolimits"))
PLAIN = GREEK | RELATIONS | BINARY | LARGE | FUNCTIONS | SIGNS | SPACES | STYLES

# how many arguments in braces each takes
ARITY = {
    **dict.fromkeys(r"\hat \bar \tilde \vec \dot \ddot \widehat \widetilde \overline \underline".split(), 1),
    **dict.fromkeys(r"\mathbf \mathbb \mathcal \mathrm \mathit \mathsf \mathtt \boldsymbol \operatorname".split(), 1),
    **dict.fromkeys(r"\boxed \cancel \overbrace \underbrace \phantom \sqrt".split(), 1),
    **dict.fromkeys(r"\frac \dfrac \tfrac \binom \overset \underset \stackrel".split(), 2),
}
TEXTS = frozenset((r"\text", r"\textrm", r"\textbf", r"\texttt", r"\mbox"))
BEFORE_DELIMITER = frozenset(
    r"\left \right \middle \big \Big \bigg \Bigg \bigl \bigr \Bigl \Bigr \biggl \biggr".split()
)
DELIMITERS = frozenset(
    r"( ) [ ] | / < > . \{ \} \| \langle \rangle \lfloor \rfloor \lceil \rceil \lVert \rVert \lvert \rvert \Vert "
    r"\vert \lbrace \rbrace \lbrack \rbrack".split()
)
ENVIRONMENTS = frozenset("aligned gathered cases matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix array".split())
SYNONYMS = {
    r"\bm": r"\boldsymbol",
    r"\pmb": r"\boldsymbol",
    r"\mathbbm": r"\mathbb",
    r"\lt": "<",
    r"\gt": ">",
    r"\intercal": r"\top",
    r"\thinspace": r"\,",
    r"\ ": r"\;",
    r"\arg": r"\operatorname{arg}",
    r"\textnormal": r"\text",
    r"\mathop": r"\operatorname",
    **{word: rf"\operatorname{{{word[1:]}}}" for word in functions.COMMANDS if word not in FUNCTIONS},
}
KNOWN = PLAIN | TEXTS | BEFORE_DELIMITER | frozenset(ARITY) | frozenset(SYNONYMS) | {r"\begin", r"\end", r"\\"}
