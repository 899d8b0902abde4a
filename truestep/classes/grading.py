"""A class graded into a store: files are taken in, distinct answers are judged once, students get their marks.

Whatever was done is found in the store and not done again; so an end at any moment costs what was under way, and the
result does not depend on how often that happened, nor on how many workers there are.
"""

from __future__ import annotations

import itertools
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from truestep.checkers.handins.reading import UNREAD, Document, Reader
from truestep.checkers.handins.sources import is_of_the_system
from truestep.checkers.workers import Ended, Limits, Workers
from truestep.classes import judging
from truestep.classes.decisions import Decisions, decided, read_decisions, text_of
from truestep.classes.judging import Brief, Judged, Wrong
from truestep.classes.program import program
from truestep.classes.roster import Roster
from truestep.classes.store import FileRow, Store, digest_of
from truestep.classes.students import READ, Class, Student
from truestep.classes.totals import Mark, Row, total

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from truestep.checkers.handins.reading import Answer
    from truestep.classes.cluster import Cluster
    from truestep.problems.homework.homework import Homework, Question

    Request = tuple[str, str, str, str]
    Found = tuple[str, Brief]
    Place = tuple[str, str]  # a question, and a student or what else tells requests of it apart


MOST_SWAPPED = 6  # answers of one hand-in that are looked at as answers to other questions


@dataclass(frozen=True)
class Progress:
    """How far the judging of answers is."""

    done: int
    left: int
    seconds_to_go: float


