"""What is installed: one name, with all its data, that a course's own files and folders do not hide."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from sources import ROOT

pytestmark = pytest.mark.slow

LEFT_OUT = shutil.ignore_patterns(".*", "build", "*.egg-info", "__pycache__", "tests", "benchmarks", "examples")
SEED = ROOT / "examples" / "seeds" / "E4"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The wheel and the source distribution, built from a copy of the checkout."""
    folder = tmp_path_factory.mktemp("built")
    shutil.copytree(ROOT, folder / "checkout", symlinks=True, ignore=LEFT_OUT)
    code = "from setuptools import build_meta as b; b.build_sdist({0!r}); b.build_wheel({0!r})".format(str(folder))
    subprocess.run([sys.executable, "-c", code], cwd=folder / "checkout", check=True, capture_output=True)
    return {"wheel": next(folder.glob("*.whl")), "source": next(folder.glob("*.tar.gz"))}


def data_files() -> set[str]:
    """The files of the packages that are no modules, by their places in the wheel."""
    rooms = ("derivations", "problems", "checkers", "truestep")
    files = [path for room in rooms for path in (ROOT / room).rglob("*") if path.is_file()]
    names = {path.relative_to(ROOT).as_posix() for path in files if path.suffix not in (".py", ".pyc")}
    return {name if name.startswith("truestep/") else f"truestep/{name}" for name in names}


def test_the_wheel_has_one_name_and_all_data(built: dict[str, Path]) -> None:
    with zipfile.ZipFile(built["wheel"]) as wheel:
        names = wheel.namelist()
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"truestep"}
    assert data_files() - set(names) == set()
    assert not [name for name in names if name.startswith("truestep/tests")]


def test_the_source_has_the_licence_the_changelog_and_the_manual(built: dict[str, Path]) -> None:
    with tarfile.open(built["source"]) as source:
        names = {name.partition("/")[2] for name in source.getnames()}
    pages = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")}
    assert {"LICENSE", "CHANGELOG.md", "README.md", *pages, *data_files()} <= names


@pytest.fixture(scope="module")
def installed(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(built["wheel"]) as wheel:
        wheel.extractall(target)
    return target


@pytest.mark.parametrize("own", ["problems.py", "checkers.py", "derivations/__init__.py", "problems/homework.toml"])
def test_a_course_folder_hides_nothing(installed: Path, tmp_path: Path, own: str) -> None:
    course = tmp_path / "course"
    (course / own).parent.mkdir(parents=True)
    (course / own).write_text("raise RuntimeError\n" if own.endswith(".py") else "", encoding="utf-8")
    (course / "script.py").write_text("import truestep.checkers.records, truestep.problems.book\n", encoding="utf-8")
    check = ["-m", "truestep", "check", str(SEED / "submission.tex"), "--problem", str(SEED / "problem.toml"), "--json"]
    for arguments, status in ((check, 1), (["script.py"], 0)):
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=course,
            env={"PYTHONPATH": str(installed), "PATH": "", "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, done.stderr
