"""`python -m benchmarks class`: a class is graded, again, and with one more hand-in; a fifth of the answers differ."""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.contestants import CONTESTANTS
from benchmarks.machine import machine, positive, version
from truestep.checkers.documents.boxes import filled
from truestep.checkers.handins.reading import Document, Reader
from truestep.classes import judging
from truestep.problems.homework.homework import Homework
from truestep.problems.homework.homework_file import load_homework

FILES = Path(__file__).parent.parent / "tests" / "data" / "class"
FORMS = ("boxes.tex", "bare.tex", "doubled-box.tex", "unusual.tex")
SHORT = ("5(c)", "7(c)")  # questions with an answer of one line


def main(arguments: Sequence[str]) -> int:
    """Measures, and prints a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks class", description=__doc__)
    parser.add_argument("--students", type=positive, default=500)
    parser.add_argument("--jobs", type=positive, default=2)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("TRUESTEP_SALT", "class")
    with tempfile.TemporaryDirectory() as name:
        figures = measured(Path(name), chosen.students, chosen.jobs)
    figures["machine"] = machine()
    if chosen.json:
        print(json.dumps(figures))
        return 0
    for key, value in figures.items():
        print(f"{key:<42} {value:.2f}" if isinstance(value, float) else f"{key:<42} {value}")
    return 0


def measured(place: Path, students: int, jobs: int) -> dict[str, Any]:
    """Seconds by the clock and of processor time for a class that is made in a folder."""
    homework = load_homework(str(FILES / "homework.toml"))
    _make(place / "all", homework, students)
    documents = [Reader(homework).read(path.name, path.read_bytes()) for path in sorted((place / "all").iterdir())]
    distinct = _distinct(homework, documents)
    out: dict[str, Any] = {"students": students, "answers": sum(len(one.answers) for one in documents)}
    out["distinct answers"] = len(distinct)
    begun, used = time.perf_counter(), time.process_time()
    records = [judging.judged(*one) for one in distinct]
    out["one after the other, seconds"] = time.perf_counter() - begun
    out["one after the other, processor seconds"] = time.process_time() - used
    for label, more in (("first run", 0), ("again", 0), ("one new hand-in", 1)):
        if more:
            text = (place / "all" / "s000.tex").read_text().replace("version", "draft")
            (place / "all" / "new.tex").write_text(text.replace("Name: S 000", "Name: New"))
        seconds, processor, memory = _timed(place, jobs)
        out[f"{label}, seconds"], out[f"{label}, processor seconds"] = seconds, processor
        out["all processes together, MiB"] = max(memory, out.get("all processes together, MiB", 0.0))
    out["largest process, MiB"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return out | _math_verify(records)


def _make(folder: Path, homework: Homework, students: int) -> None:
    """Handouts of a class: each answer is one of a fifth as many versions."""
    reader = Reader(homework)
    read = [reader.read(name, (FILES / name).read_bytes()) for name in FORMS]
    bases = [{answer.question: answer.text for answer in document.answers} for document in read]
    unusual = (FILES / "unusual.tex").read_text("utf-8")
    macros = unusual[unusual.index("\\newcommand{\\pd}") : unusual.index("\\begin{document}")]
    handout = (FILES / "empty.tex").read_text("utf-8").replace("\\begin{document}", macros + "\\begin{document}")
    ids = [one.id for one in homework.questions if one.is_answered and not one.is_by_hand]
    versions = max(1, students // 5)
    folder.mkdir()
    for number in range(students):
        answers = {}
        for place, question in enumerate(ids):
            version_ = (number * 7 + place * 13 + number // versions) % versions
            text = bases[version_ % len(bases)][question]
            text = text.replace("= ", "= 2 ", 1) if version_ % 6 == 5 else text
            answers[question] = text if question in SHORT else f"{text}\n\nThis is how it goes, version {version_}."
        made = filled(handout.replace("Name:~\\hrulefill", f"Name: S {number:03}", 1), answers)
        (folder / f"s{number:03}.tex").write_text(made, "utf-8")


def _distinct(homework: Homework, documents: Sequence[Document]) -> list[tuple[str, str, str, str]]:
    """What is asked of a worker for each distinct answer."""
    found: dict[tuple[str, str, str, str], None] = {}
    for question in homework.questions:
        if question.is_answered:
            text = judging.asked(question, homework)
            for document in documents:
                answer = next((one for one in document.answers if one.question == question.id), None)
                found.setdefault(judging.request(text, answer, (), False))
    return list(found)


def _timed(place: Path, jobs: int) -> tuple[float, float, float]:
    """Seconds by the clock, of processor time, and the most memory that all processes held together, in MiB."""
    command = [sys.executable, "-m", "truestep", "grade", str(FILES / "homework.toml"), str(place / "all")]
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    root = Path(__file__).parent.parent
    compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile() as said:
        made = subprocess.Popen(
            [*command, "--store", str(place / "store"), "--jobs", str(jobs)],
            cwd=root, stdout=subprocess.DEVNULL, stderr=said, env=compiled,
        )  # fmt: skip
        most = 0.0
        while made.poll() is None:
            most = max(most, _memory(made.pid))
            time.sleep(0.02)
        said.seek(0)
        assert made.returncode in (0, 3), said.read()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - begun, used, most


def _memory(pid: int) -> float:
    """What a process and its children hold, in MiB; nothing where the system does not say."""
    pages = 0
    with suppress(OSError, ValueError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for one in (str(pid), *children):
            with suppress(OSError, ValueError):
                pages += int(Path(f"/proc/{one}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _math_verify(records: Sequence[str]) -> dict[str, Any]:
    """How long math-verify takes for the final answers alone, where it is installed: each against itself."""
    contestant = next(one for one in CONTESTANTS if one.name == "math-verify")
    try:
        judge = contestant.load()
    except ImportError:
        return {"math-verify": "not installed"}
    finals = []
    for text in records:
        record = json.loads(text)["record"]
        line = record.get("final", {}).get("line")
        if line is not None:
            finals.append(record["lines"][line]["text"].rpartition("=")[2].replace("&", "").strip())
    begun, used = time.perf_counter(), time.process_time()
    for one in finals:
        try:
            judge({"problem": {"answer": one}, "lines": [one]})
        except Exception:  # an answer that it does not read
            continue
    return {
        f"math-verify {version('math-verify')}, final answers": len(finals),
        "math-verify, seconds": time.perf_counter() - begun,
        "math-verify, processor seconds": time.process_time() - used,
    }
