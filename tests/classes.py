"""A small class for the tests: a homework, hand-ins, and the layouts in which platforms give them out."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from truestep.problems.homework.marks import closing, opening

MANY_WORKERS = "import truestep.checkers.workers as w; w.WORTH_A_WORKER = 1; from truestep.cli import run; run()"
HOMEWORK = r"""
title = 'Layers'
id = 'layers'
fields = ['Name', 'Student ID']

[notation.layer]
symbols = { W = 'K x M', x = 'M', b = 'K', z = 'K', J = 'scalar', j = 'index M', k = 'index K' }
given = ['z = W x + b', 'J = J(z)']

[[part]]
[[part.question]]
id = '1(a)'
title = 'By the input'
points = 4
problem = { use = 'layer', find = '\frac{\partial J}{\partial x}', final_form = ['no sums'] }

[[part.question]]
id = '1(b)'
title = 'By the weights'
points = 4
problem = { use = 'layer', find = '\frac{\partial J}{\partial W}' }

[[part.question]]
id = '2'
points = 2
kind = 'by hand'
rubric = '2 points for a reason'
"""
RIGHT = {
    "1(a)": "$$\\frac{\\partial J}{\\partial x_j} = \\sum_k \\frac{\\partial J}{\\partial z_k} W_{kj}$$\n\n"
    "$$\\frac{\\partial J}{\\partial x} = W^T \\frac{\\partial J}{\\partial z}$$",
    "1(b)": "$$\\frac{\\partial J}{\\partial W} = \\frac{\\partial J}{\\partial z} x^T$$",
    "2": "Since every entry of x meets every entry of z.",
}
WRONG = {
    "1(a)": "$$\\frac{\\partial J}{\\partial x} = W \\frac{\\partial J}{\\partial z}$$",
    "1(b)": "$$\\frac{\\partial J}{\\partial W} = 2 \\frac{\\partial J}{\\partial z} x^T$$",
    "2": "No idea.",
}


def tex(answers: Mapping[str, str], name: str = "", identifier: str = "") -> str:
    """The handout, filled in."""
    boxes = "\n".join(f"{opening(key)}\n{answers.get(key, '')}\n{closing()}" for key in ("1(a)", "1(b)", "2"))
    blank = "~\\hrulefill"
    head = f"{{\\LARGE\\bfseries Layers\\par}}\nName: {name or blank}\\par\nStudent ID: {identifier or blank}\\par"
    return f"\\documentclass{{article}}\n\\begin{{document}}\n{head}\n{boxes}\n\\end{{document}}\n"


def md(answers: Mapping[str, str], name: str = "") -> str:
    """A student's own document."""
    return f"Name: {name}\n\n" + "\n\n".join(f"## {key}\n\n{text}" for key, text in answers.items()) + "\n"


def ipynb(answers: Mapping[str, str]) -> str:
    """A notebook with a cell for each heading and each answer."""
    cells = [text for key, answer in answers.items() for text in (f"### Question {key}", answer)]
    return json.dumps({"cells": [{"cell_type": "markdown", "metadata": {}, "source": [cell]} for cell in cells]})


def varied(number: int) -> dict[str, str]:
    """The answers of a student: some right, some wrong, some missing, as the number says."""
    out = {key: (RIGHT if (number >> place) % 3 else WRONG)[key] for place, key in enumerate(RIGHT)}
    if number % 5 == 4:
        del out["1(b)"]
    return out


def folder(place: Path, count: int) -> Path:
    """A folder with a file for each of some students."""
    place.mkdir()
    for number in range(count):
        (place / f"s{number:03}.tex").write_text(tex(varied(number), f"Student {number:03}", f"{number:04}"))
    return place


