"""The salt of the tests, and which are quick: the first case of every test that is not called slow."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browsing
import classes
import pytest
from hypothesis import settings

from truestep.checkers.serving import answered
from truestep.checkers.workers import Workers

os.environ.setdefault("TRUESTEP_SALT", "tests")
# no verdict of a test depends on load or on luck; `--hypothesis-profile default` looks for new examples
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")


@pytest.fixture(scope="module")
def judged_here() -> Iterator[None]:
    """What workers are asked is answered in this process: a module that needs no others starts none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Workers, "ask", lambda self, function, *args: answered(function, args))
        patch.setattr(Workers, "start", lambda self, requests: None)
        yield


@pytest.fixture(scope="module")
def homework(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a small homework."""
    path = tmp_path_factory.mktemp("homework") / "layers.toml"
    path.write_text(classes.HOMEWORK)
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser for the tests of a module."""
    with browsing.opened() as found:
        yield found


@pytest.fixture(scope="module")
def lenient() -> Iterator[str]:
    """A server that shows all of a solution."""
    with browsing.serving("--reveal", "steps") as found:
        yield found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the first case of each test function as quick, unless it is slow."""
    seen: set[str] = set()
    for item in items:
        function = item.nodeid.partition("[")[0]
        if function not in seen and item.get_closest_marker("slow") is None:
            item.add_marker(pytest.mark.quick)
        seen.add(function)


def pytest_collection_finish() -> None:
    """What was collected stays to the end: no collection of rubbish looks through it again."""
    gc.freeze()
