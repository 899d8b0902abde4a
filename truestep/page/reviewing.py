"""The review of a class: its queue, one group of answers at a time, decided by keys."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, urlencode

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from truestep.checkers.handouts import EMPTY, work_of
from truestep.checkers.workers import Workers, processors
from truestep.classes.grading import result_rows, texts_of
from truestep.classes.groups import Group, grouped
from truestep.classes.review import Case, ReviewFault, cases_of, decide
from truestep.classes.running import Means, homework_of, regraded
from truestep.classes.store import Store, StoreFault, digest_of
from truestep.derivations.language.faults import StatementFault
from truestep.page.offer import Offer
from truestep.page.questions import shown
from truestep.page.rendering import rendered
from truestep.problems.homework.homework import Homework
from truestep.reports.html_page import fragment
from truestep.reports.model import Report
from truestep.reports.record_part import part_of_record

OPEN, ALL = "open", "all"
Made = TypeVar("Made")


@dataclass(frozen=True)
class Queue:
    """What is to be decided: the groups and the cases that they are, and the homework."""

    homework: Homework
    groups: tuple[Group, ...]
    cases: tuple[Case, ...]

    def place(self, group: str) -> int:
        """Where a group stands.  Raises StatementFault."""
        for place, one in enumerate(self.cases):
            if one.group == group:
                return place
        raise StatementFault("this group is no longer in the queue")


class Review:
    """Answers the addresses of a review; the store is open only while something is read or written."""

    def __init__(self, offer: Offer, folder: Path) -> None:
        self.offer, self.folder = offer, folder
        self.workers = Workers(processors())
        self._one = threading.Lock()
        self._is_stale = False  # whether something was decided since the marks were made
        self._kept: tuple[str, tuple[Group, ...]] | None = None

    @contextmanager
    def _store(self) -> Iterator[Store]:
        with self._one:
            try:
                with Store(self.folder) as store:
                    yield store
            except StoreFault as fault:
                raise StatementFault(str(fault)) from None

    def queue(self, which: str) -> Queue:
        """The queue as it is now; the groups are made anew only where the marks have changed."""
        with self._store() as store:
            homework, rows = homework_of(store), result_rows(store)
            state = digest_of(which, *(part for marked in store.marked().values() for part in marked))
            if self._kept is None or self._kept[0] != state:
                self._kept = state, tuple(grouped(store, homework, rows, self.workers, which == ALL))
            groups = self._kept[1]
            return Queue(homework, groups, cases_of(store, groups, texts_of(store), self.offer.is_anonymous))

    def decided(self, which: str, group: str, said: Callable[[Store, Homework, Group], Made]) -> Made:
        """What is made of a decision about a group."""
        queue = self.queue(which)
        place = queue.place(group)
        with self._store() as store:
            return said(store, queue.homework, queue.groups[place])

    async def overview(self, request: Request) -> Response:
        """The questions with what is left to decide; a post brings the marks up to date."""
        which = _which(request)
        told = ""
        if request.method == "POST" or self._is_stale:
            told = await run_in_threadpool(self._marked)
        queue = await run_in_threadpool(self.queue, which)
        return _page("review.html", offer=self.offer, queue=queue, which=which, told=told, address=_address)

    def _marked(self) -> str:
        with self._store() as store:
            summary = regraded(store, Means()).summary
            self._is_stale = False
            return summary

    async def file(self, request: Request) -> Response:
        """A file of a group of which no text was read, to be kept and looked at."""
        which, group = _which(request), request.query_params.get("group", "")
        place = request.query_params.get("place", "")
        name, data = await run_in_threadpool(self._copy, which, group, int(place) if place.isdigit() else 0)
        shown = f"hand-in{Path(name).suffix}" if self.offer.is_anonymous else Path(name).name
        told = {"content-disposition": f"attachment; filename*=UTF-8''{quote(shown)}"}
        return Response(data, media_type="application/octet-stream", headers=told)

    def _copy(self, which: str, group: str, place: int) -> tuple[str, bytes]:
        """The name and the bytes of a file.  Raises StatementFault."""
        queue = self.queue(which)
        members = queue.groups[queue.place(group)].members
        name = members[place][0].file if place < len(members) else ""
        with self._store() as store:
            data = next((store.copy_of(row.digest) for row in store.files() if row.name == name), None)
        if data is None:
            raise StatementFault("there is no such file in the store")
        return name, data

    async def case(self, request: Request) -> Response:
        """One group of answers; a post decides it, and goes on to the next that is open."""
        which, group = _which(request), request.query_params.get("group", "")
        fault = ""
        if request.method == "POST":
            form = await request.form()
            sent = {key: str(value) for key, value in form.items()}
            ticked = [str(one) for one in form.getlist("item")]
            try:
                await run_in_threadpool(
                    self.decided,
                    which,
                    group,
                    lambda store, homework, one: self._said(store, homework, one, sent, ticked),
                )
                self._is_stale = True
                return RedirectResponse(await run_in_threadpool(self._next, which, group), 303)
            except ReviewFault as found:
                fault = str(found)
        queue = await run_in_threadpool(self.queue, which)
        place = queue.place(group)
        case = queue.cases[place]
        around = {
            "before": _address(which, queue.cases[place - 1].group) if place else "",
            "after": _address(which, queue.cases[place + 1].group) if place + 1 < len(queue.cases) else "",
        }
        question = queue.homework.question(case.question)
        values = {
            "case": case,
            "place": place + 1,
            "count": len(queue.cases),
            "question": question,
            "asked": shown(question.problem, question.text) if question.problem else None,
            "report": await run_in_threadpool(_reported, queue.homework, case),
        }
        return _page("case.html", offer=self.offer, which=which, fault=fault, **around, **values)

    def _said(self, store: Store, homework: Homework, group: Group, sent: dict[str, str], ticked: list[str]) -> int:
        """What a form decides.  Raises ReviewFault."""
        by, comment, what = self.offer.reviewer, sent.get("comment", "").strip(), sent.get("decision", "")
        if what == "items":
            case = cases_of(store, [group], {}, True)[0]
            items = {one.what: str(place) in ticked for place, one in enumerate(case.items)}
            return decide(store, homework, group, by, items=items, comment=comment)
        if what == "points":
            try:
                points = float(sent.get("points", "").replace(",", "."))
            except ValueError:
                raise ReviewFault(f"{sent.get('points', '')!r} is no number of points") from None
            return decide(store, homework, group, by, points=points, comment=comment)
        return decide(store, homework, group, by, decision=what, comment=comment)

    def _next(self, which: str, group: str) -> str:
        """The address of the next group that is open; of the overview where none is."""
        queue = self.queue(which)
        place = queue.place(group)
        ahead = [*queue.cases[place + 1 :], *queue.cases[:place]]
        home = f"/review?{urlencode({'which': which})}"
        return next((_address(which, one.group) for one in ahead if one.is_open), home)


def _which(request: Request) -> str:
    return ALL if request.query_params.get("which") == ALL else OPEN


def _address(which: str, group: str) -> str:
    return f"/review/answer?{urlencode({'which': which, 'group': group})}"


def _page(template: str, **values: object) -> Response:
    return Response(rendered(template, **values), media_type="text/html")


def _reported(homework: Homework, case: Case) -> Markup:
    """The report on an answer, where it was judged."""
    problem = homework.question(case.question).problem
    if problem is None or not case.record:
        return Markup("")
    work = work_of(case.answer, problem) if case.answer is not None else EMPTY
    part = part_of_record(dict(case.record), work, problem, "", "answer", case.question)
    return Markup(fragment(Report((), "", (part,))))
