"""Groups: a row of tokens that knows for each bracket where its partner stands, as a tree laid flat.

Braces and environments are strong: what they hold is closed with them.  Other brackets are weak: one may close another
kind, as in ``[0, 1)``, and one without a partner hides what follows it to the end of the group around it.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

ALONE = -1
T = TypeVar("T")


class Token(NamedTuple):
    """A token: ``command``, ``letter``, ``digit``, ``mark``, ``open``, ``close``, ``text``, ``space``, ``unit``."""

    kind: str
    text: str
    start: int
    end: int
    unit: Any = None

    def touches(self, before: Token) -> bool:
        """Whether it stands right behind another one; what a macro puts in stands all at one place.

        >>> Token("letter", "b", 1, 2).touches(Token("letter", "a", 0, 1))
        True
        """
        return self.start == before.end or (self.start, self.end) == (before.start, before.end)


_WEAK = {
    **dict.fromkeys(("(", "[", r"\{", r"\langle", r"\lfloor", r"\lceil"), 1),
    **dict.fromkeys((")", "]", r"\}", r"\rangle", r"\rfloor", r"\rceil"), -1),
}


def partners(steps: Iterable[tuple[int, str]]) -> list[int]:
    """The partner of each place; ``steps`` says of each whether it opens (1) or closes (-1) a group, and of which kind.

    A kind of nothing is weak.  Linear in the number of places.

    >>> partners([(1, "{"), (1, ""), (-1, "{"), (-1, "")])
    [2, -1, 0, -1]
    """
    steps = list(steps)
    out = [ALONE] * len(steps)
    stack: list[tuple[int, str]] = []
    opened: dict[str, int] = {}
    for place in [place for place, step in enumerate(steps) if step[0]]:
        step, kind = steps[place]
        if step > 0:
            stack.append((place, kind))
            opened[kind] = opened.get(kind, 0) + 1
        elif opened.get(kind) if kind else stack and not stack[-1][1]:
            while True:
                start, found = stack.pop()
                opened[found] -= 1
                if found == kind:
                    break
            out[place], out[start] = start, place
    return out


_NONE = (0, "")
_BRACES = {"open": (1, "{"), "close": (-1, "{")}
_BY_SIGN = {text: (step, "") for text, step in _WEAK.items()} | {r"\begin": (1, r"\begin"), r"\end": (-1, r"\begin")}
_SIGNS = frozenset(("mark", "command"))


def _fence(token: Token) -> tuple[int, str]:
    if token.kind in _BRACES:
        return _BRACES[token.kind]
    return ({r"\left": 1, r"\right": -1}.get(token.text, 0) if token.kind == "command" else 0), ""


class _Kept(Generic[T]):
    """What is made of a tree when it is first asked for; without the lock of ``functools.cached_property``."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self.make, self.__doc__ = make, make.__doc__

    def __get__(self, tree: Any, _: type) -> T:
        found = tree.__dict__[self.make.__name__] = self.make(tree)
        return found


class Tree(list[Token]):
    """Tokens with their groups; a change of the list does not change these."""

    @_Kept
    def steps(self) -> list[tuple[int, str]]:
        """Which tokens open a group (1) or close one (-1), and of which kind."""
        return [
            _BY_SIGN.get(text, _NONE) if kind in _SIGNS else _BRACES.get(kind, _NONE) for kind, text, _, _, _ in self
        ]

    @_Kept
    def partner(self) -> list[int]:
        """Where the partner of each bracket stands; ``ALONE`` for every other token."""
        return partners(self.steps)

    @_Kept
    def printed(self) -> list[int]:
        r"""The same for the brackets that are seen: braces are not, as in ``\log(\sum_j {e^{z_j})}``."""
        return partners([(_WEAK.get(token.text, 0) if token.kind in _SIGNS else 0, "") for token in self])

    @_Kept
    def texts(self) -> frozenset[str]:
        """The texts of all tokens."""
        return frozenset([token.text for token in self])

    @_Kept
    def kinds(self) -> frozenset[str]:
        """The kinds of all tokens."""
        return frozenset([token.kind for token in self])

    @_Kept
    def has_over(self) -> bool:
        r"""Whether ``\over`` stands anywhere."""
        return r"\over" in self.texts

    @_Kept
    def fences(self) -> list[int]:
        r"""The same for ``\left`` and ``\right``."""
        return partners(map(_fence, self))

    @_Kept
    def is_open(self) -> bool:
        r"""Whether a bracket is still open at the end, an invisible one of ``\left.`` among them."""
        pairs = itertools.pairwise(self)
        if any(bracket.text == "." and fence.text in (r"\left", r"\right") for fence, bracket in pairs):
            return True
        return any(step > 0 and end == ALONE for (step, _), end in zip(self.steps, self.partner, strict=True))

    def opens(self, place: int) -> bool:
        """Whether a bracket opens here, closed or not."""
        return self.steps[place][0] > 0

    def top(self, start: int, end: int, strong: bool = False) -> Iterator[int]:
        """The places of a range that stand in no bracket within it; a bracket that is not closed hides the rest.

        With ``strong``, only braces and environments count as brackets.
        """
        place, steps = start, self.steps
        while place < end:
            step, kind = steps[place]
            if step == 0 or (strong and not kind):
                yield place
            elif step > 0:
                partner = self.partner[place]
                if not place < partner < end:
                    return
                place = partner
            place += 1


def tree(tokens: Sequence[Token]) -> Tree:
    """The tokens as a tree."""
    return tokens if isinstance(tokens, Tree) else Tree(tokens)
