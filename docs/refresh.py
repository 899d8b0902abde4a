"""Runs every command that the documentation shows and puts its output in, and what its pages take from tables.

With --pictures it also takes the pictures, for which it needs Chromium, and pdftoppm for those of paper.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from click.testing import CliRunner

from truestep.cli import main
from truestep.problems.findings.table import FINDINGS

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
BLOCK = re.compile(r"^(?P<fence>```+)\n\$ truestep (?P<command>.*)\n(?P<output>(?:.*\n)*?)(?P=fence)$", re.MULTILINE)
SLIPS = re.compile(r"^\| code \| what was read all the same \|\n\|---\|---\|\n(?:\|.*\n)*", re.MULTILINE)
BROWSER = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
DARK = "--blink-settings=preferredColorScheme=0"

SEED = "check examples/seeds/{0}/submission.tex --problem examples/seeds/{0}/problem.toml --html"
HOMEWORK = "check examples/handouts/{0}/{1}.tex --homework {0} --html"

# the picture, the command, the height, light or dark or on paper
SHOTS = (
    ("errors-that-cancel", SEED.format("F5/e"), 1590, "light"),
    ("special-case", SEED.format("E4"), 1690, "dark"),
    ("rule-of-the-question", SEED.format("F3"), 960, "light"),
    ("restated-loss", SEED.format("F6/b"), 0, "paper"),
    ("homework", HOMEWORK.format("nyu-dsga1008-hw1", "hand-in"), 1650, "light"),
    ("homework-marks", HOMEWORK.format("cmu-10315-hw5", "mistakes"), 2600, "dark"),
)


def output(command: str) -> str:
    """What a command prints."""
    return CliRunner().invoke(main, shlex.split(command)).output


def refreshed(text: str) -> str:
    """A page with the present output of its commands."""

    def again(found: re.Match[str]) -> str:
        command = found["command"]
        return f"{found['fence']}\n$ truestep {command}\n{output(command)}{found['fence']}"

    return SLIPS.sub(lambda _: slips_table(), BLOCK.sub(again, text))


def slips_table() -> str:
    """The slips of notation that may be given a price, with what was read all the same."""
    rows = [f"| `{row.code}` | {row.slip} |\n" for row in FINDINGS if row.slip]
    return "".join(("| code | what was read all the same |\n", "|---|---|\n", *rows))


def picture(name: str, command: str, height: int, kind: str) -> None:
    """Take the picture of the page that a command makes."""
    with tempfile.TemporaryDirectory() as place:
        page = Path(place) / "report.html"
        page.write_text(output(command), "utf-8")
        if kind == "paper":
            sheet = Path(place) / "report.pdf"
            _run(*BROWSER, f"--print-to-pdf={sheet}", "--no-pdf-header-footer", page.as_uri())
            _run("pdftoppm", "-r", "80", "-f", "1", "-l", "1", "-singlefile", "-png", str(sheet), str(PICTURES / name))
        else:
            look = [DARK] if kind == "dark" else []
            shot = f"--screenshot={PICTURES / name}.png"
            _run(*BROWSER, *look, f"--window-size=900,{height}", shot, page.as_uri())


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    for path in PAGES:
        path.write_text(refreshed(path.read_text(encoding="utf-8")), encoding="utf-8")
    (ROOT / "docs" / "mistakes.md").write_text(output("explain --markdown"), encoding="utf-8")
    if "--pictures" in sys.argv:
        for shot in SHOTS:
            picture(*shot)
