r"""Whether an answer is another one: formulas by the examiner, the rest by its form."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from truestep.checkers.answers.declaring import Declarations, declarations
from truestep.checkers.answers.doubts import degree, derivatives_in, doubt, read_bare
from truestep.checkers.answers.forms import (
    Choice,
    Form,
    Formula,
    Infinite,
    Relation,
    Several,
    Tuple,
    Without,
    Words,
    form_of,
    sides_of,
)
from truestep.checkers.answers.gaussian import gaussian
from truestep.checkers.answers.regions import is_region, region_of
from truestep.checkers.answers.uses import CANNOT, bold_names
from truestep.checkers.answers.written import array_of, plain_number, rows_of, text_of
from truestep.checkers.records import check_record
from truestep.derivations.language.expression import Expression, add, negative
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.notation import Notation
from truestep.derivations.language.writing import latex

_COMMA = re.compile(r"-?\d+,\d{1,2}")
_DERIVATIVE = re.compile(r"\s*(?:\\frac\s*\{\s*(?:\\partial|d|\\mathrm\{d\})|\\nabla|d[A-Za-z]\s*/\s*d|\\partial)")
Outcome = Literal["right", "wrong", "undecided", "unreadable"]

PERCENT = frozenset((r"\%", "%"))
DEGREES = frozenset((r"\circ", "°", r"\degree"))
LETTERS = "abcpqrsuvwxyzABCDPQRSUVWXYZ"
MOST_NAMES = 12
PER_CENT = "one of them is in percent"
IMAGINARY = "i may stand for the imaginary unit, which truestep does not know"
DEPENDS = "nothing says what these derivatives have to do with each other; declare what depends on what"
OTHER_EQUATION = "neither equation is a multiple of the other"
OTHER_CHOICE = "the letter of this choice and its text say different things"
COUNT = "there are {} values, and {} are asked for"
KIND = "this is {}, and {} is asked for"
KINDS = {
    Formula: "one formula",
    Words: "a word",
    Infinite: "infinity",
    Several: "several values",
    Tuple: "a tuple or an interval",
    Relation: "an equation or inequality",
    Without: "a set without another one",
    Choice: "a choice with its text",
}


@dataclass(frozen=True)
class Outcomes:
    """What became of a comparison: the outcome, what it rests on, and why."""

    outcome: Outcome
    evidence: str = ""
    reason: str = ""
    witness: Mapping[str, Any] = field(default_factory=dict)


RIGHT = Outcomes("right", "proved")


@dataclass(frozen=True)
class Names:
    """What is told of names: shapes and facts, ``None`` where the formulas tell the shapes themselves."""

    symbols: Mapping[str, str] | None = None
    assume: tuple[str, ...] = ()
    tolerance: float | None = None


def compared(gold: str, answer: str, names: Names = Names()) -> Outcomes:
    r"""Whether an answer is the one that is wanted.

    >>> compared(r"\{1, 2\}", "x = 2 or x = 1").outcome, compared("x^2 - 1", "(x-1)(x-1)").outcome
    ('right', 'wrong')
    """
    wanted, given = form_of(gold), form_of(answer)
    found = _Comparison(names).of(wanted, given)
    commas = [_COMMA.fullmatch(text.strip()) for text in (gold, answer)]
    if found.outcome == "wrong" and any(commas) and not all(commas):
        return Outcomes("undecided", reason="a comma may stand for a decimal point, or between two values")
    return found


class _Comparison:
    def __init__(self, names: Names) -> None:
        self.names = names

    def of(self, gold: Form, answer: Form) -> Outcomes:
        if gold == answer and not isinstance(gold, Formula | Relation | Several | Tuple):
            return RIGHT
        if (is_region(gold) or is_region(answer)) and (found := self.regions(gold, answer)) is not None:
            return found
        gold, answer = _without_names(gold, answer)
        match gold, answer:
            case Formula(), Formula():
                return self.formulas(gold, answer)
            case Words(), Words():
                same = sorted(gold.text) == sorted(answer.text)  # letters in another order may be a product
                return Outcomes("undecided", reason="these words differ") if same else Outcomes("wrong")
            case Tuple(), Tuple() if rows_of(gold) and rows_of(answer):
                return self.formulas(array_of(gold), array_of(answer))
            case Tuple(), Tuple():
                if gold.brackets != answer.brackets and (len(gold.items) == 2 or "{" in "".join(gold.brackets)):
                    return Outcomes("wrong", reason="the brackets differ")
                return self.in_order(gold.items, answer.items)
            case Tuple(), Several(is_list=True):
                return self.in_order(gold.items, _values(answer.items))
            case Several(is_list=True), Tuple():
                return self.in_order(_values(gold.items), answer.items)
            case Tuple(), Formula() if r"\begin" in answer.text:
                return self.formulas(array_of(gold), answer)
            case Formula(), Tuple() if r"\begin" in gold.text:
                return self.formulas(gold, array_of(answer))
            case (Words(), Formula()) | (Formula(), Words()):
                return _letters(gold, answer)
            case (Choice(), _) | (_, Choice()):
                return self.choices(gold, answer)
            case Without(), Without():
                found = self.in_order((gold.whole, gold.removed), (answer.whole, answer.removed))
                return found if found.outcome == "right" else replace(found, outcome="undecided")
            case Several(), Several():
                return self.in_any_order(gold.items, answer.items)
            case Several(), _ if len(gold.items) == 1:
                return self.of(gold.items[0], answer)
            case _, Several() if len(answer.items) == 1:
                return self.of(gold, answer.items[0])
            case Relation(), Relation():
                return self.relations(gold, answer)
            case Formula(), Relation(sign="="):
                return self.in_chain(gold, answer)
        return self.unlike(gold, answer)

    def regions(self, gold: Form, answer: Form) -> Outcomes | None:
        """Two sets of numbers; None where one is none, or its ends are no rational numbers."""
        one, other = region_of(gold), region_of(answer)
        if one is None or other is None or {*(self.names.symbols or {}).values()} - {"scalar"}:
            return None
        if one == other:
            return RIGHT
        is_sure = not self.names.assume  # a name that is known to be whole or positive takes fewer values
        return Outcomes("wrong" if is_sure else "undecided", reason="these are other numbers")

    def choices(self, gold: Form, answer: Form) -> Outcomes:
        """Choices by their letters, and by their texts where a letter is not to be had of both."""
        letters = [one.letter if isinstance(one, Choice) else _letter(one) for one in (gold, answer)]
        texts = [one.text if isinstance(one, Choice) else one for one in (gold, answer)]
        if "" in letters:
            return self.of(*texts)
        is_same, found = letters[0] == letters[1], self.of(*texts).outcome
        if not isinstance(gold, Choice) or not isinstance(answer, Choice):
            is_other = not is_same and found == "right"  # the letter is the text of another choice
            return Outcomes("undecided", reason=OTHER_CHOICE) if is_other else RIGHT if is_same else Outcomes("wrong")
        if is_same and found != "wrong":
            return RIGHT
        return Outcomes("wrong") if found == "wrong" and not is_same else Outcomes("undecided", reason=OTHER_CHOICE)

    def unlike(self, gold: Form, answer: Form) -> Outcomes:
        """Two forms of which no value is both; where one was not understood nothing is said."""
        reason = KIND.format(KINDS[type(answer)], KINDS[type(gold)])
        is_read = all(not isinstance(one, Formula) or read_bare(one.text) for one in (gold, answer))
        is_sure = is_read and all(isinstance(one, Formula | Infinite | Several) for one in (gold, answer))
        return Outcomes("wrong" if is_sure else "undecided" if is_read else "unreadable", reason=reason)

    def in_chain(self, gold: Form, answer: Relation) -> Outcomes:
        """``a = b`` where one formula is wanted: b is the answer, and a is no other value."""
        found, before = self.of(gold, answer.right), self.of(gold, answer.left)
        is_named = isinstance(answer.left, Formula) and bool(_DERIVATIVE.match(answer.left.text))
        if found.outcome == "right" and before.outcome == "wrong" and not is_named:
            return Outcomes("undecided", reason="the two sides of this equation differ")
        return found

    def in_order(self, gold: Sequence[Form], answer: Sequence[Form]) -> Outcomes:
        """Values in their order."""
        if len(gold) != len(answer):
            return Outcomes("wrong", reason=COUNT.format(len(answer), len(gold)))
        return _worst([self.of(one, other) for one, other in zip(gold, answer, strict=True)])

    def in_any_order(self, gold: Sequence[Form], answer: Sequence[Form]) -> Outcomes:
        """Values each of which is one of the others, as sets have them."""
        table = [[self.of(one, other) for other in answer] for one in gold]
        rows = [_best(row) for row in table]
        columns = [_best([row[place] for row in table]) for place in range(len(answer))]
        return _worst([*rows, *columns]) if gold and answer else RIGHT if gold == answer else Outcomes("wrong")

    def relations(self, gold: Relation, answer: Relation) -> Outcomes:
        """Equations: the same sides, either way round, or the same up to a factor that is no 0."""
        if gold.sign != answer.sign:
            return Outcomes("wrong", reason="the signs of the relations differ")
        straight = self.in_order((gold.left, gold.right), (answer.left, answer.right))
        if straight.outcome == "right" or gold.sign not in ("=", "!="):
            return straight if straight.outcome == "right" else Outcomes("undecided", reason=straight.reason)
        turned = self.in_order((gold.left, gold.right), (answer.right, answer.left))
        sides = (gold.left, gold.right, answer.left, answer.right)
        if turned.outcome == "right" or not all(isinstance(side, Formula) for side in sides):
            return turned if turned.outcome == "right" else straight
        return self.proportional(*(f"({text_of(one)}) - ({text_of(other)})" for one, other in (sides[:2], sides[2:])))

    def proportional(self, gold: str, answer: str) -> Outcomes:
        """Whether ``f(x) g(y) = f(y) g(x)`` for two independent points, and neither is 0."""
        read = [read_bare(text) for text in (gold, answer)]
        if read[0] is None or read[1] is None:
            return Outcomes("unreadable", reason="the equation cannot be read")
        names = sorted({str(node.data) for one in read if one for node in one.walk() if node.head == "unknown"})
        if len(names) > MOST_NAMES or any(node.head in ("call", "index") for one in read if one for node in one.walk()):
            return Outcomes("undecided", reason="equations of functions or entries are not compared")
        for text in (gold, answer):
            zero = self.formulas(Formula("0"), Formula(text))
            if zero.outcome != "wrong":
                is_one = zero.outcome == "right" and text == answer
                return Outcomes("wrong" if is_one else "undecided", reason="this equation says nothing")
        there = [_copied(one, names) for one in read if one]
        found = self.formulas(Formula(f"({gold}) ({there[1]})"), Formula(f"({there[0]}) ({answer})"))
        if found.outcome == "wrong":  # of other equations the solutions may be the same: x = 0, x^2 = 0
            is_affine = all(degree(one, frozenset(names)) <= 1 for one in read if one)
            return replace(found, outcome="wrong" if is_affine else "undecided", witness={}, reason=OTHER_EQUATION)
        return found

    def formulas(self, gold: Formula, answer: Formula) -> Outcomes:
        """Two formulas, by the examiner, in names that the statement or the formulas declare."""
        if gold.unit != answer.unit:
            return self.units(gold, answer)
        gold, answer = replace(gold, text=plain_number(gold.text)), replace(answer, text=plain_number(answer.text))
        if (found := self.complex_numbers(gold.text, answer.text)) is not None:
            return found
        try:
            ways = declared_in(gold.text, self.names, answer.text)
        except Fault as fault:
            return Outcomes("undecided", reason=fault.message)
        examined = [self.examined(gold.text, answer.text, known) for known in ways]
        if len({one.outcome for one in examined} & {"right", "wrong"}) > 1:
            return Outcomes("undecided", reason=CANNOT)
        return next((one for one in examined if one.outcome in ("right", "wrong")), examined[0])

    def complex_numbers(self, gold: str, answer: str) -> Outcomes | None:
        """Two numbers one of which has an i; of what are none, None.  That differ, they do if i were any number too."""
        if self.names.symbols is not None or not re.search(r"(?<![A-Za-z\\])i(?![A-Za-z])", gold + " " + answer):
            return None
        one, other = gaussian(gold), gaussian(answer)
        if one is None or other is None:
            return None
        return RIGHT if one == other else Outcomes("wrong")

    def examined(self, gold: str, answer: str, known: Declarations) -> Outcomes:
        """Two formulas in declared names."""
        problem = {
            "symbols": dict(known.symbols),
            "functions": dict(known.functions),
            "given": list(known.given),
            "assume": list(self.names.assume),
            "answer": gold,
            "tolerance": self.names.tolerance,
        }
        record = check_record({"problem": problem, "lines": [answer]}, is_diagnosed=False)
        if "error" in record:
            return Outcomes("unreadable", reason=record["error"])
        final = record["final"]
        verdict = final["verdict"]
        outcome: Outcome = verdict if verdict in ("right", "wrong", "unreadable") else "undecided"
        said = final.get("reason", "") or next(
            (one["message"] for one in record["findings"] if one["code"] == "domain"), ""
        )
        is_complex = self.names.symbols is None and known.symbols.get("i") == "scalar"
        if outcome == "wrong" and is_complex:
            return Outcomes("undecided", reason=IMAGINARY)
        if outcome == "wrong" and self.names.symbols is None and derivatives_in(gold) != derivatives_in(answer):
            return Outcomes("undecided", reason=DEPENDS)
        if outcome == "wrong" and self.names.symbols is None and (reason := doubt(gold, answer)):
            return Outcomes("undecided", reason=reason)
        return Outcomes(outcome, final.get("evidence", ""), said, final.get("witness", {}))

    def units(self, gold: Formula, answer: Formula) -> Outcomes:
        """Differing units are wrong; one that is left out is granted, percent and degrees by their value."""
        if gold.unit and answer.unit:
            same = self.formulas(replace(gold, unit=""), replace(answer, unit="")).outcome == "right"
            reason = f"the units differ: {gold.unit} and {answer.unit}"
            return Outcomes("wrong" if same else "undecided", reason=reason)  # 5 cm may be 50 mm
        bare = self.formulas(replace(gold, unit=""), replace(answer, unit=""))
        for unit, factor in ((PERCENT, r"\frac{1}{100}"), (DEGREES, r"\frac{\pi}{180}")):
            if unit.isdisjoint((gold.unit, answer.unit)):
                continue
            sides = [Formula(f"{factor} ({one.text})" if one.unit else one.text) for one in (gold, answer)]
            by_value = self.formulas(sides[0], sides[1])
            if by_value.outcome == "right" or (bare.outcome == "right" and answer.unit in PERCENT):
                return by_value if by_value.outcome == "right" else Outcomes("undecided", reason=PER_CENT)
        return bare


def declared_in(gold: str, names: Names, answer: str = "") -> tuple[Declarations, ...]:
    """The names of both as they were declared, or the ways in which the formulas tell them.  Raises Fault.

    >>> declared_in("x^T A x", Names())[0].symbols
    {'x': 'n', 'A': 'n x n'}
    """
    if names.symbols is not None:
        return (Declarations(names.symbols),)
    wanted, given = ([one] if (one := read_bare(text)) else [] for text in (gold, answer))
    facts = [one for fact in names.assume if (one := _fact(fact)) is not None]
    bold = bold_names(gold) | bold_names(answer)
    return declarations([*wanted, *facts] or given, given if wanted or facts else (), bold)


def _fact(text: str) -> Expression | None:
    """What an assumed equation says of shapes: both sides have the same."""
    sides = sides_of(text)
    left, right = (read_bare(side) for side in sides) if sides else (None, None)
    return add(left, negative(right)) if left is not None and right is not None else None


def _without_names(gold: Form, answer: Form) -> tuple[Form, Form]:
    """``x = 5`` for 5, either way round; two values of one name are compared as values."""
    named = [isinstance(one, Relation) and one.sign == "=" and _is_named(one.left) for one in (gold, answer)]
    named = [one and not _stands_in(pair) for one, pair in zip(named, ((gold, answer), (answer, gold)), strict=True)]
    if isinstance(gold, Relation) and isinstance(answer, Relation):
        return (gold.right, answer.right) if all(named) and gold.left == answer.left else (gold, answer)
    gold = gold.right if named[0] and isinstance(gold, Relation) else gold
    return gold, answer.right if named[1] and isinstance(answer, Relation) else answer


def _stands_in(pair: tuple[Form, Form]) -> bool:
    """Whether the name that a relation begins with is a part of the formula that it is compared with."""
    relation, formula = pair
    if not isinstance(relation, Relation) or not isinstance(formula, Formula):
        return False
    left, other = read_bare(text_of(relation.left)), read_bare(formula.text)
    return left is not None and other is not None and left in other.walk()


def _is_named(side: Form) -> bool:
    """Whether a side only names what the other one is: y, f(x)."""
    if not isinstance(side, Formula):
        return False
    bare = side.text.replace(" ", "")
    head, bracket, rest = bare.partition("(")
    is_head = len(head) == 1 or head.startswith("\\") or "_" in head
    return (
        bool(head)
        and head[0] not in "-+0123456789"
        and is_head
        and (not bracket or rest.endswith(")"))
        and not any(sign in head for sign in "+-*/^")
    )


def _copied(read: Expression, names: Sequence[str]) -> str:
    """A formula with other letters for its quantities, none of which stands in it."""
    letters = dict(zip(names, (letter for letter in LETTERS if letter not in names), strict=False))

    def other(node: Expression) -> Expression:
        return Expression("unknown", (), letters[str(node.data)]) if node.head == "unknown" else node

    return latex(read.map(other), Notation())


def _values(items: Sequence[Form]) -> Sequence[Form]:
    """``x = 2, y = 3`` as 2 and 3."""
    named = [one for one in items if isinstance(one, Relation) and one.sign == "=" and _is_named(one.left)]
    return [one.right for one in named] if len(named) == len(items) else items


def _letter(form: Form) -> str:
    """The letter of a choice that stands alone; nothing of another form."""
    text = text_of(form).strip("() ") if isinstance(form, Formula | Words) else ""
    return text.upper() if len(text) == 1 and text.isascii() and text.isalpha() else ""


def _letters(gold: Form, answer: Form) -> Outcomes:
    """A letter of a choice, with or without brackets and words around it."""
    one, other = (text_of(form).strip("() ").lower() for form in (gold, answer))
    if len(one) == len(other) == 1 and one.isalpha() and other.isalpha():
        return RIGHT if one == other else Outcomes("wrong")
    return Outcomes("undecided", reason=KIND.format(KINDS[type(answer)], KINDS[type(gold)]))


ORDER = ("wrong", "unreadable", "undecided", "right")


def _worst(several: Sequence[Outcomes]) -> Outcomes:
    found = min(several, key=lambda one: ORDER.index(one.outcome))
    is_agreed = found.outcome == "right" and any(one.evidence == "agreed" for one in several)
    return replace(found, evidence="agreed") if is_agreed else found


def _best(several: Sequence[Outcomes]) -> Outcomes:
    return max(several, key=lambda one: ORDER.index(one.outcome))
