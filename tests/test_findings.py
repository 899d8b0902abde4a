"""The table of findings: every code has one row, and what is said of it is there."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from truestep.checkers.form.final_form import FORMS
from truestep.checkers.mistakes import Card, mistakes
from truestep.checkers.mistakes.resting import said_by
from truestep.derivations.language.finding import Finding
from truestep.derivations.language.liberties import LIBERTIES
from truestep.problems.findings.mistakes import MISTAKES
from truestep.problems.findings.row import FAULT, NOTE, OPEN, RULE, Case, Row, names_in
from truestep.problems.findings.table import FINDINGS, MISTAKE_CODES, PRICED, kind_of, message_of, recorded, row_of
from truestep.problems.statements.statement import problem_from
from truestep.reports.remarks import hint, remark

CARDS = mistakes()
ROOT = Path(__file__).parent.parent
KINDS = ("value", "shape", "layout", "scope", "given", "name", "form", "missing", "notation", "logic")
CODES = tuple(row.code for row in FINDINGS)
# the calls that make findings, and where the code stands among their arguments
MAKERS = {"Finding": 0, "Judgement": 1, "_because": 1, "find": 1, "note": 0, "_nothing": 1, "message_of": 0}


def strings(node: ast.AST) -> Iterator[str]:
    """The texts that an expression may be: itself, or one branch of a choice."""
    if isinstance(node, ast.IfExp):
        yield from chain(strings(node.body), strings(node.orelse))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def made(tree: ast.AST) -> Iterator[str]:
    """Every code of a finding that a module makes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            place = MAKERS.get(name)
            if place is not None and len(node.args) > place:
                yield from strings(node.args[place])
            yield from chain.from_iterable(strings(one.value) for one in node.keywords if one.arg == "code")
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == 2:
            yield from (text for text in strings(node.value.elts[0]) if text in CODES)


@cache
def sources() -> tuple[tuple[Path, ast.AST], ...]:
    paths = (path for room in ("derivations/meaning", "checkers") for path in (ROOT / room).rglob("*.py"))
    return tuple((path, ast.parse(path.read_text(encoding="utf-8"))) for path in paths)


def texts(trees: Iterable[ast.AST]) -> set[str]:
    return {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)} - {None}  # type: ignore[misc]


def in_the_source() -> set[str]:
    return {code for path, tree in sources() if "families" not in path.parts for code in made(tree)}


def strangers(codes: Iterable[str]) -> list[str]:
    """Codes that are in no row."""
    return sorted(set(codes) - set(CODES))


def idle(rows: Iterable[Row], written: set[str]) -> list[str]:
    """Rows and cases that nothing in the source makes."""
    made_by_rule = {form.replace(" ", "-") for form in FORMS} | {card.code for card in CARDS}
    made_by_rule |= {liberty.slip for liberty in LIBERTIES}
    written = written | {liberty.case for liberty in LIBERTIES}
    out = [row.code for row in rows if row.code not in written | made_by_rule]
    return out + [f"{row.code}: {case.name}" for row in rows for case in row.cases if case.name not in written]


def filled_in(message: str, case: str) -> dict[str, str]:
    """Some argument for each name of a wording."""
    return dict.fromkeys(names_in(message), r"W^{(1)} {x}") | ({"case": case} if case else {})


def unsayable(rows: Iterable[Row]) -> list[str]:
    """Rows of which a message or what a report says names an argument that one of the wordings has not."""
    out = []
    for row in rows:
        for case, message, _ in row.wordings:
            known = names_in(message) | {"message"}
            if not message or not all(names_in(said) <= known for said in (row.said, row.on_wrong, row.again)):
                out.append(f"{row.code}: {case}")
    return out


def odd(rows: Iterable[Row]) -> list[str]:
    """Rows with a kind that there is not, sentences of reports that do not end, messages that are sentences."""
    out = [row.code for row in rows if not {case.kind or row.kind for case in row.wordings} <= set(KINDS)]
    out += [row.code for row in rows if row.said and row.said[-1:] not in ".?" and "{message}" not in row.said]
    return out + [row.code for row in rows for _, message, _ in row.wordings if message[-1:] == "."]


