"""Workers on a Dask cluster: each of its processes judges in a worker of its own, within the same limits as here.

Dask brings requests to machines and goes on where one of them is lost; what is judged, and how it is ended, is in
`checkers/workers`.
"""

from __future__ import annotations

import os
from collections import deque
from typing import TYPE_CHECKING, Any

from truestep.checkers.workers import Ended, Limits, Workers
from truestep.classes.program import program
from truestep.classes.store import StoreFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

    Request = tuple[Any, ...]

NAME = "truestep"
SECONDS_TO_CONNECT = 15
MOST_WAITING = 4  # requests for each thread of the cluster that are handed over ahead


class Judge:
    """What a process of the cluster holds: a worker for each of its threads, with the salt of the store."""

    name = NAME

    def __init__(self, limits: Limits, salt: str) -> None:
        self.limits, self.salt = limits, salt

    def setup(self, worker: Any) -> None:
        """Begins where a process of the cluster begins."""
        os.environ["TRUESTEP_SALT"] = self.salt
        self.workers = Workers(worker.state.nthreads, self.limits)

    def teardown(self, worker: Any) -> None:
        """Ends with it."""
        self.workers.close()


def program_there() -> str:
    """Which program a process of the cluster has."""
    return program()


def answered(function: str, args: Request) -> tuple[str, str]:
    """In a process of the cluster: the text that a function of truestep gives, or what ended it."""
    from distributed import get_worker

    judge: Judge = get_worker().plugins[NAME]
    try:
        return "", judge.workers.ask(function, *args)
    except Ended as ended:
        return ended.limit, ""


class Cluster:
    """The processes at the address of a Dask scheduler, as `Workers` are those of this machine.

    Raises StoreFault where Dask is not installed, nobody is at the address, or another truestep is.
    """

    def __init__(self, address: str, limits: Limits) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise StoreFault("--dask needs `pip install 'truestep[dask]'`") from None
        try:
            self._client = Client(address, timeout=SECONDS_TO_CONNECT, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as fault:
            raise StoreFault(f"{address}: no Dask scheduler answers there ({fault})") from None
        try:
            self._begin(address, limits)
        except BaseException:
            self.close()
            raise

    def _begin(self, address: str, limits: Limits) -> None:
        try:
            others = {one for one in self._client.run(program_there).values() if one != program()}
        except (ImportError, AttributeError) as fault:
            raise StoreFault(f"{address}: a worker there cannot load truestep ({fault})") from None
        if others:
            raise StoreFault(f"{address}: the workers there have another truestep ({', '.join(sorted(others))})")
        threads = sum(self._client.nthreads().values())
        if not threads:
            raise StoreFault(f"{address}: the scheduler there has no workers")
        self._most = MOST_WAITING * threads
        self._client.register_plugin(_plugin(limits), name=NAME)

    def start(self, requests: int) -> None:
        """Nothing is to be started here."""

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Leaves the cluster as it was found."""
        from contextlib import suppress

        with suppress(Exception):  # of a cluster that has gone
            self._client.unregister_worker_plugin(NAME)
        self._client.close()

    def ask(self, function: str, *args: Any) -> str:
        """The text that a function of truestep gives.  Raises Ended where it takes too long or too much."""
        limit, text = self._client.submit(answered, function, args, pure=False).result()
        if limit:
            raise Ended(limit)
        return str(text)

    def each(self, function: str, requests: Iterable[Request]) -> Iterator[tuple[Request, str | Ended]]:
        """Some requests in their order with the answers, or what ended them; some requests are taken ahead."""
        waiting: deque[tuple[Request, Any]] = deque()
        for args in requests:
            waiting.append((args, self._client.submit(answered, function, args, pure=False)))
            while waiting and (waiting[0][1].done() or len(waiting) > self._most):
                yield _result(*waiting.popleft())
        while waiting:
            yield _result(*waiting.popleft())


def _plugin(limits: Limits) -> Any:
    from distributed.diagnostics.plugin import WorkerPlugin

    class Plugin(Judge, WorkerPlugin):  # type: ignore[misc]
        pass

    return Plugin(limits, os.environ.get("TRUESTEP_SALT", ""))


def _result(args: Request, future: Any) -> tuple[Request, str | Ended]:
    from distributed.scheduler import KilledWorker

    try:
        limit, text = future.result()
    except KilledWorker:  # a request with which one process of the cluster after the other has gone
        return args, Ended("failure")
    return args, Ended(limit) if limit else str(text)
