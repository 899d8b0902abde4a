"""What is installed: one name, with all its data, that a course's own files and folders do not hide."""

from __future__ import annotations

import configparser
import importlib.metadata
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest
from sources import ROOT

pytestmark = pytest.mark.slow

LEFT_OUT = shutil.ignore_patterns(".*", "build", "*.egg-info", "__pycache__", "tests", "benchmarks", "examples")
SEED = ROOT / "examples" / "seeds" / "E4"


PACKED = (
    *("problems/book", "problems/homework", "problems/homeworks", "problems/lint", "problems/templates"),
    *("derivations/language/phrases", "checkers/mistakes", "page/templates", "reports"),
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The wheel and the source distribution, built from a copy of the checkout."""
    folder = tmp_path_factory.mktemp("built")
    shutil.copytree(ROOT, folder / "checkout", symlinks=True, ignore=LEFT_OUT)
    code = "from setuptools import build_meta as b; b.build_sdist({0!r}); b.build_wheel({0!r})".format(str(folder))
    subprocess.run([sys.executable, "-c", code], cwd=folder / "checkout", check=True, capture_output=True)
    return {"wheel": next(folder.glob("*.whl")), "source": next(folder.glob("*.tar.gz"))}


def data_files() -> set[str]:
    """The files of the packages that are no modules, by their places in the source."""
    rooms = ("derivations", "problems", "checkers", "truestep")
    files = [path for room in rooms for path in (ROOT / room).rglob("*") if path.is_file()]
    names = {path.relative_to(ROOT).as_posix() for path in files if path.suffix not in (".py", ".pyc")}
    return {name if name.startswith("truestep/") else f"truestep/{name}" for name in names}


def test_the_wheel_has_one_name_and_all_data(built: dict[str, Path]) -> None:
    with zipfile.ZipFile(built["wheel"]) as wheel:
        names = wheel.namelist()
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"truestep"}
    packs = {name for name in names if name.endswith("/packed.json.gz")}
    assert packs == {f"truestep/{folder}/packed.json.gz" for folder in PACKED}
    packed = {name for name in data_files() if name.rpartition("/")[0].partition("/")[2] in PACKED}
    assert data_files() - packed <= set(names)
    assert len(packed) > 50
    assert not packed & set(names)
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
    script = "import truestep.checkers.records, truestep.problems.book\nassert truestep.problems.book.pages()\n"
    (course / "script.py").write_text(script, encoding="utf-8")
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


@pytest.fixture(scope="module")
def environment(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment in which the wheel is installed, beside what it needs."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = next(path for path in (folder / "bin" / "python", folder / "Scripts" / "python.exe") if path.exists())
    (packages,) = folder.rglob("site-packages")
    with zipfile.ZipFile(built["wheel"]) as wheel:
        wheel.extractall(packages)
    (packages / "needed.pth").write_text(sysconfig.get_path("purelib"))
    return python


def typed(environment: Path, folder: Path) -> str:
    """What mypy finds in the client, run in a folder; what it finds of truestep itself it remembers."""
    told = ["--python-executable", str(environment), "--cache-dir", str(environment.parent / "found")]
    command = ["-m", "mypy", "--strict", "--no-error-summary", *told, "client"]
    done = subprocess.run([sys.executable, *command], cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize("own", [(), ("problems/__init__.py", "checkers.py")], ids=["alone", "course"])
def test_a_client_is_typed(environment: Path, tmp_path: Path, own: tuple[str, ...]) -> None:
    shutil.copytree(ROOT / "tests" / "data" / "client", tmp_path / "client")
    for name in own:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("book: int = 1\n")
    assert typed(environment, tmp_path) == ""
    code = tmp_path / "client" / "__init__.py"
    code.write_text(code.read_text("utf-8").replace("return found.shape", "return found.latex"), "utf-8")
    assert "[return-value]" in typed(environment, tmp_path)


def test_a_client_runs_in_a_course_folder(environment: Path, tmp_path: Path) -> None:
    for name in ("problems.py", "checkers.py", "derivations.py"):
        (tmp_path / name).write_text("raise RuntimeError\n")
    shutil.copytree(ROOT / "tests" / "data" / "client", tmp_path / "client")
    code = "import client, truestep; print(client.rewarded('x', '2x/2'), client.shape('W'), truestep.__file__)"
    done = subprocess.run([environment, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("1.0 ('K', 'M')"), done.stderr
    assert str(environment.parent.parent) in done.stdout


LARGE = frozenset({"numpy", "sympy", "mpmath"})
MEGABYTE = 2**20


def needed(lines: str) -> set[str]:
    """The distributions that these requirements bring, with what they need in turn."""
    out: set[str] = set()
    todo = [line for line in lines.splitlines() if line.strip()]
    while todo:
        line = todo.pop()
        name = re.split(r"[^A-Za-z0-9_.-]", line.strip())[0].lower().replace("_", "-")
        if "extra ==" in line or name in out or name in LARGE:
            continue
        try:
            todo += importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:  # one for other systems
            continue
        out.add(name)
    return out


def size(names: set[str]) -> int:
    """The bytes of the files of distributions, but for what Python compiles of them."""
    files = [file for name in names for file in importlib.metadata.files(name) or ()]
    paths = [Path(str(file.locate())) for file in files if file.suffix != ".pyc"]
    return sum(path.stat().st_size for path in paths if path.is_file())


def test_it_is_small(installed: Path) -> None:
    table = configparser.ConfigParser()
    table.read(ROOT / "setup.cfg", "utf-8")
    own = sum(path.stat().st_size for path in installed.rglob("*") if path.is_file() and path.suffix != ".pyc")
    base = needed(table["options"]["install_requires"])
    page = needed(table["options.extras_require"]["page"])
    assert own + size(base) < 5 * MEGABYTE
    assert size(page) < 15 * MEGABYTE
    assert {"click", "mdurl"} <= base
    assert "h11" in page
    assert own + size(base | needed("pyyaml")) > 5 * MEGABYTE, "the law sees what a package weighs"
