"""How names are used in formulas that no statement declares: entries by indices, what is differentiated, bold type."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import BINDING, Expression
from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.language.latex.lexer import lex

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from truestep.derivations.language.shapes import Size

BOLD = frozenset((r"\mathbf", r"\boldsymbol", r"\bm", r"\vec", r"\pmb"))
FUNCTIONS = frozenset("fghFGH")
CANNOT = "the shapes of these names cannot be told from the formula; declare them (symbols)"
_ACCENT = re.compile(r"\\(?:hat|bar|tilde|dot|check|mathrm)\{")
_SET = re.compile(r"\\(?:mathbf|boldsymbol|bm|vec|pmb)\{([^{}]*)\}|\\(?:mathbf|boldsymbol|bm|vec|pmb) ([A-Za-z])")
_CALLED = re.compile(r"(.+)_\{([a-z]{1,2})\}")


class Unfit(Exception):
    """The shapes do not fit together."""


@dataclass
class Sizes:
    """Sizes that are equal share one that stands for both; integers stand for themselves."""

    same: dict[Size, Size] = field(default_factory=dict)

    def find(self, size: Size) -> Size:
        while size in self.same:
            size = self.same[size]
        return size

    def join(self, one: Size, other: Size) -> None:
        one, other = self.find(one), self.find(other)
        if one == other:
            return
        one, other = (other, one) if isinstance(one, int) else (one, other)
        if isinstance(one, int) or other == 1:
            raise Unfit
        one, other = (other, one) if " " in str(other) and " " not in str(one) else (one, other)  # n stays n
        self.same[one] = other


def bold_names(text: str) -> frozenset[str]:
    r"""The letters of a formula that are set in bold.

    >>> sorted(bold_names(r"\mathbf{A} \mathbf x + b"))
    ['A', 'x']
    """
    out, is_bold = set[str](), False
    for lexeme in lex(text):
        if lexeme.kind == "word" and lexeme.text in BOLD:
            is_bold = True
        elif is_bold and lexeme.text.strip() and lexeme.kind != "open":
            out |= {lexeme.text} if lexeme.kind == "word" else {lexeme.text.strip()[0]}
            is_bold = False
    return frozenset(out)


class Use:
    """Which names of some formulas are arrays that letters pick entries of, and what is differentiated by what."""

    def __init__(self, formulas: Sequence[Expression]) -> None:
        nodes = list(self.nodes(formulas))
        self.formulas = formulas
        self.functions = dict.fromkeys(
            sorted({str(node.data) for node in nodes if node.head == "call"} & FUNCTIONS), "scalar"
        )
        self.bound = {str(letter) for node in nodes if node.head in BINDING for letter in node.data}
        below = {str(arg.data) for node in nodes for _, letters in [pick(node)] for arg in letters}
        pairs = [tuple(str(arg.data) for arg in node.args) for node in nodes if _compares_indices(node)]
        self.indices = self.bound | {one for pair in pairs for one in pair if below.intersection(pair)}
        self.indices |= {
            one for node in nodes if node.head == "kronecker" for one in (str(arg.data) for arg in node.args)
        }
        self.pairs = [pair for pair in pairs if self.indices.issuperset(pair)]
        self.picked = self._picked(nodes)
        self.depends: dict[str, list[str]] = {}
        for node in nodes:
            if node.head == "derivative":
                self._differentiated(node)
        self.ends = {
            str(end.data) for node in nodes if node.head in BINDING for end in node.args[1:3] if end.head == "unknown"
        }
        self.sized = {size for axes in self.picked.values() for size in axes if isinstance(size, str)}

    @staticmethod
    def nodes(formulas: Iterable[Expression]) -> Iterator[Expression]:
        """All nodes, without the letters below names."""
        for formula in formulas:
            yield from formula.walk()

    @property
    def given(self) -> tuple[str, ...]:
        """What is differentiated depends on what it is differentiated by."""
        return tuple(f"{name} = {name}({', '.join(by)})" for name, by in self.depends.items())

    def _picked(self, nodes: Sequence[Expression]) -> dict[str, list[Size]]:
        """The arrays of which entries are picked by an index, with the sizes of their axes."""
        ends: dict[str, Size] = {one: f"{one} of {one}" for one in self.indices}
        for node in nodes:
            if node.head in BINDING:
                ends |= {str(letter): _end(node.args[2], letter) for letter in node.data}
        sizes, axes = Sizes(), dict[str, int]()
        try:
            for pair in self.pairs:
                sizes.join(*(f"{one} of {one}" for one in pair))
            for node in nodes:
                base, letters = pick(node)
                if base and any(arg.data in ends for arg in letters):
                    if axes.setdefault(base, len(letters)) != len(letters):
                        raise Unfit
                    for place, arg in enumerate(letters):
                        sizes.join(f"{base} {place}", ends.get(str(arg.data), f"{arg.data} of {arg.data}"))
        except Unfit:
            raise MeaningFault(CANNOT) from None
        return {base: [sizes.find(f"{base} {place}") for place in range(count)] for base, count in axes.items()}

    def name_of(self, node: Expression) -> str:
        """The quantity that a name is, or is an entry of."""
        base = pick(node)[0]
        return base if base in self.picked else plain(str(node.data))

    def _differentiated(self, node: Expression) -> None:
        if not all(arg.head == "unknown" for arg in node.args):
            return
        name, *by = (self.name_of(arg) for arg in node.args)
        if name not in by:
            known = self.depends.setdefault(name, [])
            known += [one for one in dict.fromkeys(by) if one not in known]

    def names(self, formulas: Iterable[Expression]) -> Iterator[str]:
        """The quantities of some formulas, each once."""
        seen = set[str]()
        below = {id(arg) for node in self.nodes(formulas) if node.head == "unknown" for arg in node.args}
        for node in self.nodes(formulas):
            is_name = node.head == "unknown" or (node.head == "call" and node.data not in FUNCTIONS)
            is_scalar = node.head == "index" and id(node) not in below and node.data not in self.indices
            name = self.name_of(node) if is_name else str(node.data) if is_scalar else ""
            if name and name not in seen and name not in self.sized:
                seen.add(name)
                yield name

    def has_products(self, formulas: Sequence[Expression]) -> bool:
        """Whether a capital letter stands beside another name, as a matrix would."""
        for node in self.nodes(formulas):
            is_factor = node.head == "call" and node.data not in FUNCTIONS
            if is_factor and letter_kind(str(node.data), ()) == "capital":
                return True
            names = [arg for arg in node.args if arg.head in ("unknown", "call")]
            others = sum(arg.head in ("unknown", "call", "group", "derivative") for arg in node.args)
            is_capital = any(letter_kind(str(arg.data), ()) == "capital" for arg in names)
            if node.head == "product" and is_capital and others > 1:
                return True
        return False

    def declared(self, shapes: Mapping[str, str]) -> dict[str, str]:
        """The shapes, and with them sizes that are numbers, and indices that are free."""
        out = {name: "size" if name in self.ends and shape == "scalar" else shape for name, shape in shapes.items()}
        sizes = dict[str, str]()
        for node in self.nodes(self.formulas):
            base, letters = pick(node)
            if base in self.picked:
                axes = shapes[base].split(" x ")
                sizes |= {str(arg.data): axes[place] for place, arg in enumerate(letters) if place < len(axes)}
        for pair in self.pairs:
            sizes |= {one: sizes[other] for one, other in (pair, pair[::-1]) if other in sizes}
        free = self.indices.union(sizes) - self.bound
        return out | {one: f"index {sizes.get(one, 'n_0')}" for one in sorted(free) if not one.isdigit()}


def _compares_indices(node: Expression) -> bool:
    is_relation = node.head == "relation" and node.data in ("=", "!=")
    return is_relation and all(arg.head == "index" for arg in node.args)


def pick(node: Expression) -> tuple[str, tuple[Expression, ...]]:
    """The array of which a name picks an entry by letters, and these; a factor before brackets may be one too."""
    if node.head == "unknown" and node.args and len(node.args) <= 2 and all(arg.head == "index" for arg in node.args):
        return plain(str(node.data).partition("_")[0]), node.args
    found = _CALLED.fullmatch(str(node.data)) if node.head == "call" else None
    if found is None:
        return "", ()
    return plain(found[1]), tuple(Expression("index", (), letter) for letter in found[2])


def plain(name: str) -> str:
    r"""A name without its bold type: ``\hat{\mathbf{y}}`` is declared as ``\hat{y}``."""
    return _SET.sub(lambda found: found[1] or found[2], name)


def _end(upper: Expression, letter: str) -> Size:
    """The last value of an index."""
    if upper.head == "number":
        return int(upper.data[0])
    return str(upper.data) if upper.head == "unknown" else f"{letter} of {letter}"


def letter_kind(name: str, bold: Collection[str]) -> str:
    """The kind of letter that a name is."""
    letter = _ACCENT.sub("", plain(name))
    is_capital = letter.lstrip("\\")[:1].isupper()
    if any(letter == one or letter.startswith((f"{one}_", f"{one}}}")) for one in bold):
        return "bold capital" if is_capital else "bold"
    return "capital" if is_capital else "greek" if letter.startswith("\\") else "small"
