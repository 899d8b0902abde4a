"""Words that say what a formula is, as an equals sign would: "the answer is", "which simplifies to", "i.e."."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class Equating(NamedTuple):
    """Patterns of one language, separated by bars, and what they are in their sentence."""

    part: str
    language: str
    words: str


EQUATING = (
    # what leads in
    Equating(
        "lead", "en", "so|thus|hence|therefore|then|now|finally|and|overall|altogether|in (?:total|short|summary)"
    ),
    Equating("lead", "en", "to (?:summarise|summarize|sum up)|in conclusion|in the end|which means|this means|q"),
    Equating("lead", "de", "so|also|daher|damit|somit|folglich|und|insgesamt|zusammenfassend|zusammen|kurz|dann|nun"),
    Equating("lead", "fr", "donc|ainsi|alors|finalement|enfin|et|au total|en résumé|en somme|bref|pour résumer"),
    Equating("lead", "es", "así|luego|entonces|finalmente|y|en total|en resumen|por (?:lo )?tanto|en definitiva"),
    Equating("lead", "ru", "итак|значит|следовательно|тогда|и|таким образом|окончательно|в итоге|отсюда"),
    Equating("lead", "zh", "所以|因此|于是|故|最后|综上|总之|则"),
    Equating("lead", "en", "(?:or )?(?:written )?in (?:matrix|vector|compact|closed) (?:form|notation)"),
    Equating("lead", "de", "in (?:matrix|vektor)(?:form|schreibweise|notation)|als matrix"),
    Equating("lead", "fr", "sous forme (?:matricielle|vectorielle|compacte)"),
    Equating("lead", "es", "en (?:forma|notación) (?:matricial|vectorial|compacta)"),
    Equating("lead", "ru", "в (?:матричн|векторн)\\w+ (?:форме|виде)"),
    Equating("lead", "zh", "(?:写成)?(?:矩阵|向量)形式(?:为)?"),
    # what is asked for, by its name alone
    Equating("answer", "en", "(?:(?:the|my|our|final|full|complete|correct) ){0,3}(?:answer|result|solution)"),
    Equating("answer", "de", "(?:(?:die|das|meine?|unsere?|endgültige|richtige) ){0,2}(?:antwort|ergebnis|lösung)"),
    Equating("answer", "de", "(?:das )?(?:end|gesamt)ergebnis"),
    Equating("answer", "fr", "(?:(?:la|le|ma|notre) |l'|l’)?(?:réponse|résultat|solution)(?: finale?)?"),
    Equating("answer", "es", "(?:(?:la|el|mi|nuestra) )?(?:respuesta|resultado|solución)(?: final)?"),
    Equating("answer", "ru", "(?:окончательный |наш )?(?:ответ|результат)"),
    Equating("answer", "zh", "(?:最终|最后的?)?(?:答案|结果|解)|答"),
    Equating("answer", "en", "final(?:ly)?"),
    Equating("answer", "de", "endgültig|schließlich"),
    Equating("answer", "fr", "final(?:ement)?"),
    Equating("answer", "es", "final(?:mente)?"),
    Equating("answer", "ru", "окончательно|итог"),
    Equating("answer", "zh", "最后|最终"),
    # what often is asked for
    Equating(
        "slope", "en", "(?:(?:the|our|final|full|whole|total|overall) ){0,3}(?:gradient|derivative|grad|jacobian)"
    ),
    Equating("hessian", "en", "(?:(?:the|our|full|whole) ){0,3}(?:hessian(?: matrix)?|matrix of second derivatives)"),
    Equating("hessian", "de", "(?:die )?hesse-?matrix"),
    Equating("hessian", "fr", "(?:la )?(?:matrice )?hessienne"),
    Equating("hessian", "es", "(?:la )?(?:matriz )?hessiana|(?:el )?hessiano"),
    Equating("hessian", "ru", "гессиан|матрица гессе"),
    Equating("hessian", "zh", "(?:黑塞|海森|海塞)矩阵"),
    Equating("slope", "de", "(?:(?:der|die|gesamte|ganze) ){0,2}(?:gradient|ableitung)"),
    Equating("slope", "fr", "(?:(?:le|la) )?(?:gradient|dérivée)(?: totale?)?"),
    Equating("slope", "es", "(?:(?:el|la) )?(?:gradiente|derivada)(?: total)?"),
    Equating("slope", "ru", "(?:полный )?градиент|(?:полная )?производная"),
    Equating("slope", "zh", "(?:总)?(?:梯度|导数)"),
    # what is asked for where it is said of what it is, and by what
    Equating("partial", "en", "(?:the )?partial derivative"),
    Equating("partial", "de", "(?:die )?partielle ableitung"),
    Equating("partial", "fr", "(?:la )?dérivée partielle"),
    Equating("partial", "es", "(?:la )?derivada parcial"),
    Equating("partial", "ru", "частная производная"),
    Equating("partial", "zh", "偏导数?"),
    Equating("of", "en", "of"),
    Equating("of", "de", "von"),
    Equating("of", "fr", "de"),
    Equating("of", "es", "de"),
    Equating("by", "en", r"with respect to|w\.?\s?r\.?\s?t\.?"),
    Equating("by", "de", "nach|bezüglich|in bezug auf"),
    Equating("by", "fr", "par rapport à"),
    Equating("by", "es", "(?:con )?respecto a|(?:con )?respecto de"),
    Equating("by", "ru", "по"),
    Equating("by", "zh", "对|关于"),
    # that it is
    Equating("is", "en", r"(?:is|equals|is equal to|becomes|reads|is given by|is simply|is just|should be|must be)"),
    Equating("is", "de", "ist|lautet|ist gleich|wird zu|ist gegeben durch|muss lauten"),
    Equating("is", "fr", "est|vaut|est égale? à|est donnée? par|devient"),
    Equating("is", "es", "es|vale|es igual a|viene dad[oa] por|queda"),
    Equating("is", "ru", "равен|равна|равно|это|есть|имеет вид"),
    Equating("is", "zh", "是|为|等于|就是"),
    # what goes on from the formula before
    Equating("it", "en", "this|that|it|which"),
    Equating("it", "de", "dies|das|es|was|welches"),
    Equating("it", "fr", "ce qui|cela|ceci|c'|c’|qui"),
    Equating("it", "es", "esto|eso|lo que|lo cual|que"),
    Equating("it", "ru", "это|что"),
    Equating("it", "zh", "这|它|也就"),
    Equating(
        "turns", "en", "simplifies(?: further)? to|(?:can|may)(?: also)? be (?:re)?written(?: as)?|is the same as"
    ),
    Equating("turns", "en", "equals|is equal to|is equivalent to|reduces to|collapses to|is also"),
    Equating("turns", "de", "ist gleich|vereinfacht sich zu|lässt sich(?: auch)? schreiben als|ist dasselbe wie"),
    Equating("turns", "de", "kann man(?: auch)? schreiben als|ist äquivalent zu"),
    Equating(
        "turns", "fr", "(?:peut )?(?:aussi )?s'écri(?:t|re)(?: aussi)?|se simplifie en|est égale? à|est équivalent à"
    ),
    Equating("turns", "fr", "vaut(?: aussi)?"),
    Equating("turns", "es", "se simplifica a|(?:también )?(?:se )?puede escribir(?:se)? como|equivale a|es igual a"),
    Equating("turns", "ru", "равно|равносильно|можно(?: также)? записать как|упрощается до|то же самое, что"),
    Equating("turns", "zh", "化简为|等于|可以?(?:也)?写(?:成|为|作)|也等于"),
    # what it has the shape of
    Equating("shaped", "en", "has (?:the )?(?:shape|size|dimensions?)|is of (?:shape|size|dimensions?)"),
    Equating("shaped", "de", "hat (?:die )?(?:form|größe|dimension|gestalt)"),
    Equating("shaped", "fr", "est de (?:taille|dimension|forme)|a pour (?:taille|dimension|forme)"),
    Equating("shaped", "es", "(?:tiene|es de) (?:tamaño|dimensión|forma)"),
    Equating("shaped", "ru", "имеет (?:размер|размерность|форму)"),
    Equating("shaped", "zh", "的?(?:形状|维度|大小)(?:是|为)"),
    # what is done with it, before a colon
    Equating("step", "en", "take out|taking out|pull out|pulling out|factor out|factoring out|multiply out"),
    Equating("step", "en", "factor|factoring|factorise|factorize|rearrange|rearranging|simplify|simplifying|expand"),
    Equating("step", "en", "expanding|collect|collecting|cancel|cancelling|canceling|combine|combining|rewrite"),
    Equating("step", "fr", "simplifier|simplifions|développer|développons|factoriser|factorisons|regroupons"),
    Equating("step", "de", "(?:vereinfachen|ausmultiplizieren|ausklammern|kürzen|umformen|umstellen|zusammenfassen)"),
    Equating(
        "step", "es", "(?:simplificar|simplificamos|simplificando|desarrollando|factorizando|agrupando|reordenando)"
    ),
    Equating("step", "ru", "(?:упростим|раскроем|вынесем|сократим|упрощаем|раскрываем)"),
    Equating("step", "zh", "化简|展开|提取公因式|合并|整理"),
    Equating(
        "object", "en", "the|this|it|both|all|common|like|similar|terms?|factors?|brackets?|everything|further|again"
    ),
    Equating("object", "de", "die|den|das|gemeinsamen?|faktor|klammern?|terme|weiter"),
    Equating("object", "fr", "les?|la|facteur|commun|termes|parenthèses"),
    Equating("object", "es", "los?|la|factor|común|términos|paréntesis"),
    Equating("object", "ru", "общий|множитель|скобки|за"),
    Equating("same", "en", r"(?:or )?equivalently|i\.e|that is|in other words|or,? in short|or simply"),
    Equating(
        "same", "de", r"(?:oder )?äquivalent(?: dazu)?|d\.\s?h|das heißt|mit anderen worten|oder anders geschrieben"
    ),
    Equating("same", "fr", r"(?:ou )?de (?:façon|manière) équivalente|c'est-à-dire|autrement dit|soit"),
    Equating("same", "es", r"(?:o )?equivalentemente|es decir|o sea|dicho de otro modo"),
    Equating("same", "ru", r"то есть|т\.\s?е|иначе говоря|или, что то же самое|эквивалентно"),
    Equating("same", "zh", "即|也就是说?|换句话说|等价地"),
    Equating("get", "en", "(?:we|one|i)(?: finally| then| thus)? (?:get|gets|obtain|obtains|have|find|arrive at)"),
    Equating("get", "de", "(?:erhalten|bekommen|haben) wir|ergibt sich|folgt|erhält man|wir (?:erhalten|haben)"),
    Equating("get", "fr", "on (?:obtient|a|trouve)|nous (?:obtenons|avons|trouvons)"),
    Equating("get", "es", "(?:obtenemos|tenemos|queda|se obtiene|resulta)"),
    Equating("get", "ru", "(?:мы )?(?:получаем|получим|имеем)"),
    Equating("get", "zh", "(?:我们)?(?:得到?|可得|有)"),
)
_MARKS = re.compile(r"\\(?:fbox|framebox|boxed|textbf|emph|mathbf|underline)\s*\{|[*_~#>{}$\0]+|\\[,;:! ]")
_SENTENCE = re.compile(r"[.!?](?=\s|$)|[。！？]|\n\s*\n")
_CLAUSE = re.compile(r"[,;:，；：]\s*")
_NAMED = re.compile(r"(?:^|\s)(?P<name>(?:[∇∂]|d(?=\w{1,3}\s?/\s?d))[^\s=]{1,12}(?:\s?/\s?[^\s=]{1,12})?)\s*=$")
_ASKED = ("answer", "slope", "hessian")
LONGEST = 160


class Said(NamedTuple):
    """Of what a formula is said: "answer", "slope", "hessian", "it" or its "shape"; or of what is "named" before it.

    ``before`` are the words of the sentence before that, or the name.
    """

    of: str
    before: str = ""
    is_ahead: bool = True  # whether the words stand before the formula


@lru_cache(maxsize=16)
def _any(part: str) -> str:
    return "|".join(row.words for row in EQUATING if row.part == part)


@lru_cache(maxsize=1)
def words() -> frozenset[str]:
    """All words of the table."""
    return frozenset(re.findall(r"[^\W\d_]{2,}", " ".join(row.words for row in EQUATING if row.language != "zh")))


@lru_cache(maxsize=1)
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The forms of a clause that ends right before a formula, and of what it is said there."""
    lead = rf"(?:(?:{_any('lead')})(?:\s*,)?\s*)*"
    known = (
        *((part, rf"{lead}(?:{_any(part)})\s*(?:[:：=]|(?:{_any('is')})\s*[:：]?)") for part in _ASKED),
        *((part, rf"{lead}(?:{_any('is')})\s+(?:{_any(part)})\s*[:：]?") for part in _ASKED),  # also ist die Ableitung
        ("shape", rf"(?:{_any('it')})?\s*(?:{_any('shaped')})"),
        ("it", rf"{lead}(?:{_any('it')})\s*(?:{_any('turns')})"),
        ("it", rf"{lead}(?:{_any('turns')})"),
        ("it", rf"(?:{_any('same')})\.?"),
        ("it", _step()),
        ("answer", rf"(?:(?:{_any('lead')})(?:\s*,)?\s*)+(?:{_any('get')})"),
    )
    return tuple((of, re.compile(rf"(?:{form})\s*[,:：]?\s*", re.IGNORECASE)) for of, form in known)


