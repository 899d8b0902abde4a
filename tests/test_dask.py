"""A class is judged by a Dask cluster as by workers of one machine: the same bytes, the same limits."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import classes
import pytest
from commanding import run
from sources import ROOT

REASON = "Dask is not installed: pip install 'truestep[dask]'"
pytestmark = pytest.mark.skipif(find_spec("distributed") is None, reason=REASON)
TABLES = ("marks.csv", "files.csv")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A scheduler with two processes that judge, on this machine."""
    import distributed

    settings = {"PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
    with pytest.MonkeyPatch.context() as patched:
        for name, value in settings.items():
            patched.setenv(name, value)
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
        ) as cluster:
            yield cluster.scheduler_address


def test_a_cluster_changes_no_byte(address: str, tmp_path: Path) -> None:
    (tmp_path / "layers.toml").write_text(classes.HOMEWORK)
    place = classes.folder(tmp_path / "all", 24)
    (place / "slow.tex").write_text(classes.tex({"1(a)": SLOW}, "Slow"))
    for name, more in (("one", ["--jobs", 1]), ("dask", ["--dask", address])):
        done = run("grade", tmp_path / "layers.toml", place, "--store", tmp_path / name, *more)
        assert done.exit_code == 3, done.output
    assert [(tmp_path / "one" / one).read_bytes() for one in TABLES] == [
        (tmp_path / "dask" / one).read_bytes() for one in TABLES
    ]


SLOW = "$$\\frac{\\partial J}{\\partial x} = " + "+".join(f"e^{{z_{k}}}" for k in range(300)) + "$$"


def test_no_cluster_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from truestep.classes import cluster

    monkeypatch.setattr(cluster, "SECONDS_TO_CONNECT", 1)
    (tmp_path / "layers.toml").write_text(classes.HOMEWORK)
    place = classes.folder(tmp_path / "all", 1)
    failed = run("grade", tmp_path / "layers.toml", place, "--store", tmp_path / "s", "--dask", "tcp://127.0.0.1:9")
    assert failed.exit_code == 2
    assert "no Dask scheduler answers there" in failed.stderr


@pytest.mark.slow
def test_another_truestep_is_refused(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from truestep.classes import cluster

    monkeypatch.setattr(cluster, "program_there", lambda: "another")
    (tmp_path / "layers.toml").write_text(classes.HOMEWORK)
    place = classes.folder(tmp_path / "all", 1)
    failed = run("grade", tmp_path / "layers.toml", place, "--store", tmp_path / "s", "--dask", address)
    assert failed.exit_code == 2
    assert "the workers there have another truestep" in failed.stderr
