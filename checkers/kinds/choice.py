"""Answers that choose among options: letters, ticked boxes, or the words of an option, in sentences that fit whole."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from truestep.checkers.kinds.record import Judged
from truestep.checkers.kinds.vocabulary import doubts_in, words_of
from truestep.problems.kinds.plain_words import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.kinds.vocabulary import Word
    from truestep.problems.statements.problem import Problem

_TICKED = re.compile(r"\[\s*[xX✓✔]\s*\]|[☒☑✓✔✅]")
_UNTICKED = re.compile(r"\[\s*\]|☐")
_STOP = re.compile(r"(?<![A-Za-z0-9(])\.(?=\s|$)|[.;!](?=\s+[A-Z(\[]|\s*$)")
_CLASSES = (
    (
        "m",
        "option options choice choices letter letters statement statements I would choose chose chosen select "
        "pick marked only antwort antworten réponse respuesta",
    ),
    ("Y", "true correct yes right holds hold"),
    ("N", "false incorrect no wrong"),
)
_EXTRA = {word: letter for letter, words in _CLASSES for word in words.split()}
# an option by its letter (l), its words (t), or both
_OPTION = "(?:lt?|t)"
# an option in words, and behind it why, in words that are no option and doubt nothing
_REASONED = re.compile("(?P<lead>t),[^ltYNxyo]+")
_CHOSEN = re.compile(f"(?P<lead>[wmgvpY:,]*){_OPTION}(?:[,wm]*{_OPTION})*(?P<rest>[wmpY]*)(?:[,:]*[rf].*)?")
_JUDGED = re.compile(f"(?:[,w]*{_OPTION}[w:]*[YN])+(?:[,:]*[rf].*|,.*)?")
_EACH = re.compile(f"{_OPTION}(?:[w:]*(?P<said>[YN]))?")


class Read(NamedTuple):
    """What a sentence chooses: alone in its row, or with words around it."""

    row: int
    chosen: frozenset[str]
    alone: bool = False


def check_choice(rows: Sequence[str], problem: Problem) -> dict[str, Any]:
    """The check record of an answer that chooses; two readings that differ leave it undecided.

    >>> from truestep.problems.statements.problem import Problem
    >>> asked = Problem(kind="choice", options={"a": "ReLU", "b": "tanh"}, answer=("b",))
    >>> check_choice(["Answer: (b)"], asked)["verdict"], check_choice(["It is b) ReLU"], asked)["verdict"]
    ('right', 'undecided')
    """
    judged = Judged(len(rows))
    found = _Reader(problem).read([plain(row) for row in rows])
    if not found:
        written = any(row.strip() for row in rows)
        reason = "no option could be read here; write its letter alone, such as (b)"
        return judged.record("undecided" if written else "not_checked", None, reason)
    if len({one.chosen for one in found}) > 1:
        for one in found:
            judged.say(one.row, "undecided", "this and another part of the answer choose different options")
        return judged.record("undecided", found[-1].row, "two readings of this answer differ; choose once")
    row, chosen = found[-1].row, found[-1].chosen
    wrong, left_out = sorted(chosen - set(problem.answer)), sorted(set(problem.answer) - chosen)
    judged.say(row, "wrong" if wrong or left_out else "right")
    if wrong:
        judged.find(row, "wrong-option", options=", ".join(wrong), case="several" if len(wrong) > 1 else "")
    if left_out and (len(problem.answer) > 1 or not wrong):
        judged.find(row, "missing-option")
    return judged.record("wrong" if wrong or left_out else "right", row)


class _Reader:
    """Reads the letters and the words of the options of one problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.letters = {letter.lower(): letter for letter in problem.options}
        self.texts = {letter: re.sub(r"\s+", " ", plain(text)).strip() for letter, text in problem.options.items()}
        one = "|".join(re.escape(letter) for letter in sorted(self.letters, key=len, reverse=True))
        self._letter = re.compile(rf"[(\[]?\s*({one})\s*[)\].]?(?![A-Za-z0-9'’-])", re.IGNORECASE)
        self._texts = [
            (re.compile(re.sub(r"(?:\\ )+", r"\\s+", re.escape(text)) + r"(?![A-Za-z0-9'’-])", re.IGNORECASE), letter)
            for letter, text in sorted(self.texts.items(), key=lambda entry: -len(entry[1]))
            if len(text) > 1
        ]

    def read(self, lines: Sequence[str]) -> list[Read]:
        """Every choice; none where a sentence about options does not fit the grammar whole."""
        ticked = [(row, self._words(_TICKED.sub(" ", line))) for row, line in enumerate(lines) if _TICKED.search(line)]
        found: list[Read] = []
        if ticked:
            options = [self._options(words) for _, words in ticked]
            if any(len(one or ()) != 1 for one in options):
                return []
            found.append(Read(ticked[-1][0], frozenset[str]().union(*(one for one in options if one))))
        judged: dict[str, bool] = {}
        last = 0
        lone = [row for row, line in enumerate(lines) if self._is_copy(line)]
        copies = set(lone) if ticked or len(lone) >= len(self.problem.options) else set()
        for row, line in enumerate(lines):
            if _UNTICKED.search(line) or _TICKED.search(line) or row in copies:
                continue
            for sentence in filter(str.strip, _STOP.split(line)):
                words = self._words(sentence)
                kinds = "".join(word.kind for word in words)
                told = self._judged(words, kinds)
                if told:
                    judged |= told
                    last = row
                elif told is None:
                    return []
                elif set("lt") & set(kinds):
                    chosen = self._chosen(words, kinds)
                    if chosen is None:
                        return []
                    found.append(Read(row, chosen, not kinds.strip("lt")))
                elif doubts_in(kinds.replace("N", "x")):
                    return []
        if judged and (any(judged.values()) or len(judged) == len(self.problem.options)):
            found.append(Read(last, frozenset(letter for letter, holds in judged.items() if holds)))
        elif judged:
            return []
        if len(found) > 1 and len(self.problem.answer) > 1 and all(one.alone for one in found):
            return [Read(found[-1].row, frozenset[str]().union(*(one.chosen for one in found)))]
        return found

    def _words(self, text: str) -> list[Word]:
        return words_of(text, self._known, _EXTRA)

    def _known(self, text: str, place: int) -> tuple[str, str, int] | None:
        if place and (text[place - 1].isalnum() or text[place - 1] in "'’-"):
            return None
        for pattern, letter in self._texts:
            found = pattern.match(text, place)
            if found is not None:
                return "t", letter, found.end()
        found = self._letter.match(text, place)
        return None if found is None else ("l", self.letters[found[1].lower()], found.end())

    def _options(self, words: Sequence[Word]) -> frozenset[str] | None:
        """The options that words name; None where a letter stands before the words of another option."""
        for one, other in itertools.pairwise(words):
            if one.kind + other.kind == "lt" and one.text != other.text:
                return None
        return frozenset(word.text for word in words if word.kind in "lt")

    def _chosen(self, words: Sequence[Word], kinds: str) -> frozenset[str] | None:
        found = _CHOSEN.fullmatch(kinds)
        reasoned = _REASONED.fullmatch(kinds) if found is None else None
        if (found is None and reasoned is None) or doubts_in(kinds):
            return None
        end = re.search("[rf]", kinds)
        return self._options(words[: end.start()] if end else words)

    def _judged(self, words: Sequence[Word], kinds: str) -> dict[str, bool] | None:
        """Options that are called true or false, each with what it is called; None where one is called both."""
        if _JUDGED.fullmatch(kinds) is None or doubts_in(kinds):
            return {}
        out: dict[str, bool] = {}
        for found in _EACH.finditer(kinds):
            if found["said"] is None:
                break
            names = self._options(words[found.start() : found.end()])
            for name in names or ():
                if out.setdefault(name, found["said"] == "Y") != (found["said"] == "Y"):
                    return None
            if names is None or len(names) != 1:
                return None
        return out

    def _is_copy(self, line: str) -> bool:
        """Whether a line is nothing but an option, with its letter."""
        words = [word for word in self._words(line) if word.kind != "w" or word.text.isalpha()]
        return [word.kind for word in words] == ["l", "t"] and words[0].text == words[1].text
