"""Answers that choose among options: letters, ticked boxes, or the words of an option; never guessed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from truestep.checkers.kinds.record import Judged
from truestep.problems.kinds.plain_words import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.problems.statements.problem import Problem

_TICKED = re.compile(r"\[\s*[xX✓✔]\s*\]|[☒☑✓✔✅]")
_UNTICKED = re.compile(r"\[\s*\]|☐")
_LEAD = re.compile(
    r"\b(?:answers?|solutions?|choices?|options?|choose|chose|select|pick|correct|true|right)\b[\s:=]*"
    r"(?:(?:are|is|the|options?|answers?|choices?|ones?|would|be|letters?|statements?|correct|only|both|one)\b[\s:=]*)*",
    re.IGNORECASE,
)
_TRUE = re.compile(
    r"\s*[:.,–—-]*\s*(?P<yes>true|correct|yes|right)\b|\s*[:.,–—-]*\s*(?P<no>false|incorrect|no|wrong|not)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:not|wrong|incorrect|false|except|unlike|isn't|aren't|neither|nor)\b", re.IGNORECASE)


_FOLLOWED = re.compile(r"^\s+(?:is|are|and|the|by)\b.*")
_REASON = re.compile(r",?\s+(?:because|since|as|due to)\b.*", re.IGNORECASE)


class Read(NamedTuple):
    """One reading of a row: the options that it chooses."""

    row: int
    chosen: frozenset[str]


def check_choice(rows: Sequence[str], problem: Problem) -> dict[str, Any]:
    """The check record of an answer that chooses; two readings that differ leave it undecided.

    >>> from truestep.problems.statements.problem import Problem
    >>> asked = Problem(kind="choice", options={"a": "ReLU", "b": "tanh"}, answer=("b",))
    >>> check_choice(["Answer: (b)"], asked)["verdict"], check_choice(["It is b) ReLU"], asked)["verdict"]
    ('right', 'undecided')
    """
    judged = Judged(len(rows))
    found = _readings([plain(row) for row in rows], problem)
    if not found:
        written = any(row.strip() for row in rows)
        reason = "no option could be read here; write its letter, such as (b)"
        return judged.record("undecided" if written else "not_checked", None, reason)
    if len({one.chosen for one in found}) > 1:
        for one in found:
            judged.say(one.row, "undecided", "this and another part of the answer choose different options")
        return judged.record("undecided", found[-1].row, "two readings of this answer differ; choose once")
    row, chosen = found[-1].row, found[-1].chosen
    wrong, left_out = sorted(chosen - set(problem.answer)), sorted(set(problem.answer) - chosen)
    judged.say(row, "wrong" if wrong or left_out else "right")
    if wrong:
        judged.find(row, "value", "wrong-option", _unfitting(wrong))
    if left_out and (len(problem.answer) > 1 or not wrong):
        judged.find(row, "missing", "missing-option", "not every option that holds is chosen")
    return judged.record("wrong" if wrong or left_out else "right", row)


def _unfitting(wrong: Sequence[str]) -> str:
    return f"option {wrong[0]} does not hold" if len(wrong) == 1 else f"options {', '.join(wrong)} do not hold"


def _readings(lines: Sequence[str], problem: Problem) -> list[Read] | None:
    """Everything that may be read as a choice; None where it is not clear which option is ticked."""
    letters = _Letters(problem)
    ticked = [(row, letters.of_option(line)) for row, line in enumerate(lines) if _TICKED.search(line)]
    found: list[Read] = []
    if ticked and all(len(options) == 1 for _, options in ticked):
        found.append(Read(ticked[-1][0], frozenset[str]().union(*(options for _, options in ticked))))
    elif ticked:
        return None
    judged = [(row, letters.judged(line)) for row, line in enumerate(lines)]
    held = [(row, one) for row, one in judged if one is not None]
    if held:
        found.append(Read(held[-1][0], frozenset(letter for _, (letter, holds) in held if holds)))
        return found
    for row, line in enumerate(lines):
        if _UNTICKED.search(line) or _TICKED.search(line):
            continue
        line = _REASON.sub("", line)
        chosen = letters.chosen(line, bool(ticked))
        if chosen is not None:
            found.append(Read(row, chosen))
        said = frozenset[str]() if ticked else letters.said(line)
        if said:
            marked = letters.marked(line)
            found += [Read(row, said)] + [Read(row, marked)] * bool(marked)
    copies = {row for row, line in enumerate(lines) if letters.is_copy(line)}
    if len(copies) < len(problem.options):
        return found
    return [one for one in found if one.row not in copies]  # the options themselves were copied out


class _Letters:
    """The letters and the words of the options of one problem."""

    def __init__(self, problem: Problem) -> None:
        self.letters = {letter.lower(): letter for letter in problem.options}
        self.words = {letter: _bare(plain(text)) for letter, text in problem.options.items()}
        one = "|".join(re.escape(letter) for letter in sorted(self.letters, key=len, reverse=True))
        mark = rf"[\"'*_(\[]*\s*(?:{one})\s*[)\].\"'*_]*(?![A-Za-z0-9])"
        joint = r"\s*(?:,\s*and|,|and|&|/|;|\+)?\s*"
        self._one = re.compile(rf"(?<![A-Za-z0-9])({one})(?![A-Za-z0-9])", re.IGNORECASE)
        self._marked = re.compile(rf"(?<![A-Za-z0-9])({one})\)", re.IGNORECASE)
        self._list = re.compile(rf"\s*({mark}(?:{joint}{mark})*)", re.IGNORECASE)
        self._label = re.compile(rf"\s*(?:[-*+•]\s+)?[(\[]?({one})\s*(?:[)\].:]|\s*$)", re.IGNORECASE)

    def marked(self, line: str) -> frozenset[str]:
        """The letters that stand before a closing bracket anywhere in a line."""
        return frozenset(self.letters[found.lower()] for found in self._marked.findall(line))

    def is_copy(self, line: str) -> bool:
        """Whether a line is nothing but an option, with its letter."""
        label = self._label.match(line)
        return label is not None and _bare(line[label.end() :]) == self.words[self.letters[label[1].lower()]]

    def chosen(self, line: str, only_said: bool = False) -> frozenset[str] | None:
        """The letters that a line chooses: alone, after a word such as answer, or as its label."""
        if _NEGATED.search(line):
            return None
        for lead in _LEAD.finditer(line):
            listed = self._list.match(line, lead.end())
            if listed is not None and not re.match(r"\s+[a-z]", _FOLLOWED.sub("", line[listed.end() :])):
                return self._found(listed[1])
        if only_said:
            return None
        whole = self._list.match(line)
        if whole is not None and not line[whole.end() :].strip(" .*_"):
            return self._found(whole[1])
        label = self._label.match(line)
        return self._found(label[1]) if label is not None else None

    def _found(self, text: str) -> frozenset[str]:
        return frozenset(self.letters[letter.lower()] for letter in self._one.findall(text))

    def judged(self, line: str) -> tuple[str, bool] | None:
        """An option that a line calls true or false: ``(a) True, because ...``."""
        label = self._label.match(line)
        if label is None:
            return None
        letter = self.letters[label[1].lower()]
        rest = _bare(line[label.end() :]).removeprefix(self.words[letter])
        told = _TRUE.match(rest)
        return None if told is None else (letter, told["yes"] is not None)

    def said(self, line: str) -> frozenset[str]:
        """The options whose words stand in a line, the longest of those that overlap."""
        if _NEGATED.search(line):
            return frozenset()
        text = f" {_bare(line)} "
        found: set[str] = set()
        for letter, words in sorted(self.words.items(), key=lambda entry: -len(entry[1])):
            if len(words) > 1 and f" {words} " in text:
                found.add(letter)
                text = text.replace(f" {words} ", " ")
        return frozenset(found)

    def of_option(self, line: str) -> frozenset[str]:
        """The one option of a line that is ticked, by its letter or else by its words."""
        rest = _TICKED.sub(" ", line)
        label = self._label.match(rest) or self._list.match(rest)
        words = self.said(rest)
        named = self._found(label[1]) if label is not None else frozenset[str]()
        return named | words if named and words else named or words


def _bare(text: str) -> str:
    """Words alone, in small letters, so that two spellings of one option are one."""
    return " ".join(re.findall(r"[\w^+*/=<>]+|-(?=\d)", text.lower()))
