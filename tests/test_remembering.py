"""Precedents: a work judged by what was decided of it before has, byte for byte, the record of one judged anew."""

from __future__ import annotations

import json
import random
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truestep.checkers.documents import DocumentFault, read_text
from truestep.checkers.documents.cases import conditioned
from truestep.checkers.documents.formats import sniff
from truestep.checkers.documents.rows import split
from truestep.checkers.documents.work import Row
from truestep.checkers.records import check_work
from truestep.checkers.remembering import precedents as remembering
from truestep.checkers.remembering.keeping import precedents_of
from truestep.checkers.remembering.numbers import Numbers, Unnumbered
from truestep.checkers.remembering.precedents import Precedents
from truestep.checkers.works.bench import Bench
from truestep.checkers.works.carrying import Carrying
from truestep.checkers.works.examine import prepared
from truestep.checkers.works.grouping import groups
from truestep.checkers.works.lines import Lines
from truestep.derivations.language.expression import symbol
from truestep.derivations.meaning.effort import MAX_EFFORT, Load
from truestep.page import judging
from truestep.problems.homework.named import problem_stated
from truestep.problems.statements.problem import Problem
from truestep.reports import html_page

FILE = Path(__file__).parent / "data" / "whole_works.jsonl"
WORKS = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
NAMES = {"problem": {"symbols": {"x": "scalar", "y": "scalar"}, "given": ["y = x^2"], "find": r"\frac{dy}{dx}"}}
CARRIED = [
    r"\frac{dy}{dx} = x + x",  # right
    r"a = 2 x",  # a name
    r"\frac{dy}{dx} = 3 x",  # wrong
    r"\frac{dy}{dx} = 3 x + a - a",  # from there
    r"\frac{dy}{dx} = a",  # right again
    r"\frac{dy}{dx} = 2 x",
]


def record(text: str, problem: Problem, precedents: Precedents | None = None) -> str:
    work = read_text(text, sniff(text), problem.in_words, problem.symbols)
    return json.dumps(check_work(work, problem, None, precedents=precedents))


def edited(text: str, dice: random.Random) -> str:
    """A text after one key, or with a line or a paragraph less, twice, or in another place."""
    parting = dice.choice(("\n", "\n", "\n\n"))
    lines = text.split(parting)
    place = dice.randrange(len(lines))
    line, kind = lines[place], dice.randrange(9)
    at = dice.randrange(len(line) + 1)
    if kind < 3:
        lines[place] = line[:at] + dice.choice("2x-+_^{}=ij ()") + line[at:]
    elif kind < 5:
        lines[place] = line[:at] + line[at + 1 :]
    elif kind == 5:
        lines.insert(dice.randrange(len(lines) + 1), line)
    elif kind == 6:
        other = dice.randrange(len(lines))
        lines[place], lines[other] = lines[other], line
    else:
        lines[place : place + 1] = []
    return parting.join(lines)


def texts(text: str, dice: random.Random, count: int) -> list[str]:
    """A text as it changes key by key, and goes back to what it was."""
    out = [text, text]
    for _ in range(count):
        out.append(edited(dice.choice((text, out[-1])), dice))
    return [*out, text]


def held(problem: Problem, versions: list[str]) -> int:
    """How often what is remembered makes another record."""
    kept, misses = Precedents(), 0
    for version in versions:
        try:
            anew = record(version, problem)
        except DocumentFault:
            continue
        misses += record(version, problem, kept) != anew
    return misses


@pytest.mark.parametrize("place", range(0, len(WORKS), 15))
def test_what_is_remembered_changes_no_record(place: int) -> None:
    problem, _ = problem_stated(WORKS[place]["problem"])
    assert held(problem, texts(WORKS[place]["submission"], random.Random(place), 5)) == 0


@pytest.mark.parametrize("seed", range(4))
def test_random_edits_of_two_works_in_turn(seed: int) -> None:
    """On one question, so that each is judged by what was decided of the other as well."""
    dice = random.Random(seed)
    works = dice.sample(WORKS, 2)
    problem, _ = problem_stated(works[0]["problem"])
    several = [texts(work["submission"], dice, 3) for work in works]
    assert held(problem, [text for pair in zip(*several, strict=True) for text in pair]) == 0


def test_a_group_is_told_by_all_that_is_asked_of_its_rows() -> None:
    asked = set[str]()

    class Spied:
        def __init__(self, row: Row) -> None:
            self.row = row

        def __getattr__(self, name: str) -> Any:
            asked.add(name)
            return getattr(self.row, name)

    for work in WORKS[::5]:
        problem, _ = problem_stated(work["problem"])
        found = read_text(work["submission"], sniff(work["submission"]), problem.in_words, problem.symbols)
        with prepared(problem) as world:
            groups([Spied(row) for row in conditioned(found)], world.setting.context)  # type: ignore[misc]
    assert asked == {*remembering.TOLD_OF_ROWS}