def unmatched(cards: Iterable[Card]) -> set[str]:
    """The codes of cards without a row of the mistakes, and of such rows without a card."""
    return {card.code for card in cards} ^ {row.code for row in MISTAKES}


def without_hint(rows: Iterable[Row]) -> list[str]:
    return [row.code for row in rows if not hint(row.code)]


@pytest.mark.slow
def test_every_code_is_in_the_table_once() -> None:
    assert len(CODES) == len(set(CODES))
    found = in_the_source()
    assert {"swapped-steps", "not-a-solution", "rests-on", "forgotten-bias", "no-answer", "chain-order"} <= found
    assert strangers(found | {liberty.slip for liberty in LIBERTIES if liberty.slip}) == []
    assert strangers(made(ast.parse('judged.find(row, "stray" if a else "other-stray", name="x")'))) == [
        "other-stray",
        "stray",
    ]


@pytest.mark.slow
def test_every_row_is_used() -> None:
    written = texts(tree for _, tree in sources())
    assert idle(FINDINGS, written) == []
    spare = Row("spare", "nobody says this", "value", cases=(Case("never", "nor this"),))
    assert idle((*FINDINGS, spare), written) == ["spare", "spare: never"]


def test_every_message_can_be_said() -> None:
    assert unsayable(FINDINGS) == []
    planted = [Row("a", "{left} differs", "value", said="{right} differs."), Row("b", "", "value")]
    assert unsayable(planted) == ["a: ", "b: "]
    assert odd(FINDINGS) == []
    rows = [Row("a", "m", "values"), Row("b", "m", "value", said="No end"), Row("c", "An end.", "value")]
    assert odd(rows) == ["a", "b", "c"]
    for row in FINDINGS:
        for case, message, _ in row.wordings:
            assert message_of(row.code, filled_in(message, case))
    with pytest.raises(KeyError):
        message_of("must-show", {})


def test_a_report_has_a_sentence_for_every_row() -> None:
    for row in FINDINGS:
        for case, message, _ in row.wordings:
            finding = recorded(Finding(row.code, (0, 1), filled_in(message, case)), 0, (0, 1))
            for verdict in ("right", "wrong", "undecided"):
                said = remark(finding, verdict)
                assert "".join(piece.text for piece in said.text).endswith((".", "?")), row.code
                assert "{" + "message" not in repr(said.text)
    assert remark({"code": "stray", "message": "no sign of jargon"}, "wrong")[0] == FAULT
    assert remark({"code": "stray", "message": "m"}, "undecided")[0] == OPEN
    assert remark({"code": "must-show", "args": [], "message": "m"}, "right")[0] == RULE


def test_what_leaves_no_doubt_is_a_note() -> None:
    assert [row.code for row in FINDINGS if row.kind == "notation" and row.slip and row.tone != NOTE] == []
    assert [row.code for row in FINDINGS if row.tone == NOTE and row.code not in PRICED] == []


def test_the_cards_are_rows() -> None:
    assert unmatched(CARDS) == set()
    assert unmatched((*CARDS[1:], replace(CARDS[0], code="stray"))) == {"stray", CARDS[0].code}
    for known in CARDS:
        finding = Finding(
            known.code, (0, 1), {**said_by(known), "given": "J", "fact": "f", "found": "a", "claimed": "b"}
        )
        assert message_of(finding.code, finding.args)
        assert kind_of(finding) == known.kind


@pytest.mark.parametrize("code", [card.code for card in CARDS])
def test_a_statement_knows_every_card(code: str) -> None:
    stated: Mapping[str, object] = {"symbols": {"x": "scalar"}, "find": "x", "answer": "1", "wrong": {"2": code}}
    assert problem_from(stated).wrong == {"2": code}
    assert code in MISTAKE_CODES


def test_every_mistake_has_its_rule() -> None:
    assert without_hint(MISTAKES) == []
    assert without_hint([Row("stray", "m", "value")]) == ["stray"]


def test_a_mistake_that_an_author_named_is_said_by_its_arguments() -> None:
    finding = Finding(
        "lost-gain", (0, 1), {"name": "The gain is lost", "ask": "what scales this?", "case": "at", "at": "'x'"}
    )
    assert recorded(finding, 0, (0, 1))["message"] == "The gain is lost at 'x': what scales this?"
    assert row_of("lost-gain").kind == "value"
