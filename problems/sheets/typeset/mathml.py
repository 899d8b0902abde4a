r"""Formulas as MathML, by latex2mathml, made fit for browsers that know MathML Core alone.

>>> mathml("x")
'<math><mrow><mi>x</mi></mrow></math>'
"""

from __future__ import annotations

import html
import unicodedata
from typing import TYPE_CHECKING

from truestep.derivations.language.faults import StatementFault, quoted

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_SIGNS = ("+", "-", "−", "±")
_CLOSING = (")", "]", "}", "|", "‖", "!", "⟩")
_VARIANTS = {
    "bold": "MATHEMATICAL BOLD",
    "double-struck": "MATHEMATICAL DOUBLE-STRUCK",
    "script": "MATHEMATICAL SCRIPT",
    "sans-serif": "MATHEMATICAL SANS-SERIF",
    "monospace": "MATHEMATICAL MONOSPACE",
    "bold-italic": "MATHEMATICAL BOLD ITALIC",
}
# letters that had a place of their own before the mathematical alphabets
_OLDER = {
    "double-struck": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
    "script": dict(zip("BEFHILMR", "ℬℰℱℋℐℒℳℛ", strict=True)),
}


def mathml(latex: str, display: bool = False) -> str:
    """The formula as one ``math`` element; ``latex`` is plain mathematics.

    Raises StatementFault where it cannot be set.
    """
    try:
        from latex2mathml.converter import convert_to_element
    except ModuleNotFoundError:
        raise StatementFault(
            "HTML needs the package latex2mathml, which is not installed: pip install 'truestep[sheet]'", "package"
        ) from None
    from xml.etree.ElementTree import tostring

    try:
        tree = convert_to_element(_known(latex), display="block" if display else "inline")
    except Exception as fault:  # a third party's converter on any formula at all
        raise StatementFault(f"the formula {quoted(latex)} cannot be set as MathML") from fault
    tree.attrib.clear()
    if display:
        tree.set("display", "block")
    for node in tree.iter():
        _mend(node)
    for node in tree.iter():
        _space(node)
    return tostring(tree, encoding="unicode")


def _known(latex: str) -> str:
    """The formula in words that latex2mathml knows."""
    for word, plain in (
        (r"\nolimits", ""),
        (r"\boldsymbol", r"\mathbf"),
        (r"\lVert", r"\|"),
        (r"\rVert", r"\|"),
        (":=", r"\coloneqq "),
    ):
        latex = latex.replace(word, plain)
    return latex


def _mend(node: Element) -> None:
    node.text = html.unescape(node.text) if node.text else node.text
    node.tail = html.unescape(node.tail) if node.tail else node.tail
    if node.tag == "mo" and (node.text or "").isalpha() and len(node.text or "") > 1:
        node.tag = "mi"  # the name of a function
        node.attrib.pop("movablelimits", None)
    if node.tag == "menclose":  # not in MathML Core; the page draws the stroke
        node.tag = "mrow"
        node.attrib.clear()
        node.set("class", "cancel")
    variant = node.attrib.get("mathvariant", "")
    if variant in _VARIANTS and node.text:
        node.text = "".join(_letter(letter, variant) for letter in node.text)
        del node.attrib["mathvariant"]


def _space(parent: Element) -> None:
    """A thin space beside the name of a function; a sign that begins a term is no operation between two."""
    from xml.etree.ElementTree import Element

    if parent.tag not in ("mrow", "math", "mtd"):
        return
    for place in range(len(parent) - 1, -1, -1):
        before, after = parent[place - 1] if place else None, parent[place]
        if after.tag == "mo" and after.text in _SIGNS and (before is None or _is_open(before)):
            after.set("form", "prefix")
        elif (
            before is not None
            and after.tag != "mo"
            and (_is_name(before) or (_is_name(after) and not _is_open(before)))
        ):
            parent.insert(place, Element("mspace", {"width": "0.17em"}))


def _is_open(node: Element) -> bool:
    """Whether what follows this begins a term: an operator, but no closing bracket."""
    return node.tag == "mo" and (node.text or "") not in _CLOSING


def _is_name(node: Element) -> bool:
    """Whether this is the name of a function, with or without a script."""
    base = node[0] if node.tag in ("msub", "msup", "msubsup", "munder") and len(node) else node
    return base.tag == "mi" and len(base.text or "") > 1 and (base.text or "").isalpha()


def _letter(letter: str, variant: str) -> str:
    """The letter of a mathematical alphabet, where it has one."""
    if letter in _OLDER.get(variant, {}):
        return _OLDER[variant][letter]
    kind = "CAPITAL" if letter.isupper() else "SMALL" if letter.islower() else "DIGIT"
    name = unicodedata.name(letter, "")
    last = name.rsplit(" ", 1)[-1]
    try:
        return unicodedata.lookup(f"{_VARIANTS[variant]} {kind} {last}")
    except KeyError:
        return letter
