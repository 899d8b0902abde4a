"""Workers: processes in which works are judged, and which are ended where they take too long.

A worker is a fresh Python that is spoken to through pipes, one request and one answer at a time: the same under
every start method, from every thread, and after a fork.  It is kept warm; one that had to be ended is replaced.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sized
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

    Request = tuple[Any, ...]

SECONDS = 2.0
MEBIBYTES = 512
TO_START = 60.0
MOST_WORKERS = 4
WORTH_A_WORKER = 24  # requests: judging them takes as long as starting another worker
BUSY = 15  # a worker that a busy machine gives less processor time than it may take has so many times as long
STILL = 3  # where it gets none at all, so many times


class Ended(Exception):
    """A worker was ended; ``limit`` is what it passed, ``time`` or ``memory``, or ``failure`` where truestep failed."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


@dataclass(frozen=True)
class Limits:
    """What a worker may take for one request; ``seconds`` by the clock, none where it is 0."""

    seconds: float = SECONDS
    mebibytes: int = MEBIBYTES

    def reason(self, limit: str) -> str:
        """What is said of a work that was not judged to the end."""
        if limit == "failure":
            return "truestep failed here; please report what it was given"
        if limit == "memory":
            return f"judging this takes more than {self.mebibytes} MiB of memory"
        return f"judging this takes longer than {self.seconds:g} s"


class Worker:
    """One process that answers requests; used by one thread at a time."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._is_ready = False
        self._asked = 0  # how often, since the process began

    def start(self) -> None:
        """Begins to start the process, and waits for nothing."""
        if self._process is not None:
            return
        settings = {"PYTHONPATH": os.pathsep.join([str(_place()), *filter(None, [os.environ.get("PYTHONPATH")])])}
        # one thread: threads of linear algebra take address space, and workers are many already
        settings |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-c", "from truestep.checkers.serving import serve; serve()", *self._arguments()]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **settings},
        )
        self._answers, self._is_ready = queue.SimpleQueue(), False
        threading.Thread(target=_read, args=(self._process.stdout, self._answers), daemon=True).start()

    def _arguments(self) -> list[str]:
        seconds = 0 if not self.limits.seconds else int(self.limits.seconds * STILL) + 1
        return [str(self.limits.mebibytes), str(seconds)]

    def ask(self, function: str, *args: Any) -> str:
        """The text that a function of truestep, ``module:name``, gives; its arguments are plain values.

        Raises Ended where it takes too long or too much; the worker is then replaced.  What is too much for a process
        that holds what it answered before is asked again of a new one, so that no answer depends on those before it.
        """
        held, self._asked = self._asked, self._asked + 1
        try:
            return self._told(function, *args)
        except Ended as ended:
            if ended.limit != "memory" or not held:
                raise
            self._asked = 1
            return self._told(function, *args)

    def _told(self, function: str, *args: Any) -> str:
        self.start()
        assert self._process is not None
        assert self._process.stdin is not None
        if not self._is_ready:
            self._answer(TO_START, TO_START)
            self._is_ready = True
        before = _processor_time(self._process.pid)
        try:
            self._process.stdin.write(json.dumps([function, args]).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            self.end()
            raise Ended("memory") from None
        seconds = self.limits.seconds or threading.TIMEOUT_MAX
        answer = self._answer(seconds, seconds * BUSY if self.limits.seconds else seconds, before)
        kind, text = answer[:1], answer[1:].decode().rstrip("\n")
        if kind == b"!":
            self.end()
            raise Ended(text)
        return text

    def _answer(self, seconds: float, most: float, before: float | None = None) -> bytes:
        """The next answer; a worker that a busy machine gives less than its time waits longer for it, to a bound."""
        assert self._process is not None
        last = time.monotonic() + most
        with suppress(queue.Empty):
            found = self._answers.get(timeout=seconds)
            while not found:  # the process has gone
                limit = "time" if self._process.wait() in _OUT_OF_TIME else "memory"
                self.end()
                raise Ended(limit)
            return found
        latest, moved = before, time.monotonic()
        while before is not None and time.monotonic() < last:
            used = _processor_time(self._process.pid)
            if used is None or used - before >= seconds:
                break
            if used != latest:
                latest, moved = used, time.monotonic()
            elif time.monotonic() - moved > (STILL - 1) * seconds:
                break
            with suppress(queue.Empty):
                found = self._answers.get(timeout=min(0.1, seconds))
                if found:
                    return found
                break
        self.end()
        raise Ended("time")

    def end(self) -> None:
        """Ends the process; the next request starts another one."""
        process, self._process, self._asked = self._process, None, 0
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError, ValueError):
                    if pipe is process.stdin:
                        pipe.close()  # type: ignore[union-attr]


_OUT_OF_TIME = (-24,)  # SIGXCPU


def _place() -> Path:
    """The folder in which truestep lies: of a checkout, or of installed packages."""
    return next(folder for folder in Path(__file__).resolve().parents if (folder / "truestep").is_dir())


def _read(pipe: Any, answers: queue.SimpleQueue[bytes]) -> None:
    """Hands on the answers of a process, and an empty one at its end."""
    with suppress(OSError, ValueError):
        for line in pipe:
            answers.put(line)
    answers.put(b"")
    with suppress(OSError):
        pipe.close()


def _processor_time(pid: int) -> float | None:
    """The seconds of processor time that a process has used, where the system says so."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None


def processors() -> int:
    """How many workers the machine is given work for at once."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(count, MOST_WORKERS)


@dataclass
class Workers:
    """Some workers that share requests; safe from threads, and answers come in the order of the requests."""

    count: int
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        self._idle: queue.LifoQueue[Worker] = queue.LifoQueue()
        self._all = [Worker(self.limits) for _ in range(self.count)]
        for worker in reversed(self._all):
            self._idle.put(worker)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def start(self, requests: int) -> None:
        """Begins to start the processes that so many requests are worth, and waits for none."""
        for worker in self._all[: self._wanted(requests)]:
            worker.start()

    def _wanted(self, requests: int) -> int:
        return min(self.count, 1 + requests // WORTH_A_WORKER)

    def close(self) -> None:
        """Ends all processes."""
        for worker in self._all:
            worker.end()

    def ask(self, function: str, *args: Any) -> str:
        """The text that a function of truestep gives.  Raises Ended where it takes too long or too much."""
        worker = self._idle.get()
        try:
            return worker.ask(function, *args)
        finally:
            self._idle.put(worker)

    def each(self, function: str, requests: Iterable[Request]) -> Iterator[tuple[Request, str | Ended]]:
        """Some requests in their order with the answers, or what ended them; a few requests are taken ahead.

        Of a sequence it is known how many workers it is worth.
        """

        def ask(args: Request) -> tuple[Request, str | Ended]:
            try:
                return args, self.ask(function, *args)
            except Ended as ended:
                return args, ended

        waiting: deque[Future[tuple[Request, str | Ended]]] = deque()
        count = self._wanted(len(requests)) if isinstance(requests, Sized) else self.count
        with ThreadPoolExecutor(count) as threads:
            for args in requests:
                waiting.append(threads.submit(ask, args))
                while waiting and (waiting[0].done() or len(waiting) > 2 * count):
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
