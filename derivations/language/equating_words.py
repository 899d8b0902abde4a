"""Words that say what a formula is, as an equals sign would: "the answer is", "which simplifies to", "i.e."."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from truestep.derivations.language.phrases.ends import PART, SENTENCE
from truestep.derivations.language.phrases.table import CASES, EQUATING, ROLES

begins_with = EQUATING.begins

_LEAD = r"(?:<lead>(?:\s*,)?\s*)*"
_STEP = rf"{_LEAD}<step>(?:\s+<object>)*\s*[:：]"
_MARKS = re.compile(r"\\(?:fbox|framebox|boxed|textbf|emph|mathbf|underline)\s*\{|[*_~#>{}$\0]+|\\[,;:! ]")
_NAMED = re.compile(r"(?:^|\s)(?P<name>(?:[∇∂]|d(?=\w{1,3}\s?/\s?d))[^\s=]{1,12}(?:\s?/\s?[^\s=]{1,12})?)\s*=$")
_ASKED = ("answer", "slope", "hessian")
_VALUES = ("slopes", "vanishes", "nothing", "so is", "also", "and")
LONGEST = 160


class Said(NamedTuple):
    """Of what a formula is said: "answer", "slope", "hessian", "it" or its "shape"; or of what is "named" before it.

    ``before`` are the words of the sentence before that, or the name.
    """

    of: str
    before: str = ""
    is_ahead: bool = True  # whether the words stand before the formula


@lru_cache(maxsize=1)
def words() -> frozenset[str]:
    """All words of the table, but for those that say a value themselves."""
    rows = (row for row in EQUATING.rows if row.language != "zh" and row.meaning not in _VALUES)
    said = " ".join(phrase for row in rows for phrase in row.phrases)
    return frozenset(re.findall(r"[^\W\d_]{2,}", said))


@lru_cache(maxsize=1)
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The forms of a clause that ends right before a formula, and of what it is said there."""
    known = (
        *((part, rf"{_LEAD}<{part}>\s*(?:[:：=]|<is>\s*[:：]?)") for part in _ASKED),
        *((part, rf"{_LEAD}<is>\s+<{part}>\s*[:：]?") for part in _ASKED),  # also ist die Ableitung
        ("shape", r"<it>?\s*<shaped>"),
        ("it", rf"{_LEAD}<it>\s*<turns>"),
        ("it", rf"{_LEAD}<turns>"),
        ("it", r"<same>\.?"),
        ("it", _STEP),
        ("answer", r"(?:<lead>(?:\s*,)?\s*)+<get>"),
    )
    return tuple((of, EQUATING.form(rf"(?:{form})\s*[,:：]?\s*")) for of, form in known)


@lru_cache(maxsize=1)
def _there() -> tuple[re.Pattern[str], re.Pattern[str]]:
    before = EQUATING.form(rf"\W*{_LEAD}(?:,?\s*<it>)?\s*(?:<value>\s*)?")
    return before, EQUATING.form(r"\s*[,，]?\s*(?:<it>\s*)?(?:<is>|<turns>)(?:\s+<it>)?\s*[:：]?\s*")


def is_value_there(before: str, between: str) -> bool:
    """Whether the words before a point and behind it say that a formula is what stood before, there.

    >>> is_value_there(", which at ", " equals "), is_value_there("Its value at ", " is "), is_value_there("Bei", "ist")
    (True, True, True)
    >>> is_value_there("The loss at ", " is "), is_value_there("At ", " the mean is ")
    (False, False)
    """
    lead, behind = _there()
    bare = CASES.pattern("at").sub(" ", before)
    return bare != before and lead.fullmatch(bare) is not None and behind.fullmatch(between) is not None


def finds(before: str) -> bool:
    """Whether the words right before a formula say that it is what is found.

    >>> finds("Differentiating we obtain"), finds("Also erhalten wir: "), finds("for the mean of"), finds("This gives")
    (True, True, False, True)
    """
    return _finds().search(before) is not None


@lru_cache(maxsize=1)
def _finds() -> re.Pattern[str]:
    found = "|".join(ROLES.phrases("answer"))
    return EQUATING.form(rf"(?:^|(?<!\w))(?:<get>|{found})[\s:：,$*_]*$")


def is_step(before: str) -> bool:
    """Whether the words before a formula say what is done with the one before it, and that this comes out.

    >>> is_step("Take out the common factor: "), is_step("Take the derivative: "), is_step("Expand ")
    (True, False, False)
    """
    return _step().fullmatch(before.strip(" *_~\n")) is not None


@lru_cache(maxsize=1)
def _step() -> re.Pattern[str]:
    return EQUATING.form(_STEP)


def says_it(clause: str) -> bool:
    """Whether words before a value say that what was said before is this in another case: "and it is".

    >>> says_it(", and it is "), says_it("sonst ist es "), says_it("and the mean is ")
    (True, True, False)
    """
    return _it_is().fullmatch(CASES.pattern("rest").sub(" ", clause).strip(" ,;")) is not None


@lru_cache(maxsize=1)
def _it_is() -> re.Pattern[str]:
    return EQUATING.form(rf"{_LEAD}(?:<it>\s*(?:<is>|<turns>)|<is>\s+<it>|<and>\s+<is>)")


