"""Setting texts and formulas: what is written comes out, and nothing else does."""

from __future__ import annotations

import re
from contextlib import suppress
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truestep.derivations.language.faults import StatementFault
from truestep.problems.homework.homework_file import homework_from
from truestep.problems.sheets.sheet import look, sheet
from truestep.problems.sheets.typeset import words
from truestep.problems.sheets.typeset.characters import latex_text, printable
from truestep.problems.sheets.typeset.drawing import Label, Line, Node, Picture, svg, tikz
from truestep.problems.sheets.typeset.html_writer import Page
from truestep.problems.sheets.typeset.mathematics import plain_mathematics
from truestep.problems.sheets.typeset.mathml import mathml
from truestep.problems.sheets.typeset.sheet_writer import Shown
from truestep.problems.sheets.typeset.tex_writer import LINE, Latex
from truestep.problems.sheets.typeset.widths import rows, width

# what a writer of LaTeX may put in beside the words of formulas
WRITTEN = {
    *(r"\textbackslash \textasciicircum \textasciitilde \textless \textgreater \textbar \textquotedbl".split()),
    *(r"\ensuremath \emph \textbf \texttt \allowbreak \leavevmode \newline \item \begin \end \href \hline".split()),
    *(r"\ttfamily \raggedright \small \tag \footnotesize \itshape \resizebox \displaystyle \boxed".split()),
    *(r"\{ \} \$ \& \# \% \_ \- \[ \] \\".split()),
}
ENVIRONMENTS = {"itemize", "enumerate", "quote", "center", "tabular", "align*", "aligned"} | words.ENVIRONMENTS
TOKEN = re.compile(r"\\(?:[A-Za-z@]+|.)|.", re.DOTALL)
HOSTILE = [
    r"\input{/etc/passwd}",
    r"\write18{rm -rf /}",
    r"\immediate\write18{x}",
    r"\def\x{y}\catcode`\@=11",
    r"$\input{x}$ $x$",
    r"$x^^5cinput{y}$",
    r"^^5cinput{x}",
    r"\end{document} \begin{document}",
    r"$x$ % hidden $\end{document}$",
    r"$$a \end{align*} b$$",
    r"$\text{\input{x}}$",
    r"$\text{a}\text{$}$",
    r"`\input{x}` **\input{x}** [\input{x}](https://a.b/\input{x}%#&)",
    "```\n\\input{x}\n\\end{quote}\n```",
    r"| a & b | \\ |" + "\n|---|---|\n| \\hline | $x$ |",
    r"\\[99999in] \\* [x] \verb|x|",
    "- [x] y\n- $\\\\$",
    "$\\ $ $x\\ $",
    '%<truestep:box id="1">\nx\n%</truestep:box>',
    "\\\n\\ \\\\\\ $ $$ $$$",
    "<script>alert(1)</script> $\\text{<b>}$ [x](javascript:alert(1))",
    "a\x00b\x1b\u202e\ud800 中 😀 ŷ é ẞ",
    "\"`'~^|<>{}[]--- ,, ?` !`",
]


def control_words(latex: str) -> set[str]:
    return {token for token in TOKEN.findall(latex) if token.startswith("\\")}


def stray(latex: str) -> list[str]:
    """What must not stand in LaTeX that was made of a text."""
    found = sorted(control_words(latex) - WRITTEN - words.KNOWN)
    bare = re.sub(r"\\.", "", latex, flags=re.DOTALL)
    found += [sign for sign in "%#" if sign in bare]
    found += ["^^"] if "^^" in bare else []
    found += ["$"] if bare.count("$") % 2 else []
    found += ["{}"] if bare.count("{") != bare.count("}") else []
    found += [name for name in re.findall(r"\\(?:begin|end)\{([^}]*)\}", latex) if name not in ENVIRONMENTS]
    return found + (["lonely backslash"] if re.search(r"(?<!\\)(?:\\\\)*\\\Z", latex) else [])


class Tags(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]


