"""`python -m benchmarks page`: a key in a work against the whole work anew, and a class of students at once."""

from __future__ import annotations

import argparse
import http.client
import json
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any

from benchmarks.machine import machine, positive
from truestep.checkers.remembering.precedents import Precedents
from truestep.library.checking import record_of
from truestep.library.given import Source
from truestep.problems.homework.named import problem_stated
from truestep.problems.statements.problem import Problem

PROBLEM = "softmax-jacobian"
KEYS = {"right": "1", "one wrong": "2"}  # what a key makes of the work
ROWS_MOVED = ("a row put in", "a row taken out", "two rows changed over")
LIMIT = 60.0  # seconds for one answer
ROWS = (
    r"\frac{\partial s_i}{\partial z_j} = s_i (\delta_{ij} - s_j)",
    r"= s_i \delta_{ij} - s_i s_j",
    r"= s_j \delta_{ij} - s_i s_j",
    r"= s_i (\delta_{ij} - 1) + s_i (1 - s_j)",
    r"= s_j (\delta_{ij} - s_i)",
    r"= \frac{s_i \delta_{ij} + s_j \delta_{ij}}{2} - s_i s_j",
    r"= \delta_{ij} s_i (1 - s_i) - (1 - \delta_{ij}) s_i s_j",
    r"= s_i \sum_k s_k (\delta_{ij} - s_j)",
    r"= s_i \sum_k \delta_{ik} (\delta_{kj} - s_j)",
    r"= \frac{e^{z_i}}{\sum_k e^{z_k}} (\delta_{ij} - s_j)",
    r"= \frac{e^{z_i} \delta_{ij}}{\sum_k e^{z_k}} - \frac{e^{z_i} e^{z_j}}{(\sum_k e^{z_k})^2}",
    r"= s_i \frac{\partial \log s_i}{\partial z_j}",
    r"= s_i \frac{\partial}{\partial z_j} ( z_i - \log \sum_k e^{z_k} )",
    r"= s_i (\delta_{ij} - \frac{e^{z_j}}{\sum_k e^{z_k}})",
    r"= \delta_{ij} s_i - s_j s_i",
)


def work(mark: int, rows: int = 15) -> str:
    """A right work of so many rows, all of them different, none of which stands in a work of another mark."""
    return "\n\n".join(f"$$ {ROWS[row % len(ROWS)]} + {mark + 2} - {mark + 2} $$" for row in range(rows)) + "\n"


def typed(text: str, row: int, key: str) -> str:
    """The same with one key more in one row: a factor of its right side."""
    rows = text.split("\n\n")
    return "\n\n".join((*rows[:row], rows[row].replace("= ", f"= {key}", 1), *rows[row + 1 :]))


