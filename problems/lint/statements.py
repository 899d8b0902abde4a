"""Lints of single statements: shapes that do not fit, names that are not declared, names that nobody uses."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from truestep.derivations.language.faults import Fault, StatementFault, quoted
from truestep.derivations.language.notation import strip_fonts
from truestep.derivations.language.reading.tokens import canonical, tokenize
from truestep.problems.lint.lint_rule import Remark
from truestep.problems.lint.refusals import shown_lines, undeclared_givens
from truestep.problems.lint.texts import FORMULA
from truestep.problems.statements.declared_notation import split_name
from truestep.problems.statements.statement import refuse_nothing_asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.problems.lint.draft import Draft, Stated
    from truestep.problems.statements.toml.positions import Path

FORMULAS = ("given", "assume", "find", "answer", "also", "only", "must_show", "collect")
REPAIRS = {
    "undeclared": "declare it under symbols, or mend the name",
    "spelling": "declare it under symbols, or leave the spelling out",
    "given-twice": "leave one out, or name the two quantities differently",
    "given-circle": "let each quantity be made of others",
    "given-shapes": "mend the shape under symbols, or the formula (a transpose, another order)",
    "assumptions-contradict": "leave out the one that does not hold",
}


def faults(codes: tuple[str, ...], draft: Draft) -> Iterator[Remark]:
    """The faults of some codes in all problems; what is wrong with a rubric is said by a rule of its own."""
    for stated in draft.stated:
        for fault in stated.faults:
            if fault.code in codes and not (fault.key == "marking" and fault.code == "refused"):
                place = stated.origin(fault.key, fault.entry) if fault.key else stated.place
                repair = "" if fault.close else REPAIRS.get(fault.code, "")
                yield Remark(place, fault.message, repair)


def nothing_asked(draft: Draft) -> Iterator[Remark]:
    """Problems that ask nothing."""
    for stated in draft.asked:
        try:
            if stated.problem is not None:
                refuse_nothing_asked(stated.problem)
        except StatementFault as fault:
            yield Remark(stated.place, fault.message)


def passed_over(draft: Draft) -> Iterator[Remark]:
    """Facts that no model can build in."""
    for stated in draft.stated:
        if stated.setting is None:
            continue
        undeclared = {stated.setting.problem.given[place] for place, _ in undeclared_givens(stated.setting)}
        for text in (text for text in stated.setting.assumptions.unused if text not in undeclared):
            key, entry = _holder(stated, text)
            message = f"{quoted(text)} cannot be used: a wrong line may then come out as undecided, never as wrong"
            yield Remark(stated.origin(key, entry) if key else stated.place, message, "state it in another form")


def _holder(stated: Stated, text: str) -> tuple[str, int]:
    """The key and the place of the formula that a text quotes."""
    for key in FORMULAS:
        for place, formula in enumerate(stated.entries(key)):
            if formula in text:
                return key, place
    return "", 0


def unused_name(draft: Draft) -> Iterator[Remark]:
    """Symbols, functions and macros that stand in no formula of the problems they are declared for."""
    used: dict[Path, bool] = {}
    names: dict[Path, str] = {}
    for stated in draft.stated:
        words = _words(draft, stated)
        for key in ("symbols", "functions", "macros"):
            for name in _names(stated, key):
                place = stated.origin(key, name)
                names[place] = name
                used[place] = used.get(place, False) or _occurs(name, key, words, stated)
    for place, name in names.items():
        if not used[place]:
            message = f"{name} is declared and stands in no formula"
            yield Remark(place, message, "leave it out, or mend the formula that should name it", of_key=True)


def _names(stated: Stated, key: str) -> tuple[str, ...]:
    """The declared names; letters for indices and sizes are for the student, whether the statement uses them or not."""
    value = stated.table.get(key)
    if not isinstance(value, dict):
        return ()
    return tuple(
        name
        for name, what in value.items()
        if not (key == "symbols" and str(what).split()[:1] in (["index"], ["size"]))
    )


def _words(draft: Draft, stated: Stated) -> list[list[str]]:
    """The letters of all formulas around a statement: its own, and those of the question it stands in."""
    texts = [text for key in FORMULAS for text in stated.entries(key)] + [*shown_lines(stated.table)]
    names = stated.table.get("names")
    pairs = names.items() if isinstance(names, dict) else ()
    texts += [text for pair in pairs for text in pair if isinstance(text, str)]
    prose = [str(stated.table.get("text", ""))]
    for question in draft.questions:
        if stated in question.stated:
            prose += [str(question.table.get("text", "")), str(question.table.get("model_answer", ""))]
    texts += [found[2] for text in prose for found in FORMULA.finditer(text)]
    texts += [word for text in prose for word in text.split() if "$" not in word]
    return [_letters(text) for text in texts]


@lru_cache(maxsize=4096)
def _letters(text: str) -> list[str]:
    try:
        return [token.text for token in tokenize(strip_fonts(canonical(tokenize(text))))]
    except Fault:
        return []


def _occurs(name: str, key: str, words: list[list[str]], stated: Stated) -> bool:
    """Whether a name stands in a formula; of a family, whether its members do."""
    if key == "macros":
        name = name if name.startswith("\\") else "\\" + name
    wanted = [_letters(name)]
    try:
        base, sub, sup = split_name(name)
    except Fault:
        return True
    if stated.setting is not None and {sub, (sup or "").strip("()")} & set(stated.setting.notation.indices):
        wanted.append(_letters(base))
    if stated.setting is not None and sub == "0":  # where a recurrence begins: h_t = f(h_{t-1})
        wanted += [[*_letters(base), "_", "{", letter, "-"] for letter in stated.setting.notation.indices]
    return any(
        each == formula[start : start + len(each)]
        for each in wanted
        for formula in words
        for start in range(len(formula) - len(each) + 1)
    )


def unused_notation(draft: Draft) -> Iterator[Remark]:
    """Pieces of notation that no problem uses."""
    notation = draft.table.get("notation")
    used = {path for stated in draft.stated for path, _ in stated.pieces}
    for name in notation if isinstance(notation, dict) and draft.is_homework else ():
        if ("notation", name) not in used:
            yield Remark(
                ("notation", name), f"no problem uses [notation.{name}]", f"write use = {quoted(name)}, or leave it out"
            )