def unsafe(html: str) -> list[str]:
    """What must not stand in a page that was made of a text."""
    reader = Tags()
    reader.feed(html)
    found = sorted(reader.tags & {"script", "iframe", "object", "embed", "img", "link", "form", "input", "b"})
    found += [name for name in reader.attributes if name.startswith("on")]
    return found + [url for url in reader.addresses if not url.startswith(("http://", "https://", "mailto:"))]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_printed_or_refused(text: str) -> None:
    for make in (Latex().prose, Latex().line):
        with suppress(StatementFault):
            assert not stray(make(text)), make(text)
    assert not stray(Latex().words(text))
    with suppress(StatementFault):
        assert not unsafe(Page().prose(text))


@settings(max_examples=100)
@given(
    st.text(alphabet=st.sampled_from("\\${}%^_#&~`*[]()|-+1. \nabinputdef<>\"'é中"), max_size=60) | st.text(max_size=40)
)
def test_any_text_is_printed_or_refused(text: str) -> None:
    assert not stray(latex_text(text))
    try:
        made, page = Latex().prose(text), Page().prose(text)
    except StatementFault:
        return
    assert not stray(made), made
    assert not unsafe(page), page


def test_a_stray_control_word_is_caught() -> None:
    assert stray(r"\input{x}")
    assert stray("a % b")
    assert stray("x^^5c")
    assert stray("x\\")
    assert not stray(Latex().prose("Let $x$ be **one**, 50%:\n\n- `a_b`\n- $\\frac{1}{2}$"))


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        (r"\hat y_k", r"\hat{y}_{k}"),
        (r"x^\frac12", r"x^{\frac{1}{2}}"),
        ("f''(x)", "f''(x)"),
        ("x'^2", "x'^{2}"),
        ("σ(ŷ) − 1", r"\sigma(\hat{y}) - 1"),
        (r"\bm w^{(1)}", r"\boldsymbol{w}^{(1)}"),
        (r"\left(\frac{a}{b}\right)^2", r"\left(\frac{a}{b}\right)^{2}"),
        (r"\begin{cases} a & b \\ c & d \end{cases}", r"\begin{cases} a & b \\ c & d \end{cases}"),
        (r"\operatorname*{argmin}_\theta L", r"\operatorname{argmin}_{\theta} L"),
        (r"x\ ", r"x\;"),
    ],
)
def test_mathematics_is_kept(source: str, plain: str) -> None:
    assert re.sub(r"\s+", " ", plain_mathematics(source)) == plain
    assert plain_mathematics(plain) == plain_mathematics(source)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("a}", "without what opens it"),
        ("{a", "not closed"),
        (r"\frac{a}", r"lacks what belongs after \\frac"),
        ("a^b^c", "two superscripts"),
        ("x'_i'", "two superscripts"),
        ("x_", "lacks what belongs after _"),
        (r"\left( a", r"\\left without \\right"),
        (r"a \\ b", "breaks a row outside"),
        (r"\begin{tikzpicture}\end{tikzpicture}", "environment 'tikzpicture'"),
        (r"\begin{cases} a \end{aligned}", "not closed"),
        (r"\begin{aligned} a \\[3in] b \end{aligned}", r"right after"),
        (r"\text{a \textbf{b}}", r"inside \\text"),
        ("中", r"U\+4E2D"),
        ("a & b", "no mathematics"),
        ("{" * 50 + "}" * 50, "nested more than"),
        ("x" * 5000, "5000 characters"),
        ("\\", "no formula of a homework may"),
    ],
)
def test_what_cannot_be_set_is_refused(source: str, why: str) -> None:
    with pytest.raises(StatementFault, match=why):
        plain_mathematics(source)


def example(word: str) -> str:
    """A formula with a control word and as many arguments as it takes."""
    count = words.ARITY.get(word, 1 if word in words.TEXTS else 0)
    return word + "{a}" * count + (" x" if not count and word[-1].isalpha() else "")


@pytest.mark.parametrize("word", sorted(words.PLAIN | frozenset(words.ARITY) | words.TEXTS | frozenset(words.SYNONYMS)))
def test_every_word_becomes_mathml(word: str) -> None:
    made = mathml(plain_mathematics(example(words.SYNONYMS.get(word, word))))
    assert "\\" not in made
    assert "mathvariant" not in made


