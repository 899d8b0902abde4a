r"""The functions of the field: one row each, and the one place for what is known of them.

Formulas are LaTeX in the argument t and, for a slope, the value v; ``formulas`` reads them and ``calculating``
says what they are among terms, nodes, code or numbers.  A function without a body is a primitive of the models.

Goodfellow, Bengio and Courville, *Deep Learning*, sections 3.10 and 6.3; Hendrycks and Gimpel (2016) for GELU; Clevert,
Unterthiner and Hochreiter (2016) for ELU; Klambauer et al. (2017) for SELU; Ramachandran, Zoph and Le (2017) for SiLU;
Misra (2019) for mish; Howard et al. (2019) for the hard sigmoid; Abramowitz and Stegun, chapters 4 and 7.
"""

from __future__ import annotations

from dataclasses import dataclass

_COMMANDS = ("vec", "sqrt")  # words whose commands LaTeX has for something else


@dataclass(frozen=True, slots=True)
class Function:
    r"""A function: how it is spelled, what it is, its slope, and where it exists.

    ``spellings``: words, the first is written; with a backslash where LaTeX has the command (each word is read as a
    command too).  ``short``: words that are read where declared letters do not explain them.  ``letter``: the sign
    that stands for it where nothing else is declared.  A function with none of them has only the name that a statement
    gives it.  ``latex``: how it is set where not by its first spelling.  ``raised``: a power stands at its name.
    ``inverse``: the function that the exponent -1 at its name means.

    ``kind``: ``elementwise``, ``vector`` (of a vector, same shape), ``reduce`` (to a scalar), ``matrix``, ``two``.
    ``title``: what its rule of differentiation is called.  ``domain``: the conditions on t where it exists.  ``kinks``:
    the points where it has no slope.  ``model``: what is special about a primitive in the exact models; ``odd``: it is
    odd there.

    ``numpy``: a function of NumPy, or stable code in ``{t}`` and ``{minus}`` (t with the other sign).  ``cas``: its
    name in SymPy and mpmath.
    """

    name: str
    spellings: tuple[str, ...] = ()
    kind: str = "elementwise"
    body: str = ""
    slope: str = ""
    title: str = ""
    domain: tuple[str, ...] = ()
    kinks: tuple[str, ...] = ()
    numpy: str = ""
    cas: str = ""
    latex: str = ""
    letter: str = ""
    short: tuple[str, ...] = ()
    raised: bool = False
    inverse: str = ""
    model: str = ""
    odd: bool = False

    @property
    def word(self) -> str:
        """The name as a word."""
        return self.spellings[0].lstrip("\\") if self.spellings else self.name

    @property
    def is_command(self) -> bool:
        """Whether LaTeX has a command for it."""
        return self.spellings[:1] != () and self.spellings[0].startswith("\\")

    @property
    def commands(self) -> tuple[str, ...]:
        """The control words that are read as this function, without its letter."""
        words = (*self.words, *self.short)
        return tuple(f"\\{word}" for word in words if word.isalpha() and word not in _COMMANDS)

    @property
    def words(self) -> tuple[str, ...]:
        """The words that are read as this function wherever they stand."""
        return tuple(spelling.lstrip("\\") for spelling in self.spellings)

    @property
    def typeset(self) -> str:
        """The name in LaTeX, without regard to its letter."""
        return self.latex or (self.spellings[0] if self.is_command else rf"\operatorname{{{self.word}}}")


_STEP = r"\mathbb{1}[t > 0]"
_BELL = r"\frac{1}{\sqrt{2 \pi}} e^{-\frac{1}{2} t^2}"
_NORMAL = r"\frac{1}{2} (1 + \operatorname{erf}(\frac{t}{\sqrt{2}}))"
_PHI = "np.vectorize(math.erfc)({minus} / np.sqrt(2)) / 2"
_SOFTPLUS = "np.logaddexp(0, {t})"
_SIGMOID = "np.exp(-np.logaddexp(0, {minus}))"
_ELU = r"\max(0, t) + \mathbb{1}[t < 0] (e^t - 1)"
_ELU_SLOPE = _STEP + r" + \mathbb{1}[t \le 0] (v + 1)"
_SELU = "1.0507009873554805", "1.6732632423543772"

