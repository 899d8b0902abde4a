"""Ends at any moment, full disks, flipped bits, two at once: a class loses nothing, and no mark is wrong.

With TRUESTEP_WHOLE=1 as many of each are tried as docs/reliability.md says.
"""

from __future__ import annotations

import csv
import errno
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import classes
import pytest
from click.testing import Result
from commanding import run
from sources import ROOT

from truestep.classes import writing
from truestep.classes.store import DATABASE, DECISIONS

pytestmark = pytest.mark.usefixtures("judged_here")
WHOLE = bool(os.environ.get("TRUESTEP_WHOLE"))
KILLS, STUDENTS, FLIPS, PAIRS = (100, 200, 1000, 20) if WHOLE else (4, 24, 40, 2)
TABLES = ("marks.csv", "files.csv")


def tables(store: Path) -> list[bytes]:
    return [(store / name).read_bytes() for name in TABLES]


def start(homework: Path, handins: Path, store: Path, *more: str) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-c",
        classes.MANY_WORKERS,
        "grade",
        str(homework),
        str(handins),
        "--store",
        str(store),
        *more,
    ]
    return subprocess.Popen([*command, *more], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def ended(process: subprocess.Popen[bytes], limit: float = 600) -> tuple[int, str]:
    said = process.communicate(timeout=limit)[1]
    return process.returncode, said.decode("utf-8", "replace")


@pytest.mark.slow
def test_an_end_at_any_moment_loses_nothing(homework: Path, tmp_path: Path) -> None:
    """SIGKILL at random moments of runs with one worker and with eight, until a run comes to its end."""
    handins = classes.folder(tmp_path / "all", STUDENTS)
    begun = time.monotonic()
    assert ended(start(homework, handins, tmp_path / "whole", "--jobs", "1"))[0] == 3
    longest = time.monotonic() - begun
    wanted = tables(tmp_path / "whole")
    drawn = random.Random(1)
    store = tmp_path / "s"
    for number in range(KILLS):
        process = start(homework, handins, store, "--jobs", "1" if number % 2 else "8")
        time.sleep(drawn.uniform(0.02, longest * 0.8))
        process.send_signal(signal.SIGKILL)
        ended(process)
        if number % 4 == 3 or number == KILLS - 1:
            assert ended(start(homework, handins, store))[0] == 3
            assert tables(store) == wanted
            assert not [one for one in store.rglob(".*") if one.is_file()]
            shutil.rmtree(store)


@pytest.fixture(scope="module")
def small(homework: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of six that was graded and of which a person decided something: its folder, with the store in it."""
    place = tmp_path_factory.mktemp("small")
    classes.folder(place / "all", 6)
    assert run("grade", homework, place / "all", "--store", place / "s").exit_code == 3
    decide(place)
    return place


def decide(place: Path) -> Result:
    rows = list(csv.DictReader(run("review", "--store", place / "s").stdout.splitlines()))
    for row in rows:
        row |= {"points": "1", "comment": "as agreed"} if not row["student"] else {}
    with (place / "filled.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return run("review", place / "filled.csv", "--store", place / "s", "--by", "kim")


def everything(homework: Path, place: Path, store: Path) -> Iterator[Result]:
    """All commands that write into a store or out of it, one after the other."""
    yield run("grade", homework, place / "all", "--store", store)
    yield run("review", "--store", store, "--output", store.parent / f"{store.name}-review.csv")
    yield run("review", place / "filled.csv", "--store", store, "--by", "kim")
    for form in ("plain", "reports", "statistics"):
        yield run("export", form, "--store", store, "--output", store.parent / f"{store.name}-{form}")


class Full:
    """A disk that is full from some write on: opening, writing, coming to the disk, or taking the final name."""

    def __init__(self, after: int) -> None:
        self.left, self.count = after, 0

    def step(self, path: object) -> None:
        self.count += 1
        if self.count > self.left:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    def replace(self, one: Path, other: Path) -> None:
        self.step(other)
        os.rename(one, other)

    def fsync(self, number: int) -> None:
        self.step(f"file {number}")

    def open(self, path: Path, mode: str = "r", *more: Any, **others: Any) -> Any:
        if mode == "wb":
            self.step(path)
        return io_open(path, mode, *more, **others)


io_open: Callable[..., Any] = open


def patched(patch: pytest.MonkeyPatch, disk: Full) -> None:
    class System:
        fsync, replace, getpid = disk.fsync, disk.replace, os.getpid

    patch.setattr(writing, "os", System)
    patch.setattr(Path, "open", lambda self, *more, **others: disk.open(self, *more, **others))


@pytest.mark.slow
def test_a_full_disk_leaves_nothing_half(homework: Path, small: Path, tmp_path: Path) -> None:
    """At every write, or every few: what has a final name is whole, and the next run goes on."""
    disk = Full(10**9)
    with pytest.MonkeyPatch.context() as patch:
        patched(patch, disk)
        done, whole = [], dict[str, set[bytes]]()
        for one in everything(homework, small, tmp_path / "w"):
            done.append(one)
            for path in written(tmp_path):
                whole.setdefault(path.relative_to(tmp_path).as_posix()[1:], set()).add(path.read_bytes())
    assert [one.exit_code for one in done] == [3, 0, 0, 0, 0, 0]
    assert disk.count >= 30
    for after in range(0, disk.count, 1 if WHOLE else 13):
        with pytest.MonkeyPatch.context() as patch:
            patched(patch, Full(after))
            done = list(everything(homework, small, tmp_path / "f"))
        failed = [one for one in done if one.exit_code == 2]
        assert failed, after
        assert all("Traceback" not in one.output and one.stderr.strip() for one in failed)
        assert "No space left on device" in failed[0].stderr
        for path in written(tmp_path):
            name = path.relative_to(tmp_path).as_posix()
            assert path.read_bytes() in whole[name[1:]], name
        list(everything(homework, small, tmp_path / "f"))
        assert {path.relative_to(tmp_path).as_posix()[1:] for path in written(tmp_path)} == set(whole)
        assert tables(tmp_path / "f") == tables(tmp_path / "w")
        for path in tmp_path.glob("f*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def written(folder: Path) -> list[Path]:
    """The files below a folder that carry no time and no salt in them."""
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and ".sqlite" not in path.name and path.name != DECISIONS and path.name[0] != "."
    ]


LIMITS = [(resource.RLIMIT_FSIZE, size) for size in (1, 100, 700, 4096, 9000, 20_000, 33_000, 50_000, 70_000, 100_000)]
LIMITS += [(resource.RLIMIT_NOFILE, count) for count in (4, 5, 6, 7, 8, 9, 10, 12, 14, 16)]


@pytest.fixture(scope="module")
def undecided(homework: Path, small: Path, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """The tables of that class before anybody decided."""
    store = tmp_path_factory.mktemp("undecided") / "s"
    assert run("grade", homework, small / "all", "--store", store).exit_code == 3
    return tables(store)


@pytest.mark.slow
@pytest.mark.parametrize("limit", LIMITS if WHOLE else LIMITS[3:17:4])
def test_a_limit_of_the_system_leaves_nothing_half(
    homework: Path, small: Path, undecided: list[bytes], tmp_path: Path, limit: tuple[int, int]
) -> None:
    """Files that cannot grow, and no more files: the database and the workers meet these as well."""
    kind, value = limit
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); from truestep.cli import main;"
        "import truestep.output.readable;"
        f"import truestep.commands.classes.grading; resource.setrlimit({kind}, ({value},) * 2); main(sys.argv[1:])"
    )
    arguments = ["grade", str(homework), str(small / "all"), "--store", str(tmp_path / "s")]
    made = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert made.returncode in (2, 3), made.stderr
    if made.returncode == 2:
        assert made.stderr.startswith("truestep: ")
        assert "Traceback" not in made.stderr
        assert not (tmp_path / "s" / "files.csv").exists()
    assert run(*arguments).exit_code == 3
    assert tables(tmp_path / "s") == undecided


def flipped(path: Path, drawn: random.Random) -> None:
    data = bytearray(path.read_bytes())
    if not data:
        return
    if drawn.random() < 0.2:
        del data[drawn.randrange(len(data)) :]
    else:
        place = drawn.randrange(len(data))
        data[place] ^= 1 << drawn.randrange(8)
    path.write_bytes(data)


def test_flipped_bits_make_no_mark_wrong(homework: Path, small: Path, tmp_path: Path) -> None:
    """A bit flipped or an end cut off in any file of a store: the marks are as they were, or it is refused."""
    wanted = tables(small / "s")
    drawn = random.Random(1)
    refused = 0
    for number in range(FLIPS):
        store = tmp_path / "s"
        shutil.copytree(small / "s", store)
        files = [path for path in sorted(store.rglob("*")) if path.is_file()]
        flipped(store / DATABASE if number % 4 else drawn.choice(files), drawn)
        if number % 2:
            (store / "marks.csv").unlink()
        done = run("grade", homework, small / "all", "--store", store)
        assert done.exit_code in (0, 2), done.output
        assert done.exception is None or isinstance(done.exception, SystemExit)
        refused += done.exit_code == 2
        if done.exit_code == 2:
            assert "damaged" in done.stderr, done.stderr
        else:
            assert tables(store) == wanted
        shutil.rmtree(store)
    assert refused < FLIPS / 2


def test_decisions_survive_the_database(homework: Path, small: Path, tmp_path: Path) -> None:
    shutil.copytree(small / "s", tmp_path / "s")
    (tmp_path / "s" / DATABASE).unlink()
    run("grade", homework, small / "all", "--store", tmp_path / "s")
    assert tables(tmp_path / "s") == tables(small / "s")
    (tmp_path / "s" / DECISIONS).unlink()
    run("grade", "--resume", "--store", tmp_path / "s")
    assert (tmp_path / "s" / DECISIONS).read_bytes() == (small / "s" / DECISIONS).read_bytes()


@pytest.mark.slow
def test_two_graders_at_once_end_as_one(homework: Path, tmp_path: Path) -> None:
    handins = classes.folder(tmp_path / "all", 8)
    assert run("grade", homework, handins, "--store", tmp_path / "one").exit_code == 3
    for number in range(PAIRS):
        store = tmp_path / f"s{number}"
        both = [ended(one) for one in [start(homework, handins, store, "--jobs", "1") for _ in range(2)]]
        assert sorted(code for code, _ in both) in ([2, 3], [3, 3])
        for code, said in both:
            assert code == 3 or "somebody else is grading into this store" in said
        assert tables(store) == tables(tmp_path / "one")
