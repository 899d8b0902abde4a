"""An answer in other letters than the question: an entry says the same whatever its indices are called."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.chain_steps import Answered
    from truestep.derivations.language.expression import Expression


def in_letters_of(asked: Expression, answer: Answered, bench: Bench, rounding: bool) -> Answered | None:
    """The answer in the letters of the question; None where it answers another one, or a letter would be captured."""
    letters: dict[str, str] = {}
    if not _alike(strip_groups(asked), strip_groups(answer.left), letters) or not letters:
        return None
    taken = set(letters) | set(letters.values())
    right = answer.right
    used = {str(node.data) for node in right.walk() if node.head == "index"}
    bound = {name for node in right.walk() if isinstance(node.data, tuple) for name in node.data}
    if bound & taken or used & (set(letters.values()) - set(letters)) or len(set(letters.values())) < len(letters):
        return None
    changed = right.map(lambda node: _renamed(node, letters))
    condition = None if answer.condition is None else answer.condition.map(lambda node: _renamed(node, letters))
    moved = replace(answer, left=asked, right=changed, condition=condition)
    return replace(moved, judgement=bench.judge(moved, rounding))


def _renamed(node: Expression, letters: dict[str, str]) -> Expression:
    return replace(node, data=letters[node.data]) if node.head == "index" and node.data in letters else node


def _alike(asked: Expression, left: Expression, letters: dict[str, str]) -> bool:
    """Whether two sides are the same up to their indices; ``letters`` collects what stands for what."""
    if asked.head == left.head == "index":
        return letters.setdefault(str(left.data), str(asked.data)) == str(asked.data)
    same_data = asked.data == left.data or asked.head == "derivative"
    if asked.head != left.head or not same_data or len(asked.args) != len(left.args):
        return False
    pairs = zip(asked.args, left.args, strict=True)
    return all(_alike(strip_groups(a), strip_groups(b), letters) for a, b in pairs)