@lru_cache(maxsize=1)
def _step() -> str:
    lead = rf"(?:(?:{_any('lead')})(?:\s*,)?\s*)*"
    return rf"{lead}(?:{_any('step')})(?:\s+(?:{_any('object')}))*\s*[:：]"


def is_step(before: str) -> bool:
    """Whether the words before a formula say what is done with the one before it, and that this comes out.

    >>> is_step("Take out the common factor: "), is_step("Take the derivative: "), is_step("Expand ")
    (True, False, False)
    """
    return re.fullmatch(_step(), before.strip(" *_~\n"), re.IGNORECASE) is not None


@lru_cache(maxsize=1)
def _behind() -> re.Pattern[str]:
    return re.compile(
        rf"\s*(?:{_any('is')})\s*(?P<asked>{_any('answer')}|{_any('slope')})\s*(?=[.,;:!)。，；]|$)", re.IGNORECASE
    )


@lru_cache(maxsize=1)
def by_phrases() -> re.Pattern[str]:
    """The phrases of more than one word that say by what something is differentiated: "with respect to"."""
    found = [words for row in EQUATING if row.part == "by" for words in row.words.split("|") if " " in words]
    return re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=1)
def _slopes() -> tuple[re.Pattern[str], ...]:
    """The forms of a sentence that names a derivative by formulas, and goes on with what it is."""
    lead, slope = rf"(?:(?:{_any('lead')})(?:\s*,)?\s*)*", rf"(?:{_any('partial')}|{_any('slope')})"
    ends = rf"\s*(?:{_any('is')})\s*:?"
    forms = (
        rf"{slope}(?P<top>\s+(?:(?:{_any('of')})\s+)?it)?(?:\s+(?P<by>{_any('by')})\s+it)?",
        rf"(?P<top>it\s*)(?P<by>{_any('by')})\s*it\s*的?\s*{slope}",
    )
    return tuple(re.compile(rf"\s*{lead}{form}{ends}\s*", re.IGNORECASE) for form in forms)


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
    *others, sentence = _SENTENCE.split(text)
    sentence = sentence.strip(" ,;:，；：)(") + (":" if text.endswith((":", "：")) else "")
    if (named := _NAMED.search(sentence)) is not None:
        return Said("named", named["name"])
    cuts = [0, *(found.end() for found in _CLAUSE.finditer(sentence) if found.end() < len(sentence))]
    for cut in cuts:
        for of, form in _forms():
            is_near = not cut and not any(any(map(str.isalpha, one)) for one in others)
            if form.fullmatch(sentence, cut) and (of not in ("it", "shape") or is_near):
                return Said(of, sentence[:cut].strip(" ,;:，；："))
    found = _behind().match(after) if not any(map(str.isalpha, sentence)) else None
    if found is None:
        return None
    return Said("answer" if re.fullmatch(_any("answer"), found["asked"], re.IGNORECASE) else "slope", "", False)
