"""``python -m benchmarks growth``: processor time against size, of works, lines, boxes, macros and statements."""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

STEEPEST = 1.5  # time grows as size to this power at most, between the last two sizes
FLOOR = 0.05  # seconds below which no slope is told
SMALL = {"symbols": {"x": "scalar", "y": "scalar"}, "find": "x", "answer": "x"}


class Growth(NamedTuple):
    """Something that grows: its largest size, and a case of a size."""

    largest: int
    run: Callable[[int], Any]


def _checked(lines: list[str], problem: dict[str, Any] | None = None) -> Any:
    from truestep.checkers.records import check_record

    return check_record({"problem": problem or SMALL, "lines": lines})


def _submitted(text: str, problem: dict[str, Any] | None = None) -> Any:
    from truestep.checkers.records import check_record

    return check_record({"problem": problem or SMALL, "submission": text})


def _boxes(count: int) -> Any:
    from truestep.checkers.handins.reading import Reader
    from truestep.checkers.handouts import check_document
    from truestep.problems.homework.homework_file import homework_from

    asked = [{"id": str(k), "text": "?", "problem": {**SMALL, "title": str(k % 7)}} for k in range(min(count, 150))]
    homework = homework_from({"id": "h", "title": "H", "part": [{"title": "P", "question": asked}]})
    box = '%<truestep:box id="{}">\n$$ x = y $$\n%</truestep:box>\n'
    document = Reader(homework).read("work.tex", "".join(box.format(k) for k in range(count)).encode())
    return [*check_document(document, homework, "w")]