@dataclass
class Grading:
    """One run: a homework, the files that are given, and how they are judged."""

    store: Store
    homework: Homework
    roster: Roster | None = None
    jobs: int = 1
    limits: Limits = field(default_factory=Limits)
    told: Callable[[Progress], None] = lambda progress: None
    decisions: Decisions = field(default_factory=lambda: Decisions(()))
    dask: str = ""  # the address of a scheduler, where others than processes of this machine judge

    def run(self, writes: bool = True) -> tuple[Class, list[Row]]:
        """Reads, judges and marks what is not yet; the class as it is then, and the results in the order of keys.

        What is not to be written leaves the marks in the store as they are.
        """
        self.decisions = read_decisions(self.store)
        with self._crew() as workers:
            return self._run(workers, writes)

    def _crew(self) -> Workers | Cluster:
        if not self.dask:
            return Workers(self.jobs, self.limits)
        from truestep.classes.cluster import Cluster

        return Cluster(self.dask, self.limits)

    def _run(self, workers: Workers | Cluster, writes: bool) -> tuple[Class, list[Row]]:
        self._read_files(workers)
        found = Class(self.store, self.store.files(), self.roster)
        marked = self.store.marked()
        wanted = {key: self._signature(student) for key, student in found.students.items()}
        stale = [student for key, student in found.students.items() if marked.get(key, ("",))[0] != wanted[key]]
        rows = self._marked(stale, workers)
        if writes:
            gone = [key for key in marked if key not in found.students]
            encoded = [(key, wanted[key], msgspec.json.encode(row).decode()) for key, row in rows.items()]
            self.store.set_marked(encoded, gone)
        kept = {key: marked[key][1] for key in found.students if key not in rows}
        results = {key: msgspec.json.decode(row, type=Row) for key, row in kept.items()} | rows
        return found, [results[key] for key in sorted(results)]

    # Reading.

    def _read_files(self, workers: Workers | Cluster) -> None:
        """What each file holds, as far as it is not read yet for this homework; workers start meanwhile."""
        form = digest_of(program(), msgspec.json.encode(self.homework))
        again = self.store.get("form of reading") != form
        reader = Reader(self.homework)
        # of one that was not read the copy in the store may have been mended
        unread = [row for row in self.store.files() if again or not row.form or (row.form == UNREAD and not row.fault)]
        if unread:
            workers.start(len(unread) * len([*self.homework.questions]))
        for row in unread:
            self.store.set_read(self._read(row, reader))
        self.store.put(**{"form of reading": form})

    def _read(self, row: FileRow, reader: Reader) -> FileRow:
        data = None if row.fault else self.store.copy_of(row.digest)
        if row.fault or data is None:
            document = Document(
                "not read", said=(row.fault or "the copy in the store is damaged: give the file again",)
            )
        elif is_of_the_system(row.name.split("/")):
            document = Document("passed over", said=("a file of the system",))
        else:
            document = reader.read(row.name, data)
        told = json.dumps({"fields": document.fields, "said": document.said})
        return row._replace(form=document.state, told=told, answers=msgspec.json.encode(document).decode())

    def _document(self, row: FileRow) -> Document:
        text = self.store.answers_of(row.name, row.digest)
        if text is None:
            row = self._read(row, Reader(self.homework))
            self.store.set_read(row)
            text = row.answers
        return msgspec.structs.replace(msgspec.json.decode(text, type=Document), state=row.form)

    def _signature(self, student: Student) -> str:
        """What the marks of a student rest on."""
        attempts = [
            [one.unit, one.at, one.seen, one.is_late, [(row.name, row.digest, row.form, row.told) for row in one.files]]
            for one in student.attempts
        ]
        about = [student.person.key, student.person.name, student.person.email, student.person.section, student.said]
        return digest_of(self.store.get("form of reading"), self.decisions.digest, json.dumps([about, attempts]))

    # Judging.

    def _marked(self, students: Sequence[Student], workers: Workers | Cluster) -> dict[str, Row]:
        """The marks of some students; what rests on earlier answers is judged question by question."""
        papers = {student.key: self._paper(student) for student in students}
        read = {key: paper for key, paper in papers.items() if paper.is_read}
        clock = _Clock(self.told, sum(len(paper.answers) for paper in read.values()))
        asked = [question for question in self.homework.questions if question.is_answered] if read else []
        texts = {question.id: judging.asked(question, self.homework) for question in asked}
        alone = self._briefs(
            workers,
            {(one.id, key): _request(one, texts[one.id], paper, ()) for one in asked for key, paper in read.items()},
            clock,
        )
        before: dict[str, dict[str, Found]] = {key: {} for key in papers}
        for question in asked:
            mine = {key: alone[question.id, key] for key in read}
            carried = {  # what is right without an earlier wrong result is right with it
                (question.id, key): _request(question, texts[question.id], read[key], earlier)
                for key, (_, brief) in mine.items()
                if brief.verdict != "right"
                and question.id in read[key].answers
                and (earlier := self._earlier(question, before[key]))
            }
            again = self._briefs(workers, carried, clock)
            for key, found in mine.items():
                before[key][question.id] = again.get((question.id, key), found)
        self._find_swapped(workers, read, before, clock)
        self.store.commit()
        return {student.key: self._row(student, papers[student.key], before[student.key]) for student in students}

    def _find_swapped(
        self, workers: Workers | Cluster, papers: dict[str, Paper], found: dict[str, dict[str, Found]], clock: _Clock
    ) -> None:
        """Answers that say nothing of their own question, and answer another one of which the same holds."""
        asked = {one.id: one for one in self.homework.questions if one.problem and one.problem.kind == "expression"}
        texts = {name: judging.asked(question, self.homework) for name, question in asked.items()}
        wanted: dict[Place, Request] = {}
        places: dict[Place, tuple[Paper, str]] = {}
        for student, paper in papers.items():
            briefs = found[student]
            idle = [name for name in asked if name in paper.answers and not briefs[name][1].answers]
            for one, other in itertools.permutations(idle[:MOST_SWAPPED], 2):
                place = other, json.dumps([student, one])
                places[place] = paper, one
                wanted[place] = judging.request(texts[other], paper.answers[one], (), False)
        for place, (_, brief) in self._briefs(workers, wanted, clock).items():
            if brief.verdict == "right":
                (paper, one), other = places[place], place[0]
                paper.swapped[other] = one, brief.high
                paper.said.append(f"what stands under {one} answers {other}")

    def _earlier(self, question: Question, before: dict[str, Found]) -> list[Wrong]:
        """The wrong answers that are carried into a question."""
        others = () if question.is_by_hand else self.homework.carried_into(question)
        return [one for other in others if other.id in before for one in before[other.id][1].wrong]

    def _briefs(self, workers: Workers | Cluster, requests: dict[Place, Request], clock: _Clock) -> dict[Place, Found]:
        """What is judged of some answers, each distinct answer once."""
        keys = {place: judging.key_of(program(), request) for place, request in requests.items()}
        distinct: dict[str, Place] = {}
        for place, key in keys.items():
            distinct.setdefault(key, place)
        briefs = {key: brief for key in distinct if (brief := self.store.brief(key)) is not None}
        missing = {key: place for key, place in distinct.items() if key not in briefs}
        clock.skip(len(requests) - len(missing))
        judged = self._judged(workers, [requests[place] for place in missing.values()], clock)
        for (key, (question, _)), told in zip(missing.items(), judged, strict=True):
            briefs[key] = bytes(told.brief).decode()
            self.store.add_judged(key, question, briefs[key], bytes(told.record).decode())
        read = {key: msgspec.json.decode(brief, type=Brief) for key, brief in briefs.items()}
        return {place: (key, read[key]) for place, key in keys.items()}

    def _judged(self, workers: Workers | Cluster, requests: Sequence[Request], clock: _Clock) -> Iterator[Judged]:
        for request, answer in workers.each(judging.JUDGED, requests):
            text = self._left(workers, request, answer) if isinstance(answer, Ended) else answer
            yield msgspec.json.decode(text, type=Judged)
            clock.tick()

    def _left(self, workers: Workers | Cluster, request: tuple[str, ...], ended: Ended) -> str:
        reason = self.limits.reason(ended.limit)
        try:
            return workers.ask(judging.LEFT_OPEN, *request, ended.limit, reason)
        except Ended:
            return judging.not_judged(request[0], reason)

    def _paper(self, student: Student) -> Paper:
        """What a student's counted attempt answers."""
        paper = Paper()
        attempt = student.counted
        for row in attempt.files if attempt is not None else ():
            document = self._document(row)
            paper.add(row, document)
        return paper

    # Marks.

    def _row(self, student: Student, paper: Paper, briefs: dict[str, Found]) -> Row:
        marks = {}
        for question in self.homework.questions:
            if question.is_answered:
                mark = self._mark(question, paper, briefs.get(question.id))
                marks[question.id] = made = self._decided(student, question.id, mark)
                if made.decided and mark.low == mark.high != made.low:
                    paper.said.append(f"{question.id}: decided otherwise than the record, which gives {mark.low:g}")
        attempt, person = student.counted, student.person
        at, is_late = (attempt.at, attempt.is_late) if attempt is not None else ("", False)
        low, high, of, late = total(marks, self.homework, at, is_late)
        others = [f"{one.unit}: an earlier attempt, not counted" for one in student.attempts if one is not attempt]
        return Row(
            student.key,
            person.id,
            person.name,
            person.email,
            person.section,
            paper.state,
            paper.names[0] if paper.names else "",
            marks,
            low,
            high,
            of,
            late,
            at,
            tuple(dict.fromkeys([*student.said, *paper.said, *others])),
            tuple(paper.names),
        )

    def _decided(self, student: Student, question: str, mark: Mark) -> Mark:
        """The marks of a question as people decided them."""
        several = self.decisions.of(question, mark.text, student.key)
        told = self.store.judged(mark.key) if any(one.item for one in several) else None
        items = json.loads(told[1]).get("marks", {}).get("items", []) if told is not None else []
        return decided(mark, several, items)

    def _mark(self, question: Question, paper: Paper, found: Found | None) -> Mark:
        if found is None:
            of = self.homework.worth(question) or 0.0
            is_known = paper.state in ("empty", "nothing handed in", "other homework")
            left = () if paper.state in ("empty", "nothing handed in") else (paper.state,)
            return Mark(0.0, 0.0 if is_known else of, of, left)
        key, brief = found
        answer = paper.answers.get(question.id)
        person = (*brief.person, *paper.conflicts.get(question.id, ()))
        low, high = (0.0, brief.of) if question.id in paper.conflicts else (brief.low, brief.high)
        if question.id in paper.swapped:
            other, most = paper.swapped[question.id]
            person, high = (*person, f"what stands under {other} answers this"), max(high, most)
        return Mark(low, high, brief.of, person, brief.codes, brief.verdict, key, text_of(answer))


