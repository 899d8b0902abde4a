"""The server of the page: what each address answers.  Nothing is kept but what a store keeps."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from truestep.derivations.language.faults import StatementFault
from truestep.library.in_time import asked
from truestep.page import judging
from truestep.page.drafts import DRAFTED
from truestep.page.offer import LEVELS, Offer
from truestep.page.questions import shown
from truestep.page.rendering import rendered
from truestep.page.reviewing import Review
from truestep.problems.homework.begun import begun
from truestep.problems.statements.problem import Problem

HERE = Path(__file__).parent
REPORTS = HERE.parent / "reports"
LARGEST = 1024 * 1024
HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
LOCAL = frozenset(("127.0.0.1", "localhost", "[::1]", "testserver"))
EXAMPLE = "softmax-jacobian"


class _Guarded:
    """Adds the headers that keep a page to itself; answers this machine by its own names alone."""

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
        if name not in LOCAL or is_foreign:
            await Response("this page answers 127.0.0.1 alone", 403)(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        await self.app(scope, receive, guarded)


def page_of(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from its template."""
    return HTMLResponse(rendered(template, **values), status)


class Desk:
    """Answers the addresses of one offer."""

    def __init__(self, offer: Offer) -> None:
        self.offer = offer

    def home(self, request: Request) -> Response:
        """The list of problems, those that match what is looked for."""
        wanted = request.query_params.get("q", "").strip().lower()
        shelves = []
        for shelf in self.offer.shelves():
            entries = [one for one in shelf.entries if wanted in f"{one.name} {one.title} {one.text}".lower()]
            if entries:
                shelves.append((shelf.heading, entries))
        return page_of("home.html", offer=self.offer, shelves=shelves, wanted=wanted)

    async def problem(self, request: Request) -> Response:
        """A question with a place to type, and what was typed with its report where there is no script."""
        name = request.path_params["name"]
        problem = self.offer.problem(name)
        text, made, level = "", None, "none"
        if request.method == "POST":
            form = await request.form(max_part_size=LARGEST)
            text, level = str(form.get("text", "")), self._level(str(form.get("reveal", "none")))
            made = await run_in_threadpool(self.judged, problem, text, "", level)
        levels = LEVELS[1 : LEVELS.index(self.offer.reveal) + 1]
        values = {"name": name, "problem": problem, "question": shown(problem), "text": text, "made": made}
        return page_of("problem.html", offer=self.offer, levels=levels, level=level, **values)

    async def check(self, request: Request) -> Response:
        """A work judged: JSON in, JSON with HTML out."""
        body = await _body(request)
        name, text = str(body.get("problem", "")), str(body.get("text", ""))
        level, file = self._level(str(body.get("reveal", "none"))), str(body.get("name", ""))
        made = await run_in_threadpool(self.judged, self.offer.problem(name), text, file, level)
        return JSONResponse(made)

    async def write(self, request: Request) -> Response:
        """A statement with what it means; where nothing was typed, the one that every key is explained in."""
        text = begun("problem")
        if request.method == "POST":
            text = str((await request.form(max_part_size=LARGEST)).get("text", ""))
        made = await run_in_threadpool(self._asked, DRAFTED, text)
        return page_of("write.html", offer=self.offer, text=text, made=made)

    async def draft(self, request: Request) -> Response:
        """A statement looked through: JSON in, JSON with HTML out."""
        text = str((await _body(request)).get("text", ""))
        return JSONResponse(await run_in_threadpool(self._asked, DRAFTED, text))

    def _level(self, wanted: str) -> str:
        """As much of the solution as is wanted and as the course lets it."""
        places = [LEVELS.index(one) for one in LEVELS if one in (wanted, self.offer.reveal)]
        return LEVELS[min(places)] if wanted in LEVELS else "none"

    def judged(self, problem: Problem, text: str, name: str, level: str) -> dict[str, Any]:
        """What a worker finds, or what is said where it took too long."""
        return self._asked(judging.CHECKED, judging.asked_of(problem, text, Path(name).name, level))

    def _asked(self, function: str, request: str) -> dict[str, Any]:
        try:
            made: dict[str, Any] = json.loads(asked(function, self.offer.seconds, request))
        except (TimeoutError, MemoryError) as fault:
            return judging.late(str(fault))
        return made


async def _body(request: Request) -> dict[str, Any]:
    """The JSON object that was sent.  Raises StatementFault where it is none, or too large."""
    data = b""
    async for chunk in request.stream():
        data += chunk
        if len(data) > 2 * LARGEST:
            raise StatementFault(f"this is larger than {LARGEST // 1024} KiB")
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise StatementFault("this is no JSON") from None
    if not isinstance(found, dict):
        raise StatementFault("this is no JSON object")
    return found


async def _refused(request: Request, fault: Exception) -> Response:
    """A fault of whoever asked, as a page or as JSON."""
    said = str(fault)
    if request.url.path.startswith("/api/"):
        return JSONResponse({"said": said, "verdict": "unreadable", "html": "", "rows": []}, 400)
    return page_of("fault.html", 404, said=said)


Answer = Callable[[Request], Awaitable[Response] | Response]


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
        Route("/static/report.css", lambda request: FileResponse(REPORTS / "report.css")),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]
    if offer.store is not None:
        review = Review(offer, offer.store)
        routes.append(Route("/review", review.overview, methods=["GET", "POST"]))
        routes.append(Route("/review/answer", review.case, methods=["GET", "POST"]))
    faults: dict[Any, Any] = {StatementFault: _refused, 404: _missing}
    return Starlette(routes=routes, middleware=[Middleware(_Guarded)], exception_handlers=faults)


async def _missing(request: Request, fault: Exception) -> Response:
    return page_of("fault.html", 404, said="There is no such page.")