@lru_cache(maxsize=1)
def _zeros() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The forms of a clause that says of a slope, or of what was said before, that it is zero."""
    others = r"[^.;:。；]{1,60}?"
    known = (
        ("slope", rf"{_LEAD}(?:<and>\s*)?<slope>\s*<vanishes>"),
        ("slopes", rf"{_LEAD}(?:<and>\s*)?(?:<slopes>\s*<vanishes>|<vanishes>\s+<slopes>)"),
        ("slope", rf"{_LEAD}(?:<is>\s+<slope>\s+<nothing>|<vanishes>\s+<slope>)"),  # dann ist die Ableitung null
        ("slope", rf"{others}(?:<vanishes>|<nothing>)\s*,?\s*<so is>\s*<slope>"),
        ("slope", rf"{others}<vanishes>\s*,?\s*<and>\s*<slope>\s*<also>"),
        ("slope", rf"{others}(?:<and>(?:\s*<lead>)?|[,，]\s*<lead>(?:\s+<its>)?)\s*<slope>\s*<vanishes>"),
        ("it", rf"{_LEAD}(?:<and>\s*)?(?:<it>\s*<vanishes>|<nothing>)"),
    )
    return tuple((of, EQUATING.form(rf"(?<!\w)(?:{form})(?!\w)")) for of, form in known)


def is_zero(clause: str) -> str:
    """Of what a clause says that it is zero: a "slope", all "slopes" or "it"; empty where it says more, or nothing.

    >>> is_zero("the loss is zero and so is the gradient"), is_zero("ist die Ableitung null"), is_zero("it vanishes")
    ('slope', 'slope', 'it')
    >>> is_zero("both gradients vanish"), is_zero("et les deux dérivées sont nulles")
    ('slopes', 'slopes')
    >>> is_zero("the gradient is not zero"), is_zero("the gradient of b is zero"), is_zero("导数为零")
    ('', '', 'slope')
    """
    return next((of for of, form in _zeros() if form.fullmatch(clause.strip())), "")


def is_zero_else(clause: str) -> bool:
    """Whether a clause says that it is zero in the other cases, and no more: "and zero otherwise".

    >>> is_zero_else("and zero otherwise"), is_zero_else("else it is 0"), is_zero_else("sonst null"), is_zero_else("0")
    (True, True, True, False)
    """
    bare = CASES.pattern("rest").sub(" ", clause)
    return bare != clause and _nothing().fullmatch(bare.strip(" ,")) is not None


@lru_cache(maxsize=1)
def _nothing() -> re.Pattern[str]:
    return EQUATING.form(rf"{_LEAD}(?:(?:<it>\s*)?<vanishes>|<nothing>|0)")


@lru_cache(maxsize=1)
def _behind() -> re.Pattern[str]:
    return EQUATING.form(r"\s*<is>\s*(?:(?P<answer><answer>)|<slope>)\s*(?=[.,;:!)。，；]|$)")


@lru_cache(maxsize=1)
def by_phrases() -> re.Pattern[str]:
    """The phrases of more than one word that say by what something is differentiated: "with respect to"."""
    found = [phrase for phrase in EQUATING.phrases("by") if " " in phrase]
    return re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=1)
def _slopes() -> tuple[re.Pattern[str], ...]:
    """The forms of a sentence that names a derivative by formulas, and goes on with what it is."""
    slope = r"(?:<partial>|<slope>)"
    forms = (
        rf"{slope}(?P<top>\s+(?:<of>\s+)?it)?(?:\s+(?P<by><by>)\s+it)?",
        rf"(?P<top>it\s*)(?P<by><by>)\s*it\s*的?\s*{slope}",
    )
    return tuple(EQUATING.form(rf"\s*{_LEAD}{form}\s*<is>\s*:?\s*") for form in forms)


def slope_of(sentence: str) -> tuple[str, ...]:
    """Which of its formulas a sentence differentiates, and by which, before it says what that is.

    The formulas stand as "it" in the sentence.

    >>> slope_of("Thus the gradient of it with respect to it is "), slope_of("it 对 it 的梯度为")
    (('top', 'by'), ('top', 'by'))
    >>> slope_of("Die Ableitung nach it ist "), slope_of("The derivative of it equals"), slope_of("The mean of it is")
    (('by',), ('top',), ())
    """
    found = next(filter(None, (form.fullmatch(sentence) for form in _slopes())), None)
    return () if found is None else tuple(name for name in ("top", "by") if found[name])


def said(before: str, after: str = "") -> Said | None:
    """Of what the words about a formula say that this is it; None where they say nothing of the kind.

    >>> [said(one).of for one in ("Done. Final answer: ", "Hence the gradient equals ", "Die Lösung ist ", "答案是")]
    ['answer', 'slope', 'answer', 'answer']
    >>> said("I erred, the answer should be ").before, said(", which can also be written as ").of, said("i.e").of
    ('I erred', 'it', 'it')
    >>> said("", " is the gradient.").of, said("The inner derivative is "), said("it is ")
    ('slope', None, None)
    >>> said("So the Hessian is ").of, said("Also ist die Hesse-Matrix ").of, said("Гессиан равен ").of
    ('hessian', 'hessian', 'hessian')
    >>> said("So ∂L/∂w = ")
    Said(of='named', before='∂L/∂w', is_ahead=True)
    """
    text = " ".join(_MARKS.sub(" ", before[-LONGEST:]).replace("\n\n", " . ").split())
    *others, sentence = SENTENCE.split(text)
    sentence = sentence.strip(" ,;:，；：)(") + (":" if text.endswith((":", "：")) else "")
    if (named := _NAMED.search(sentence)) is not None:
        return Said("named", named["name"])
    cuts = [0, *(found.end() for found in PART.finditer(sentence) if found.end() < len(sentence))]
    for cut in cuts:
        for of, form in _forms():
            is_near = not cut and not any(any(map(str.isalpha, one)) for one in others)
            if form.fullmatch(sentence, cut) and (of not in ("it", "shape") or is_near):
                return Said(of, sentence[:cut].strip(" ,;:，；："))
    found = _behind().match(after) if not any(map(str.isalpha, sentence)) else None
    if found is None:
        return None
    return Said("answer" if found["answer"] else "slope", "", False)
