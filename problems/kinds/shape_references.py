r"""Shapes: how one is written, and the references that a statement gives.

>>> shape_of("(N, m)", ()), shape_of(r"\mathbb{R}^{t \times s}", ()), shape_of("t x 1", ()), shape_of("t", ())
(('N', 'm'), ('t', 's'), ('t', 1), ('t',))
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.language.faults import StatementFault, nearest, quoted
from truestep.problems.kinds.plain_words import name_of, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from truestep.problems.statements.problem import Problem

Shape = tuple[str | int, ...]

_SCRIPTS = r"(?:_[A-Za-z0-9]+|\^\[[^\[\]\s]{1,5}\]|\^\([^()\s]{1,5}\)|')*"
ATOM = rf"(?:\d{{1,7}}|\\?[A-Za-zα-ωΑ-Ω]{_SCRIPTS})(?![A-Za-z])"
_OPERATION = rf"(?:\s?[+/-]\s?(?:{ATOM}))"
BY = r"(?:\s*[×✕]\s*|\s+(?:x|X|by)\s+|-by-|(?<=\d)\s?[xX*]\s?(?=\d)|\s*\*\s*)"


def size_pattern(known: Iterable[str]) -> str:
    """The pattern of one size: a number, a letter with scripts, or one of the names that are known to be sizes."""
    words = [re.escape(name) for name in sorted(known, key=len, reverse=True) if len(name) > 1]
    named = "|".join([*words, r"batch[ _]?size"])
    return rf"(?:\|[A-Z]\||\d{{0,4}}(?:{named})(?![A-Za-z0-9_])|\d{{1,4}}{ATOM}|{ATOM}){_OPERATION}?"


def sizes_in(text: str) -> Shape:
    """The sizes in the inside of a shape, separated by commas or by signs for times."""
    parts = text.split(",") if "," in text else re.split(BY, text)
    return tuple(_size(part) for part in parts if part.strip())


def _size(text: str) -> str | int:
    tight = re.sub(r"\s+|\\", "", text) if text.strip() != "batch size" else "batch_size"
    return int(tight) if tight.isdigit() else tight


def shape_of(text: str, known: Iterable[str]) -> Shape | None:
    """The shape that a whole text is: a tuple, a product of sizes, a space of arrays, or one size; else None."""
    said = plain(text).strip()
    size = size_pattern(known)
    if said.lower() in ("scalar", "ℝ", "()", "(1,)", "1 × 1"):
        return ()
    space = re.fullmatch(rf"ℝ\s*\^\s*(?:\((.*)\)|({size}(?:{BY}{size})*))", said)
    inside = (space[1] or space[2]) if space else said
    if not space and inside[:1] in "([" and inside[-1:] in ")]":
        inside = inside[1:-1]
    one = rf"\s*{size}\s*"
    if re.fullmatch(rf"{one}(?:,{one})*,?\s*|\s*{size}(?:{BY}{size})*\s*", inside):
        return sizes_in(inside)
    return None


def written(shape: Shape) -> str:
    """A shape as a person writes it.

    >>> written(("N", "m")), written(("t",)), written(())
    ('(N, m)', '(t,)', 'a scalar')
    """
    if not shape:
        return "a scalar"
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def in_latex(shape: Shape) -> str:
    r"""A shape as the space of its arrays.

    >>> in_latex(("t", "s")), in_latex(())
    ('\\mathbb{R}^{t \\times s}', '\\mathbb{R}')
    """
    sizes = r" \times ".join(str(size).replace("_size", r"\_size") for size in shape)
    return rf"\mathbb{{R}}^{{{sizes}}}" if shape else r"\mathbb{R}"


def without_ones(shape: Shape) -> Shape:
    """A shape in the form in which two are compared: a column of n is a vector of n."""
    return shape[:-1] if len(shape) == 2 and shape[-1] == 1 else () if shape == (1,) else shape


@dataclass(frozen=True)
class Chain:
    """Shapes that are multiplied, and the shape that comes out: ``(m, r)(r) -> (m)``."""

    factors: tuple[Shape, ...]
    result: Shape
    elementwise: bool = False


@dataclass(frozen=True)
class Asked:
    """One shape that is asked for: its name, and the shapes or chains that answer it."""

    name: str
    shapes: tuple[Shape, ...] = ()
    chains: tuple[Chain, ...] = ()
    label: str = ""


def known_sizes(problem: Problem) -> frozenset[str]:
    """The names that stand for sizes in a problem: in the shapes of its symbols and in its answers."""
    out = {problem.batch} - {""}
    for name, shape in problem.symbols.items():
        if shape == "size":
            out.add(name_of(name))
        elif not shape.startswith("index") and shape != "scalar":
            out |= {name_of(part) for part in re.split(r"\s+(?:x|by|×|\\times)\s+|×", shape)}
        elif shape.startswith("index"):
            out.add(name_of(shape.split("..")[-1].removeprefix("index")))
    return frozenset(name for name in out if name and not name.isdigit())


def declared_shapes(problem: Problem) -> dict[str, Shape]:
    """The shapes of the symbols, by the names in which they are compared."""
    sizes = known_sizes(problem)
    out: dict[str, Shape] = {}
    for name, text in problem.symbols.items():
        shape = None if text.startswith(("index", "size")) else shape_of(text, sizes)
        if shape is not None:
            out[name_of(name)] = shape
    return out


def asked_shapes(problem: Problem) -> tuple[Asked, ...]:
    """What a problem of shapes asks for, each with the answers to it.

    Raises StatementFault.

    >>> from truestep.problems.statements.problem import Problem
    >>> asked_shapes(Problem(kind="shape", find=("W",), symbols={"W": "t x s"}))[0].shapes
    (('t', 's'),)
    """
    if problem.answer and problem.find and len(problem.answer) != len(problem.find):
        raise StatementFault(
            f"{len(problem.find)} shapes are asked for and {len(problem.answer)} given; give one for each", key="answer"
        )
    labels = list(problem.find) or [""] * len(problem.answer)
    names = [name_of(label) for label in labels]
    if problem.answer:
        sizes = known_sizes(problem)
        return tuple(
            replace(_reference(text, sizes), name=name, label=label)
            for name, label, text in zip(names, labels, problem.answer, strict=True)
        )
    declared = declared_shapes(problem)
    for name in names:
        shape = _declared(name, declared, problem.layout)
        if shape is not None:
            declared[name] = shape
    for name, text in zip(names, problem.find, strict=True):
        if name not in declared:
            raise StatementFault(
                f"the shape of {quoted(text)} is not known{nearest(name, declared)}; give it as answer, "
                "or declare it under symbols",
                key="find",
                entry=text,
            )
    return tuple(Asked(name, (declared[name],), (), label) for name, label in zip(names, labels, strict=True))


def _declared(name: str, shapes: dict[str, Shape], layout: str) -> Shape | None:
    """The shape of a derivative: that of what it is taken by, and where a vector is derived its entries too."""
    above, slash, below = name.removeprefix("∂").partition("/∂")
    if not slash or above not in shapes or below not in shapes:
        return None
    if layout == "numerator":
        return (*shapes[above], *shapes[below]) if shapes[above] else shapes[below]
    return (*shapes[below], *shapes[above])


def _reference(text: str, sizes: frozenset[str]) -> Asked:
    """A reference answer: a shape or a chain of them; alternatives are joined by "or"."""
    shapes, chains = list[Shape](), list[Chain]()
    for part in re.split(r"\s+or\s+|\\text\{\s*or\s*\}", text):
        shape, chain = shape_of(part, sizes), chain_of(part, sizes)
        if shape is None and chain is None:
            raise StatementFault(
                f"{quoted(part.strip())} is no shape; write (N, m), N x m, \\mathbb{{R}}^{{N \\times m}}, "
                "or a product such as (m, r)(r) -> (m)",
                key="answer",
                entry=part.strip(),
            )
        shapes += [shape] if shape is not None else []
        chains += [chain] if shape is None and chain is not None else []
    return Asked("", tuple(shapes), tuple(chains))


_IN_BRACKETS = re.compile(r"\(([^()]*)\)")


def chain_of(text: str, known: Iterable[str]) -> Chain | None:
    """The chain that a whole text is: shapes in brackets side by side, an arrow, and a shape; else None.

    >>> chain_of("(m, r)(r) -> (m)", ())
    Chain(factors=(('m', 'r'), ('r',)), result=('m',), elementwise=False)
    """
    left, arrow, right = plain(text).partition("→")
    found = [shape_of(f"({inside})", known) for inside in _IN_BRACKETS.findall(left)]
    result = shape_of(right, known) if arrow else None
    rest = set(_IN_BRACKETS.sub("", left).split())
    if result is None or len(found) < 2 or None in found or not rest <= {"*", "@", "·", "×"}:
        return None
    return Chain(tuple(shape for shape in found if shape is not None), result, "*" in rest)


class Misfit(NamedTuple):
    """Two factors of a product that do not fit each other."""

    left: Shape
    right: Shape


def product(factors: tuple[Shape, ...], elementwise: bool = False) -> Shape | Misfit:
    """The shape of a product, or the first two factors that do not fit.

    >>> product((("m", "r"), ("r",))), product((("m", 1), ("r",)), True)
    (('m',), ('m', 'r'))
    >>> product((("m", "r"), ("m",)))
    Misfit(left=('m', 'r'), right=('m',))
    """
    out = factors[0]
    for factor in factors[1:]:
        made = _broadcast(out, factor) if elementwise else _matrix_product(out, factor)
        if made is None:
            return Misfit(out, factor)
        out = made
    return out


def _matrix_product(left: Shape, right: Shape) -> Shape | None:
    if not left or not right or left[-1] != (right[-2] if len(right) > 1 else right[0]):
        return None
    return (*left[:-1], *right[-1:]) if len(right) > 1 else left[:-1]


def _broadcast(left: Shape, right: Shape) -> Shape | None:
    length = max(len(left), len(right))
    pairs = zip((1,) * (length - len(left)) + left, (1,) * (length - len(right)) + right, strict=True)
    out: list[str | int] = []
    for a, b in pairs:
        if a != b and 1 not in (a, b):
            return None
        out.append(b if a == 1 else a)
    return tuple(out)
