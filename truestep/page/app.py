"""The server of the page: what each address answers.  Nothing is kept but what a store keeps."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from truestep.checkers.workers import processors
from truestep.derivations.language.faults import StatementFault
from truestep.derivations.language.packed import packed_texts
from truestep.library.in_time import asked
from truestep.output.readable import visible
from truestep.page import judging
from truestep.page.drafts import DRAFTED
from truestep.page.offer import Offer
from truestep.page.questions import shown
from truestep.page.rendering import rendered
from truestep.page.reviewing import Review
from truestep.problems.homework.begun import begun
from truestep.reports.levels import LEVELS

HERE = Path(__file__).parent
REPORTS = HERE.parent / "reports"
LARGEST = 1024 * 1024  # bytes of a text
LARGEST_BODY = 4 * LARGEST  # a form writes most signs of LaTeX as three
HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),  # without one, a form is sent with no origin
    (b"cache-control", b"no-cache"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
LOCAL = frozenset(("127.0.0.1", "localhost", "[::1]"))
EXAMPLE = "softmax-jacobian"
EXAMPLE_WORK = r"""We differentiate $s_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$ by the quotient rule.

$$\frac{\partial s_i}{\partial z_j} = s_i (\delta_{ij} - s_j)$$

$$= s_i \delta_{ij} + s_i s_j$$
"""
SAID = {404: "There is no such page.", 500: "truestep failed here; please report what it was given."}


class TooLarge(StatementFault):
    """More was sent than is taken."""


class _Guarded:
    """Adds the headers that keep a page to itself; answers this machine by its own names alone, and takes no floods."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        known = dict(scope["headers"])
        host = known.get(b"host", b"").decode("latin-1")
        name = host.rpartition(":")[0] if ":" in host and not host.endswith("]") else host
        origin = known.get(b"origin", b"").decode("latin-1")
        is_foreign = scope["method"] == "POST" and origin not in ("", f"http://{host}")
        taken = 0

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > LARGEST_BODY:
                raise TooLarge(f"this is larger than {LARGEST // 1024} KiB")
            return message

        if name not in LOCAL or is_foreign:
            await Response("this page answers 127.0.0.1 alone", 403)(scope, receive, guarded)
        else:
            await self.app(scope, bounded, guarded)


class _Page(Starlette):
    """An application all of whose answers are guarded, those to its own failures too."""

    def build_middleware_stack(self) -> ASGIApp:
        return _Guarded(super().build_middleware_stack())


