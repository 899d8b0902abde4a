r"""A sheet in Markdown as a Jupyter notebook: a cell for each question, and one for each answer box.

>>> [cell["source"] for cell in json.loads(notebook("# H\n\n## 1\n\nWhy?\n", {}))["cells"]]
['# H', '## 1\n\nWhy?']
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BOX = re.compile(
    r'^\*\*Answer to [^\n]*\n\n<!-- <truestep:box id="([^"\n]+)"> -->\n.*?^<!-- </truestep:box> -->$',
    re.MULTILINE | re.DOTALL,
)
_HEADING = re.compile(r"^(?=\#{1,3} )", re.MULTILINE)
_FORM = {"nbformat": 4, "nbformat_minor": 4}
_KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


def notebook(text: str, points: Mapping[str, float | None]) -> str:
    """The notebook of a sheet; boxes are cells that nbgrader grades by hand, worth the points of their questions."""
    cells: list[dict[str, Any]] = []
    last = 0
    for box in _BOX.finditer(text):
        cells += _plain(text[last : box.start()])
        cells.append(_cell(box[0], {"nbgrader": _graded(box[1], points.get(box[1]) or 0)}))
        last = box.end()
    cells += _plain(text[last:])
    return json.dumps({"cells": cells, "metadata": _KERNEL, **_FORM}, ensure_ascii=False, indent=1) + "\n"


def _plain(text: str) -> Iterator[dict[str, Any]]:
    for part in _HEADING.split(text):
        if part.strip():
            yield _cell(part.strip(), {})


def _cell(source: str, metadata: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": metadata, "source": source}


def _graded(question: str, points: float) -> dict[str, Any]:
    name = re.sub(r"[^A-Za-z0-9]+", "-", question).strip("-")
    kind = {"grade": True, "solution": True, "locked": False, "task": False}
    return {**kind, "grade_id": f"question-{name}", "points": points, "cell_type": "markdown", "schema_version": 3}
