"""A full disk at any write: a clear message, no half file under a final name, and the next run goes on."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import classes
import pytest
from click.testing import CliRunner, Result

from truestep.classes import writing
from truestep.cli import main


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


class Full:
    """A disk that is full from some write on; a write that fails has written half of what it was given."""

    def __init__(self, after: int) -> None:
        self.left = after

    def replace(self, one: str, other: str) -> None:
        self.left -= 1
        if self.left < 0:
            Path(one).write_bytes(Path(one).read_bytes()[:5])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(other))
        os.rename(one, other)


@pytest.mark.parametrize("after", [0, 4, 5])
def test_a_full_disk_is_said_and_leaves_nothing_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    (tmp_path / "layers.toml").write_text(classes.HOMEWORK)
    place, store = classes.folder(tmp_path / "all", 4), tmp_path / "s"
    with monkeypatch.context() as patched:
        patched.setattr(writing.os, "replace", Full(after).replace)
        failed = run("grade", tmp_path / "layers.toml", place, "--store", store)
    assert failed.exit_code == 2
    assert "No space left on device" in failed.stderr
    assert not [one for one in store.rglob(".*") if one.is_file()]
    whole = {one.stat().st_size for one in place.iterdir()}
    assert {one.stat().st_size for one in (store / "handins").iterdir()} <= whole
    assert not (store / "files.csv").exists()
    assert run("grade", tmp_path / "layers.toml", place, "--store", store).exit_code == 3
    assert (store / "files.csv").read_text().count("\n") == 5