# fmt: off
FUNCTIONS = (
    Function("exp", (r"\exp", "Exp"), slope="v", title="exponential", numpy="exp", cas="exp"),
    Function("log", (r"\log", r"\ln"), slope=r"\frac{1}{t}", title="logarithm", domain=("t > 0",), numpy="log",
             cas="log", raised=True, model="domain"),
    Function("sqrt", ("sqrt",), body=r"\sqrt{t}", slope=r"\frac{1}{2 v}", title="root", domain=(r"t \ge 0",),
             kinks=("0",), numpy="sqrt", cas="sqrt"),
    Function("abs", ("abs",), slope=r"\operatorname{sign}(t)", title="absolute value", kinks=("0",), numpy="abs",
             cas="Abs", model="order"),
    Function("sign", ("sign", "sgn"), body=_STEP + r" - \mathbb{1}[t < 0]", slope="0", kinks=("0",), numpy="sign",
             cas="sign"),
    # Circular functions and their inverses.
    Function("sin", (r"\sin",), slope=r"\cos t", title="sine", numpy="sin", cas="sin", raised=True, inverse="arcsin",
             model="circle"),
    Function("cos", (r"\cos",), slope=r"-\sin t", title="cosine", numpy="cos", cas="cos", raised=True,
             inverse="arccos", model="circle"),
    Function("tan", (r"\tan",), body=r"\frac{\sin t}{\cos t}", slope="1 + v^2", title="tangent",
             domain=(r"\cos t \neq 0",), numpy="tan", cas="tan", short=("tg",), raised=True, inverse="arctan"),
    Function("sec", (r"\sec",), body=r"\frac{1}{\cos t}", slope=r"v \tan t", title="secant",
             domain=(r"\cos t \neq 0",), numpy="1 / np.cos({t})", cas="sec", raised=True),
    Function("csc", (r"\csc", "cosec"), body=r"\frac{1}{\sin t}", slope=r"-v \cot t", title="cosecant",
             domain=(r"\sin t \neq 0",), numpy="1 / np.sin({t})", cas="csc", raised=True),
    Function("cot", (r"\cot", "cotg"), body=r"\frac{\cos t}{\sin t}", slope="-1 - v^2", title="cotangent",
             domain=(r"\sin t \neq 0",), numpy="1 / np.tan({t})", cas="cot", short=("ctg",), raised=True),
    Function("arcsin", (r"\arcsin",), slope=r"\frac{1}{\sqrt{1 - t^2}}", title="arcsine",
             domain=(r"-1 \le t", r"t \le 1"), kinks=("-1", "1"), numpy="arcsin", cas="asin", short=("asin",),
             model="opaque", odd=True),
    Function("arccos", (r"\arccos",), body=r"\frac{\pi}{2} - \arcsin t", slope=r"-\frac{1}{\sqrt{1 - t^2}}",
             title="arccosine", domain=(r"-1 \le t", r"t \le 1"), kinks=("-1", "1"), numpy="arccos", cas="acos",
             short=("acos",)),
    Function("arctan", (r"\arctan", "arctg"), slope=r"\frac{1}{1 + t^2}", title="arctangent", numpy="arctan",
             cas="atan", short=("atan",), model="opaque", odd=True),
    # Hyperbolic functions and their inverses.
    Function("sinh", (r"\sinh",), body=r"\frac{1}{2} (e^t - e^{-t})", slope=r"\cosh t", title="hyperbolic sine",
             numpy="sinh", cas="sinh", short=("sh",), raised=True, inverse="arsinh"),
    Function("cosh", (r"\cosh",), body=r"\frac{1}{2} (e^t + e^{-t})", slope=r"\sinh t", title="hyperbolic cosine",
             numpy="cosh", cas="cosh", short=("ch",), raised=True, inverse="arcosh"),
    Function("tanh", (r"\tanh",), body=r"\frac{\sinh t}{\cosh t}", slope="1 - v^2", numpy="tanh", cas="tanh",
             short=("th",), raised=True, inverse="artanh"),
    Function("sech", ("sech",), body=r"\frac{1}{\cosh t}", slope=r"-v \tanh t", title="hyperbolic secant",
             numpy="2 * np.exp(-np.abs({t})) / (1 + np.exp(-2 * np.abs({t})))", cas="sech", raised=True),
    Function("csch", ("csch", "cosech"), body=r"\frac{1}{\sinh t}", slope=r"-v \coth t", title="hyperbolic cosecant",
             domain=(r"t \neq 0",), numpy="-2 * np.sign({t}) * np.exp(-np.abs({t})) / np.expm1(-2 * np.abs({t}))",
             cas="csch", raised=True),
    Function("coth", (r"\coth", "ctgh"), body=r"\frac{\cosh t}{\sinh t}", slope="1 - v^2",
             title="hyperbolic cotangent", domain=(r"t \neq 0",), numpy="1 / np.tanh({t})", cas="coth",
             short=("cth",), raised=True),
    Function("arsinh", ("arsinh", "arcsinh", "asinh"), body=r"\log(t + \sqrt{t^2 + 1})",
             slope=r"\frac{1}{\sqrt{t^2 + 1}}", title="inverse hyperbolic sine", numpy="arcsinh", cas="asinh",
             short=("arsh",)),
    Function("arcosh", ("arcosh", "arccosh", "acosh"), body=r"\log(t + \sqrt{t^2 - 1})",
             slope=r"\frac{1}{\sqrt{t^2 - 1}}", title="inverse hyperbolic cosine", domain=(r"t \ge 1",), kinks=("1",),
             numpy="arccosh", cas="acosh", short=("arch",)),
    Function("artanh", ("artanh", "arctanh", "atanh"), body=r"\frac{1}{2} \log \frac{1 + t}{1 - t}",
             slope=r"\frac{1}{1 - t^2}", title="inverse hyperbolic tangent", domain=("-1 < t", "t < 1"),
             numpy="arctanh", cas="atanh", short=("arth",)),
    # The normal distribution.
    Function("erf", ("erf",), slope=r"\frac{2}{\sqrt{\pi}} e^{-t^2}", title="error function",
             numpy="np.vectorize(math.erf)({t})", cas="erf", model="opaque", odd=True),
    Function("normal cdf", body=_NORMAL, slope=_BELL, title="normal distribution", numpy=_PHI),
    Function("normal pdf", body=_BELL, slope="-t v", title="normal density",
             numpy="np.exp(-({t}**2) / 2) / np.sqrt(2 * np.pi)"),
    # Activations.
    Function("sigmoid", ("sigmoid", "logistic", "sigm"), body=r"\frac{1}{1 + e^{-t}}", slope="v (1 - v)",
             numpy=_SIGMOID, letter=r"\sigma"),
    Function("hard sigmoid", ("hardsigmoid", "HardSigmoid", "Hardsigmoid"),
             body=r"\frac{1}{6} (\max(0, t + 3) - \max(0, t - 3))",
             slope=r"\frac{1}{6} (\mathbb{1}[t + 3 > 0] - \mathbb{1}[t - 3 > 0])", kinks=("-3", "3"),
             numpy="np.clip({t} / 6 + 0.5, 0, 1)"),
    Function("relu", ("ReLU", "ReLu", "relu", "Relu", "RELU"), slope=_STEP, title="ReLU", kinks=("0",),
             numpy="np.maximum({t}, 0)", model="order"),
    Function("relu6", ("ReLU6", "relu6", "Relu6"), body=r"\max(0, t) - \max(0, t - 6)",
             slope=_STEP + r" - \mathbb{1}[t - 6 > 0]", title="ReLU6", kinks=("0", "6"), numpy="np.clip({t}, 0, 6)"),
    Function("leaky relu", ("LeakyReLU", "leakyrelu", "LReLU", "LeakyRelu"),
             body=r"\frac{1}{100} t + \frac{99}{100} \max(0, t)",
             slope=_STEP + r" + \frac{1}{100} \mathbb{1}[t \le 0]", title="leaky ReLU", kinks=("0",),
             numpy="np.where({t} > 0, {t}, 0.01 * {t})"),
    Function("elu", ("ELU", "elu", "Elu"), body=_ELU, slope=_ELU_SLOPE, title="ELU", kinks=("0",),
             numpy="np.where({t} > 0, {t}, np.expm1(np.minimum({t}, 0)))"),
    Function("selu", ("SELU", "selu", "Selu"),
             body=rf"{_SELU[0]} (\max(0, t) + {_SELU[1]} \mathbb{{1}}[t < 0] (e^t - 1))",
             slope=rf"{_SELU[0]} {_STEP} + \mathbb{{1}}[t \le 0] (v + {_SELU[0]} \cdot {_SELU[1]})",
             title="SELU", kinks=("0",),
             numpy=f"{_SELU[0]} * np.where({{t}} > 0, {{t}}, {_SELU[1]} * np.expm1(np.minimum({{t}}, 0)))"),
    Function("softplus", ("softplus", "Softplus", "SoftPlus"), body=r"\log(1 + e^t)", slope=r"\sigma(t)",
             numpy=_SOFTPLUS),
    Function("softsign", ("softsign", "Softsign", "SoftSign"), body=r"\frac{t}{1 + |t|}",
             slope=r"\frac{1}{(1 + |t|)^2}", numpy="{t} / (1 + np.abs({t}))"),
    Function("silu", ("SiLU", "silu", "Silu", "SILU", "swish", "Swish"), body=r"t \sigma(t)",
             slope=r"\sigma(t) + v (1 - \sigma(t))", title="SiLU", numpy="{t} * " + _SIGMOID),
    Function("mish", ("mish", "Mish"), body=r"t \tanh(\log(1 + e^t))",
             slope=r"\tanh(\operatorname{softplus}(t)) + t (1 - \tanh^2(\operatorname{softplus}(t))) \sigma(t)",
             numpy="{t} * np.tanh(" + _SOFTPLUS + ")"),
    Function("gelu", ("GELU", "gelu", "Gelu"), body=r"\frac{1}{2} t (1 + \operatorname{erf}(\frac{t}{\sqrt{2}}))",
             slope=_NORMAL + r" + t " + _BELL, title="GELU", numpy="{t} * " + _PHI),
    # Of arrays.
    Function("softmax", ("softmax", "Softmax", "SoftMax"), "vector"),
    Function("log-softmax", ("LogSoftmax", "logsoftmax"), "vector"),
    Function("log-sum-exp", ("logsumexp", "LSE", "LogSumExp"), "reduce"),
    Function("max", (r"\max",), "two", cas="Max"),
    Function("min", (r"\min",), "two", cas="Min"),
    Function("argmax", ("argmax",), "two", latex=r"\arg\max"),
    Function("argmin", ("argmin",), "two", latex=r"\arg\min"),
    Function("trace", ("tr", "Tr", "trace"), "matrix", cas="Trace"),
    Function("det", (r"\det",), "matrix", cas="Determinant"),
    Function("diag", ("diag", "Diag"), "matrix", cas="DiagMatrix"),
    Function("vec", ("vec",), "matrix"),
)
# fmt: on

BY_NAME = {function.name: function for function in FUNCTIONS}
COMMANDS = {command: function.name for function in FUNCTIONS for command in function.commands}
WORDS = {word: function.name for function in FUNCTIONS for word in function.words}
SHORT = {word: function.name for function in FUNCTIONS for word in function.short}
LETTERS = {function.letter: function.name for function in FUNCTIONS if function.letter}
UNSPELLED = frozenset(function.name for function in FUNCTIONS if not function.spellings)
BY_SPELLING = {**COMMANDS, **WORDS, **SHORT, **LETTERS}
