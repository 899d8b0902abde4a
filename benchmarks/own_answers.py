"""`python -m benchmarks.own_answers`: check the self-made answers by numbers, write `data/answers.jsonl`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from benchmarks.questions import QUESTIONS, Question

FILE = Path(__file__).resolve().parent / "data" / "answers.jsonl"
SIZES = ((3, 3), (3, 4), (3, 5))  # m, n; the written-out softmax has three scores
DRAWS = 20


def draw(m: int, n: int, random: np.random.Generator) -> SimpleNamespace:
    """Random values for every name that the questions use."""
    v = SimpleNamespace(n=n)
    v.t, v.dl = random.normal(size=2)
    v.p, v.q = random.uniform(0.05, 0.95, size=2)
    v.s, v.w, v.dh = random.normal(size=(3, m))
    v.u, v.v = random.normal(size=(2, n))
    v.A, v.B = random.normal(size=(m, n)), random.normal(size=(n, m))
    return v


def faults(questions: tuple[Question, ...] = QUESTIONS) -> Iterator[str]:
    """The tries whose verdict the numbers contradict."""
    random = np.random.default_rng(7)
    models = [draw(m, n, random) for m, n in SIZES for _ in range(DRAWS)]
    for question in questions:
        for attempt in question.tries:
            agree = all(same(question.value(v), attempt.value(v)) for v in models)
            if agree != attempt.right:
                yield f"{question.answer} and {attempt.latex}: {'equal' if agree else 'different'}"


def same(a: Any, b: Any) -> bool:
    """Equal shapes and equal entries, but for rounding."""
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=1e-9, atol=1e-12))


def records() -> Iterator[dict[str, Any]]:
    """The check records, in the form of the labelled cases."""
    number = 0
    for question in QUESTIONS:
        for attempt in question.tries:
            number += 1
            verdict = "right" if attempt.right else "wrong"
            yield {
                "id": f"own{number:02}",
                "category": question.category,
                "problem": {"symbols": question.symbols, **question.more, "answer": question.answer},
                "lines": [attempt.latex],
                "expect": {"verdict": verdict, "final": verdict, "tags": []},
            }


def text() -> str:
    """What the file holds."""
    return "".join(json.dumps(record) + "\n" for record in records())


def main() -> int:
    """Write the file, unless a verdict is contradicted."""
    found = list(faults())
    if found:
        print("\n".join(found), file=sys.stderr)
        return 1
    FILE.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