@dataclass
class Paper:
    """All that one attempt answers, from its files together."""

    state: str = "nothing handed in"
    answers: dict[str, Answer] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    names: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    conflicts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    swapped: dict[str, tuple[str, float]] = field(default_factory=dict)

    @property
    def is_read(self) -> bool:
        """Whether answers were found."""
        return self.state == "graded"

    def add(self, row: FileRow, document: Document) -> None:
        """Takes a file in: what it answers first counts, and another answer to the same is for a person."""
        self.said += [f"{row.name}: {one}" if self.names else one for one in document.said]
        self.names.append(row.name)
        if document.state != READ:
            order = ("graded", "for a person", "unplaced", "not read", "other homework", "empty", "nothing handed in")
            self.state = min(self.state, document.state, key=order.index)
            return
        is_first = self.state != "graded"
        self.state = "graded"
        self.said += [f"box {name} is missing" for name in document.lost]
        self.lost = document.lost if is_first else tuple(name for name in self.lost if name in document.lost)
        for answer in document.answers:
            other = self.answers.setdefault(answer.question, answer)
            if other.text.split() != answer.text.split():
                self.conflicts[answer.question] = ("it is answered in two files: which one counts?",)
        if document.loose and document.answers:
            self.said.append("some of it could be placed under no question")


class _Clock:
    """Tells now and then how far the judging is."""

    EVERY = 0.5

    def __init__(self, told: Callable[[Progress], None], count: int) -> None:
        self.told, self.count, self.done, self.judged = told, count, 0, 0
        self.begun = self.last = time.monotonic()

    def tick(self) -> None:
        """One answer is judged."""
        self.done, self.judged = self.done + 1, self.judged + 1
        now = time.monotonic()
        if now - self.last > self.EVERY:
            self.last = now
            left = max(self.count - self.done, 0)
            self.told(Progress(self.done, left, left * (now - self.begun) / max(self.judged, 1)))

    def skip(self, count: int) -> None:
        """Some answers are judged already."""
        self.done += count


def _request(question: Question, text: str, paper: Paper, earlier: Sequence[Wrong]) -> Request:
    return judging.request(text, paper.answers.get(question.id), earlier, question.id in paper.lost)


def result_rows(store: Store) -> list[Row]:
    """The results of all students, in the order of their keys."""
    return [msgspec.json.decode(row, type=Row) for _, row in store.marked().values()]


def texts_of(store: Store) -> dict[str, Answer]:
    """The answers of all files, by what tells their texts apart."""
    out: dict[str, Answer] = {}
    for row in store.files():
        text = store.answers_of(row.name, row.digest) if row.form == READ else None
        for answer in msgspec.json.decode(text, type=Document).answers if text else ():
            out.setdefault(text_of(answer), answer)
    return out