def test_rows_of_array_code_that_are_given_back_are_no_others() -> None:
    problem, _ = problem_stated(NAMES["problem"])
    with prepared(problem) as world:
        one, other = (
            Precedents().groups([Row("x**2", 1, 1, returned=is_returned)], world.setting.context)
            for is_returned in (True, False)
        )
        kept = Precedents()
        assert kept.groups([Row("x**2", 1, 1, returned=True)], world.setting.context) == one
        assert kept.groups([Row("x**2", 1, 1)], world.setting.context) == other
    assert one != other


@settings(max_examples=60, deadline=None, derandomize=True)
@given(pieces=st.lists(st.sampled_from([*"ab=&\n{} ", r"\\", r"\begin{cases}", r"\end{cases}", "%c", r"\left("])))
def test_rows_of_a_part_are_those_of_the_part_alone(pieces: list[str]) -> None:
    part = "".join(pieces)
    alone, within = split(part, 0, len(part)), split(f"$$ x $${part}$$ y", 7, 7 + len(part))
    assert [(one.text, one.offset + 7, one.end + 7) for one in alone] == [*within]


def rows(several: list[str]) -> str:
    return "\n\n".join(f"$$ {row} $$" for row in several)


def in_turn() -> tuple[Problem, list[str]]:
    """A work with a name, a wrong row and what follows it, with each of its rows changed, or without it."""
    problem, _ = problem_stated(NAMES["problem"])
    changed = [[*CARRIED[:k], CARRIED[k] + " + 0", *CARRIED[k + 1 :]] for k in range(len(CARRIED))]
    without = [[*CARRIED[:k], *CARRIED[k + 1 :]] for k in range(len(CARRIED))]
    return problem, [rows(one) for one in (CARRIED, *changed, *without, CARRIED)]


def test_names_and_carried_rows_in_turn() -> None:
    assert held(*in_turn()) == 0


def test_the_law_sees_a_verdict_that_stays_at_the_row_where_it_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "verdict_at", lambda row, known: known.verdict)
    problem, _ = problem_stated(NAMES["problem"])
    assert held(problem, [rows(CARRIED), rows([CARRIED[0], *CARRIED])]) > 0


def test_a_letter_stands_for_anything_until_a_row_says_what_it_is() -> None:
    problem, _ = problem_stated(NAMES["problem"])
    row, named = r"\frac{dy}{dx} = 2 x + c - c", [r"\frac{dy}{dx} = 2 x + c", "c = 0"]
    works = [[row], [row, "c = 0"], [row], named, named[:1], [*named, row], [named[0], row, named[1]]]
    assert held(problem, [rows(one) for one in works]) == 0


def test_a_name_that_a_wrong_row_rests_on_is_told_by_where_it_stands_now() -> None:
    problem, _ = problem_stated(NAMES["problem"])
    work, more = ["a = 5 x + 1", r"\frac{dy}{dx} = a"], [r"\frac{dy}{dx} = 2 x"]
    assert "rests-on" in record(rows(work), problem)
    assert record(rows([*more, *work]), problem) != record(rows(work), problem)
    several = [work, [*more, *work], [work[0], *more, work[1]], [*more, *more, *work], work]
    assert held(problem, [rows(one) for one in several]) == 0


def test_the_law_sees_a_precedent_that_forgets_what_stood_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering.Remembering, "_of_state", lambda self, lines: 1)
    assert held(*in_turn()) > 0


def test_rows_that_stand_are_not_judged_again(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []
    anew = remembering.Remembering._anew

    def counted(self: Any, judge: Any, lines: Any, found: Any, place: int, key: Any) -> Any:
        judged.append(found[place].text)
        return anew(self, judge, lines, found, place, key)

    monkeypatch.setattr(remembering.Remembering, "_anew", counted)
    problem, _ = problem_stated(NAMES["problem"])
    kept, work = Precedents(), [rf"\frac{{dy}}{{dx}} = 2 x + {k} - {k}" for k in range(1, 9)]
    record(rows(work), problem, kept)
    assert len(judged) == len(work)
    judged.clear()
    work[3] += " + 0"
    record(rows(work), problem, kept)
    assert judged == work[3:5]  # and the one that is compared with it
    judged.clear()
    work.insert(1, work[0] + " + 0")
    record(rows(work), problem, kept)
    assert judged == work[1:3]
    judged.clear()
    del work[2]
    record(rows(work), problem, kept)
    assert judged == work[2:3]


def test_a_work_near_a_limit_is_judged_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, versions = in_turn()
    kept = Precedents()
    record(versions[0], problem, kept)
    monkeypatch.setattr(remembering.Load, "is_light", False)
    assert record(versions[0], problem, kept) == record(versions[0], problem)
    assert kept.heavy


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "MOST_KEPT", 3)
    problem, versions = in_turn()
    assert held(problem, versions) == 0


def test_one_of_two_at_once_has_precedents_of_its_own() -> None:
    problem, _ = problem_stated(NAMES["problem"])
    with precedents_of(problem) as first, precedents_of(problem) as second:
        assert first is not second
    with precedents_of(problem) as again:
        assert again in (first, second)


