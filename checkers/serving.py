"""The inside of a worker: it answers one request after the other, within its limits."""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Sequence

WARM = '{"problem": {"symbols": {"x": "scalar"}, "find": "x", "answer": "x"}, "lines": ["x = 2 x"]}'
MORE_SECONDS = 1


def serve() -> None:
    """Answers requests from standard input, a line each, until it ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed is no answer
    with suppress(ValueError, AttributeError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asks ends this process
    mebibytes, seconds = map(int, sys.argv[1:3])
    gc.disable()
    _warm()
    gc.freeze()  # what is loaded is looked through no more
    gc.enable()
    _limit_memory(mebibytes)
    _say(answers, b"=", "ready")
    for line in sys.stdin.buffer:
        _limit_time(seconds)
        try:
            text = answered(*json.loads(line))
        except MemoryError:
            _say(answers, b"!", "memory")
            return
        except Exception:
            _say(answers, b"!", "failure")
            raise
        _say(answers, b"=", text)


def answered(name: str, args: Sequence[Any]) -> str:
    """What a function, ``module:name``, gives."""
    module, _, function = name.partition(":")
    return str(getattr(importlib.import_module(module), function)(*args))


def _warm() -> None:
    from truestep.checkers.mistakes import naming  # noqa: F401  (else the first wrong line would wait for it)
    from truestep.checkers.records import check_line

    check_line(WARM, 1)


def _say(answers: BinaryIO, kind: bytes, text: str) -> None:
    answers.write(kind + text.encode() + b"\n")
    answers.flush()


def _limit_memory(mebibytes: int) -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (mebibytes * 1024 * 1024,) * 2)


def _limit_time(seconds: int) -> None:
    """No more processor time than this for what comes, also where nobody is left to end it."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        if seconds:
            used = resource.getrusage(resource.RUSAGE_SELF)
            most = int(used.ru_utime + used.ru_stime) + seconds + MORE_SECONDS
            resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
