"""The words of which claims about a quantity are made, in the languages that works are written in."""

from __future__ import annotations

from typing import NamedTuple


class PropertyWords(NamedTuple):
    """Patterns of one language, separated by bars, and what they are in a clause; ``M`` is a formula, ``~`` "is"."""

    part: str
    language: str
    words: str


SUBJECTS = (
    # what a clause begins with, and says nothing
    PropertyWords(
        "lead", "en", "so|hence|thus|therefore|then|note that|observe that|we see that|in particular|in fact"
    ),
    PropertyWords("lead", "en", "since|because|and|but|moreover|also|furthermore|now|here|indeed|clearly|this means"),
    PropertyWords("lead", "en", "consequently|finally|of course|it follows that|we note that|in addition|again"),
    PropertyWords(
        "lead", "de", "also|daher|somit|folglich|da|weil|denn|und|außerdem|hier|nun|damit|insbesondere|ferner"
    ),
    PropertyWords("lead", "fr", "donc|ainsi|alors|car|puisque|comme|et|de plus|ici|or|en particulier|notons que"),
    PropertyWords("lead", "es", "así|luego|entonces|porque|como|y|además|aquí|por (?:lo )?tanto|en particular|ya que"),
    PropertyWords("lead", "ru", "значит|следовательно|поэтому|так как|поскольку|и|кроме того|здесь|тогда"),
    PropertyWords("lead", "zh", "由于|因为|因此|所以|故|于是|可见|显然"),
    # where one clause ends, and the next one begins
    PropertyWords("joint", "en", "so|hence|thus|therefore|because|since|and so|and hence|and thus|and therefore"),
    PropertyWords("joint", "de", "also|daher|somit|folglich|da|weil|denn|und damit|und daher|und somit"),
    PropertyWords("joint", "fr", "donc|car|puisque|et donc"),
    PropertyWords("joint", "es", "luego|porque|ya que|y por (?:lo )?tanto|por (?:lo )?tanto"),
    PropertyWords("joint", "ru", "значит|следовательно|поэтому|так как|поскольку"),
    PropertyWords("det", "en", "the|this|that|its|our|each|such a|every entry of the"),
    PropertyWords("det", "de", "der|die|das|diese|dieser|dieses|ihre|ihr|seine|unsere"),
    PropertyWords("det", "fr", "la|le|cette|ce|sa|son|notre"),
    PropertyWords("det", "es", "la|el|esta|este|su|nuestra"),
    PropertyWords("det", "ru", "эта|этот|её|его|наша"),
    # what it is said of
    PropertyWords(
        "slope", "en", "(?:first |resulting |whole |full )?(?:derivative|gradient|slope|rate of change|jacobian)"
    ),
    PropertyWords("slope", "de", "(?:erste )?ableitung|gradient|steigung|jacobimatrix|jacobi-matrix"),
    PropertyWords("slope", "fr", "(?:dérivée|gradient|pente|jacobienne|matrice jacobienne)"),
    PropertyWords("slope", "es", "(?:derivada|gradiente|pendiente|jacobian[oa]|matriz jacobiana)"),
    PropertyWords("slope", "ru", "производная|градиент|якобиан"),
    PropertyWords("second", "en", "hessian(?: matrix)?|second derivative|second-order derivative"),
    PropertyWords("second", "de", "hesse-?matrix|zweite ableitung"),
    PropertyWords("second", "fr", "hessienne|matrice hessienne|dérivée seconde"),
    PropertyWords("second", "es", "hessian[oa]|matriz hessiana|segunda derivada"),
    PropertyWords("second", "ru", "гессиан|вторая производная"),
    PropertyWords("function", "en", "(?:loss |cost |objective )?function|loss|cost|objective"),
    PropertyWords("function", "de", "(?:verlust|kosten|ziel)?funktion|verlust"),
    PropertyWords("function", "fr", "fonction(?: de perte| objectif)?|perte"),
    PropertyWords("function", "es", "función(?: de pérdida| objetivo)?|pérdida"),
    PropertyWords("function", "ru", "функция(?: потерь)?"),
    PropertyWords("it", "en", "it|this|that|which"),
    PropertyWords("it", "de", "es|dies|das|sie|er|was"),
    PropertyWords("it", "fr", "c'|ce|cela|elle|il|qui|ce qui"),
    PropertyWords("it", "es", "esto|eso|que|lo que|lo cual"),
    PropertyWords("it", "ru", "это|она|он|что"),
    PropertyWords(
        "thing", "en", "point|matrix|vector|term|factor|expression|quantity|product|sum|(?:whole )?function|value"
    ),
    PropertyWords("thing", "de", "punkt|matrix|vektor|term|faktor|ausdruck|größe|funktion"),
    PropertyWords("thing", "fr", "matrice|vecteur|terme|facteur|expression|quantité|fonction"),
    PropertyWords("thing", "es", "matriz|vector|término|factor|expresión|cantidad|función"),
    PropertyWords("thing", "ru", "матрица|вектор|множитель|выражение|функция"),
    PropertyWords("of", "en", "of"),
    PropertyWords("of", "de", "von"),
    PropertyWords("of", "fr", "de"),
    PropertyWords("of", "es", "de"),
    PropertyWords("by", "en", "with respect to|w\\.?r\\.?t\\.?|in"),
    PropertyWords("by", "de", "nach|bezüglich|in"),
    PropertyWords("by", "fr", "par rapport à|en"),
    PropertyWords("by", "es", "con respecto a|respecto a|en"),
    PropertyWords("by", "ru", "по"),
    # what a formula in it gives when it is integrated, or how long it is
    PropertyWords("integral", "en", "(?:indefinite )?integral|antiderivative|primitive"),
    PropertyWords("integral", "de", "integral|stammfunktion"),
    PropertyWords("integral", "fr", "intégrale|primitive"),
    PropertyWords("integral", "es", "integral|primitiva|antiderivada"),
    PropertyWords("integral", "ru", "интеграл|первообразная"),
    PropertyWords("norm", "en", "(?:euclidean )?norm"),
    PropertyWords("norm", "de", "norm"),
    PropertyWords("norm", "fr", "norme"),
    PropertyWords("norm", "es", "norma"),
    PropertyWords("whose", "en", "its|whose"),
    PropertyWords("whose", "de", "ihre|deren|dessen"),
    PropertyWords("whose", "fr", "sa|dont la"),
    PropertyWords("whose", "es", "su|cuya"),
    PropertyWords("size", "en", "shape|size|dimensions?"),
    PropertyWords("size", "de", "größe|form|dimension"),
    PropertyWords("size", "fr", "taille|forme|dimension"),
    PropertyWords("size", "es", "tamaño|forma|dimensión"),
    PropertyWords("most", "en", "maximum|maximal value|largest value"),
    PropertyWords("most", "de", "maximum|größter wert"),
    PropertyWords("most", "fr", "maximum"),
    PropertyWords("most", "es", "máximo"),
    PropertyWords("least", "en", "minimum|minimal value|smallest value"),
    PropertyWords("least", "de", "minimum|kleinster wert"),
    PropertyWords("least", "fr", "minimum"),
    PropertyWords("least", "es", "mínimo"),
    PropertyWords("slope", "zh", "(?:它)?导数|梯度|雅可比矩阵"),
    PropertyWords("second", "zh", "海森矩阵|黑塞矩阵|二阶导数|Hessian 矩阵"),
    PropertyWords("function", "zh", "函数|损失函数|目标函数"),
    PropertyWords("it", "zh", "它|其|这"),
    # what is asked for
    PropertyWords("result", "en", "(?:final )?(?:result|answer)"),
    PropertyWords("result", "de", "ergebnis|antwort"),
    PropertyWords("result", "fr", "résultat|réponse"),
    PropertyWords("result", "es", "resultado|respuesta"),
    PropertyWords("result", "ru", "результат|ответ"),
    # that it is
    PropertyWords("is", "en", "is|are|remains|stays|must be|will be|is called|becomes"),
    PropertyWords("is", "de", "ist|sind|bleibt|wird"),
    PropertyWords("is", "fr", "est|sont|reste|c'est"),
    PropertyWords("is", "es", "es|son|está|queda"),
    PropertyWords("is", "ru", "есть|является|—|-"),
    PropertyWords(
        "also", "en", "also|clearly|then|again|indeed|just|simply|therefore|thus|hence|of course|itself|in fact"
    ),
    PropertyWords("is", "zh", "是|为"),
    PropertyWords("also", "en", "obviously|necessarily|actually|now|thereby|automatically"),
    PropertyWords("also", "de", "auch|offensichtlich|dann|wieder|einfach|somit|daher|also|natürlich|damit"),
    PropertyWords("also", "fr", "aussi|clairement|alors|donc|bien|évidemment"),
    PropertyWords("also", "es", "también|claramente|entonces|simplemente"),
    PropertyWords("also", "ru", "также|тогда|очевидно"),
    PropertyWords("always", "en", "always|everywhere|strictly|all|in all cases"),
    PropertyWords("always", "de", "immer|überall|stets|strikt|streng"),
    PropertyWords("always", "fr", "toujours|partout|strictement"),
    PropertyWords("always", "es", "siempre|estrictamente"),
    PropertyWords("always", "ru", "всегда|всюду|строго"),
    PropertyWords("always", "zh", "总|始终|恒|处处"),
    PropertyWords("not", "en", "not|never|no longer|neither"),
    PropertyWords("not", "de", "nicht|nie|niemals"),
    PropertyWords("not", "fr", "pas|jamais"),
    PropertyWords("not", "es", "nunca|no"),
    PropertyWords("not", "ru", "не|никогда не"),
    PropertyWords("not", "zh", "不"),
    PropertyWords("a", "en", "an?|the"),
    PropertyWords("a", "de", "eine?|der|die|das"),
    PropertyWords("a", "fr", "une?|la|le"),
    PropertyWords("a", "es", "una?|la|el"),
    # whose entries are added up
    PropertyWords(
        "entries", "en", "(?:all )?(?:its|the|their|of its|the sum of its|the sum of all) (?:entries|components)"
    ),
    PropertyWords("entries", "de", "(?:ihre|die) (?:einträge|komponenten)"),
    PropertyWords("rows", "en", "(?:each|every one|each one|all) of its (?:rows|columns)|its (?:rows|columns)"),
    PropertyWords("rows", "en", "(?:each|every) (?:row|column)|the (?:rows|columns)"),
    PropertyWords("diagonal entries", "en", "(?:all )?(?:the|its) diagonal (?:entries|elements)"),
    PropertyWords("diagonal entries", "de", "(?:die|ihre) diagonal(?:einträge|elemente)"),
    PropertyWords("other entries", "en", "(?:all )?(?:the|its) off-diagonal (?:entries|elements|ones)"),
    # what begins a clause that goes on with the point before
    PropertyWords("there", "en", "where"),
    PropertyWords("there", "de", "wo"),
    PropertyWords("there", "fr", "où"),
    PropertyWords("there", "es", "donde"),
    # what begins a clause about the formula before
    PropertyWords("which", "en", "which"),
    PropertyWords("which", "fr", "qui"),
    PropertyWords("which", "ru", "что"),
    # before cases of the formula before
    PropertyWords("that is", "en", "that is|i\\.?e|namely|so it is"),
    PropertyWords("that is", "de", "das heißt|d\\.?h|nämlich|also"),
    PropertyWords("that is", "fr", "c'est-à-dire|soit"),
    PropertyWords("that is", "es", "es decir|o sea"),
    PropertyWords("that is", "ru", "то есть|т\\.?е"),
    # where it is so
    PropertyWords("only", "en", "only|exactly|precisely|if and only"),
    PropertyWords("only", "de", "nur|genau(?: dann)?"),
    PropertyWords("only", "fr", "seulement|uniquement"),
    PropertyWords("only", "es", "solo|sólo|solamente"),
    PropertyWords("only", "ru", "только|лишь"),
    PropertyWords("at", "en", "at|as|when|where|for|if"),
    PropertyWords("at", "de", "bei|für|wenn|an der stelle"),
    PropertyWords("at", "fr", "en|pour|si|quand"),
    PropertyWords("at", "es", "en|para|si|cuando"),
    PropertyWords("at", "ru", "при|в точке"),
    PropertyWords("everywhere", "en", "everywhere|always|for all M|for every M|for any M|for all inputs|on all of M"),
    PropertyWords("everywhere", "de", "überall|immer|für alle M|für jedes M"),
    PropertyWords("everywhere", "fr", "partout|toujours|pour tout M"),
    PropertyWords("everywhere", "es", "siempre|en todas partes|para todo M"),
    PropertyWords("everywhere", "ru", "всюду|всегда|при всех M|для всех M"),
    PropertyWords("in", "en", "in M|there|too|as well"),
    PropertyWords("in", "de", "in M|dort|auch"),
    PropertyWords("in", "fr", "en M|là|aussi"),
    PropertyWords("in", "es", "en M|también"),
)
