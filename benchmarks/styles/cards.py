"""CARDS: the ways of writing LaTeX loosely that are planted, one row each."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from benchmarks.slips.trees import dims_of
from benchmarks.styles.drafts import Card, Change, Draft, Step
from benchmarks.styles.trees import (
    entry_for_whole,
    implied_sums,
    limits_from,
    numerator_layout,
    other_letters,
    squared,
    upstream_name,
)
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.shapes import SCALAR

SUMS = ("missing-sum", "escaped-index", "wrong-index", "sum-over-wrong-index", "delta-indices", "missing-delta")
SCOPES = ("bracket-lost", "term-outside-sum", "term-inside-sum", "bracket-too-wide", "missing-term", "product-rule")
TURNS = ("transposed", "layout", "product-order", "outer-for-inner", "inner-for-outer", "order-and-transpose")


def flag(name: str, *values: str) -> Change:
    """Trees are set in a way of several."""

    def change(draft: Draft, random: Random) -> bool:
        if name in draft.flags:
            return False
        draft.flags[name] = random.choice(values)
        return True

    return change


def everywhere(*ways: tuple[str, str | Callable[[re.Match[str]], str]]) -> Change:
    """One way of several to spell what fits a pattern, in the whole work."""

    def change(draft: Draft, random: Random) -> bool:
        pattern, new = random.choice(ways)
        return draft.spelled(lambda text: re.sub(pattern, new, text))

    return change


def in_one_row(*ways: tuple[str, str]) -> Change:
    """One way of several to spell what fits a pattern, in one row that has no slip."""

    def change(draft: Draft, random: Random) -> bool:
        pattern, new = random.choice(ways)
        fitting = [step for step in draft.free_steps() if re.search(pattern, step.said[1])]
        if not fitting:
            return False
        return draft.spelled(lambda text: re.sub(pattern, new, text), [random.choice(fitting)])

    return change


def _fonts(draft: Draft, random: Random) -> bool:
    """Arrays in bold, with an arrow, upright."""
    font = random.choice((r"\mathbf{{{}}}", r"\boldsymbol{{{}}}", r"\bm{{{}}}", r"\pmb{{{}}}", r"{{\bf {}}}"))
    known = draft.notation.names.values()
    letters = {name.full[0] for name in known if name.declared.kind == "array" and name.declared.dims != SCALAR}
    scalars = {name.full[0] for name in known if name.declared.dims == SCALAR}
    letters = {letter for letter in letters - scalars - set(draft.notation.indices) if letter.isalpha()}
    if not letters:
        return False
    pattern = re.compile(rf"(?<![\\A-Za-z])(?:{'|'.join(sorted(letters))})(?![A-Za-z])(?=[_^\s)}}\]+-]|\\|$)")
    return draft.spelled(lambda text: pattern.sub(lambda found: font.format(found[0]), text))


def _closing_lost(draft: Draft, random: Random) -> bool:
    """The bracket at the end of a row is not closed."""
    fitting = [step for step in draft.free_steps() if step.said[1].endswith(")") and r"\right" not in step.said[1]]
    fitting = [step for step in fitting if step.said[1].count("(") == step.said[1].count(")")]
    if not fitting:
        return False
    step = random.choice(fitting)
    step.said = step.said[0], step.said[1].removesuffix(")")
    return True


def _fence_mixed(draft: Draft, random: Random) -> bool:
    """A round bracket closed by a square one."""
    fitting = [step for step in draft.free_steps() if r" \right)" in step.said[1]]
    if not fitting:
        return False
    return draft.spelled(lambda text: text.replace(r"\right)", r"\right]", 1), [random.choice(fitting)])


def _for_all(draft: Draft, random: Random) -> bool:
    """A claim for each index of its left side."""
    fitting = [step for step in draft.free_steps() if re.search(r"_\{?[a-z]\}?\}?$", step.said[0]) and step.begins]
    if not fitting:
        return False
    step = random.choice(fitting)
    found = re.search(r"_\{?([a-z])\}?\}?$", step.said[0])
    assert found is not None
    step.behind += random.choice((r" \quad \forall {}", r" \quad \text{{for all }} {}", r", \; \forall {}")).format(
        found[1]
    )
    return True


def _aside(draft: Draft, random: Random) -> bool:
    """The rule of a row in words behind it."""
    fitting = [step for step in draft.steps if step.rule]
    if not fitting:
        return False
    step = random.choice(fitting)
    step.behind += random.choice((r" \quad \text{{({})}}", r" && \text{{{}}}", r" \qquad (\text{{{}}})")).format(
        step.rule
    )
    return True


def _given_beside(draft: Draft, random: Random) -> bool:
    """A given restated behind a row."""
    givens = [text for text in draft.problem.given if "=" in text and len(text) < 60 and "J(" not in text]
    fitting = [step for step in draft.steps if not step.behind and step.begins]
    if not givens or not fitting:
        return False
    lead = random.choice((r", \quad {}", r" \quad \text{{where }} {}", r" \qquad \text{{with }} {}"))
    random.choice(fitting).behind += lead.format(random.choice(givens))
    return True


def _boxed(draft: Draft, random: Random) -> bool:
    """The answer in a box or in colour."""
    last = draft.steps[-1]
    left, right = last.said
    box = random.choice((r"\boxed{{{}}}", r"\color{{red}}{{{}}}", r"\mathcolor{{blue}}{{{}}}", r"\underline{{{}}}"))
    last.said = left, box.format(right)
    return True


def _equal_sign(draft: Draft, random: Random) -> bool:
    """Other signs of equality, which the document sets."""
    draft.flags["equals"] = random.choice((r"\overset{(1)}{=}", r"\stackrel{(a)}{=}", r"\equiv", r"\underset{*}{=}"))
    return draft.flags["equals"] != ""


def _argument(draft: Draft, random: Random) -> bool:
    """The quantity that is asked about with what it depends on in brackets."""
    asked = r"\\frac\{\\partial ([A-Za-z]|\\ell)\}\{\\partial ([A-Za-z])(?:_\{?\w+\}?)?\}$"
    found = next(filter(None, (re.match(asked, step.said[0]) for step in draft.steps)), None)
    known = draft.notation.declared(found[1]) if found is not None else None
    if found is None or found[1] == found[2] or (known is not None and 1 not in known.dims):
        return False  # a matrix before a bracket is a factor
    variable = found[2]
    pattern = rf"(?<=\\partial ){re.escape(found[1])}(?=\}}\{{\\partial {variable}\b)"
    return draft.spelled(lambda text: re.sub(pattern, lambda one: f"{one[0]}({variable})", text))


def _own_operator(draft: Draft, random: Random) -> bool:
    """The operator alone on the left of a row."""
    fitting = [step for step in draft.free_steps() if step.begins and step.said[0].startswith(r"\frac{\partial ")]
    if not fitting:
        return False
    change = lambda text: re.sub(r"^\\frac\{\\partial (?:[A-Za-z]|\\ell)\}", r"\\frac{\\partial}", text)  # noqa: E731
    step = random.choice(fitting)
    before = step.said
    step.said = change(before[0]), before[1]
    return step.said != before


def _entrywise(draft: Draft, random: Random) -> bool:
    """Another sign of the entrywise product; a dot only where no two matrices stand there, whose product it is."""
    products = [node for step in draft.steps for node in step.right.walk() if node.head == "product"]
    dims = [dims_of(arg, draft.notation) for node in products if "odot" in node.data for arg in node.args]
    signs = (r"\circ", "*", *((r"\cdot", r"\bullet") if all(one and 1 in one for one in dims) else ()))
    sign = random.choice(signs)
    return draft.spelled(lambda text: re.sub(r"\\odot(?! \d)", lambda _: sign, text))


def _transpose_sign(draft: Draft, random: Random) -> bool:
    """Another sign of the transpose; a small t only where no quantity is called so."""
    signs = ["^{\\top}", "^\\top", "^\\intercal", "'", "^{\\mathsf{T}}", "^{\\mathrm{T}}", "^{T}"]
    sign = random.choice(signs + ["^t"] * (draft.notation.declared("t") is None))
    return draft.spelled(lambda text: text.replace("^T", sign))


def _left_again(draft: Draft, random: Random) -> bool:
    """Every row with its left side."""
    hidden = [step for step in draft.steps if not step.begins]
    for step in hidden:
        step.begins = True
    return bool(hidden)


def _open_scope(head: str) -> Change:
    """The last sum or operator of a row runs over all that follows, without a bracket."""

    def change(draft: Draft, random: Random) -> bool:
        fitting = [step for step in draft.free_steps() if _ends_in(step, head, draft)]
        if not fitting:
            return False
        step = random.choice(fitting)
        left, right = step.said
        tall = right.rfind(r"\left( ") if right.endswith(r" \right)") else -1
        start = tall if tall >= 0 else _partner(right)
        step.said = (
            left,
            right[:start] + right[start:].removeprefix(r"\left( ").removesuffix(r" \right)")
            if tall >= 0
            else (right[:start] + right[start + 1 : -1]),
        )
        return True

    return change


def _partner(text: str) -> int:
    """Where the bracket opens that closes at the end."""
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        depth += (text[place] == ")") - (text[place] == "(")
        if depth == 0:
            return place
    return -1


def _ends_in(step: Step, head: str, draft: Draft) -> bool:
    node = step.right
    while node.head in ("negative", "product", "group"):
        node = node.args[-1]
    if node.head != head or node.args[0].head != "add" or not step.said[1].endswith(")"):
        return False
    if head == "derivative" and (node.data == "Leibniz" or not _reaches(node)):
        return False
    text = step.said[1]
    if text.endswith(r" \right)"):
        return text.count(r"\left(") == 1
    start = _partner(text)
    return start > 0 and r"\left(" not in text and re.search(r"(?:\}|_\w) $", text[:start]) is not None


def _reaches(node: Expression) -> bool:
    """Whether it is seen that a derivative reaches over further terms: one holds its variable, or all are numbers."""
    by = {one.data for variable in node.args[1:] for one in variable.walk() if one.head in ("symbol", "member")}
    rest = node.args[0].args[1:]
    held = any(one.data in by for term in rest for one in term.walk() if one.head in ("symbol", "member"))
    return held or all(term.head == "number" for term in rest)


_SUM = r"\\sum(?:_\{[^{}]*\}|_\w)?(?:\^\{[^{}]*\}|\^\w)?"


def _dotted(sign: str) -> Callable[[re.Match[str]], str]:
    """A product sign for a space, but behind a sum."""
    return lambda found: found[0] if found[1] else f" {sign} "


CARDS = (
    Card("implied-sum", implied_sums, "tree", SUMS),
    Card("entry-for-whole", entry_for_whole, "tree"),
    Card("upstream-name", upstream_name, "tree"),
    Card("index-base", limits_from(0), "tree", SUMS),
    Card("limits", limits_from(1), "tree"),
    Card("letter", other_letters, "tree", SUMS),
    Card("square", squared, "tree"),
    Card("layout", numerator_layout, "tree", TURNS),
    Card("left-again", _left_again, "tree"),
    Card("sign-of-derivative", flag("derivative", "partial", "D", "nabla", "letter"), "set"),
    Card("fraction", flag("fraction", "over"), "set"),
    Card("derivative-over", flag("derivative", "over", "slash"), "set"),
    Card("exponential", flag("exponential", "braced", "bracketed"), "set"),
    Card(
        "delta",
        flag(
            "delta",
            r"\mathbf{{1}}\{{{} = {}\}}",
            r"\mathbb{{1}}[{} = {}]",
            r"\mathbf{{1}}_{{{} = {}}}",
            r"[{} = {}]",
            r"\delta_{{{},{}}}",
            r"\delta({}, {})",
        ),
        "set",
    ),
    Card(
        "total-derivative",
        everywhere(
            (r"\\partial(?![A-Za-z_])", "d"),
            (r"\\partial (\\?[A-Za-z])", r"d\1"),
            (r"\\partial(?![A-Za-z_])", r"\\mathrm{d}"),
            (r"\\partial(?![A-Za-z_])", r"\\delta"),
        ),
    ),
    Card(
        "transpose-sign",
        _transpose_sign,
        hides=("transposed",),
    ),
    Card("bold", _fonts),
    Card(
        "backslash-left-out",
        everywhere(
            (r"\\(log|exp|tanh|max)(?![A-Za-z])", r"\1"),
            (r"\\operatorname\{(\w+)\}", r"\1"),
            (r"\\operatorname\{(\w+)\}", r"\\text{\1}"),
        ),
    ),
    Card(
        "logarithm",
        everywhere((r"\\log", r"\\ln"), (r"\\log\((\\hat\{\w\}_\w|\w_\w)\)", r"\\log \1"), (r"\\log\(", r"\\log (")),
    ),
    Card(
        "entrywise",
        _entrywise,
        hides=("hadamard-for-product", "product-for-hadamard"),
    ),
    Card(
        "ones",
        everywhere(
            (r"\\mathbf\{1\}(?=\^)", r"\\vec{1}"),
            (r"\\mathbf\{1\}(?=\^)", r"\\mathbb{1}"),
            (r"\\mathbf\{1\}(?=\^)", r"1"),
        ),
    ),
    Card("stray-bracket", _closing_lost, hides=("bracket-lost", "bracket-too-wide")),
    Card("fence-mixed", _fence_mixed, hides=("bracket-lost", "bracket-too-wide")),
    Card("look-alike", everywhere((r"\\epsilon", r"\\varepsilon"), (r"\\phi", r"\\varphi"))),
    Card(
        "index-places",
        everywhere(
            (r"_\{([a-z])([a-z])\}", r"_{\1,\2}"),
            (r"_\{([a-z])([a-z])\}", r"_{\1 \2}"),
            (r"_\{([a-z])([a-z])\}", r"_{\1, \2}"),
        ),
    ),
    Card("family-by-word", _for_all),
    Card("aside", _aside),
    Card("given-beside", _given_beside),
    Card("boxed", _boxed),
    Card("equals", _equal_sign),
    Card("argument-written", _argument),
    Card("bare-operator", _own_operator),
    Card("sum-scope", _open_scope("sum"), hides=SCOPES),
    Card("operator-scope", _open_scope("derivative"), hides=SCOPES),
    Card(
        "sum-typo",
        in_one_row(
            (r"\\sum_([a-z]) ", r"\\sum_{\1} "),
            (r"\\sum_([a-z])", r"\\sum\\limits_\1"),
            (r"\\sum_\{([a-z]) = 1\}\^\{(\w)\}", r"\\sum_\1=1^\2"),
        ),
    ),
    Card(
        "missing-partial",
        in_one_row(
            (r"\\frac\{\\partial (\\?\w+(?:\{\w\})?_\w)\}\{\\partial (\w_\w)\}", r"\\frac{\\partial \1}{\2}"),
        ),
    ),
    Card(
        "brackets",
        everywhere(
            (r"\\left\(|\\right\)", lambda m: m[0][-1]),
            (r"\\left\( | \\right\)", lambda m: r"\left[" if "left" in m[0] else r"\right]"),
            (r"\\left|\\right", lambda m: r"\Big"),
        ),
    ),
    Card(
        "big-fractions",
        everywhere((r"\\frac", r"\\dfrac"), (r"\\frac", r"\\tfrac"), (r"\\frac\{1\}\{(\w)\}", r"\\frac1\1")),
    ),
    Card(
        "spaces",
        everywhere(
            (r" ", r"\\, "), (r" = ", r" \\;=\\; "), (r"(?<=[a-z0-9)}]) (?=[+-])", r"~"), (r"^", r"\\displaystyle ")
        ),
    ),
    Card(
        "dots",
        everywhere(
            *((rf"({_SUM}) (?=\\frac)|(?<=\}}) (?=\\frac)", dot) for dot in map(_dotted, (r"\cdot", r"\times", "*")))
        ),
    ),
    Card("negative", everywhere((r"^-(?=\\)", r"- "), (r"^-", r"-1 \\cdot "), (r"^-", r"(-1) "))),
)
