"""LaTeX to PDF, by what is installed; in a folder of its own, without shell escape, within a time."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

TIMEOUT = 120
MAX_SHOWN = 6
NAME = "sheet"


class NoPdf(Exception):
    """The PDF could not be made; the message says what to install or what LaTeX complained about."""


class Engine(NamedTuple):
    """A program that makes a PDF of a LaTeX file, its arguments, and how often it has to run."""

    program: str
    arguments: tuple[str, ...]
    runs: int = 1


_PDFLATEX = ("-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape")
_TECTONIC = Engine("tectonic", ("--untrusted", "--keep-logs"))
ENGINES = (Engine("latexmk", ("-norc", "-pdf", *_PDFLATEX)), _TECTONIC, Engine("pdflatex", _PDFLATEX, 2))
# of a document with letters that pdfLaTeX does not have
UNICODE_ENGINES = (Engine("latexmk", ("-norc", "-xelatex", *_PDFLATEX)), _TECTONIC, Engine("xelatex", _PDFLATEX, 2))
NEEDS_UNICODE = "% !TeX program = xelatex"


def engine(needs_unicode: bool = False) -> Engine:
    """The first engine that is installed.

    Raises NoPdf, which says what to install.
    """
    compiler = "xelatex" if needs_unicode else "pdflatex"
    for known in UNICODE_ENGINES if needs_unicode else ENGINES:
        if shutil.which(known.program) and (known.program != "latexmk" or shutil.which(compiler)):
            return known
    if needs_unicode:
        raise NoPdf(
            "this sheet holds letters that pdfLaTeX does not have, so its PDF needs XeLaTeX: install TeX Live with "
            "texlive-xetex (and texlive-lang-chinese for Chinese, Japanese and Korean), or tectonic; or use --html"
        )
    raise NoPdf(
        "no TeX is installed, so there can be no PDF. Install TeX Live with latexmk (Debian and Ubuntu: apt install "
        "latexmk texlive-latex-extra; macOS: MacTeX; Windows: MiKTeX), or tectonic; or write the sheet with --latex "
        "and make the PDF elsewhere, or with --html"
    )


class Made(NamedTuple):
    """A PDF, and what LaTeX said while it was made."""

    pdf: bytes
    log: str


def pdf(source: str) -> Made:
    """The PDF of a LaTeX document.

    Raises NoPdf.
    """
    chosen = engine(NEEDS_UNICODE in source[:400])
    with tempfile.TemporaryDirectory(prefix="truestep-") as folder:
        (Path(folder) / f"{NAME}.tex").write_text(source, encoding="utf-8")
        for _ in range(chosen.runs):
            _run(chosen, folder)
        made = Path(folder) / f"{NAME}.pdf"
        if not made.is_file():
            raise NoPdf(f"{chosen.program} made no PDF{_complaint(folder)}")
        return Made(made.read_bytes(), _log(folder))


def _run(chosen: Engine, folder: str) -> None:
    """Run the engine in its folder; what it starts ends with it."""
    # files outside the folder are neither read by a path of their own nor written
    environment = {**os.environ, "openin_any": "p", "openout_any": "p", "shell_escape": "f"}
    with subprocess.Popen(
        [chosen.program, *chosen.arguments, f"{NAME}.tex"],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            code = process.wait(TIMEOUT)
        except BaseException as fault:
            _end(process)
            if isinstance(fault, subprocess.TimeoutExpired):
                raise NoPdf(f"{chosen.program} did not end within {TIMEOUT} seconds") from None
            raise
    if code:
        raise NoPdf(f"{chosen.program} failed{_complaint(folder)}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and those that it started."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _log(folder: str) -> str:
    log = Path(folder) / f"{NAME}.log"
    return log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""


def _complaint(folder: str) -> str:
    """What the log says is wrong."""
    said = [line for line in _log(folder).splitlines() if line.startswith("!") or re.match(r"l\.\d+ ", line)]
    return ": " + " ".join(said[:MAX_SHOWN]) if said else ""
