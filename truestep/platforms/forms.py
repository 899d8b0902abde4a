"""The results of one hand-in in the form that a platform takes, and the results that say that there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from truestep.classes.totals import amount, neat
from truestep.output.readable import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from truestep.classes.totals import Mark
    from truestep.platforms.handin import Outcome

Results = dict[str, Any]
VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")
MOST_TEXT, MOST_TEXTS = 20_000, 200_000  # characters of one text, and of all together: PrairieLearn takes 1 MB
NOT_GRADED = "The program could not grade this hand-in. A person grades it; you need not do anything."
NOT_COUNTED = "The program could not grade this. The attempt does not count: try again, or tell the course."
STATES = {
    "nothing handed in": "Nothing was handed in in which answers could stand.",
    "empty": "Nothing is written in what was handed in.",
    "other homework": "What was handed in belongs to another homework.",
    "for a person": "A person reads what was handed in.",
    "unplaced": "No numbers of questions were found: number the answers as the homework does.",
    "not read": "What was handed in could not be read.",
}


def gradescope(outcome: Outcome, visibility: str = "visible") -> Results:
    """What stands in ``results.json``: a question that a person decides is a test without a score.

    Source: the specifications of Gradescope's autograder, "Output format".
    """
    tests = []
    for name, mark in outcome.row.marks.items():
        test: Results = {"number": name, "name": _title(outcome, name, mark), "visibility": visibility}
        if not mark.is_open:
            earned, of = neat(mark.low), neat(mark.of)
            test |= {"score": earned, "max_score": of, "status": "passed" if earned >= of else "failed"}
        tests.append(test | {"output": _output(outcome, name), "output_format": "text"})
    top = {"output": "\n".join(_summary(outcome)), "output_format": "text", "visibility": visibility}
    return {"score": neat(outcome.row.low), **top, "stdout_visibility": "hidden", "tests": tests}


def prairielearn(outcome: Outcome, visibility: str = "visible") -> Results:
    """What stands in ``results.json``: what was not graded is not gradable, and costs no attempt.

    Source: PrairieLearn's documentation, "External grading", "Grading results".
    """
    row = outcome.row
    if row.state in STATES:
        told = "\n".join(_plain(STATES[row.state], *outcome.said))
        return {"gradable": False, "format_errors": [told], "message": told}
    tests = []
    for name, mark in row.marks.items():
        points = (0.0, 0.0) if mark.is_open else (neat(mark.low), neat(mark.of))  # shown as neither right nor wrong
        title = f"{name} {_title(outcome, name, mark)}".strip()
        tests.append({"name": title, "points": points[0], "max_points": points[1], "output": _output(outcome, name)})
    score = min(1.0, max(0.0, row.low / row.of)) if row.of else 0.0
    return {"gradable": True, "score": round(score, 4), "message": "\n".join(_summary(outcome)), "tests": tests}


def _title(outcome: Outcome, name: str, mark: Mark) -> str:
    """What a question is called; of one that a person decides, what it is worth, and of what part that is sure."""
    title = visible(outcome.titles.get(name, ""))
    if not mark.is_open:
        return title
    sure = f", {amount(mark.low, mark.low)} sure" if neat(mark.low) else ""
    return f"{title} (a person decides: {amount(mark.of, mark.of)} points{sure})".strip()


def _output(outcome: Outcome, name: str) -> str:
    texts = outcome.texts.get(name, "")
    most = min(MOST_TEXT, MOST_TEXTS // max(1, len(outcome.row.marks)))
    cut = texts if len(texts) <= most else texts[:most] + "\n... (there is more)"
    return "\n".join(visible(line) for line in cut.split("\n"))


def _summary(outcome: Outcome) -> list[str]:
    """What is said of the hand-in as a whole."""
    row = outcome.row
    points = f"{amount(row.low, row.high)} of {neat(row.of):g} points."
    open_ = [name for name, mark in row.marks.items() if mark.is_open]
    names = "all of it" if len(open_) == len(row.marks) else ", ".join(open_)
    decides = f"A person decides on {names}; until then {neat(row.low):g} points count."
    looks = decides if row.low != row.high else f"A person looks at {names}."
    return _plain(STATES.get(row.state, ""), points, row.late, looks if open_ else "", *outcome.said)


def _plain(*lines: str) -> list[str]:
    return [visible(line)[:2000] for line in lines[:100] if line]


def for_the_course(outcome: Outcome) -> list[str]:
    """Why a person decides, question by question: it may quote what the marker goes by, so students do not see it."""
    marks = outcome.row.marks.items()
    return [visible(f"{name}: {'; '.join(mark.person)}") for name, mark in marks if mark.is_open]


class Platform(NamedTuple):
    """Where a platform has the hand-in below its root, its form of results, and the results that say there are none."""

    submission: str
    metadata: str
    results: Callable[..., Results]
    failed: Results


PLATFORMS = {
    "gradescope": Platform(
        "submission",
        "submission_metadata.json",
        gradescope,
        {
            "score": 0,
            "output": NOT_GRADED,
            "output_format": "text",
            "stdout_visibility": "hidden",
            "tests": [{"name": "Grading", "output": NOT_GRADED, "output_format": "text"}],
        },
    ),
    "prairielearn": Platform(
        "student", "", prairielearn, {"gradable": False, "format_errors": [NOT_COUNTED], "message": NOT_COUNTED}
    ),
}
