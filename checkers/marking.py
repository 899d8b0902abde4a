"""From a check record to marks: the one place where truth becomes a score.

A slip costs once: a line that rightly continues from it costs nothing, and where it spoils the final answer it costs
the answer or the line, whichever is more.  What is undecided or unreadable is counted at its worst and at its best, and
left to a person where that makes a difference.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from truestep.problems.findings.table import ANY_SLIP, row_of
from truestep.problems.statements.rubric import Rubric, rubric_of, rules_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from truestep.problems.statements.problem import Problem

    Record = Mapping[str, Any]

OPEN = ("undecided", "unreadable")
PLACES = 2


class Item(NamedTuple):
    """What one thing earned, of what, and why."""

    what: str
    earned: float
    of: float
    why: str


@dataclass(frozen=True)
class Asked:
    """One thing that is asked: the line of its answer, the verdict, and whether it rests on an earlier result."""

    name: str
    line: int | None
    verdict: str
    carried: bool = False


@dataclass(frozen=True)
class Sight:
    """A record as it is marked: the verdict of each line up to the answer, the answers, what was shown."""

    lines: Mapping[int, str]
    asked: tuple[Asked, ...]
    shown: Mapping[str, tuple[str, int | None]]
    broken: Mapping[str, str]
    idle: int = 0  # lines that are right and add nothing

    def settled(self, verdict: str) -> Sight:
        """What is open taken to be right, or to be wrong."""
        lines = {line: verdict if found in OPEN else found for line, found in self.lines.items()}
        asked = tuple(
            one if one.verdict in ("right", "wrong", "none") else replace(one, verdict=verdict) for one in self.asked
        )
        missing = "right" if verdict == "right" else "missing"
        shown = {text: (missing if found in OPEN else found, line) for text, (found, line) in self.shown.items()}
        unread = verdict == "wrong" and any(one.verdict not in ("right", "wrong", "none") for one in self.asked)
        broken = dict(self.broken) | ({"unread": "the answer could not be read"} if unread else {})
        return Sight(lines, asked, shown, broken, self.idle)


def marked(record: Record, problem: Problem, shown: Sequence[Record] = (), by_hand: str = "") -> dict[str, Any] | None:
    """The marks of a part: what was earned, of what, item by item, and what is left to a person.

    ``shown`` says of each of the problem's ``must_show`` on which line it stands and how that was judged; ``by_hand``
    is what a person reads for.  Where something is open, ``earned`` is None, with ``at_least`` and ``at_most``.  None
    where nothing says what the part is worth.

    >>> from truestep.problems.statements.problem import Problem
    >>> record = {"final": {"line": 0, "verdict": "right"}, "lines": [{"line": 0, "verdict": "right"}], "findings": []}
    >>> marked(record, Problem(answer=("x",), points=2))["earned"]
    2
    """
    rubric = rubric_of(problem)
    if rubric is None:
        return None
    if "error" in record:
        return {
            **_between(0.0, rubric.of),
            "of": _neat(rubric.of),
            "items": [],
            "for_a_person": [_left("error", None, record["error"])],
        }
    sight = _sight(record, problem, shown)
    open_ = _for_a_person(record, sight, by_hand)
    worst, best = (
        _with_work(_Count(sight.settled(verdict), rubric, problem).items(), record, problem)
        for verdict in ("wrong", "right")
    )
    deducted = _deducted(record, rubric)
    low, high = (max(0.0, sum(item.earned for item in (*items, *deducted))) for items in (worst, best))
    items = [_written(least, most) for least, most in zip(worst, best, strict=True)]
    return {
        **_between(low, high),
        "of": _neat(rubric.of),
        "items": [*items, *(_written(item, item) for item in deducted)],
        "for_a_person": open_,
    }


def total(several: Iterable[Record]) -> dict[str, Any]:
    """The marks of several parts together.

    >>> total([{"earned": 2, "of": 3}, {"earned": None, "at_least": 1, "at_most": 2, "of": 2}])
    {'earned': None, 'at_least': 3, 'at_most': 4, 'of': 5}
    """
    parts = list(several)
    low = sum(part["earned"] if part["earned"] is not None else part["at_least"] for part in parts)
    high = sum(part["earned"] if part["earned"] is not None else part["at_most"] for part in parts)
    return {**_between(low, high), "of": _neat(sum(part["of"] for part in parts))}


def _sight(record: Record, problem: Problem, shown: Sequence[Record]) -> Sight:
    asked = _asked(record, problem)
    last = max((one.line for one in asked if one.line is not None), default=None)
    counted = ("right", "wrong", *OPEN)
    here = [
        line
        for line in record["lines"]
        if line["verdict"] in counted and (last is None or line["line"] <= last or line["verdict"] == "unreadable")
    ]
    against = record["final"].get("against", ())
    idle = {line["line"] for line in here if line["verdict"] == "right" and "adds_nothing" in line}
    idle |= {one.line for one in asked if against and one.line is not None}
    lines = {line["line"]: line["verdict"] for line in here if line["line"] not in idle}
    if against:  # the worst of answers that contradict each other
        asked = tuple(
            replace(one, verdict="wrong", line=against[0]) if one.verdict == "right" else one for one in asked
        )
    elif here and not lines and record["final"]["verdict"] == "undecided":  # nothing but what is given was written
        asked = tuple(replace(one, verdict="none") for one in asked)
    if last is not None and max(lines, default=last) > last:  # it may be the answer that could not be read
        asked = tuple(replace(one, verdict="undecided", line=max(lines)) for one in asked)
    rules = {code for code, _ in rules_of(problem)} - {"must-show"}
    broken = {finding["code"]: finding["message"] for finding in record["findings"] if finding["code"] in rules}
    if rules and all(one.verdict == "none" for one in asked):
        broken["unread"] = "there is no answer"
    if against:
        broken["unread"] = "the answers contradict each other"
    return Sight(lines, asked, {one["show"]: (one["verdict"], one["line"]) for one in shown}, broken, len(idle))


def _asked(record: Record, problem: Problem) -> tuple[Asked, ...]:
    """What is asked, each with its answer; ``none`` where it is certain that there is none."""
    final = record["final"]
    empty = not record["lines"] and any(finding["code"] == "no-answer" for finding in record["findings"])
    names = problem.find or tuple(dict.fromkeys(one["find"] for one in final.get("answers", ())))
    if empty or final["verdict"] == "right" or len(names) < 2 or "answers" not in final:
        verdict = "none" if empty else final["verdict"]
        return (Asked("", final["line"], verdict, bool(final.get("carried"))),)
    unread = any(line["verdict"] in OPEN for line in record["lines"])
    order = ("wrong", *OPEN, "not_checked", "right")
    found = []
    for name in names:
        here = [one for one in final["answers"] if one["find"] == name]
        if not here or all(one["line"] is None for one in here):
            found.append(Asked(name, None, "undecided" if unread else "none"))
            continue
        worst = min(here, key=lambda one: order.index(one["verdict"]))
        carried = worst["verdict"] == "wrong" and all(one.get("carried") for one in here if one["verdict"] == "wrong")
        found.append(Asked(name, max(one["line"] for one in here), worst["verdict"], carried))
    return tuple(found)


class _Count:
    """The items of a part in which nothing is open."""

    def __init__(self, sight: Sight, rubric: Rubric, problem: Problem) -> None:
        self.sight, self.rubric, self.rules = sight, rubric, rules_of(problem)
        self.share = rubric.method / len(sight.lines) if sight.lines else 0.0
        self.own = {
            line: text for text, (found, line) in sight.shown.items() if text in rubric.lines and found == "wrong"
        }
        wrong = [line for line, found in sight.lines.items() if found == "wrong"]
        self.charges = {line: rubric.lines[self.own[line]] if line in self.own else self.share for line in wrong}
        self.spared: set[int] = set()  # the lines whose slip is counted in the final answer
        seen = (*sight.lines.values(), *(one.verdict for one in sight.asked))
        self.is_nothing_right = "right" not in seen

    def items(self) -> list[Item]:
        """The items; where no line and no answer is right, there is nothing to give marks for."""
        points = self.rubric.final / len(self.sight.asked)
        items = [self._final(one, points) for one in self.sight.asked]
        items += [self._method()] if self.rubric.method else []
        items += [self._shown(text, points) for text, points in self.rubric.lines.items()]
        items += [self._rule(code, rule) for code, rule in self.rules if self.rubric.form]
        if not self.is_nothing_right:
            return items
        why = "no line and no answer is right" + ("; what is given earns nothing" if self.sight.idle else "")
        return [item._replace(earned=0.0, why=why) for item in items]

    def _final(self, one: Asked, points: float) -> Item:
        what = f"final answer: {one.name}" if one.name else "final answer"
        if one.verdict == "right":
            return Item(what, points, points, _judged("right", one.line))
        if one.verdict == "none":
            return Item(what, 0.0, points, "there is no answer")
        if one.carried and not self.charges:
            return Item(what, points, points, "right given the answer to an earlier part")
        slip = max(self.charges, key=lambda line: (self.charges[line], -line)) if one.carried else one.line
        if slip not in self.charges or slip is None:
            return Item(what, 0.0, points, _judged("wrong", one.line))
        if self.charges[slip] > points or (one.carried and slip in self.spared):
            return Item(what, points, points, f"the slip in line {slip + 1} is counted there alone")
        self.spared.add(slip)
        return Item(what, 0.0, points, f"wrong: the slip in line {slip + 1}, counted here alone")

    def _method(self) -> Item:
        """The share of lines that are right or carried; a slip that is counted elsewhere is not counted here."""
        lines = self.sight.lines
        costly = [line for line in self.charges if line not in self.own and line not in self.spared]
        spared = [f"; line {line + 1} is counted in the answer" for line in sorted(self.spared - set(self.own))]
        counted = f"{len(lines)} line{'s' if len(lines) > 1 else ''}"
        nothing = f"; {self.sight.idle} more add{'s' * (self.sight.idle == 1)} nothing" if self.sight.idle else ""
        why = f"{len(lines) - len(self.charges)} of {counted} right{nothing}{''.join(spared)}"
        return Item("method", self.rubric.method - self.share * len(costly), self.rubric.method, why)

    def _shown(self, text: str, points: float) -> Item:
        found, line = self.sight.shown.get(text, ("missing", None))
        if found == "missing":
            return Item(f"shows {text}", 0.0, points, "no line gives it")
        if line in self.spared:
            return Item(f"shows {text}", points, points, f"wrong, line {line + 1}; counted in the answer")
        return Item(f"shows {text}", points if found == "right" else 0.0, points, _judged(found, line))

    def _rule(self, code: str, rule: str) -> Item:
        """A rule for the answer, or an expression that must be shown and has no points of its own."""
        share = self.rubric.form / len(self.rules)
        if code == "must-show":
            found, line = self.sight.shown.get(rule, ("missing", None))
            if found == "missing":
                return self._shown(rule, share)
            return Item(f"shows {rule}", share, share, f"in line {line + 1}" if line is not None else "shown")
        why = self.sight.broken.get(code) or self.sight.broken.get("unread")
        return Item(f"rule: {rule}", 0.0 if why else share, share, why or "kept")


def _with_work(items: list[Item], record: Record, problem: Problem) -> list[Item]:
    """The items of an answer without work earn the share that the rubric says."""
    share = problem.marking.needs_work
    if share is None or not record["final"].get("bare") or problem.kind != "expression" or not problem.find:
        return items
    why = f"; there is no work beside the answer, which earns {share:g} of the points"
    return [
        item._replace(earned=item.earned * share, why=item.why + why if item.earned else item.why) for item in items
    ]


def _deducted(record: Record, rubric: Rubric) -> list[Item]:
    """What slips of notation cost, each code once, however often it occurs."""
    codes = Counter(finding["code"] for finding in record["findings"])
    said = {finding["code"]: finding["message"] for finding in reversed(record["findings"])}
    notation = {code for code in codes if row_of(code).kind == ANY_SLIP and row_of(code).slip}
    found = [code for code in rubric.deduct if code in codes]
    if ANY_SLIP in rubric.deduct and notation - set(found):
        said[ANY_SLIP] = said[min(notation - set(found))]
        found.append(ANY_SLIP)
    return [Item(f"slip: {code}", -rubric.deduct[code], 0.0, said[code]) for code in found]


def _left(about: str, line: int | None, message: str) -> dict[str, Any]:
    """One thing that is left to a person."""
    return {"about": about, "line": line, "message": message}


def _for_a_person(record: Record, sight: Sight, by_hand: str) -> list[dict[str, Any]]:
    """What a person has to look at."""
    said = {"undecided": "is undecided", "unreadable": "could not be read"}
    unanswered = all(one.verdict == "none" for one in sight.asked)
    out = [
        _left(
            "line",
            line["line"],
            f"line {line['line'] + 1} {said[line['verdict']]}: {line.get('reason', 'no reason is known')}",
        )
        for line in record["lines"]
        if line["line"] in sight.lines and line["verdict"] in said
    ]
    for one in sight.asked:
        if one.verdict not in ("right", "wrong", "none"):
            name = f"the answer for {one.name}" if one.name else "the final answer"
            reason = record["final"].get("reason", "")
            state = "is not checked" if one.verdict == "not_checked" else said[one.verdict]
            out.append(_left("answer", one.line, f"{name} {state}" + (f": {reason}" if reason else "")))
    out += [
        _left("shown", line, f"whether a line gives {text} is open" + ("" if line is None else f", line {line + 1}"))
        for text, (found, line) in sight.shown.items()
        if found in OPEN and line not in sight.lines
    ]
    return [*out, *([_left("rubric", None, f"read for: {by_hand}")] if by_hand and not unanswered else [])]


def _judged(verdict: str, line: int | None) -> str:
    return verdict if line is None else f"{verdict}, line {line + 1}"


def _written(least: Item, most: Item) -> dict[str, Any]:
    low, high = sorted((least.earned, most.earned))
    why = most.why if low == high else f"a person decides: {least.why}, or {most.why}"
    return {"for": most.what, **_between(low, high), "of": _neat(most.of), "why": why}


def _between(low: float, high: float) -> dict[str, Any]:
    least, most = _neat(low), _neat(high)
    return {"earned": most} if least == most else {"earned": None, "at_least": least, "at_most": most}


def _neat(points: float) -> float:
    """Points to two decimals, whole ones without any."""
    rounded = round(points, PLACES)
    return int(rounded) if rounded == int(rounded) else rounded
