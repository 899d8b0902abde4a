"""The words of answers in sentences, by what they do there; any other word leaves what stands beside it unread."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

# each class of words is a letter of the grammar
CLASSES: tuple[tuple[str, str], ...] = (
    # between a name and what is said of it, without a bearing on what is said
    (
        "w",
        "a an the of is are be been being was in has have having with must should will would can also again all at "
        "by need needs done get we each both overall final finally simply just respectively here np torch now lies "
        "belongs total samples batch "
        "whole do sample similarly likewise analogously following over first second third last "
        "next ist sind hat haben hast der die das den dem ein eine einen von mit im muss est sont une un le la les "
        "de du des es son tiene el los las",
    ),
    # nouns of what is told
    (
        "m",
        "shape shapes size sizes dim dimension dimensions dimensionality matrix matrices vector vectors array "
        "arrays tensor tensors tuple space column length lengths sized answer result kernel product products lists "
        "answers solution form größe matrizen vektor spaltenvektor dimensionen einträge zeilen spalten länge taille "
        "matrice vecteur forme matriz tamaño",
    ),
    # nouns of other things
    (
        "g",
        "input inputs output outputs gradient gradients derivative derivatives jacobian partial partials weight "
        "weights bias biases parameter parameters layer layers local upstream",
    ),
    # what comes out
    (
        "v",
        "give gives return returns returning yields makes leaves equals equal becomes produces gets stack "
        "stacking broadcast broadcasts",
    ),
    (",", "and , und et sowie"),
    ("t", "| &"),
    (":", ": = ∈ :="),
    # concludes
    ("c", "so hence thus therefore then daher donc"),
    # points back
    ("p", "it it's its this that these they"),
    ("q", "which whose"),
    ("f", "for für pour"),
    # opens a reason or a remark
    (
        "r",
        "because since as to where when one per after before from into applied matching matches elementwise summed "
        "sum sums broadcasting due maps map mapping weil da denn car",
    ),
    ("@", "@ × * · times ⊙"),
    ("o", "or oder"),
    # turns what is said into its contrary
    (
        "x",
        "not no never neither nor cannot isn't aren't doesn't don't can't won't wouldn't shouldn't nicht kein "
        "keine nie nein pas jamais non",
    ),
    # takes back, doubts, supposes or turns over what stands beside it
    (
        "y",
        "? if unless would've could might may maybe perhaps possibly probably presumably guess think believe "
        "suppose assume assuming unsure sure confused actually rather instead sorry wait oops correction mistake "
        "wrong false incorrect ignore swap swapped swapping reverse reversed opposite otherwise else except but "
        "however though although unlike versa transpose transposed approximately about roughly around almost "
        "nearly least most more less fewer than twice half either wrongly contrary kidding joking forget untrue "
        "guessing backwards anything vielleicht wahrscheinlich aber falsch umgekehrt außer sondern statt falls "
        "wenn ungefähr etwa peut-être mais faux sauf si quizás pero excepto ignorieren",
    ),
)
KIND = {word: letter for letter, words in CLASSES for word in words.split()}
# signs that say nothing
SILENT = frozenset("\"'`’“”[]{}\\-–—_.#^~$")
TO_BE = re.compile(r"\s+(?:be|have|return|equal)\b")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*(?:_\w+)*|:=|\d+(?:[.,]\d+)*|\S")


def kind_of(word: str, extra: dict[str, str] | None = None) -> str:
    """The letter of a word; ``u`` where it is not known.

    >>> "".join(map(kind_of, "W is a matrix because".split()))
    'uwwmr'
    """
    low = word.lower() if len(word) > 1 else word
    return (extra or {}).get(low) or KIND.get(low) or ("w" if word in SILENT else "u")


class Word(NamedTuple):
    """A word of a sentence, or what is known to stand there, by its letter."""

    kind: str
    text: str
    place: int


Known = Callable[[str, int], "tuple[str, str, int] | None"]


def words_of(text: str, known: Known, extra: dict[str, str] | None = None) -> list[Word]:
    """The words of a text; ``known`` tells letter, text and end of what begins at a place and is more than a word."""
    out: list[Word] = []
    place = 0
    while place < len(text):
        found = known(text, place)
        if found is None and not text[place].isspace():
            word = WORD.match(text, place)
            assert word is not None
            found = (kind_of(word[0], extra), word[0], word.end())
        if found is not None:
            out.append(Word(found[0], found[1], place))
        place = place + 1 if found is None else found[2]
    return out


def doubts_in(kinds: str, letters: str = "xyo") -> bool:
    """Whether something turns over, doubts or takes back what a sentence says; a reason may hold a "not".

    >>> doubts_in("nwxs"), doubts_in("nwsrpx"), doubts_in("nwsry")
    (True, False, True)
    """
    return bool(set(letters) & set(re.sub("r[^y]*", "", kinds)))
