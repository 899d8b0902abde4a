"""What is uploaded to a platform: a zip archive with truestep itself, the homework, and the scripts that grade."""

from __future__ import annotations

import configparser
import json
import os
import shlex
import uuid
from html import escape
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from truestep.classes.writing import zipped
from truestep.derivations.language.packed import ENDING
from truestep.platforms.forms import PLATFORMS
from truestep.problems.homework.homework_file import load_homework
from truestep.problems.homeworks import homework_text, homeworks

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).parent.parent
NAMESPACE = uuid.UUID("5a9f7c1e-2d64-5b0e-9c1f-3f0b6a7d8e21")
EXTRA = "class"
MINUTES = {"gradescope": 9, "prairielearn": 4}  # Gradescope's own limit is 10 minutes where nobody sets another


class Wish(NamedTuple):
    """How hand-ins are graded there: what of the solution is shown, who sees it, the seconds for one answer."""

    reveal: str = "none"
    visibility: str = "visible"
    timeout: float = 2.0


def gradescope(homework: str, wish: Wish) -> bytes:
    """The archive that Gradescope takes as an autograder: the same bytes for the same homework and program.

    Raises StatementFault, and OSError where the homework cannot be read.
    """
    name, stated = _homework(homework)
    places = {"@ROOT@": "/autograder", "@SOURCE@": "$root/source", "@HOMEWORK@": "$root/source"}
    members = {
        "setup.sh": _script("setup.sh"),
        "run_autograder": _run("gradescope", wish, {**places, "@PYTHON@": "$root/venv/bin/python"}),
        name: stated,
        "requirements.txt": _requirements(),
        **dict(_sources("truestep")),
    }
    return zipped(members, ("setup.sh", "run_autograder"))


def prairielearn(homework: str, wish: Wish, image: str) -> bytes:
    """The archive with a question for PrairieLearn, and what its image is built from.

    Raises StatementFault, and OSError where the homework cannot be read.
    """
    name, stated = _homework(homework)
    loaded = load_homework(homework)
    places = {"@ROOT@": "/grade", "@SOURCE@": "${TRUESTEP:-/opt/truestep}", "@HOMEWORK@": "$root/tests"}
    info = {
        "uuid": str(uuid.uuid5(NAMESPACE, loaded.id + loaded.title)),
        "title": loaded.title,
        "topic": loaded.course or "Derivations",
        "type": "v3",
        "gradingMethod": "External",
        "externalGradingOptions": {
            "enabled": True,
            "image": image,
            "entrypoint": "/grade/tests/run_grader",
            "timeout": 60 * MINUTES["prairielearn"] + 30,
        },
    }
    page = _script("question.html").replace(b"@TITLE@", escape(loaded.title).encode())
    members = {
        "question/info.json": json.dumps(info, indent=2, ensure_ascii=False).encode() + b"\n",
        "question/question.html": page,
        f"question/tests/{name}": stated,
        "question/tests/run_grader": _run("prairielearn", wish, {**places, "@PYTHON@": "python3"}),
        "image/Dockerfile": _script("Dockerfile"),
        "image/requirements.txt": _requirements(),
        **dict(_sources("image/truestep")),
    }
    return zipped(members, ("question/tests/run_grader",))


def _homework(source: str) -> tuple[str, bytes]:
    """What the statement is called in an archive, and its bytes; one that cannot be used is refused."""
    load_homework(source)
    path = Path(source)
    if source in homeworks() and not path.is_file():
        return f"homework{ENDING}", homework_text(source).encode()
    return f"homework{path.suffix}", path.read_bytes()


def _script(name: str) -> bytes:
    return (Path(__file__).parent / "scripts" / name).read_bytes()


def _run(platform: str, wish: Wish, places: dict[str, str]) -> bytes:
    text = _script("run_autograder").decode()
    options = ["--reveal", wish.reveal, "--visibility", wish.visibility, "--timeout", f"{wish.timeout:g}"]
    failed = json.dumps(PLATFORMS[platform].failed).replace("'", "\\u0027")
    told = {"@PLATFORM@": platform, "@SECONDS@": str(60 * MINUTES[platform]), "@FAILED@": failed}
    for mark, value in {**places, **told, "@OPTIONS@": shlex.join(options)}.items():
        text = text.replace(mark, value)
    return text.encode()


def _sources(below: str) -> Iterator[tuple[str, bytes]]:
    """The modules and the data of truestep."""
    for folder, names, files in os.walk(PACKAGE, followlinks=True):
        names[:] = sorted(name for name in names if name != "__pycache__")
        for name in sorted(files):
            if not name.endswith((".pyc", ".pyo")):
                path = Path(folder, name)
                yield f"{below}/{path.relative_to(PACKAGE).as_posix()}", path.read_bytes()


def _requirements() -> bytes:
    """What truestep needs, and what it needs for a class, as lines for pip."""
    declared = PACKAGE.parent / "setup.cfg"
    if declared.is_file():
        table = configparser.ConfigParser()
        table.read(declared, "utf-8")
        lines = [*table["options"]["install_requires"].split("\n"), *table["options.extras_require"][EXTRA].split("\n")]
    else:
        stated = [line.partition(";") for line in metadata.requires("truestep") or ()]
        lines = [line for line, _, when in stated if not when or f'extra == "{EXTRA}"' in when.replace("'", '"')]
    return "".join(f"{line.strip()}\n" for line in lines if line.strip()).encode()
