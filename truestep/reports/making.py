"""From a check record and the rows that it speaks of to the report."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from truestep.derivations.language.latex.macros import expanded
from truestep.problems.findings.row import FAULT, NOTE, OPEN, RULE
from truestep.problems.findings.table import row_of
from truestep.problems.statements.declared_notation import user_macros
from truestep.reports import wording
from truestep.reports.excerpt import span_within
from truestep.reports.marks_shown import marks_of
from truestep.reports.model import Advice, Aside, Case, Line, Named, Part, Remark, Revealed
from truestep.reports.pieces import Text, formula, sentence, text_of, words
from truestep.reports.readings import seen
from truestep.reports.remarks import diagnosed, hint, remark, shortened

if TYPE_CHECKING:
    from truestep.checkers.documents import Row
    from truestep.checkers.mistakes import Card
    from truestep.derivations.language.latex.macros import Macro
    from truestep.problems.statements.problem import Problem

Record = Mapping[str, Any]
MOST_LINES = 1000
MOST_REMARKS = 6
MOST_ASIDES = 40
MOST_VALUES = 12
RESTATED_GIVEN = "given-restated"
PLACES = ("row", "column")
_GOES_ON = re.compile(r"\s*(?:&|\\quad|\\,)*\s*(?:=|\\approx|\\equiv|\\propto)")


@dataclass(frozen=True)
class Work:
    """What a record speaks of: the rows as written, the macros of the work, the problem, and how much is said of it."""

    rows: Sequence[Row] = ()
    macros: Sequence[Macro] = ()
    problem: Problem | None = None
    is_hinted: bool = False
    is_revealed: bool = False


def part_of(record: Record, work: Work, title: str, name: str = "", revealed: Revealed | None = None) -> Part:
    """The report on one answer; any record is borne, whatever it holds."""
    lines, findings, final = _mappings(record.get("lines")), _mappings(record.get("findings")), record.get("final")
    sound = {**record, "lines": lines, "findings": findings, "final": final if isinstance(final, Mapping) else {}}
    return _Maker(sound, work).part(title, name, revealed)


@dataclass
class _Maker:
    record: Record
    work: Work
    lines: list[Record] = field(init=False)
    findings: dict[Any, list[Record]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.lines = self.record["lines"]
        for finding in self.record["findings"]:
            self.findings.setdefault(finding.get("line"), []).append(finding)

    def part(self, title: str, name: str, revealed: Revealed | None) -> Part:
        rules = self.asides(RULE)
        problem = self.work.problem
        return Part(
            name=name,
            title=text_of(title),
            asked=problem.find if problem is not None else (),
            verdict=str(self.record.get("verdict", "unreadable" if "error" in self.record else "undecided")),
            headline=words(wording.headline(self.record, bool(rules))),
            summary=tuple(wording.summary(self.record, len(problem.find) if problem else 1, _is_general(problem))),
            lines=_told_once([self.line(line) for line in self.lines[:MOST_LINES]]),
            left_out=max(len(self.lines) - MOST_LINES, 0),
            rules=rules,
            notes=self.asides(NOTE),
            for_a_person=self.for_a_person(),
            marks=marks_of(self.record.get("marks")),
            revealed=None if wording.is_empty(self.record) else revealed,
            state=text_of(
                wording.at_a_glance(self.record, bool(rules), problem is not None and problem.kind == "by hand")
            ),
            is_empty=wording.is_empty(self.record),
            seen=seen(self.record),
        )

    def line(self, line: Record) -> Line:
        index = _index(line)
        row = self.row(index)
        source, verdict = row.text if row else "", str(line.get("verdict", "undecided"))
        findings = self.findings.get(index, [])
        own = user_macros(self.work.problem) if self.work.problem else {}
        macros = {**own, **{macro.name: macro for macro in self.work.macros}}
        return Line(
            number=index + 1,
            at=row.line if row else None,
            source=source,
            formula=expanded(source, macros),
            verdict=verdict,
            is_first_wrong=self.record.get("first_wrong_line") == index,
            remarks=tuple(_remarks(findings, line, source))[:MOST_REMARKS],
            case=_case(line.get("witness"), findings, source, self.work.is_revealed),
            advice=_advice(findings, self.work.is_hinted) if verdict == "wrong" else (),
        )

    def row(self, index: Any) -> Row | None:
        return self.work.rows[index] if isinstance(index, int) and 0 <= index < len(self.work.rows) else None

    def asides(self, tone: str) -> tuple[Aside, ...]:
        """What is said of the answer apart from its lines; the same of several lines is said once."""
        verdicts = {_index(line): str(line.get("verdict", "")) for line in self.lines}
        grouped: dict[Text, list[tuple[int | None, Any]]] = {}
        first: dict[Text, Record] = {}
        for index, findings in self.findings.items():
            for finding in findings:
                found, said, _ = remark(finding, verdicts.get(index, ""))
                if found == tone or (index is None and (tone, found) == (RULE, FAULT)):
                    is_of_work = row_of(str(finding.get("code"))).is_of_work
                    place = (None, None) if is_of_work else (index, finding.get("span"))
                    grouped.setdefault(said, []).append(place)
                    first.setdefault(said, finding)
        in_order = sorted(grouped.items(), key=lambda one: min(-1 if k is None else k for k, _ in one[1]))
        several = in_order[:MOST_ASIDES]
        short = shortened([first[said] for said, _ in several], [said for said, _ in several])
        return tuple(self.aside(said, places) for said, (_, places) in zip(short, several, strict=True))

    def aside(self, said: Text, places: Sequence[tuple[Any, Any]]) -> Aside:
        numbers = tuple(sorted({index + 1 for index, _ in places if isinstance(index, int)}))
        row = self.row(places[0][0]) if len(places) == 1 else None
        span = span_within(places[0][1], len(row.text)) if row else None
        if row is None or span is None:
            return Aside(numbers, said)
        return Aside(numbers, said, row.text, span)

    def for_a_person(self) -> tuple[Aside, ...]:
        """What the marking leaves to a person, but for what is said of the lines and of the answer themselves.

        What a person reads for is the solution's, and said with it.
        """
        marks = self.record.get("marks")
        left = marks.get("for_a_person") if isinstance(marks, Mapping) else None
        said_above = ("line", "answer") if self.work.is_revealed else ("line", "answer", "rubric")
        entries = [entry for entry in _mappings(left) if entry.get("about") not in said_above]
        asides = [Aside((), sentence(str(entry.get("message", "")))) for entry in entries]
        for finding in self.findings.get(None, ()):
            tone, said, _ = remark(finding, "")
            if tone == OPEN:
                asides.append(Aside((), said))
        return tuple(asides)


def _is_general(problem: Problem | None) -> bool:
    """Whether an answer holds for values: not where it is a number, a shape or a choice."""
    return problem is None or (problem.kind == "expression" and bool(problem.find))


def _mappings(entries: Any) -> list[Record]:
    return [entry for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, list | tuple) else []


def _index(line: Record) -> int:
    index = line.get("line")
    return index if isinstance(index, int) and index >= 0 else 0


def _remarks(findings: Sequence[Record], line: Record, source: str) -> list[Remark]:
    """What is said in the line itself, the faults first; where one is named, the mere difference is left out."""
    verdict, out = str(line.get("verdict", "")), list[Remark]()
    told = [(finding, *remark(finding, verdict)) for finding in findings]
    is_named = any(tone == FAULT and finding.get("code") != "value" for finding, tone, *_ in told)
    is_told = any(tone == FAULT and not is_mere and not diagnosed(finding) for finding, tone, _, is_mere in told)
    for finding, tone, said, is_mere in told:
        if tone in (RULE, NOTE) or (is_named and finding.get("code") == "value"):
            continue
        if is_told and tone == FAULT and is_mere:
            continue
        span = span_within(finding.get("span"), len(source)) if tone in (FAULT, OPEN) else None
        is_new = span is not None and span not in [known.span for known in out]
        if any(said == known.said for known in out):
            said = words("And here:") if is_new and tone == FAULT else ()
        if said:
            out.append(Remark(tone, said, span if is_new else None))
    shown = sorted(out, key=lambda remark: remark.tone != FAULT)
    return shown or _by_reason(line, verdict, source)


def _by_reason(line: Record, verdict: str, source: str) -> list[Remark]:
    """What is said of a line that no finding is about."""
    reason = str(line.get("reason") or "")
    if verdict in ("undecided", "unreadable"):
        return [Remark(OPEN, wording.open_reason(line), span_within(line.get("span"), len(source)))]
    if verdict == "wrong":
        return [Remark(FAULT, sentence(reason or row_of("value").message))]
    return [Remark(NOTE, sentence(reason))] if verdict == "not_checked" and reason else []


def _case(witness: Any, findings: Sequence[Record], source: str, is_revealed: bool) -> Case | None:
    """The numbers for which a line fails; the left side of a line without symbols is withheld, being the answer."""
    if not isinstance(witness, Mapping):
        return None
    every = _values(witness.get("values"))
    shown = _values(witness.get("on_line")) or every
    own = (row_of(str(finding.get("code"))).sides for finding in findings)
    named = next(filter(None, own), ()) or (
        ("what the line continues", "this line") if _GOES_ON.match(source) else ("left side", "right side")
    )
    sides = [
        Named(words(name), witness[key]) for name, key in zip(named, ("left", "right"), strict=True) if key in witness
    ]
    if not every and not is_revealed:
        return None
    names = {entry.name for entry in shown}
    further = tuple(entry for entry in every if entry.name not in names)
    return Case(shown, _values(witness.get("index")), tuple(sides), further)


def _values(entries: Any) -> tuple[Named, ...]:
    if not isinstance(entries, Mapping):
        return ()
    return tuple(Named(_name(str(name)), value) for name, value in list(entries.items())[:MOST_VALUES])


def _name(name: str) -> Text:
    """A symbol, or the place of an entry in words."""
    return words(f"in {name}") if name in PLACES else formula(name)


def _advice(findings: Sequence[Record], is_hinted: bool) -> tuple[Advice, ...]:
    """The cards of the mistakes in a line, each once; without a card, a hint may still name the rule."""
    known = {card.code: (card, finding) for finding in findings if (card := diagnosed(finding)) is not None}
    if known:
        made = (_from_card(card, is_hinted, str(finding.get("code"))) for card, finding in known.values())
        return tuple(advice for advice in made if advice != Advice())
    rules = [hint(str(finding.get("code"))) for finding in findings] if is_hinted else []
    return tuple(Advice(rule=rule) for rule in rules if rule)[:1]


def _told_once(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines, with what is said in full of one mistake said by name alone where it comes again."""
    first: dict[Advice, int] = {}
    out = []
    for line in lines:
        again = [_again(advice, first[advice]) if advice in first else advice for advice in line.advice]
        for advice in line.advice:
            first.setdefault(advice, line.number)
        out.append(replace(line, advice=tuple(again)))
    return tuple(out)


def _again(advice: Advice, number: int) -> Advice:
    return Advice(name=(*advice.name, *words(f" See line {number}.")))


def _from_card(card: Card, is_hinted: bool, code: str) -> Advice:
    """What a card says; of a given that is restated the remark itself says what to compare."""
    more = (sentence(card.tempting), hint(card.code)) if is_hinted else ((), ())
    name = () if card.code == RESTATED_GIVEN else sentence(card.name)
    return Advice(name, () if code == RESTATED_GIVEN else sentence(card.question), *more)
