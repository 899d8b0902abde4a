"""What words say of a point: that a gradient is zero there, that it is a minimum or a maximum; how a function bends."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from truestep.derivations.language.case_words import WIDE, said_of_sign


class OptimumWords(NamedTuple):
    """Patterns of one language, separated by bars, and what they say."""

    meaning: str
    language: str
    words: str


OPTIMUM_WORDS = (
    # what follows makes the gradient zero
    OptimumWords(
        "sought", "en", r"(?:equal )?to (?:zero|0)|vanish\w*|optim\w+|stationary|critical point|closed[- ]form"
    ),
    OptimumWords(
        "sought",
        "en",
        r"(?:minim|maxim)(?!al)\w+|normal equations?|solving|solve for|first[- ]order condition\w*|is zero",
    ),
    OptimumWords(
        "sought", "de", r"null ?(?:zu )?(?:ge)?setz\w*|gleich (?:null|0)|verschwinde\w*|nullsetzen|optimal\w*"
    ),
    OptimumWords(
        "sought", "de", r"optimum|(?:minim|maxim)\w+|normalgleichung\w*|auflösen|nullstelle\w*|stationär\w*|auf null"
    ),
    OptimumWords("sought", "fr", r"(?:à|égale? à) (?:zéro|0)|annul\w+|optim\w+|(?:minim|maxim)\w+|point critique"),
    OptimumWords(
        "sought",
        "es",
        r"(?:a|igual a) cero|anula\w*|óptim\w+|optim\w+|(?:minimiz|maximiz|mínim|máxim)\w+|punto crítico",
    ),
    OptimumWords("sought", "ru", r"к нулю|нулю|оптимал\w+|миним\w+|максим\w+|стационарн\w+|критическ\w+ точк\w+"),
    OptimumWords(
        "sought", "zh", "为零|為零|等于零|等於零|等于0|为0|最优|最優|极值|極值|驻点|極小|极小|最小|极大|極大|最大"
    ),
    # a point is one of the smallest value
    OptimumWords("minimum", "en", r"minim(?:um|a|i[sz]e[sdr]|i[sz]er)"),
    OptimumWords("minimum", "de", r"minim(?:um|al|iert|ierer)"),
    OptimumWords("minimum", "fr", r"minim(?:um|al|ale|isée?|ise|iseur)"),
    OptimumWords("minimum", "es", r"mínimo|mínima|minimiza(?!r)\w*"),
    OptimumWords("minimum", "ru", r"минимум\w*|минимальн\w+|наименьш\w+"),
    OptimumWords("minimum", "zh", "极小|極小|最小(?!二乘|化)"),
    # or of the largest
    OptimumWords("maximum", "en", r"maxim(?:um|a|i[sz]e[sdr]|i[sz]er)"),
    OptimumWords("maximum", "de", r"maxim(?:um|al|iert|ierer)"),
    OptimumWords("maximum", "fr", r"maxim(?:um|al|ale|isée?|ise|iseur)"),
    OptimumWords("maximum", "es", r"máximo|máxima|maximiza(?!r)\w*"),
    OptimumWords("maximum", "ru", r"максимум\w*|максимальн\w+|наибольш\w+"),
    OptimumWords("maximum", "zh", "极大|極大|最大(?!似然|化|后验)"),
    # a function bends upwards
    OptimumWords("convex", "en", "convex"),
    OptimumWords("convex", "de", r"konvex\w*"),
    OptimumWords("convex", "fr", r"convexe\w*"),
    OptimumWords("convex", "es", r"convex[oa]\w*"),
    OptimumWords("convex", "ru", r"выпукл\w+ вниз"),
    # or downwards
    OptimumWords("concave", "en", "concave"),
    OptimumWords("concave", "de", r"konkav\w*"),
    OptimumWords("concave", "fr", "concave"),
    OptimumWords("concave", "es", r"cóncav[oa]"),
    OptimumWords("concave", "ru", r"вогнут\w+|выпукл\w+ вверх"),
    # the derivative of the derivative
    OptimumWords("second", "en", r"second(?:[- ]order)? derivatives?|hessian|curvature"),
    OptimumWords("second", "de", r"zweite\w* ableitung\w*|hesse\w*|krümmung"),
    OptimumWords("second", "fr", r"dérivée seconde|hessienne|courbure"),
    OptimumWords("second", "es", r"segunda derivada|hessian[oa]|curvatura"),
    OptimumWords("second", "ru", r"втор\w+ производн\w+|гессиан\w*|кривизн\w+"),
    OptimumWords("second", "zh", "二阶导数|二階導數|海森|黑塞|曲率"),
    # the function itself
    OptimumWords("whole", "en", "functions?|loss|cost|objective"),
    OptimumWords("whole", "de", r"funktion|verlust\w*"),
    OptimumWords("whole", "fr", "fonction|perte"),
    OptimumWords("whole", "es", "función|pérdida"),
    OptimumWords("whole", "ru", r"функци\w+"),
    OptimumWords("whole", "zh", "函数|函數|损失|損失"),
    # with which this is said
    OptimumWords("said", "en", "positive|negative|for|at|zero|holds"),
    OptimumWords("said", "de", "positiv|negativ|liegt|vor|bei|null"),
    OptimumWords("said", "fr", "positive|négative|s|zéro"),
    OptimumWords("said", "es", "positiva|negativa|igualando|ambas|ambos|cero"),
    OptimumWords("said", "ru", r"положительн\w+|отрицательн\w+|приравнивая|нулю|обе"),
    OptimumWords("said", "zh", "令二者|令|二者|为|零|值|点"),
    # something else is the largest or the smallest, or that is not so
    OptimumWords(
        "other", "en", r"\w*likelihood\w*|posterior\w*|probabilit\w+|margins?|entropy|norms?|neither|nor|not|no"
    ),
    OptimumWords(
        "other", "en", r"never|or|if|whether|either|saddle|entr(?:y|ies)|components?|eigenvalues?|negative log"
    ),
    OptimumWords("other", "en", r"cannot|instead|estimat\w+|bound\w*|rows?|columns?|errors?|variables?|dual|surrogate"),
    OptimumWords(
        "other", "de", r"\w*likelihood\w*|posterior\w*|wahrscheinlichkeit\w*|entropie|nicht|kein\w*|oder|wenn"
    ),
    OptimumWords("other", "de", r"falls|weder|sattel\w*|ob|schranke|eintrag|einträge|schätz\w+"),
    OptimumWords("other", "fr", r"vraisemblance|postérieur\w*|probabilité\w*|entropie|pas|ni|ou|si|selle|estim\w+"),
    OptimumWords("other", "es", r"verosimilitud|posterior\w*|probabilidad\w*|entropía|no|ni|o|si|silla|estim\w+"),
    OptimumWords("other", "ru", r"правдоподоби\w+|вероятност\w+|энтропи\w+|не|ни|или|если|седло\w*|оценк\w+"),
    OptimumWords("other", "zh", "似然|概率|熵|不是|或|如果|若|鞍点|还是|非"),
)
_UP, _DOWN = ("minimum", "convex"), ("maximum", "concave")


@lru_cache(maxsize=16)
def _pattern(meaning: str) -> re.Pattern[str]:
    """All words of a meaning; those of a script without blanks stand anywhere."""
    rows = [row.words for row in OPTIMUM_WORDS if row.meaning == meaning]
    wide, narrow = ("|".join(row for row in rows if bool(WIDE.match(row)) is is_wide) for is_wide in (True, False))
    return re.compile("|".join(filter(None, (wide, rf"(?<![\w-])(?:{narrow})(?!\w)" if narrow else ""))), re.IGNORECASE)


def without(words: str) -> str:
    """The words that are left beside those of the table.

    >>> without("so this is a minimum").split()
    ['so', 'this', 'is', 'a']
    """
    for meaning in _meanings() if words and not words.isspace() else ():
        words = _pattern(meaning).sub(" ", words)
    return words


@lru_cache(maxsize=1)
def _meanings() -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.meaning for row in OPTIMUM_WORDS if row.meaning != "other"))


def has(words: str, meaning: str) -> bool:
    """Whether words say this.

    >>> has("Setting it to zero gives", "sought"), has("Nullsetzen liefert", "sought"), has("令梯度为零", "sought")
    (True, True, True)
    >>> has("so this is a minimum", "minimum"), has("which is convex", "concave"), has("By the chain rule", "sought")
    (True, False, False)
    """
    return _pattern(meaning).search(words) is not None


def seeks(sentence: str) -> bool:
    """Whether a sentence says where a gradient is zero, and not where the second derivative is.

    >>> seeks("Setting it to zero gives"), seeks("The second derivative is zero at")
    (True, False)
    """
    return has(sentence, "sought") and not has(sentence, "second")


def bends(sentence: str) -> tuple[str, ...]:
    """What a sentence says of how a function bends: each ``>`` or ``<``, with ``all`` where it is not of one point.

    Nothing where it may say that of something else, deny it, or says both.

    >>> bends("so this is a minimum"), bends("It is maximised at"), bends("the maximum likelihood estimate is")
    (('>',), ('<',), ())
    >>> bends("a minimum or a maximum"), bends("Die Funktion ist konkav"), bends("The Hessian is positive definite")
    ((), ('< all',), ('>',))
    >>> bends("The second derivative is negative, so this is a minimum")
    ('>', '<')
    """
    if (
        not sentence
        or sentence.isspace()
        or has(sentence, "other")
        or any(all(has(sentence, one) for one in pair) for pair in zip(_UP, _DOWN, strict=True))
    ):
        return ()
    said = [sign for sign, words in ((">", _UP[0]), ("<", _DOWN[0])) if has(sentence, words)]
    said += [f"{sign} all" for sign, words in ((">", _UP[1]), ("<", _DOWN[1])) if has(sentence, words)]
    said += [sign for sign in (said_of_sign(sentence),) if sign and has(sentence, "second")]
    return tuple(dict.fromkeys(said))