def test_all_that_a_row_leaves_behind_is_told() -> None:
    """What is new here must be told in the key of a precedent, or be the same for all rows, or made anew for each."""
    problem, _ = problem_stated(NAMES["problem"])
    with prepared(problem) as world:
        bench = Bench(world)
        lines = Lines(world.setting, bench, Carrying(world.setting, world.counts, bench.scope.arena.effort))
        same = {
            "setting",
            "bench",
            "carrying",
            "goals",
            "unknowns",
            "given",
            "rounding",
            "settled",
            "lefts",
            "announced",
            "numeric",
            "conventions",
        }
        assert set(vars(lines)) == same | {"work", "doubts", *remembering.FLAGS} | {"_kept", "_posed"}
        told = {"introduced", "meant", "stands_for", "counted", "at_points", "scope", "world", "arbitrary", "lefts"}
        assert set(vars(bench)) == told | {"offers", "memory", "recall", "letting", "_scopes", "_begun"}


def test_a_number_tells_places_and_kinds() -> None:
    numbers = Numbers()
    assert numbers.of(symbol("x", (0, 1))) == numbers.of(symbol("x", (0, 1)))
    assert numbers.of(symbol("x", (0, 1))) != numbers.of(symbol("x", (2, 3)))
    assert len({numbers.of(one) for one in (1, True, 1.0, "1", (1,), [1], {1: 1}, {1})}) == 8
    with pytest.raises(Unnumbered):
        numbers.of(object())


def test_a_load_is_light_up_to_half_of_each_limit() -> None:
    assert Load().is_light
    assert not Load(spent=MAX_EFFORT // 2).is_light
    assert Load(spent=2, share=0.2).plus(Load(spent=3, share=0.4)) == Load(spent=5, share=0.4)


PIECES = (
    *CARRIED,
    r"= 2 x + 1 - 1",
    r"y = x^2 \quad (1)",
    "Then, if $x > 0$,",
    r"\boxed{\frac{dy}{dx} = 2x}",
    r"b_1 = a + x",
)
EDITS = st.lists(
    st.tuples(
        st.integers(0, 7), st.sampled_from(["insert", "delete", "key", "swap"]), st.sampled_from([*PIECES, "2", "}"])
    ),
    min_size=2,
    max_size=5,
)


def after(pieces: list[str], place: int, kind: str, text: str) -> list[str]:
    """The pieces of a work after one change."""
    place %= len(pieces)
    one = pieces[place]
    changed = {
        "insert": [text, one],
        "delete": [],
        "key": [one[: len(one) // 2] + text[:1] + one[len(one) // 2 :]],
        "swap": [*pieces[place + 1 : place + 2], one],
    }[kind]
    return [*pieces[:place], *changed, *pieces[place + 1 + (kind == "swap") :]] or ["x"]


def typed(pieces: list[str]) -> str:
    return "\n\n".join(one if "$" in one else f"$$ {one} $$" for one in pieces)


@pytest.mark.slow
@settings(max_examples=12, deadline=None, derandomize=True)
@given(pieces=st.lists(st.sampled_from(PIECES), min_size=3, max_size=8), edits=EDITS)
def test_a_page_shows_what_it_would_show_anew(pieces: list[str], edits: list[tuple[int, str, str]]) -> None:
    assert shown_otherwise(pieces, edits) == 0


def shown_otherwise(pieces: list[str], edits: list[tuple[int, str, str]]) -> int:
    """How often a page that remembers shows other bytes, as a work changes and goes back to what it was."""
    problem, _ = problem_stated(NAMES["problem"])
    versions = [pieces]
    for place, kind, text in edits:
        versions.append(after(versions[-1], place, kind, text))
    kept, rows, misses = Precedents(), dict[Any, Any](), 0
    for version in [*versions, pieces]:
        asked = judging.asked_of(problem, typed(version), "work.md", "none")
        made = []
        for known, table in ((kept, rows), (Precedents(), {})):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(judging, "precedents_of", lambda _, known=known: nullcontext(known))
                patch.setattr(html_page, "_kept", lambda table=table: table)
                made.append(judging.checked(asked))
        misses += made[0] != made[1]
    return misses


def test_the_law_sees_rows_of_html_that_forget_where_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_page.Line, "__hash__", lambda self: 0)
    monkeypatch.setattr(html_page.Line, "__eq__", lambda self, other: self.source == other.source)
    assert shown_otherwise([*CARRIED], [(0, "delete", "")]) > 0


def test_rows_that_stand_are_not_set_again(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, _ = problem_stated(NAMES["problem"])
    made: list[str] = []
    row = html_page._Page.row
    monkeypatch.setattr(html_page, "_kept", lambda table={}: table)
    monkeypatch.setattr(html_page._Page, "row", lambda self, line: made.append(line.source) or row(self, line))
    work = [rf"\frac{{dy}}{{dx}} = 2 x + {k} - {k}" for k in range(1, 9)]
    for change in ("", " + 0"):
        made.clear()
        judging.checked(judging.asked_of(problem, typed([*work[:3], work[3] + change, *work[4:]]), "work.md", "none"))
    assert made == [work[3] + " + 0"]