def _macros(count: int) -> Any:
    defined = "".join(rf"\newcommand{{\m{_letters(k)}}}[1]{{#1 + x - x}}" + "\n" for k in range(count))
    called = "".join(rf"$$ x = \m{_letters(k)}{{x}} $$" + "\n" for k in range(0, count, max(1, count // 40)))
    return _submitted(rf"\documentclass{{article}}{defined}\begin{{document}}{called}\end{{document}}")


def _letters(number: int) -> str:
    return "".join(chr(97 + int(digit)) for digit in str(number))


def _stated(count: int) -> Any:
    given = [f"a_{{{k}}} = a_{{{k - 1}}} + {k} x" for k in range(1, count)]
    symbols = {f"a_{{{k}}}": "scalar" for k in range(count)} | {"x": "scalar"}
    given = ["a_{0} = x^2", *given]
    return _checked(
        [f"2 x + {count * (count - 1) // 2}"],
        {"symbols": symbols, "given": given, "find": rf"\frac{{d a_{{{count - 1}}}}}{{d x}}"},
    )


def _doubled(count: int) -> Any:
    given = ["a_{0} = x", *(f"a_{{{k}}} = a_{{{k - 1}}} a_{{{k - 1}}}" for k in range(1, count))]
    symbols = {f"a_{{{k}}}": "scalar" for k in range(count)} | {"x": "scalar"}
    return _checked(["x"], {"symbols": symbols, "given": given, "find": f"a_{{{count - 1}}}"})


def _unfolded(count: int) -> Any:
    given = ["f_{0}(t) = t^2 + 1", *(f"f_{{{k}}}(t) = f_{{{k - 1}}}(f_{{{k - 1}}}(t))" for k in range(1, count))]
    return _checked(["x"], {"symbols": {"x": "scalar"}, "given": given, "find": f"f_{{{count - 1}}}(x)"})


def _derived(count: int) -> Any:
    from truestep.checkers.derive_records import derive_record

    given = [rf"h_{{{k}}} = \sigma(W_{{{k}}} h_{{{k - 1}}})" for k in range(1, count + 1)]
    symbols = {f"W_{{{k}}}": "n x n" for k in range(1, count + 1)} | {f"h_{{{k}}}": "n" for k in range(count + 1)}
    symbols["L"] = "scalar"
    problem = {
        "symbols": symbols,
        "given": [*given, f"L = h_{{{count}}}^T h_{{{count}}}"],
        "find": r"\frac{\partial L}{\partial W_{1}}",
    }
    return derive_record({"problem": problem})


def _notebook(count: int) -> Any:
    cells = [{"cell_type": "markdown", "source": [f"$$ x = x + {k} - {k} $$\n"]} for k in range(count)]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    return _submitted(text)


def _linted(text: str) -> Any:
    from truestep.checkers.examined_lints import RULES
    from truestep.problems.lint import lint
    from truestep.problems.lint.draft import draft_in

    asked = f"id = 'a'\ntext = {json.dumps(text)}\nfind = 'x'\nanswer = 'x'\n[symbols]\nx = 'scalar'\n"
    question = f"[[part]]\ntitle = 'P'\n[[part.question]]\nid = 'q'\ntext = {json.dumps(text)}\n"
    found = (*lint(draft_in(asked), RULES), *lint(draft_in(f"id = 'h'\ntitle = 'H'\n{question}"), RULES))
    return {"findings": len(found)}


def _in_words(text: str) -> Any:
    from truestep.problems.kinds.plain_words import plain

    plain.cache_clear()
    return plain(text)


GROWTHS: dict[str, Growth] = {
    "rows of a work": Growth(2_000, lambda n: _checked([f"x = x + {k} - {k}" for k in range(n)])),
    "the same row": Growth(2_000, lambda n: _checked(["x = x"] * n)),
    "different wrong rows": Growth(600, lambda n: _checked([f"x = x + {k + 1}" for k in range(n)])),
    "wrong rows that go on": Growth(600, lambda n: _checked([f"= x + {k + 1}" for k in range(n)])),
    "displays in Markdown": Growth(2_000, lambda n: _submitted("Then\n\n$$x = x$$\n\n" * n)),
    "formulas in a sentence": Growth(4_000, lambda n: _submitted("since $x=1$ " * n)),
    "open parentheses": Growth(20_000, lambda n: _submitted(r"\( x " * n)),
    "comments": Growth(20_000, lambda n: _submitted("<!-- x = 1\n" * n)),
    "comments in TeX": Growth(20_000, lambda n: _submitted("\\begin{document}\n" + "% x = 1\n" * n + "$$x = x$$")),
    "lines of text": Growth(20_000, lambda n: _submitted("x is what is asked\n" * n)),
    "cells of a notebook": Growth(2_000, _notebook),
    "terms of a line": Growth(3_900, lambda n: _checked(["x = x" + "+ y - y" * (n // 4)])),
    "sides of a line": Growth(3_900, lambda n: _checked(["x = " * (n // 2) + "x"])),
    "factors of a line": Growth(3_900, lambda n: _checked(["x = " + "x" * n])),
    "blanks of a line": Growth(80_000, lambda n: _submitted("$x = x$ |" + " " * n + "| $a =" + " " * n + "b$")),
    "blanks of a text": Growth(40_000, lambda n: _linted("let $" + " " * n + "$ be from $\\R^{" + " " * n)),
    "spaces of a text": Growth(40_000, lambda n: _linted(r"$x \in \mathbb" * (n // 10) + "![a](" * (n // 10))),
    "mappings of a text": Growth(800, lambda n: _linted(r"from $\mathbb{R}^n$ to $\mathbb{R}^m$ $u = ?$ $x = x$ " * n)),
    "blanks of an answer": Growth(19_000, lambda n: _in_words("x_{" + " " * n + r"\frac{d" + " " * n)),
    "words of a line": Growth(19_900, lambda n: _checked([r"x = x \text{" + "if " * (n // 3) + "}"])),
    "texts in texts": Growth(20_000, lambda n: _checked([r"\text{" * (n // 7) + "x" + "}" * (n // 7)])),
    "brackets of a line": Growth(3_900, lambda n: _checked(["(" * (n // 2) + "x" + ")" * (n // 2)])),
    "minus signs": Growth(3_900, lambda n: _checked(["-" * n + "x"])),
    "subscripts": Growth(15_000, lambda n: _checked(["x_{" * (n // 4) + "x" + "}" * (n // 4)])),
    "derivatives": Growth(3_900, lambda n: _checked([r"\partial " * n + "x"])),
    "digits": Growth(3_900, lambda n: _checked(["x = " + "9" * n])),
    "accents": Growth(20_000, lambda n: _checked(["x" + "\u0301" * n])),
    "a word": Growth(3_900, lambda n: _checked(["d" * n])),
    "boxes": Growth(2_000, _boxes),
    "macros": Growth(400, _macros),
    "a long macro": Growth(4_000, lambda n: _submitted(rf"\def\m{{{'x+' * (n // 2)}x}} $$ x = \m - \m $$")),
    "givens": Growth(190, _stated),
    "givens that double": Growth(60, _doubled),
    "functions that double": Growth(60, _unfolded),
    "layers of a network": Growth(12, _derived),
}


class Measured(NamedTuple):
    """The seconds at each size, and the power of the size by which they grow at the end."""

    sizes: tuple[int, ...]
    seconds: tuple[float, ...]

    @property
    def slope(self) -> float:
        """The power between the last two sizes; 0 where nothing takes long."""
        (small, large), (before, after) = self.sizes[-2:], self.seconds[-2:]
        return 0.0 if after < FLOOR else math.log(after / max(before, FLOOR / 4)) / math.log(large / small)


def measured(growth: Growth) -> Measured:
    """The processor time of a case at a quarter, half and all of its largest size."""
    sizes = tuple(growth.largest // part for part in (4, 2, 1))
    growth.run(2)
    seconds = []
    for size in sizes:
        start = time.process_time()
        growth.run(size)
        seconds.append(time.process_time() - start)
    return Measured(sizes, tuple(seconds))


def main(arguments: Sequence[str]) -> int:
    """Print the times; 1 where something grows too fast, or takes longer than a work may."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks growth", description=__doc__)
    asked.add_argument("--only", action="append", default=[], choices=[*GROWTHS])
    args = asked.parse_args(arguments)
    steep = 0
    for name, growth in GROWTHS.items():
        if not args.only or name in args.only:
            found = measured(growth)
            is_steep = found.slope > STEEPEST
            steep += is_steep
            times = "  ".join(f"{size:6}: {1000 * taken:6.0f} ms" for size, taken in zip(*found, strict=True))
            print(f"{name:24} {times}   power {found.slope:4.1f}{'  too steep' if is_steep else ''}", flush=True)
    return int(bool(steep))
