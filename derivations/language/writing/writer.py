"""What LaTeX and plain text have in common: terms, factors, conditions, and brackets where they are needed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from truestep.derivations.language.expression import NONE, UPRIGHT, Expression
from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.language.writing import binding
from truestep.derivations.language.writing.binding import CONDITION, FACTOR, NAMES, SUM, TERM, ungrouped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truestep.derivations.language.notation import Notation


INDICATORS = (r"\mathbf{1}[", "𝟏[")


class Writer(ABC):
    """Writes expressions in one language; ``notation`` tells which names are declared."""

    fraction: ClassVar[int]
    minus: ClassVar[str]
    either: ClassVar[Mapping[str, str]]  # by their names in LaTeX
    signs: ClassVar[Mapping[str, str]]
    relations: ClassVar[Mapping[str, str]]
    dots: ClassVar[tuple[str, str, str, str]]  # in a list, along a row, down a column, on the diagonal

    def __init__(self, whole: Expression, notation: Notation | None) -> None:
        self.whole, self.notation = whole, notation
        self.names: frozenset[str] | None = None

    @abstractmethod
    def unbracketed(self, node: Expression) -> str | None:
        """The text of a node as its head says; None for a head that has none."""

    @abstractmethod
    def bracketed(self, text: str) -> str:
        """A text in round brackets."""

    def write(self, node: Expression, least: int = CONDITION) -> str:
        """The text of a node, in brackets where it binds less tightly than ``least``."""
        node = ungrouped(node)
        text = self.unbracketed(node)
        if text is None:
            raise MeaningFault(f"there is no way to write {node.head}", node.span)
        return text if not least or self.level(node) >= least else self.bracketed(text)

    def level(self, node: Expression) -> int:
        """How tightly a node binds in this language."""
        return binding.level(node, self.fraction)

    def is_taken(self, name: str) -> bool:
        """Whether a name stands for a quantity here."""
        if self.notation is not None:
            return self.notation.is_name(name)
        if self.names is None:
            written = (str(node.data) for node in self.whole.walk() if node.head in ("symbol", "unknown"))
            self.names = frozenset(text.partition("^")[0].partition("_")[0] for text in written)
        return name in self.names

    def has_plain_d(self, node: Expression) -> bool:
        """Whether the d of a differential is no name, and set as one."""
        is_size = self.notation is not None and "d" in self.notation.sizes
        return node.mark != UPRIGHT and not is_size and not self.is_taken("d")

    # Sums.

    def negative(self, node: Expression) -> str:
        """A minus in front of a term."""
        return self.minus + self.write(binding.signed(node)[1], TERM)

    def add(self, node: Expression) -> str:
        """Terms with their signs between them."""
        terms = [ungrouped(term) for term in binding.terms_of(node)]
        out = ""
        for place, term in enumerate(terms):
            sign, body = self._sign(term)
            text = self.write(body, TERM if place or sign != "+" else SUM)
            if place + 1 < len(terms) and binding.reaches(body, terms[place + 1]):
                text = self.bracketed(text)
            out += f" {sign.strip()} {text}" if place else text if sign == "+" else sign + text
        return out

    def _sign(self, term: Expression) -> tuple[str, Expression]:
        """The sign in front of a term, and the rest."""
        if term.head == "plus-minus":
            return self.either[str(term.data)], ungrouped(term.args[0])
        minus, body = binding.signed(term)
        return self.minus if minus else "+", body

    def plus_minus(self, node: Expression) -> str:
        """Both signs in front of a term."""
        sign, body = self._sign(node)
        return sign + self.write(body, TERM)

    # Products.

    def product(self, node: Expression) -> str:
        """Factors in the written order."""
        if binding.signed(node)[0]:
            return self.negative(node)
        signs = node.data
        out, before = "", NONE
        for place, written in enumerate(node.args):
            factor = ungrouped(written)
            leads = place == 0 and (factor is written or not _is_plain(factor))  # (x^T y) x keeps its brackets
            text = self._factor(factor, leads, signs[place + 1] if place + 1 < len(signs) else None)
            if place:
                out += self.signs[signs[place] or ("cdot" if _clashes(before, text) else "")]
            out, before = out + text, factor
        return out

    def _factor(self, factor: Expression, first: bool, following: str | None) -> str:
        """One factor; without brackets what reaches to the end only at the end, a product only at the beginning."""
        level = self.level(factor)
        bare = level >= FACTOR
        if level == TERM and factor.head == "product":
            bare = first and following is not None and binding.stands_bare(factor, following)
        elif level == TERM:
            bare = following is None and binding.is_open(factor)
        return self.write(factor) if bare else self.bracketed(self.write(factor))

    def body(self, node: Expression) -> str:
        """What a sum or an extreme runs over."""
        inner = node.args[0]
        bare = node.head in ("sum", "prod") or binding.is_taken_whole(inner, node.data)
        if node.head == "prod" and any(one.head in ("sum", "prod") for one in binding.ungrouped(inner).args[1:]):
            bare = False  # a product of a few is over where a sum begins
        return self.write(inner, TERM if bare else FACTOR)

    # Lists and arrays.

    def listed(self, nodes: tuple[Expression, ...]) -> str:
        """Nodes with commas between them."""
        return ", ".join([self.write(node) for node in nodes])

    def tuple(self, node: Expression) -> str:
        """Entries by commas."""
        inner = self.listed(node.args)
        return f"[{inner}]" if node.data == "[" else f"({inner})"

    def interval(self, node: Expression) -> str:
        """Two bounds in the brackets that are written."""
        return f"{node.data[0]}{self.listed(node.args)}{node.data[1]}"

    def series(self, node: Expression) -> str:
        """The terms of a sum, or the factors of a product, with dots before the last."""
        head, generals = node.data
        *first, last = [self.write(term, TERM if head == "sum" else FACTOR) for term in node.args]
        dots = self.dots[0] if head == "sum" else self.dots[1]
        for general in range(generals):
            first.insert(len(first) - generals + general, dots)
        return (" + " if head == "sum" else " ").join((*first, dots, last))

    def typical(self, node: Expression) -> str:
        """One entry between dots."""
        return f"[{self.dots[1]} {self.write(node.args[0])} {self.dots[1]}]"

    def rows(self, node: Expression) -> list[list[str]]:
        """The entries of a matrix by rows, with dots where they are left out."""
        rows, columns = (0, node.data) if node.head == "matrix" else node.data
        texts = [self.write(entry) for entry in node.args]
        grid = [texts[k : k + columns] for k in range(0, len(texts), columns)]
        _, along, down, diagonal = self.dots
        if rows and columns == 2:
            grid = [[first, along, last] for first, last in grid]
        if rows > 1:
            grid.insert(-1, [down, diagonal, down] if columns == 2 else [down])
        return grid

    # Conditions.

    def relation(self, node: Expression) -> str:
        """Two sides and the sign between them."""
        left, right = node.args
        return f"{self.write(left, SUM)} {self.relations.get(node.data, node.data)} {self.write(right, SUM)}"

    def joined(self, node: Expression) -> str:
        """Conditions joined by "and" or "or", from left to right."""
        left, right = (ungrouped(part) for part in node.args)
        first, second = self.write(left), self.write(right)
        if left.head in ("and", "or") and left.head != node.head:
            first = self.bracketed(first)
        if right.head in ("and", "or"):
            second = self.bracketed(second)
        return first + self.signs[node.head] + second

    def limits(self, node: Expression) -> str:
        """What stands under a sum: its indices, from where they run, and the conditions on them."""
        names, lower = node.data, node.args[1]
        condition = node.args[3] if len(node.args) > 3 else NONE
        conditions = () if condition.head == "none" else binding.conditions_of(condition)
        conditions = tuple(binding.turned(part, names) for part in conditions)
        texts = [self.write(part) for part in conditions]
        if lower.head != "none":
            return ", ".join((f"{','.join(names)}={self.write(lower)}", *texts))
        firsts = {part.args[0].data for part in conditions if part.args and part.args[0].head == "index"}
        pairs = [part.args for part in conditions if part.head == "relation" and part.args[0].data in names]
        said = firsts | {second.data for first, second in pairs if second.head == "index"}  # over both of i < j
        silent = ",".join(name for name in names if name not in said)
        return ", ".join((silent, *texts) if silent else texts)


def _clashes(before: Expression, text: str) -> bool:
    """Whether two factors side by side would be read as one: ``x 2``, ``2 1[x > 0]``, a size d before a name."""
    if before.head == "number" and text.startswith(INDICATORS):
        return True
    return text[0] in "0123456789" or (before.data == "d" and before.head in NAMES)


def _is_plain(factor: Expression) -> bool:
    """Whether a factor is a product of factors side by side."""
    return factor.head == "product" and not any(factor.data)