def pdf(text: str) -> bytes:
    """A PDF of one page with the lines of a text, as a print of its source is."""
    escaped = (line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in text.split("\n"))
    page = "BT /F1 8 Tf 10 TL 20 800 Td " + " ".join(f"({line}) Tj T*" for line in escaped) + " ET"
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(page)} >>\nstream\n{page}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
    ]
    made, places = "%PDF-1.4\n", list[int]()
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n{len(made)}\n%%EOF\n"
    return (made + f"xref\n0 6\n0000000000 65535 f \n{table}{end}").encode()


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """A zip archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 16, 20, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def gradescope(people: Sequence[tuple[str, str]], at: str = "2026-03-16 22:13:34.123456000 Z") -> bytes:
    """Gradescope's export of submissions."""
    metadata = ["---"]
    members: dict[str, str | bytes] = {}
    for number, (identifier, name) in enumerate(people):
        metadata += [
            f"submission_{number}:",
            "  :submitters:",
            f"  - :name: {json.dumps(name)}",
            f"    :sid: '{identifier}'",
            f"    :email: {identifier}@x.edu",
            f"  :created_at: {at}",
            "  :status: processed",
        ]
        members[f"assignment_9_export/submission_{number}/hw.tex"] = tex(varied(number))
    members["assignment_9_export/submission_metadata.yml"] = "\n".join(metadata) + "\n"
    return zipped(members)


def canvas(people: Sequence[tuple[str, str]]) -> bytes:
    """Canvas's download of submissions; the second student is late."""
    members = {}
    for number, (identifier, name) in enumerate(people):
        squeezed = "".join(reversed(name.lower().split()))
        late = "LATE_" if number == 1 else ""
        members[f"{squeezed}_{late}{identifier}_{900 + number}_hw-1.tex"] = tex(varied(number))
    return zipped(members)


def moodle(people: Sequence[tuple[str, str]]) -> bytes:
    """Moodle's download of submissions, a folder for each."""
    return zipped(
        {
            f"{name}_{identifier}_assignsubmission_file/hw.tex": tex(varied(number))
            for number, (identifier, name) in enumerate(people)
        }
    )


def graded_cells(answers: Mapping[str, str]) -> str:
    """A notebook of nbgrader with a cell for each answer, which it grades by hand."""
    told = {"grade": True, "solution": True, "locked": False, "schema_version": 3, "cell_type": "markdown"}
    cells = [
        {"cell_type": "markdown", "metadata": {"nbgrader": {**told, "grade_id": f"question-{key}"}}, "source": [answer]}
        for key, answer in answers.items()
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


def nbgrader(place: Path, people: Sequence[tuple[str, str]]) -> Path:
    """A course of nbgrader, in which each student handed in two notebooks."""
    for number, (identifier, _) in enumerate(people):
        folder = place / "submitted" / identifier / "layers"
        folder.mkdir(parents=True)
        answers = varied(number)
        (folder / "inputs.ipynb").write_text(ipynb({key: answers[key] for key in ("1(a)", "1(b)") if key in answers}))
        (folder / "reasons.ipynb").write_text(graded_cells({"2": answers["2"]}))
        (folder / "submission_secret.txt").write_text(f"{number:064x}")
        (folder / "timestamp.txt").write_text(f"2026-03-{16 + number} 22:13:34 UTC\n")
    return place


def machine(place: Path, archive: bytes, python: str) -> Path:
    """Gradescope's machine below a place: an autograder unpacked as it does, with a Python set up."""
    (place / "submission").mkdir(parents=True)
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        packed.extractall(place / "source")
    shutil.copy(place / "source" / "run_autograder", place / "run_autograder")
    program(place / "venv" / "bin" / "python", f'exec {python} "$@"')
    program(place / "run_autograder")
    return place


def job(place: Path, archive: bytes, python: str) -> Path:
    """A job of PrairieLearn below a place: the question's tests, and an image beside it."""
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        packed.extractall(place)
    shutil.copytree(place / "question" / "tests", place / "tests")
    (place / "student").mkdir()
    program(place / "bin" / "python3", f'exec {python} "$@"')
    program(place / "tests" / "run_grader")
    return place


def program(path: Path, text: str = "") -> None:
    """A file that can be run, of a line of the shell where it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if text:
        path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