@contextmanager
def served() -> Iterator[int]:
    """The port of a server of its own."""
    command = [sys.executable, "-m", "truestep", "serve", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        found = re.search(r":(\d+)/", process.stderr.readline())
        if found is None:
            raise OSError("the server did not start")
        try:
            yield int(found[1])
        finally:
            process.terminate()


class Student:
    """One browser, and what each answer took; each has a connection of its own, as after a pause."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.seconds: list[float] = []
        self.lost = 0

    def ask(self, text: str) -> float:
        """The seconds that a check takes; it is lost where it is not judged."""
        begun = time.perf_counter()
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)) as connection:
                sent = json.dumps({"problem": PROBLEM, "text": text})
                connection.request("POST", "/api/check", sent, {"content-type": "application/json"})
                answer = connection.getresponse()
                self.lost += answer.status != 200 or not json.loads(answer.read())["rows"]
        except (OSError, http.client.HTTPException, ValueError):
            self.lost += 1
        self.seconds.append(time.perf_counter() - begun)
        return self.seconds[-1]

    def writes(self, number: int, edits: int, pause: float) -> None:
        """A work row by row, each with a pause before it that is drawn around the one given."""
        dice = random.Random(number)
        for rows in range(edits):
            time.sleep(dice.expovariate(1 / pause) if pause else 0.0)
            self.ask(work(1000 * number + rows // 8, 1 + rows % 8))


def one_key(port: int, repeats: int, key: str) -> tuple[list[float], list[float]]:
    """Seconds for works of 15 rows with one more key in some row: never seen, and where only that row was not."""
    anew, after = [], []
    student = Student(port)
    for number in range(repeats):
        mark = 2 * number + 1000 * int(key)
        anew.append(student.ask(typed(work(mark), number % 15, key)))
        student.ask(work(mark + 1))
        after.append(student.ask(typed(work(mark + 1), number % 15, key)))
    if student.lost:
        raise OSError(f"{student.lost} works were not judged")
    return anew[1:] or anew, after[1:] or after  # the first wakes the worker


def judging(repeats: int, key: str) -> tuple[list[float], list[float]]:
    """Seconds of processor time that judging alone takes of the same works, never seen and after the key."""
    problem, _ = problem_stated(PROBLEM)
    anew, after = [], []
    for number in range(repeats):
        mark, known = 2 * number + 100_000 * int(key), Precedents()
        anew.append(_judged(typed(work(mark), number % 15, key), problem, known))
        _judged(work(mark + 1), problem, known)
        after.append(_judged(typed(work(mark + 1), number % 15, key), problem, known))
    return anew[1:] or anew, after[1:] or after


def moved(text: str, row: int, how: str) -> str:
    """The same with one row more, which says the same as the one before it, one less, or two in each other's place."""
    rows = text.split("\n\n")
    if how == ROWS_MOVED[0]:
        rows.insert(row, rows[row - 1].replace("= ", "= 1 ", 1))
    elif how == ROWS_MOVED[1]:
        del rows[row]
    else:
        rows[row : row + 2] = rows[row : row + 2][::-1]
    return "\n\n".join(rows)


def judging_moved(repeats: int, how: str) -> tuple[list[float], list[float]]:
    """Seconds of processor time that judging alone takes where rows are moved: never seen, and after that."""
    problem, _ = problem_stated(PROBLEM)
    anew, after = [], []
    for number in range(repeats):
        mark, row, known = 2 * number + 10_000_000 * (1 + ROWS_MOVED.index(how)), 1 + number % 12, Precedents()
        anew.append(_judged(moved(work(mark), row, how), problem, Precedents()))
        _judged(work(mark + 1), problem, known)
        after.append(_judged(moved(work(mark + 1), row, how), problem, known))
    return anew[1:] or anew, after[1:] or after


def _judged(text: str, problem: Problem, known: Precedents) -> float:
    begun = time.process_time()
    record_of(Source(data=text.encode(), name="work.md"), problem, True, known)
    return time.process_time() - begun


def at_once(port: int, students: int, edits: int, pause: float, first: int = 1) -> tuple[list[float], int]:
    """Seconds of all answers to students who write at once, and how many were lost."""
    several = [Student(port) for _ in range(students)]
    with ThreadPoolExecutor(students) as threads:
        list(threads.map(lambda pair: pair[1].writes(pair[0], edits, pause), enumerate(several, first)))
    return [taken for one in several for taken in one.seconds], sum(one.lost for one in several)


def quantile(several: Sequence[float], part: float) -> float:
    """What so large a part of some numbers does not pass."""
    return sorted(several)[min(len(several) - 1, int(part * len(several)))]


def main(arguments: Sequence[str]) -> int:
    """Measures, and prints a table; 1 where a request was lost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks page", description=__doc__)
    parser.add_argument("--students", type=positive, default=50)
    parser.add_argument("--edits", type=positive, default=10, help="checks of each student")
    parser.add_argument("--pause", type=float, default=4.0, help="seconds before each check, on average")
    parser.add_argument("--repeats", type=positive, default=15, help="works of 15 rows")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    alone_judged = {name: judging(chosen.repeats + 1, key) for name, key in KEYS.items()}
    alone_judged |= {how: judging_moved(chosen.repeats + 1, how) for how in ROWS_MOVED}
    with served() as port:
        keys = {name: one_key(port, chosen.repeats + 1, key) for name, key in KEYS.items()}
        alone, lost_alone = at_once(port, 1, 3 * chosen.edits, 0.1, first=10_000)
        all_of_them, lost = at_once(port, chosen.students, chosen.edits, chosen.pause)
    figures: dict[str, Any] = {}
    for name, (anew, after) in keys.items():
        figures[f"15 rows, {name}, anew, median ms"] = 1000 * statistics.median(anew)
        figures[f"15 rows, {name}, after one key, median ms"] = 1000 * statistics.median(after)
        figures[f"15 rows, {name}, one key / anew"] = statistics.median(after) / statistics.median(anew)
    for name, (anew, after) in alone_judged.items():
        figures[f"judging alone, {name}, anew, processor ms"] = 1000 * statistics.median(anew)
        figures[f"judging alone, {name}, after the change"] = 1000 * statistics.median(after)
        figures[f"judging alone, {name}, change / anew"] = statistics.median(after) / statistics.median(anew)
    figures |= {
        "one student alone, median ms": 1000 * statistics.median(alone),
        "students at once": chosen.students,
        "checks": len(all_of_them),
        "lost": lost + lost_alone,
        "at once, median ms": 1000 * statistics.median(all_of_them),
        "at once, 95 % within ms": 1000 * quantile(all_of_them, 0.95),
        "at once, 95 % / one alone, median": quantile(all_of_them, 0.95) / statistics.median(alone),
        "machine": machine(),
    }
    if chosen.json:
        print(json.dumps(figures))
    else:
        for key, value in figures.items():
            print(f"{key:<52} {value:.2f}" if isinstance(value, float) else f"{key:<52} {value}")
    return int(lost + lost_alone > 0)