def test_mathml_is_escaped() -> None:
    assert "<mo>&lt;</mo>" in mathml(plain_mathematics("a < b"))
    assert "&lt;script" in mathml(r"\text{<script>}")


@pytest.mark.parametrize("long", [" + ".join(f"a_{{{k}}} b_{{{k}}}" for k in range(40)), r"\sum_k x_k = " * 20 + "0"])
def test_a_wide_formula_is_broken(long: str) -> None:
    made = rows(r"\frac{a}{b}", f"= {long}", LINE)
    assert len(made) > 2
    assert all(width(row.left + row.right) <= LINE and not row.is_wide for row in made)
    whole = "".join(row.right.removeprefix(r"\quad ") for row in made)
    assert whole.replace(" ", "") == f"={long}".replace(" ", "")


def test_what_nothing_can_break_is_set_smaller() -> None:
    huge = r"\frac{" + " + ".join("abcdefgh" for _ in range(12)) + "}{2}"
    assert r"\resizebox" in Latex().display(huge)
    assert r"\resizebox" in Latex().derivation((Shown("a", f"= {huge}"),))


def test_brackets_are_not_broken() -> None:
    inside = "(" + " + ".join("abc" for _ in range(10)) + ")"
    made = rows("x", f"= {inside} + {inside} + {inside}", 30.0)
    assert [row.right.count("(") for row in made] == [row.right.count(")") for row in made]


def test_formulas_side_by_side_are_broken_between_them() -> None:
    listed = r", \quad ".join(f"x_{{{k}}} = y_{{{k}}} + z_{{{k}}}" for k in range(8))
    assert all(row.right.startswith((r"\quad", "x")) for row in rows("", listed, LINE))


def test_a_rule_stands_beside_its_row_and_a_condition_after_it() -> None:
    made = Latex().derivation((Shown("a", "= b", r"i \neq j", "sum rule"), Shown("", "= c")))
    assert r"a &= b \quad \text{for } i \neq j \tag*{\footnotesize\itshape sum rule} \\" in made
    assert "sum rule" in Page().derivation((Shown("a", "= b", rule="sum rule"),))


def test_prices_are_no_formula() -> None:
    assert Latex().prose("It costs $5 and $6.") == r"It costs \$5 and \$6."


def test_characters_that_no_page_holds_are_shown() -> None:
    assert printable("a\x1bb\ud800") == "a\ufffdb\ufffd"
    assert latex_text("\x1b中") == "[U+001B][U+4E2D]"


PICTURE = Picture(
    2,
    2,
    (
        Line(((0, 0), (1, 1), (2, 0)), "edge", True),
        Node((1, 1), 0.3),
        Node((0, 0), 0.3, False),
        Label((1, 1), r"\alpha"),
    ),
    "a < b",
)


def test_a_picture_in_both_languages() -> None:
    assert tikz(PICTURE).count(r"\draw") == 3
    assert r"{$\alpha$}" in tikz(PICTURE)
    made = svg(PICTURE, mathml, lambda text: str(Page().words(text)))
    assert "<title>a &lt; b</title>" in made
    assert made.count("<path") == 2  # the line, and the tip of arrows
    assert not unsafe(made)


@pytest.mark.parametrize(
    ("title", "needs"), [("Übungsblatt à ő α", False), ("Домашняя работа", True), ("作业 3", True)]
)
def test_letters_of_other_scripts_need_another_engine(title: str, needs: bool) -> None:
    made = homework_from({"title": title, "part": [{"question": [{"id": "1", "kind": "by hand", "text": title}]}]})
    text = sheet(made, look("plain", "latex"))
    assert ("xelatex" in text.partition("\n")[0]) == needs
    assert (r"\usepackage{fontspec}" in text) == needs
    assert (r"\usepackage{xeCJK}" in text) == title.startswith("作")
    assert "[U+" not in text
    assert text.count(title) == (0 if "α" in title else 2)
    assert title in sheet(made, look("plain", "html"), "html")
