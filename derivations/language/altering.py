"""Words beside a formula that deny it or make another value of it: "is wrong", "twice", "up to sign".

A row with such words is not read; a formula within a sentence is no claim.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from truestep.derivations.language.case_words import WIDE


class Altering(NamedTuple):
    """Patterns of one language, separated by bars, and where they stand."""

    place: str
    language: str
    words: str


ALTERING = (
    # right before a formula, which then is not said to hold
    Altering("denied", "en", "not|never|cannot|can't|isn't|aren't|don't|doesn't|no longer|unlike|instead of"),
    Altering("denied", "en", "rather than|wrong|wrongly|false|falsely|incorrect|incorrectly|untrue|mistaken"),
    Altering("denied", "en", "contradiction|contrary to"),
    Altering("denied", "de", "nicht|kein|keine|falsch|falsche|statt|anstatt|anstelle von|widerspruch"),
    Altering("denied", "fr", "(?:n'est |n’est )?pas|faux|fausse|incorrect|incorrecte|au lieu de|contradiction"),
    Altering("denied", "es", "no|falso|falsa|incorrecto|incorrecta|en lugar de|en vez de|contradicción"),
    Altering("denied", "ru", "не|неверно|неправильно|ложно|вместо|противоречие"),
    Altering("denied", "zh", "不是|不等于|错误|不对|而不是|并非|不成立"),
    # between a formula that is denied and the one that holds in its stead
    Altering("rather", "en", "but|rather|instead|so|thus|hence|therefore|it(?:'s| is| must be)|actually|in fact"),
    Altering("rather", "de", "sondern|also|es ist|sie (?:ist|lautet)|daher"),
    Altering("rather", "fr", "mais|c'est|donc|elle est"),
    Altering("rather", "es", "sino|es|por tanto"),
    Altering("rather", "ru", "а|это"),
    Altering("rather", "zh", "而是|是"),
    # a little before a formula, which then is said of what is not so
    Altering("mood", "en", "would"),
    Altering("mood", "de", "wäre|wären|würde|würden|hätte|hätten|ergäbe|bekäme|erhielte"),
    Altering("mood", "fr", "serait|seraient|aurait|donnerait|obtiendrait"),
    Altering("mood", "es", "sería|serían|daría|tendría|tendríamos|obtendríamos|quedaría"),
    Altering("mood", "ru", "бы"),
    # between such a word and the formula
    Altering("filling", "en", "be|been|true|the|a|an|case|correct|right|have|get|obtain|equals?|to|given|by|simply"),
    Altering("filling", "en", "just|that|same|as|answer|is|holds?|result|formula|statement|claim|following|one"),
    Altering("filling", "en", "solution|attempt|version|write|say|claim|conclude"),
    Altering("filling", "de", "das|der|die|dass|ist|gleich|wahr|richtig|antwort|ergebnis|formel|behauptung|es|gilt"),
    Altering("filling", "fr", "le|la|que|est|égal|à|vrai|réponse|résultat|formule"),
    Altering("filling", "es", "el|la|que|es|igual|a|cierto|respuesta|resultado|fórmula"),
    Altering("filling", "ru", "что|это|равно|ответ|верно"),
    # right before a formula without a relation: another value is meant
    Altering("measure", "en", r"twice|thrice|half|double|minus|(?:two|three|four|\d+) times|proportional to|modulo|no"),
    Altering("measure", "en", "almost|roughly|approximately|nearly|either|one of|square root"),
    Altering("measure", "en", "(?:third|quarter|fraction|multiple|part|square|root|double|half|inverse) of"),
    Altering("measure", "en", "(?:negative|opposite|reciprocal|transpose) of"),
    Altering(
        "measure", "en", "at most|at least|(?:less|greater|more|smaller|larger|lower|higher) than|between|bounded by"
    ),
    Altering("measure", "de", "höchstens|mindestens|(?:kleiner|größer) als|zwischen"),
    Altering("measure", "fr", "au plus|au moins|(?:inférieur|supérieur)e? à|entre"),
    Altering("measure", "es", "a lo sumo|al menos|(?:menor|mayor) que|entre"),
    Altering("measure", "ru", "не (?:больше|меньше|более|менее)|меньше|больше|между"),
    Altering("measure", "zh", "至多|至少|小于|大于|不超过|介于"),
    Altering("measure", "de", "doppelte|doppelte von|hälfte von|zweimal|minus|negative von|transponierte von|fast"),
    Altering("measure", "de", "ungefähr"),
    Altering("measure", "fr", "le double de|la moitié de|deux fois|moins|l'opposé de|la transposée de|presque|environ"),
    Altering("measure", "es", "el doble de|la mitad de|dos veces|menos|el opuesto de|la traspuesta de|casi"),
    Altering("measure", "ru", "вдвое|половина|минус|удвоенное|почти|примерно"),
    Altering("measure", "zh", "两倍|一半|负的|大约|几乎|转置"),
    # what a sentence is about whose value a formula without a relation is
    Altering("share", "en", r"twice|half|half of|double|minus|(?:two|three|\d+) times"),
    Altering("share", "en", "(?:negative|opposite|transpose) of|(?:upper|lower) bound"),
    Altering("share", "de", "(?:doppelte|hälfte|negative|transponierte) (?:von|des|der)|minus"),
    Altering("share", "fr", "(?:double|moitié|opposé|transposée) (?:de|du)|moins"),
    Altering("share", "es", "(?:doble|mitad|opuesto|traspuesta) (?:de|del)|menos"),
    # right behind a formula
    Altering("behind", "en", "wrong|false|incorrect|untrue|nonsense|impossible|never|fails|off by|cannot be|can't be"),
    Altering("behind", "en", "(?:does not|doesn't|do not|don't) (?:hold|work|equal|apply)"),
    Altering("behind", "en", "(?:not|isn't|aren't) (?:true|right|correct|the|what|equal)|squared|cubed|halved|doubled"),
    Altering("behind", "en", "tripled|negated|inverted|transposed|plus|minus|twice$|thrice$"),
    Altering("behind", "en", r"(?:times|over) (?:\d+|two|three|an?|some|the)|(?:divided|multiplied) by|modulo|mod"),
    Altering("behind", "en", "percent|times$|to (?:first|second|leading|lowest|zeroth) order"),
    Altering("behind", "en", "(?:with |of )?(?:the |an? )?(?:opposite|wrong|reversed?|flipped|other) signs?"),
    Altering("behind", "en", "signs? (?:is |are )?(?:flipped|reversed|wrong|missing)"),
    Altering("behind", "en", r"(?:except|apart)(?: for| from)? (?:the |its |a )?(?:sign|factor|constant|transpos\w*)"),
    Altering("behind", "en", "with (?:an? |the )?(?:minus|negative)(?: sign)?|(?:is |are )?not (?:possible|valid)"),
    Altering("behind", "de", r"mit (?:\w+ )?(?:minus\w*|vorzeichen)|mal (?:\d+|zwei|drei)|geteilt durch|quadriert"),
    Altering("behind", "de", "multipliziert mit|transponiert|verdoppelt|halbiert"),
    Altering("behind", "fr", r"avec (?:un |le )?signe|au carré|divisée? par|multipliée? par|fois (?:\d+|deux|trois)"),
    Altering("behind", "es", "con (?:el )?signo|al cuadrado|dividid[oa] (?:por|entre)|multiplicad[oa] por"),
    Altering("behind", "ru", r"с минусом|со? (?:\w+ )?знаком|в квадрате|(?:делённ|умноженн)\w+ на|пополам"),
    Altering("behind", "zh", "的(?:两倍|二倍|三倍|一半|相反数|平方|转置|倒数)|除以|乘以"),
    Altering("behind", "de", "falsch|unmöglich|(?:gilt|stimmt) nicht|nicht (?:richtig|wahr|die|der|das|gleich)"),
    Altering("behind", "de", "bis auf (?:ein|einen|das|den)"),
    Altering("behind", "fr", "faux|fausse|impossible|ne vaut pas|pas (?:vrai|juste|correct|la|le)|à un facteur"),
    Altering("behind", "fr", "au signe près"),
    Altering("behind", "es", "falso|falsa|imposible|no (?:es|vale|se cumple)|incorrecto|salvo (?:un|el|una)"),
    Altering("behind", "es", "excepto el signo"),
    Altering("behind", "ru", "неверно|не верно|неправильно|невозможно|не выполняется|с точностью до"),
    Altering("behind", "zh", "是错|不对|不成立|错误|差一个|不正确|写错|算错|错了"),
    Altering("behind", "en", "(?:a|my) (?:mistake|slip|error)|mistaken|crossed out|not valid"),
    Altering("behind", "de", "ein (?:fehler|irrtum)|verkehrt|ungültig"),
    Altering("behind", "fr", "une erreur|erronée?|inexacte?"),
    Altering("behind", "es", "un error|mal|equivocad[oa]|errone[oa]|erróne[oa]"),
    Altering("behind", "ru", "ошибк[аи]|ошибочно|не так"),
    # between a formula and such a word
    Altering("leading", "en", "which|this|that|it|but|and|however|no|wait|above|formula|result|answer|claim"),
    Altering(
        "leading",
        "en",
        "the(?= above| formula| result| answer| claim| equation| line| last| previous| statement| signs?)",
    ),
    Altering("leading", "en", "equation|line|last|previous|is|was|are|seems|clearly|obviously|also|be|would|statement"),
    Altering("leading", "en", "gradient|here|there|at first|first|initially|though|yet"),
    Altering("leading", "de", "hier|dort|zuerst|zunächst|anfangs|doch|leider"),
    Altering("leading", "fr", "ici|là|d'abord|était|malheureusement"),
    Altering("leading", "es", "aquí|allí|primero|está|estaba|pues|esa|ese"),
    Altering("leading", "ru", "здесь|тут|сначала|было|оказалось"),
    Altering("leading", "zh", "这里|这样|这个|这|但是|但|可是|其实|显然"),
    Altering("leading", "de", "das|dies|es|aber|jedoch|ist|war|formel|ergebnis|antwort|die|oben|nein|was"),
    Altering("leading", "fr", "ce|c'est|cela|mais|est|était|formule|résultat|réponse|la|le|non|n'est|qui"),
    Altering("leading", "es", "eso|esto|pero|es|era|fórmula|resultado|respuesta|la|el|que"),
    Altering("leading", "ru", "это|но|однако|формула|ответ|результат|что"),
    # between alternatives
    Altering("or", "en", "or|or (?:maybe|perhaps|possibly|also|else)|maybe|perhaps|alternatively"),
    Altering("or", "de", "oder|oder (?:vielleicht|auch)|vielleicht"),
    Altering("or", "fr", "ou|ou (?:peut-être|bien|encore)|peut-être"),
    Altering("or", "es", "o|u|o (?:quizás|tal vez|bien)|quizás"),
    Altering("or", "ru", "или|или (?:может|возможно)|возможно"),
    Altering("or", "zh", "或|或者|也许"),
    # anywhere in a sentence, which then speaks of another text or model, of a mistake, or of a special case
    Altering(
        "elsewhere", "en", r"(?:some|many|most|several|certain|older|other) (?:\w+ )?(?:people|authors|texts|books)"
    ),
    Altering(
        "elsewhere", "en", r"(?:some|many|most|several|certain|older|other) (?:\w+ )?(?:textbooks|courses|papers)"
    ),
    Altering("elsewhere", "en", r"(?:some|many|most|several|older|other) (?:\w+ )?(?:students|libraries|lecturers)"),
    Altering(
        "elsewhere",
        "en",
        r"(?:common|frequent|typical|usual|popular|classic) (?:mistake|error|slip)s?|pitfall|misconception",
    ),
    Altering("elsewhere", "en", r"tempting|naively|one might (?:be tempted|think|write|expect)"),
    Altering("elsewhere", "en", r"(?:students|people|beginners) (?:often|sometimes|frequently|tend)"),
    Altering("elsewhere", "de", r"verlockend|naiv|naiverweise|man könnte (?:meinen|denken|glauben)"),
    Altering("elsewhere", "fr", "tentant|naïvement|on pourrait (?:croire|penser)"),
    Altering("elsewhere", "es", "tentador|ingenuamente|(?:uno|se) podría pensar"),
    Altering("elsewhere", "ru", r"соблазн\w*|наивно|можно подумать"),
    Altering("elsewhere", "zh", "容易写成|误以为|误写"),
    Altering("elsewhere", "en", r"same \w+ (?:appears|arises|occurs|shows up|is found|is obtained|is known)"),
    Altering(
        "elsewhere", "en", r"compare (?:this |it |that )?(?:with|to)|(?:in|by) (?:contrast|comparison)|historically"
    ),
    Altering(
        "elsewhere", "en", r"(?:special|particular|simplest|degenerate|univariate) case|(?:in|with) one dimension"
    ),
    Altering("elsewhere", "en", r"one-dimensional|toy (?:case|example|problem)"),
    Altering(
        "elsewhere", "de", r"(?:manche|viele|einige|andere|ältere) (?:\w+ )?(?:autoren|bücher|texte|skripte|leute)"
    ),
    Altering("elsewhere", "de", r"(?:manche|viele|einige|andere|ältere) (?:\w+ )?(?:kurse|studierende|lehrbücher)"),
    Altering("elsewhere", "de", r"(?:manchen|vielen|einigen|anderen|älteren) (?:\w+ )?(?:büchern|texten|skripten)"),
    Altering(
        "elsewhere", "de", r"(?:häufiger|typischer|beliebter) fehler|(?:die|der)selben? form|gleiche form|zum vergleich"
    ),
    Altering("elsewhere", "de", "spezialfall|sonderfall|eindimensional\\w*|historisch"),
    Altering(
        "elsewhere", "fr", r"(?:certains|beaucoup d'|plusieurs|d'autres|quelques) ?(?:auteurs|livres|textes|cours)"
    ),
    Altering("elsewhere", "fr", r"erreur (?:fréquente|classique|courante)|même forme|par comparaison|cas particulier"),
    Altering("elsewhere", "fr", "en dimension un|en dimension 1|historiquement"),
    Altering(
        "elsewhere", "es", r"(?:algunos|muchos|otros|ciertos) (?:autores|libros|textos|cursos|estudiantes|apuntes)"
    ),
    Altering(
        "elsewhere", "es", r"error (?:frecuente|común|típico)|misma forma|en comparación|caso (?:particular|especial)"
    ),
    Altering("elsewhere", "es", "hay (?:libros|autores|textos)|en una dimensión|históricamente"),
    Altering(
        "elsewhere", "ru", r"(?:некоторые|многие|другие) (?:авторы|книги|учебники|студенты|курсы)|частн\w+ случа\w+"
    ),
    Altering("elsewhere", "ru", r"(?:некоторых|многих|других) (?:книгах|учебниках|курсах)|(?:частая|типичная) ошибка"),
    Altering("elsewhere", "ru", "тот же вид|для сравнения|в одномерном случае"),
    Altering(
        "elsewhere",
        "zh",
        "有些|有的|有人|很多教材|很多书|常见的?错误|容易犯|容易错|同样的形式|相比之下|特例|特殊情况|一维",
    ),
    Altering("elsewhere", "en", "in (?:numpy|pytorch|python|matlab|julia|tensorflow|jax|code)"),
    # anywhere in a paragraph, whose numbers then are those of an example
    Altering("example", "en", r"for example|for instance|e\.g|as an example|example:|example with|numerical\w*|sanity"),
    Altering("example", "en", "check:|test:|check with|plug in|plugging in|say"),
    Altering("example", "de", r"zum beispiel|z\.b|beispiel:|zahlenbeispiel|probe|probehalber|etwa"),
    Altering("example", "fr", "par exemple|exemple ?:|application numérique|vérification|vérifions"),
    Altering("example", "es", "por ejemplo|ejemplo:|comprobación|verificación|comprobemos"),
    Altering("example", "ru", "например|пример:|для примера|проверка|проверим"),
    Altering("example", "zh", "例如|比如|举例|举个例子|譬如|验证|检验"),
)
_SHARED = re.compile(
    r"\bup +to +(?:an? +|the +|some +|its +)?(?:\w+ +)?"
    r"(?:scal|sign|factor|const|(?:higher|lower|first|second|leading)[ -]order|multipl|transpos|permut|rescal|"
    r"proportion)|\bproportional\b|\boff +by\b|"
    r"\b(?:is|are|was) +(?:wrong|false|incorrect|untrue|not +(?:true|right|correct|equal|the))\b|"
    r"\b(?:neglecting|ignoring|dropping|omitting|leaving out|without) +(?:the +|an? +|all +)?"
    r"(?:constant|factor|sign|term|minus|coefficient)",
    re.IGNORECASE,
)
_LONE = re.compile(
    r"\b(not|half|twice|double|minus|plus|times|negative|squared?|cubed|root|reciprocal|inverse|opposite|wrong|"
    r"incorrect|sign|if +[a-z]{3,})\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[.!?。！？;；]\s|[,，、]\s(?!(?:что|dass|que|that)\b)|\n\s*\n|\\(?:item|section|subsection|par)(?![A-Za-z])"
)
_APART = re.compile(r"[\s}*_]*(?:[.。!?]\s|\n\s*\n)")
_EDGES = " \t\n\0$*_~:：()[]{}\\,.!…-–"
LONGEST = 120
LONGEST_SENTENCE = 600


@lru_cache(maxsize=16)
def _any(place: str) -> str:
    """A pattern for all words of a place; those of a script without blanks stand anywhere."""
    words = [word for row in ALTERING if row.place == place for word in _alternatives(row.words)]
    wide = [word for word in words if WIDE.match(word)]
    narrow = [word for word in words if not WIDE.match(word)]
    return "(?:" + "|".join([*wide, rf"(?<!\w)(?:{'|'.join(narrow)})(?!\w)"]) + ")"


def _alternatives(words: str) -> list[str]:
    """The alternatives between bars that stand in no bracket."""
    return re.findall(r"(?:\([^()]*\)|[^|()])+", words)


@lru_cache(maxsize=16)
def _pattern(name: str) -> re.Pattern[str]:
    blank, filling = r"[\s:;,，：；'’]*", rf"(?:[\s,]+{_any('filling')})*"
    patterns = {
        "denied": rf"{_any('denied')}{filling}{blank}$",
        "rather": rf"[\s.,;:!。，；$]*(?:{_any('rather')}{filling}[\s,:$]*)+",
        "denying": rf"{blank}{_any('denied')}{filling}{blank}",
        "measured": rf"{_any('measure')}(?:\s+(?:of|the|an?|our|des?|der|das|du|del|la|le))*{blank}$|"
        rf"{_any('share')}(?:\s+\w+){{0,3}}(?:\s+(?:is|equals|becomes|gives|ist|est|es|равно)|\s*[:=]){blank}$",
        "mood": rf"{_any('mood')}(?:\s+\w+){{0,3}}[\s:]*$",
        "behind": rf"{blank}(?:{_any('leading')}[\s,.;:!，；：]*)*{_any('behind')}",
        "behind apart": rf"{blank}(?:{_any('leading')}[\s,.;:!，；：]*)+{_any('behind')}",
        "or": rf"[\s,;]*{_any('or')}[\s,;:]*",
    }
    return re.compile(patterns[name], re.IGNORECASE)


def before(words: str, is_alone: bool) -> bool:
    """Whether the words before a formula deny it, or (of one without a relation) make another value of it.

    >>> before("The answer is not", True), before("We do not need c, so", True), before("It is twice the", True)
    (True, False, True)
    >>> before("The negative of the gradient is", True), before("By the chain rule, applied twice:", False)
    (True, False)
    >>> before("That is wrong. ", False), before("That is wrong: ", False)
    (False, True)
    """
    clause = _CLAUSE.split(words[-LONGEST:].rstrip(_EDGES))[-1].strip(_EDGES)
    ends = words.rstrip().endswith((":", "："))
    if words.rstrip(" \t\n\0$*_").endswith((".", "!", "。", "！")) and _pattern("behind apart").match(clause):
        return False  # the sentence before it denies what stands before that
    is_measured = is_alone and _pattern("measured").search(clause + ":" * ends) is not None
    return is_measured or _pattern("denied").search(clause) is not None


def denied_from(words: str) -> int:
    """Where the words end with which a sentence begins to deny what follows; 0 where it does not.

    >>> denied_from(" not 5, but 6"), denied_from("nicht gleich $x$"), denied_from("5, not 6")
    (5, 13, 0)
    """
    found = _pattern("denying").match(words)
    return found.end() if found else 0


def is_rather(between: str) -> bool:
    """Whether the words between two formulas say that the second holds, and not the first.

    >>> is_rather(". It is "), is_rather(", sondern "), is_rather(" or "), is_rather(", nor is it ")
    (True, True, False, False)
    """
    return _pattern("rather").fullmatch(between) is not None


def supposed(words: str) -> bool:
    """Whether the verb before a formula says it of what is not so.

    >>> supposed("Without a bias it would be"), supposed("As one would expect,"), supposed("Sonst wäre")
    (True, False, True)
    """
    return _pattern("mood").search(_CLAUSE.split(words[-LONGEST:].rstrip())[-1]) is not None


def behind(words: str) -> bool:
    """Whether the words right behind a formula deny it, or make another value of it.

    >>> behind(" is false."), behind(", which is not zero"), behind("up to a factor"), behind("This is wrong, since")
    (True, False, True, True)
    """
    said = words[:LONGEST].strip(_EDGES)
    is_apart = _APART.match(words) is not None  # a sentence of its own, which points back
    return _pattern("behind apart" if is_apart else "behind").match(said) is not None or _SHARED.match(said) is not None


def within(words: str, is_lone: bool) -> bool:
    """Whether words anywhere in a row alter what it says; in one that is an expression alone, more of them do."""
    return _SHARED.search(words) is not None or (is_lone and _LONE.search(words) is not None)


@lru_cache(maxsize=16)
def is_elsewhere(sentence: str) -> bool:
    """Whether a sentence speaks of another text or model, of a mistake, or of a special case.

    >>> is_elsewhere("Some authors define the loss as"), is_elsewhere("Im Spezialfall"), is_elsewhere("In case of")
    (True, True, False)
    """
    return re.search(_any("elsewhere"), sentence[-LONGEST_SENTENCE:], re.IGNORECASE) is not None


@lru_cache(maxsize=16)
def is_example(paragraph: str) -> bool:
    """Whether the numbers of a paragraph are those of an example.

    >>> is_example("Sanity check: with"), is_example("举例："), is_example("the loss of one example is")
    (True, True, False)
    """
    return re.search(_any("example"), paragraph[-LONGEST_SENTENCE:], re.IGNORECASE) is not None


def joins_another(between: str) -> bool:
    """Whether the words between two formulas say that one or the other is meant.

    >>> joins_another(" or maybe "), joins_another(", or equivalently"), joins_another("oder")
    (True, False, True)
    """
    return _pattern("or").fullmatch(between.strip(_EDGES)) is not None
