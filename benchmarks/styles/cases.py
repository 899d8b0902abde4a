"""A case: one right work, in a style that is drawn by a seed, without or with one slip."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from random import Random

from benchmarks.slips.places import Line
from benchmarks.slips.slips import SLIPS
from benchmarks.slips.trees import dims_of
from benchmarks.slips.truth import Truth
from benchmarks.slips.works import Row, Work
from benchmarks.styles.cards import CARDS
from benchmarks.styles.documents import FORMS, Document, document
from benchmarks.styles.drafts import INSERTED, Card, Draft, Formula, drafted
from benchmarks.styles.loose import LOOSE_CARDS, at_a_point
from benchmarks.styles.phrases import LANGUAGES
from benchmarks.styles.plain import PLAIN_CARDS, set_in_plain
from benchmarks.styles.setting import set_in_latex
from truestep.derivations.language.expression import Expression, free_indices
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.notation import Notation
from truestep.derivations.language.shapes import SCALAR
from truestep.derivations.language.writing import latex
from truestep.problems.statements.problem import Problem

# slips that are another text, or another scope of what a liberty grants anyway
LEFT_OUT = frozenset(
    ("claimed-shape", "given-restated", "layout", "bracket-lost", "special-case-as-general", "assumption-used")
)
ALIKE_IN_ASCII = ("hadamard-for-product", "product-for-hadamard")  # one sign for both
MOST_CARDS = 3


@dataclass(frozen=True)
class Case:
    """What is handed in, to which problem, what was planted, and which row is wrong."""

    name: str
    seed: int
    problem: Problem
    document: Document
    form: str
    language: str
    cards: tuple[str, ...]
    roles: tuple[str, ...]
    slip: str = ""
    wrong_row: int | None = None
    done: str = ""


def case_of(work: Work, truth: Truth, seed: int, with_slip: bool, only: Sequence[str] = ()) -> Case | None:
    """The case that a seed draws; None where no slip could be planted. ``only`` names the cards that are tried."""
    random = Random(f"{seed} {work.name} {with_slip}")
    form, language = random.choices(FORMS, (3, 3, 2, 2, 2))[0], random.choice(LANGUAGES)
    draft = drafted(work)
    slip = _planted(draft, truth, random, form) if with_slip else ("", "")
    if slip is None:
        return None
    family = "plain" if form in ("txt", "ascii") else "latex"
    cards = [card for card in (*CARDS, *LOOSE_CARDS, *PLAIN_CARDS) if card.form in (family, "any")]
    cards = [card for card in cards if slip[0] not in card.hides]
    cards = [card for card in cards if card.code in only] if only else _drawn(cards, random)
    try:
        _apply(draft, cards, random, form)
    except Fault:
        return None
    made, roles = document(draft, random, language, form)
    wrong = next((step.place for step in draft.steps if step.has_slip), None)
    if with_slip and wrong is None:
        return None
    return Case(
        work.name,
        seed,
        draft.problem,
        made,
        form,
        language,
        tuple(draft.applied),
        tuple(dict.fromkeys(roles)),
        slip[0],
        wrong,
        slip[1],
    )


def _drawn(cards: Sequence[Card], random: Random) -> list[Card]:
    """Some of the cards, in their order."""
    chosen = random.sample(cards, min(len(cards), 2 * random.randint(0, MOST_CARDS)))
    return [card for card in cards if card in chosen]


def _planted(draft: Draft, truth: Truth, random: Random, form: str) -> tuple[str, str] | None:
    """Put a slip into one row, of which numbers say that it changes the value."""
    places = [step.place for step in draft.steps]
    random.shuffle(places)
    kinds = [
        slip for slip in SLIPS if slip.code not in LEFT_OUT and not (form == "ascii" and slip.code in ALIKE_IN_ASCII)
    ]
    for place in places[:4]:
        for slip in random.sample(kinds, 12):
            with suppress(Fault):
                edits = [edit for edit in slip.change(Line(draft.work, place)) if not edit.text and not edit.before]
                if not edits:
                    continue
                edit, row = random.choice(edits), draft.work.rows[place]
                latex(edit.right, draft.notation)
                if _is_granted(slip.code, row, edit.right, draft.notation):
                    continue
                if truth.equal(row.left, row.right, edit.right, row.condition) == (False, "numbers"):
                    draft.steps[place] = replace(draft.steps[place], right=edit.right, has_slip=True, rule="")
                    return slip.code, edit.done
    return None


def _is_granted(code: str, row: Row, after: Expression, notation: Notation) -> bool:
    """Whether a slip is what a liberty is: no sum over the index of a delta, a sum over a letter that is not there.

    Or the outer for the inner product of a number, or the slopes of an entrywise function for its Jacobian.
    """
    lost = free_indices(after) - free_indices(row.right) - free_indices(row.left)
    deltas = [free_indices(node) for node in after.walk() if node.head == "kronecker"]
    is_summed = bool(lost) and all(any(name in delta for delta in deltas) for name in lost)
    is_traced = code in ("outer-for-inner", "product-order") and dims_of(row.left, notation) == SCALAR
    is_idle = code in ("wrong-index", "sum-over-wrong-index") and _idle(after) > _idle(row.right)
    is_slope = code == "hadamard-for-product" and any(_is_of_slopes(node, notation) for node in after.walk())
    return is_summed or is_traced or is_idle or is_slope


def _is_of_slopes(node: Expression, notation: Notation) -> bool:
    """Whether a derivative of an array by an array stands in an entrywise product: the slopes of each entry."""
    is_entrywise = node.head == "product" and "odot" in node.data
    derivatives = [arg for arg in node.args if arg.head == "derivative"] if is_entrywise else []
    return any(all(dims_of(part, notation) not in (None, SCALAR) for part in one.args) for one in derivatives)


def _idle(tree: Expression) -> int:
    """How many sums have a body without their letter."""
    sums = [node for node in tree.walk() if node.head in ("sum", "prod")]
    return sum(not set(node.data) <= free_indices(node.args[0]) for node in sums)


def _apply(draft: Draft, cards: Sequence[Card], random: Random, form: str) -> None:
    """Rewrite the draft by the cards: trees first, then how these are set, then how that is spelled."""
    _framed(draft, random)
    if form not in ("txt", "ascii") and random.random() < 0.3 and at_a_point(draft, random):
        draft.applied.append("value-at-point")
    for stage in ("tree", "set"):
        for card in cards:
            if card.stage == stage and len(draft.applied) < MOST_CARDS and card.change(draft, random):
                draft.applied.append(card.code)
    _write(draft, form)
    for card in cards:
        if card.stage == "spelled" and len(draft.applied) < MOST_CARDS and card.change(draft, random):
            draft.applied.append(card.code)


def _framed(draft: Draft, random: Random) -> None:
    """What is asked, a given and an assumption in sentences."""
    setting = draft.work.setting
    front: list[Formula] = []
    if random.random() < 0.5 and setting.find:
        front.append(Formula("question", tree=setting.find[0]))
    if random.random() < 0.4 and setting.given:
        left, right = random.choice(setting.given)
        if left.head in ("symbol", "entry", "member") and right.head != "unknown":
            front.append(Formula("reason", tree=Expression("relation", (left, right), "=")))
    names = [node for step in draft.steps for node in step.right.walk() if node.head == "symbol"]
    if random.random() < 0.2 and names:
        front.append(Formula("mention", tree=random.choice(names)))
    draft.sentences[:0] = front


def _write(draft: Draft, form: str) -> None:
    """Set every tree as text."""

    def written(tree: Expression) -> str:
        if form in ("txt", "ascii"):
            return set_in_plain(tree, draft.notation, form, draft.flags)
        return set_in_latex(tree, draft.notation, draft.flags)

    for step in draft.steps:
        step.said = written(step.left), written(step.right)
        if form in ("txt", "ascii"):
            step.reason = step.condition = ""
            row = draft.work.rows[min(step.place % INSERTED, len(draft.work.rows) - 1)]
            step.behind = f"   if {written(row.condition)}" if row.condition is not None and step.begins else ""
    givens = [Expression("relation", pair, "=") for pair in draft.work.setting.given if pair[1].head != "unknown"]
    draft.asides = [written(given) for given in givens]
    draft.sentences = [
        one._replace(text=written(one.tree), tree=None) if one.tree is not None else one for one in draft.sentences
    ]


def cases(works: Sequence[Work], seed: int, count: int, with_slip: bool, only: Sequence[str] = ()) -> Iterator[Case]:
    """So many cases of the works, those of one work one after the other."""
    each, rest = divmod(count, len(works))
    for place, work in enumerate(works):
        truth = Truth(work.setting)
        for number in range(each + (place < rest)):
            made = case_of(work, truth, 1000 * seed + number, with_slip, only)
            if made is not None:
                yield made
