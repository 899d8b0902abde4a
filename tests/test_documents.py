"""Documents: which rows are found in a file, where, and that no input whatever does more than be refused."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truestep.checkers.documents import FORMATS, DocumentFault, Work, read_file, read_text
from truestep.checkers.documents.formats import LARGEST
from truestep.checkers.documents.scan import ROWED
from truestep.derivations.language.latex.macros import MANDATORY, Macro, Parameter

DATA = Path(__file__).parent / "data" / "documents"
EXPECTED = sorted(DATA.glob("*.rows"))


def texts(source: str, kind: str) -> list[str]:
    return [row.text for row in read_text(source, kind).rows]


def listed(work: Work) -> list[str]:
    """Rows as the .rows files list them: the place, two blanks, the text with its line breaks marked."""
    return [f"{row.line}:{row.column}  " + row.text.replace("\n", "⏎") for row in work.rows]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.stem)
def test_rows_and_their_places(expected: Path) -> None:
    path = expected.with_suffix("")
    assert listed(read_file(path, path.read_bytes())) == expected.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("expected", [path for path in EXPECTED if "ipynb" not in path.name], ids=lambda p: p.stem)
def test_a_row_stands_where_it_is_said_to(expected: Path) -> None:
    path = expected.with_suffix("")
    lines = path.read_text(encoding="utf-8").split("\n")
    for row in read_file(path, path.read_bytes()).rows:
        assert lines[row.line - 1][row.column - 1 :].startswith(row.text.split("\n")[0].split("  ")[0])


def test_every_format_has_a_fixture() -> None:
    suffixes = {path.with_suffix("").suffix for path in EXPECTED}
    assert all(suffixes & set(format_.suffixes) for format_ in FORMATS)


M, STAR = MANDATORY, Parameter("s")


def test_macros() -> None:
    path = DATA / "homework.tex"
    assert read_file(path, path.read_bytes()).macros == (
        Macro(r"\R", r"\mathbb{R}^{#1}", (Parameter("o", "n"),)),
        Macro(r"\grad", r"\frac{\partial #1}{\partial #2}", (M, M)),
        Macro(r"\loss", "L(#1)", (M,)),
        Macro(r"\argmin", r"\operatorname*{arg\,min}"),
    )


@pytest.mark.parametrize(
    ("definition", "macro"),
    [
        (r"\newcommand{\v}[1]{\mathbf{#1}}", Macro(r"\v", r"\mathbf{#1}", (M,))),
        (r"\newcommand\v{\mathbf{v}}", Macro(r"\v", r"\mathbf{v}")),
        (r"\newcommand{\v}[2][x]{#1 #2}", Macro(r"\v", "#1 #2", (Parameter("o", "x"), M))),
        (r"\renewcommand*{\vec}[1]{\mathbf{#1}}", Macro(r"\vec", r"\mathbf{#1}", (M,))),
        (r"\def\v#1#2{#1_{#2}}", Macro(r"\v", "#1_{#2}", (M, M))),
        (r"\let\v=\mathbf", Macro(r"\v", r"\mathbf")),
        (r"\DeclareMathOperator{\tr}{tr}", Macro(r"\tr", r"\operatorname{tr}")),
        (r"\DeclareMathOperator*{\am}{arg\,max}", Macro(r"\am", r"\operatorname*{arg\,max}")),
        (r"\newcommand{\v}{a}\renewcommand{\v}{b}", Macro(r"\v", "b")),
        (r"\newcommand{\v}{a}\providecommand{\v}{b}", Macro(r"\v", "a")),
        (r"\NewDocumentCommand{\v}{m}{#1}", Macro(r"\v", "#1", (M,))),
        (r"\NewDocumentCommand\v{s O{J} m}{#2}", Macro(r"\v", "#2", (STAR, Parameter("o", "J"), M))),
        (r"\RenewDocumentCommand{\v}{o m}{#2}", Macro(r"\v", "#2", (Parameter("o"), M))),
    ],
)
@pytest.mark.parametrize("kind", ["tex", "md"])
def test_definitions(definition: str, macro: Macro, kind: str) -> None:
    work = read_text(f"{definition}\n\n$$a = b$$", kind)
    assert work.macros == (macro,)
    assert [row.text for row in work.rows] == ["a = b"]


@pytest.mark.parametrize("definition", [r"\newcommand{\v}", r"\def\v", r"\newcommand", r"\def\v#1x{y}", r"\let\v"])
def test_a_broken_definition_is_none(definition: str) -> None:
    assert read_text(f"{definition}\n\n$$a = b$$", "tex").macros == ()


@pytest.mark.parametrize("environment", sorted(ROWED - {"multline", "multlined"}))
@pytest.mark.parametrize("star", ["", "*"])
@pytest.mark.parametrize("kind", ["tex", "md"])
@pytest.mark.parametrize("frame", ["%s", "$$%s$$", r"\[%s\]", "$%s$", r"\begin{equation}%s\end{equation}"])
def test_every_environment_has_its_rows(environment: str, star: str, kind: str, frame: str) -> None:
    options = "{2}" if environment in {"alignat", "alignedat", "xalignat", "IEEEeqnarray"} else ""
    display = rf"\begin{{{environment}{star}}}{options} a &= b \\ &= c \end{{{environment}{star}}}"
    assert texts(f"Text.\n\n{frame % display}\n\nText.", kind) == ["a &= b", "&= c"]


@pytest.mark.parametrize(
    ("display", "rows"),
    [
        (r"a = b \\ = c", ["a = b", "= c"]),
        (r"a \\\\ b \\[1.6em] c \\* d \\", ["a", "b", "c", "d"]),
        (r"a \\ [x] = b", ["a", "[x] = b"]),
        (r"\sum_{\substack{i \\ j}} x \\ y", [r"\sum_{\substack{i \\ j}} x", "y"]),
        (r"{ a \\ b", ["{ a", "b"]),
        (r"a } \\ b", ["a }", "b"]),
        (r"f = \begin{aligned} a \\ b \end{aligned}", ["f =  a", "b"]),
        (r"\begin{array}{rcl} a &=& b \\ &=& c \end{array}", ["a &=& b", "&=& c"]),
        (r"\begin{array}{cc} a & b \\ c & d \end{array}", [r"\begin{array}{cc} a & b \\ c & d \end{array}"]),
        (r"\boxed{\begin{aligned} a \\ b \end{aligned}}", ["a", "b"]),
        (r"\boxed{a} \\ b", [r"\boxed{a}", "b"]),
        (r"\resizebox{3em}{!}{$\displaystyle a$} \\ \scalebox{0.5}{b}", ["a", "b"]),
        (r"\resizebox{3em}{a \\ b", [r"\resizebox{3em}{a", "b"]),
        (r"\begin{cases} a \\ b \end{cases} \\ c", [r"\begin{cases} a \\ b \end{cases}", "c"]),
        ("a % b \\\\ c\n= d", ["a \n= d"]),
        (r"a = 50\%", [r"a = 50\%"]),
        (r"a \text{ if $x$ } \\ b", [r"a \text{ if $x$ }", "b"]),
    ],
)
@pytest.mark.parametrize("kind", ["tex", "md"])
def test_rows_of_a_display(display: str, rows: list[str], kind: str) -> None:
    assert texts(f"$${display}$$", kind) == rows
    assert texts(f"\\[\n{display}\n\\]", kind) == rows


@pytest.mark.parametrize(
    ("source", "rows"),
    [
        ("$a = b$", ["a = b"]),
        ("so $a = b$", []),
        ("$a = b$, $c = d$.", ["a = b", "c = d"]),
        ("(a) $a = b$", ["a = b"]),
        ("$a$$b$", ["a", "b"]),
        ("costs $5\n\n$$a = b$$", ["a = b"]),
        ("costs $5 and $$a = b$$", ["a = b"]),
        ("$$a = b\n\nThis is only prose here.\n\n$$c = d$$", ["a = b", "c = d"]),
        ("\\begin{align} a &= b\n\nno end", ["a &= b"]),
        ("\\[ a = b", ["a = b"]),
        (r"\$5 $$a = b$$ \$6", ["a = b"]),
    ],
)
@pytest.mark.parametrize("kind", ["tex", "md"])
def test_which_formulas_are_rows(source: str, rows: list[str], kind: str) -> None:
    assert texts(source + "\n\n$$last = 1$$", kind) == [*rows, "last = 1"]


@pytest.mark.parametrize(
    ("source", "rows"),
    [
        ("> $$a\n> = b$$", ["a\n= b"]),
        ("- x\n- $$\n  - a\n  + b\n  $$\n", ["- a\n  + b"]),
        ("$$\na\n===\nb\n$$", ["a\n===\nb"]),
        ("~~~\n$$no = 1$$\n~~~\n$$a$$", ["a"]),
        ("we see that $$y$$ is small and $$y = 1$$ holds", ["y = 1"]),
        ("$$y$$", ["y"]),
        ('<script type="math/tex">a = b</script>', ["a = b"]),
        ("``$$no = 1$$`` ` $$a = b$$", ["a = b"]),
        ("<details>\n\n$$a$$\n\n</details>", ["a"]),
    ],
)
def test_markdown(source: str, rows: list[str]) -> None:
    assert texts(source, "md") == rows


def test_prose_is_kept_with_its_place() -> None:
    work = read_text("We see\nthat\n\n$$a = b$$ and so\n", "md")
    assert [(row.text, row.line, row.column) for row in work.prose] == [
        ("We see\nthat", 1, 1),
        ("and so", 4, 11),
    ]


def test_windows_line_ends_change_nothing() -> None:
    source = (DATA / "homework.tex").read_text(encoding="utf-8")
    assert read_file(Path("a.tex"), source.replace("\n", "\r\n").encode()) == read_text(source, "tex")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.tex", b"", "empty"),
        ("a.tex", b"  \n", "empty"),
        ("a.tex", b"$$a$$ \xff", "byte 6"),
        ("a.tex", b"$$a\0$$", "NUL"),
        ("a.tex", b"only words", "no mathematics"),
        ("a.md", b"`$$a$$`", "no mathematics"),
        ("a.txt", b"only words", "no mathematics"),
        ("a.pdf", b"%PDF-1.7", "a PDF"),
        ("a.docx", b"PK\x03\x04", "Word"),
        ("a.tex", b"x" * (LARGEST + 1), "larger"),
        ("a.ipynb", b"{", "not JSON"),
        ("a.ipynb", b"[" * 100_000, "not JSON"),
        ("a.ipynb", b"[]", "no cells"),
        ("a.ipynb", b'{"cells": [1, {"cell_type": "markdown", "source": 3}]}', "no mathematics"),
    ],
)
def test_faults(name: str, data: bytes, said: str) -> None:
    with pytest.raises(DocumentFault, match=said):
        read_file(Path(name), data)


def test_a_byte_order_mark_is_no_fault() -> None:
    assert read_file(Path("a.tex"), b"\xef\xbb\xbf$$a$$").rows[0].column == 3


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.stem)
def test_the_format_is_recognised_without_a_name(expected: Path) -> None:
    path = expected.with_suffix("")
    data = path.read_bytes()
    assert read_file(None, data).rows == read_file(path, data).rows


UNITS = (
    *(
        "$",
        "$$",
        "$$a\n",
        "\\[",
        "\\[ a\n\n",
        "\\begin{align}",
        "\\begin{align}\n\n",
        "{",
        "\\\\",
        "\\",
        "%",
        "\n",
    ),
    *(
        "`",
        "` `` ",
        "```\n",
        "> ",
        "- ",
        "- a\n",
        "1. a\n  ",
        "\\begin{verbatim}",
        "\\verb|",
        "\\def\\a#1{",
        " \n",
    ),
    *(
        "\\newcommand{\\a}{",
        "the chain rule ",
        "$a$\n\n",
        "\\item $a$\n",
        "\\left",
        "\\intertext{",
        "<!--",
        "[a]: b\n",
    ),
    *(
        '<script type="math/tex">',
        "$$\n\n the chain rule is\n",
        "$\\begin{aligned}",
        "\ud800",
        "\x01",
        "\u2028",
        "&",
    ),
)


def calls(source: str, kind: str) -> int:
    """How many calls reading a source makes."""
    counted = 0

    def count(*_: object) -> None:
        nonlocal counted
        counted += 1

    if kind == "ipynb":
        source = json.dumps({"cells": [{"cell_type": "markdown", "source": source.splitlines(True)}]})
    sys.setprofile(count)
    try:
        with suppress(DocumentFault):
            read_text(source, kind)
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize("kind", ["tex", "md", "txt", "ipynb"])
@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_hostile_input_costs_steps_in_proportion(unit: str, kind: str) -> None:
    for end in ("", "\n\n$$a = b$$"):
        small, large = (calls(unit * (size // len(unit)) + end, kind) for size in (250, 1_000))
        assert large <= 4.5 * small + 400


PIECES = st.lists(
    st.sampled_from([*UNITS, "a = b", "$a$", "\\end{align}", "\\]", "}", "\\cases", "\n\n", "\\end{aligned}", "x"]),
    max_size=30,
)


@settings(max_examples=60)
@given(PIECES.map("".join) | st.text(), st.sampled_from(["tex", "md", "txt", "ipynb"]))
def test_anything_is_read_or_refused(source: str, kind: str) -> None:
    try:
        work = read_text(source, kind)
    except DocumentFault:
        return
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for row in (*work.rows, *work.prose):
        assert 1 <= row.line <= len(lines)
        assert row.column >= 1
        assert "\0" not in row.text
    assert all(row.text.strip() for row in work.rows)


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("is_list", [True, False])
def test_a_notebook_on_one_line_keeps_its_order(indent: int | None, is_list: bool) -> None:
    texts = ["For $i = j$:\n\n$$a = b$$", "For $i \\neq j$:\n\n$$c = d$$"]
    made = [{"cell_type": "markdown", "source": one.splitlines(True) if is_list else one} for one in texts]
    work = read_text(json.dumps({"cells": made}, indent=indent), "ipynb")
    assert [row.text for row in work.formulas] == ["i = j", "a = b", r"i \neq j", "c = d"]