def page_of(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from its template."""
    return HTMLResponse(rendered(template, **values), status)


class Desk:
    """Answers the addresses of one offer."""

    def __init__(self, offer: Offer) -> None:
        self.offer = offer
        self.turns = asyncio.Semaphore(processors())  # who waits here may leave and costs nothing

    def home(self, request: Request) -> Response:
        """The list of problems, those that match what is looked for."""
        wanted = request.query_params.get("q", "").strip().lower()
        shelves = []
        for shelf in self.offer.shelves():
            entries = [one for one in shelf.entries if wanted in f"{one.name} {one.title} {one.text}".lower()]
            if entries:
                shelves.append((shelf.heading, entries))
        example = "" if wanted or self.offer.homeworks else EXAMPLE
        return page_of("home.html", offer=self.offer, shelves=shelves, wanted=wanted, example=example)

    async def problem(self, request: Request) -> Response:
        """A question with a place to type, and what was typed with its report where there is no script."""
        name = request.path_params["name"]
        problem = self.offer.problem(name)
        text = EXAMPLE_WORK if name == EXAMPLE and "example" in request.query_params else ""
        made, level = None, "none"
        if request.method == "POST":
            form = dict(await request.form(max_part_size=LARGEST_BODY))
            text, level = _text(form, "text"), self._level(_text(form, "reveal"))
            made = await self._judged(request, judging.CHECKED, judging.asked_of(problem, text, "", level))
        levels = LEVELS[1 : LEVELS.index(self.offer.reveal) + 1]
        values = {"name": name, "problem": problem, "question": shown(problem), "text": text, "made": made}
        return page_of("problem.html", offer=self.offer, levels=levels, level=level, **values)

    async def check(self, request: Request) -> Response:
        """A work judged: JSON in, JSON with HTML out."""
        body = await _body(request)
        problem, level = self.offer.problem(_text(body, "problem")), self._level(_text(body, "reveal"))
        work = judging.asked_of(problem, _text(body, "text"), Path(_text(body, "name")).name, level)
        return await self._told(request, judging.CHECKED, work)

    async def write(self, request: Request) -> Response:
        """A statement with what it means; where nothing was typed, the one that every key is explained in."""
        text = begun("problem")
        if request.method == "POST":
            text = _text(dict(await request.form(max_part_size=LARGEST_BODY)), "text")
        made = await self._judged(request, DRAFTED, text)
        return page_of("write.html", offer=self.offer, text=text, made=made)

    async def draft(self, request: Request) -> Response:
        """A statement looked through: JSON in, JSON with HTML out."""
        text = _text(await _body(request), "text")
        return await self._told(request, DRAFTED, text)

    def _level(self, wanted: str) -> str:
        """As much of the solution as is wanted and as the course lets it."""
        places = [LEVELS.index(one) for one in LEVELS if one in (wanted, self.offer.reveal)]
        return LEVELS[min(places)] if wanted in LEVELS else "none"

    async def _told(self, request: Request, function: str, given: str) -> Response:
        return Response(await self._made(request, function, given), media_type="application/json")

    async def _judged(self, request: Request, function: str, given: str) -> dict[str, Any]:
        made: dict[str, Any] = json.loads(await self._made(request, function, given))
        return made

    async def _made(self, request: Request, function: str, given: str) -> str:
        """What a worker finds, or what is said where it took too long; nothing for who has typed on meanwhile."""
        async with self.turns:
            if await request.is_disconnected():
                return json.dumps(judging.late("nobody waits for it"))
            return await run_in_threadpool(self._asked, function, given)

    def _asked(self, function: str, given: str) -> str:
        try:
            return asked(function, self.offer.seconds, given)
        except (TimeoutError, MemoryError) as fault:
            return json.dumps(judging.late(str(fault)))


async def _body(request: Request) -> dict[str, Any]:
    """The JSON object that was sent.  Raises StatementFault where it is none."""
    try:
        found = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise StatementFault("this is no JSON") from None
    if not isinstance(found, dict):
        raise StatementFault("this is no JSON object")
    return found


def _text(sent: Mapping[str, Any], key: str) -> str:
    """A text that was sent, empty where there is none.  Raises StatementFault where it is no text, or too large."""
    text = sent.get(key, "")
    if not isinstance(text, str):
        raise StatementFault(f"{key} is no text")
    data = text.encode("utf-8", "replace")
    if len(data) > LARGEST:
        raise TooLarge(f"{key} is larger than {LARGEST // 1024} KiB")
    return data.decode()


def _answered(request: Request, said: str, status: int) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"said": visible(said), "verdict": "unreadable", "html": "", "rows": []}, status)
    return page_of("fault.html", status, said=said)


async def _refused(request: Request, fault: Exception) -> Response:
    """A fault of whoever asked, as a page or as JSON."""
    unknown = 400 if request.url.path.startswith("/api/") else 404
    return _answered(request, str(fault), 413 if isinstance(fault, TooLarge) else unknown)


async def _unanswered(request: Request, fault: Exception) -> Response:
    """What has no page, or is sent in a form that no browser sends."""
    status = fault.status_code if isinstance(fault, HTTPException) else 500
    return _answered(request, SAID.get(status, "This cannot be answered."), status)


def create_app(offer: Offer) -> Starlette:
    """The application that answers for an offer.

    >>> create_app(Offer()).routes[0].path
    '/'
    """
    desk = Desk(offer)
    routes = [
        Route("/", desk.home),
        Route("/problem/{name:path}", desk.problem, methods=["GET", "POST"]),
        Route("/api/check", desk.check, methods=["POST"]),
        *(() if offer.homeworks else (Route("/write", desk.write, methods=["GET", "POST"]),)),
        *(() if offer.homeworks else (Route("/api/draft", desk.draft, methods=["POST"]),)),
        Route(
            "/static/report.css",
            lambda request: Response(packed_texts(REPORTS, ".css")["report.css"], media_type="text/css"),
        ),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]
    if offer.store is not None:
        review = Review(offer, offer.store)
        routes.append(Route("/review", review.overview, methods=["GET", "POST"]))
        routes.append(Route("/review/file", review.file))
        routes.append(Route("/review/answer", review.case, methods=["GET", "POST"]))
    faults: dict[Any, Any] = {StatementFault: _refused, HTTPException: _unanswered, Exception: _unanswered}
    return _Page(routes=routes, exception_handlers=faults)
