"""Answers that are shapes: tuples, products of sizes, and spaces of arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkers.claims import Group, groups
from checkers.comparing.verdicts import Verdict
from checkers.outcome import line_record
from checkers.shape_words import shape_in_words
from derivations.calculus import strip_groups
from derivations.entries import size_of
from derivations.expression import Expression
from derivations.faults import Fault, MeaningFault, ReadingFault
from derivations.reading.parser import Parser, Reading
from derivations.reading.rows import read_row
from derivations.reading.rowtext import row_tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from derivations.shapes import Size
    from problems.setting import Setting


def sizes_of(node: Expression) -> tuple[Size, ...] | None:
    r"""The sizes that a shape names: ``(N, m)``, ``m \times N``, ``\mathbb{R}^{t \times s}``; else None.

    >>> sizes_of(Expression("tuple", (Expression("size", (), "N"), Expression("size", (), "m"))))
    ('N', 'm')
    """
    node = strip_groups(node)
    if node.head in ("tuple", "space") or (node.head == "product" and set(node.data[1:]) == {"times"}):
        parts = node.args
    elif node.head in ("size", "number", "unknown", "symbol"):
        parts = (node,)
    else:
        return None
    try:
        return tuple(size_of(part) for part in parts)
    except MeaningFault:
        return None


def check_answer(rows: Sequence[str], setting: Setting) -> dict[str, Any]:
    """The check record of an answer that is one shape, or a list of them by name."""
    wanted = [sizes_of(node) for node in setting.answer]
    names = [strip_groups(node) for node in setting.find]
    lines: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    given: dict[int, tuple[tuple[Size, ...] | None, int]] = {}
    for group in groups(rows, setting.context):
        verdict, reason = "not_checked", ""
        try:
            for name, shape in _shapes(group, setting):
                place = _place(name, names, len(given), len(wanted))
                if place is None:
                    continue
                given[place] = (shape, group.rows[0])
                good = shape is not None and _same(shape, wanted[place])
                verdict = "right" if good and verdict != "wrong" else "wrong" if shape is not None else verdict
                if not good and shape is not None:
                    message = f"the shape is not {' x '.join(map(str, shape))}"
                    findings.append(
                        {
                            "line": group.rows[0],
                            "kind": "shape",
                            "code": "claimed-shape",
                            "message": message,
                            "span": None,
                        }
                    )
        except Fault as fault:
            verdict, reason = "unreadable", fault.message
        told = Verdict(verdict, "proved" if verdict == "right" else None, reason=reason)
        lines += [line_record(row, told) for row in group.rows]
    return _record(lines, findings, given, wanted)


def _record(
    lines: list[dict[str, Any]],
    findings: list[dict[str, Any]],
    given: dict[int, tuple[tuple[Size, ...] | None, int]],
    wanted: Sequence[tuple[Size, ...] | None],
) -> dict[str, Any]:
    wrong = [line["line"] for line in lines if line["verdict"] == "wrong"]
    row = max((place for _, place in given.values()), default=None)
    missing = [k for k in range(len(wanted)) if k not in given or given[k][0] is None]
    if wrong:
        final = "wrong"
    elif missing and given:
        final = "wrong"
        findings.append(
            {
                "line": row,
                "kind": "missing",
                "code": "missing-part",
                "message": "not every shape that is asked for is given",
                "span": None,
            }
        )
    else:
        final = (
            "right"
            if given
            else next((line["verdict"] for line in lines if line["verdict"] == "unreadable"), "not_checked")
        )
    return {
        "verdict": final,
        "final": {"line": row, "verdict": final},
        "first_wrong_line": wrong[0] if wrong else None,
        "lines": lines,
        "findings": findings,
    }


def _same(shape: tuple[Size, ...], wanted: tuple[Size, ...] | None) -> bool:
    """Whether two shapes are one; a column vector of n may be written n or n x 1."""
    if wanted is None:
        return False
    return (
        shape == wanted or (len(wanted) == 1 and shape == (*wanted, 1)) or (len(shape) == 1 and wanted == (*shape, 1))
    )


def _place(name: Expression | None, names: Sequence[Expression], count: int, total: int) -> int | None:
    if name is None:
        return count if count < total else None
    return next(
        (k for k, known in enumerate(names) if known == strip_groups(name)), 0 if not names and total == 1 else None
    )


def _shapes(group: Group, setting: Setting) -> list[tuple[Expression | None, tuple[Size, ...] | None]]:
    """The shapes that a row names, each with the name before it: ``W_1: t x s``, ``W_1 \\in R^{t x s}``, ``(t, s)``."""
    worded = shape_in_words(group.text)
    if worded is not None and worded[0] is None:
        return [(None, worded[1])]
    if worded is not None and worded[0] is not None:
        tokens = row_tokens(worded[0], setting.context)
        return [(Parser(tokens, 0, len(tokens), setting.notation, Reading()).whole(), worded[1])]
    if group.fault is not None:
        raise group.fault
    tokens = [
        token._replace(kind="mark", text="=")
        if token.text in (":", r"\in") and token.kind in ("mark", "command")
        else token
        for token in group.tokens
    ]
    out: list[tuple[Expression | None, tuple[Size, ...] | None]] = []
    if len(setting.problem.answer) == 1 and tokens and not any(token.text == "=" for token in tokens):
        whole = Parser(tokens, 0, len(tokens), setting.notation, Reading()).whole()
        return [(None, _read(whole))]
    for statement in read_row(tokens, setting.context, Reading(), frozenset()):
        left = statement.parts[0].expression if len(statement.parts) > 1 else None
        out.append((left, _read(statement.parts[-1].expression)))
    return out


def _read(node: Expression) -> tuple[Size, ...] | None:
    shape = sizes_of(node)
    if shape is None:
        raise ReadingFault("this is no shape: write (N, m), N \\times m or \\mathbb{R}^{N \\times m}", node.span)
    return shape
