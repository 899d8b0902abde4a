"""The mistakes in a step, each with the rule that it goes against; their names and questions stand on their cards.

A hint may say the rule, for it does not give the answer.
"""

from __future__ import annotations

from truestep.problems.findings.row import FAULT, RULE, Case, Mistake

PRODUCT_SHAPES = "the sizes must fit: an a × b matrix times a b × c matrix is an a × c matrix"

# signs, numbers and factors
FACTORS = (
    Mistake(
        "sign", hint="a minus in front of a bracket or of an inner derivative belongs to every term it stands before"
    ),
    Mistake("missing-factor-2", hint="the power rule: the exponent comes down as a factor"),
    Mistake("extra-factor-2", hint="the power rule: the exponent comes down as a factor, once"),
    Mistake("missing-mean", hint="linearity: the factor before a sum, such as 1 over the number of its terms, stays"),
    Mistake("extra-mean", hint="linearity: a factor stands before a sum only where the definition has it"),
    Mistake("missing-size", hint="summing the same term over an index multiplies it by the number of terms"),
    Mistake("extra-size", hint="a sum multiplies by the number of its terms only where they are all the same"),
    Mistake(
        "missing-factor",
        hint="linearity: a constant factor stays where it is",
        cases=(Case("partials", "a link of the chain is missing, with its derivative"),),
    ),
    Mistake(
        "extra-factor",
        hint="linearity: a constant factor is taken out once",
        cases=(Case("partials", "this factor does not belong here"),),
    ),
    Mistake("missing-learning-rate", hint="the update: the old value minus the learning rate times the gradient"),
)
# products of arrays, and how they lie
ARRAYS = (
    Mistake(
        "transposed",
        hint="the layout: the derivative of a scalar has the shape of what it is taken by",
        cases=(
            Case("whole", "this is the transpose of what it should be: the other layout", "layout"),
            Case("words", "{what} is {shape} only when it is transposed: rows come first, then columns", "shape"),
        ),
    ),
    Mistake(
        "product-order",
        hint=f"matrix products do not commute, and {PRODUCT_SHAPES}",
        cases=(
            Case("partials", "all factors are there, but their order, or a transpose, is not right", "shape"),
            Case("sizes", "all factors are there, but their order, or a transpose, is not right: {sizes}", "shape"),
            Case(
                "words",
                "{left} and {right} do not multiply: their inner sizes differ; the other way round they do",
                "shape",
            ),
        ),
    ),
    Mistake(
        "hadamard-for-product", hint="a product of matrices sums over the index they share; an entrywise one does not"
    ),
    Mistake("product-for-hadamard", hint="a function taken entrywise has an entrywise derivative"),
    Mistake("outer-for-inner", hint="a row times a column is a number, a column times a row is a matrix"),
    Mistake("inner-for-outer", hint="a row times a column is a number, a column times a row is a matrix"),
    Mistake(
        "layout",
        kind="layout",
        hint="the layout: the derivative of a scalar has the shape of what it is taken by",
        is_of_another=True,
    ),
    Mistake(
        "claimed-shape",
        "this is {found}, not {claimed}",
        kind="shape",
        hint=PRODUCT_SHAPES,
        cases=(
            Case("words", "{what} is not {shape}"),
            Case("misfit", "{left} and {right} do not multiply: their inner sizes differ"),
            Case("product", "this product has the shape {shape}"),
            Case("layer", "layer {layer}: the size is not {shape}"),
        ),
    ),
    Mistake("order-and-transpose", hint=f"matrix products do not commute, and {PRODUCT_SHAPES}"),
)
# indices and sums
INDICES = (
    Mistake(
        "wrong-index", hint="each index stands for one place: it is the same on both sides unless it is summed over"
    ),
    Mistake("escaped-index", kind="scope", hint="an index that is summed over means nothing outside of its sum"),
    Mistake(
        "missing-delta",
        hint="the derivative of one entry by another is 1 where they are the same entry and 0 elsewhere",
        is_of_another=True,
    ),
    Mistake(
        "delta-indices", hint="the derivative of one entry by another is 1 where both indices agree, and 0 elsewhere"
    ),
    Mistake(
        "missing-sum",
        hint="the chain rule for several variables: a sum over every way in which one depends on the other",
        is_of_another=True,
    ),
    Mistake(
        "sum-over-wrong-index", hint="the chain rule for several variables: the sum runs over what lies in between"
    ),
    Mistake("term-outside-sum", kind="scope", hint="what depends on the index of a sum stays inside it"),
    Mistake(
        "one-case-only", hint="where indices may agree or differ, both cases have to be treated", is_of_another=True
    ),
    Mistake(
        "diagonal-for-off-diagonal",
        hint="an entry on the diagonal and one beside it are different cases",
        is_of_another=True,
    ),
    Mistake("softmax-elementwise", hint="each output of softmax depends on all of its inputs"),
    Mistake(
        "term-inside-sum",
        kind="scope",
        hint="what does not depend on the index of a sum is not counted once for each of its values",
    ),
    Mistake("product-of-sums", hint="a sum of products is not the product of the sums"),
    Mistake(
        "left-index",
        kind="name",
        hint="the indices on the left say which entry is differentiated, and by which: they stay to the end",
    ),
    Mistake("sum-range", hint="a sum runs over exactly the values that its definition names"),
    Mistake("extra-sum", hint="a sum stands where something depends on an index and all its values count"),
)
# rules of differentiation
RULES = (
    Mistake("missing-inner-derivative", hint="the chain rule: multiply by the inner derivative"),
    Mistake("product-rule", hint="the product rule: the derivative of each factor in turn times the others, added up"),
    Mistake("quotient-sign", hint="the quotient rule: a minus stands between the two products above the line"),
    Mistake("quotient-square", hint="the quotient rule: what is below the line is squared"),
    Mistake("quotient-order", hint="the quotient rule: first the derivative of what is above, times what is below"),
    Mistake("derivative-at-wrong-place", hint="the chain rule: the outer derivative is taken at the inner function"),
    Mistake("log-of-sum-split", hint="the logarithm of a product is a sum; that of a sum cannot be taken apart"),
    Mistake("exponent-rule", hint="powers of one base: exponents add in a product and multiply in a power of a power"),
    Mistake("wrong-exponent", hint="the power rule: the exponent goes down by one"),
    Mistake("reciprocal", hint="dividing by a fraction is multiplying by its reciprocal"),
    Mistake("constant-kept", hint="the derivative of what does not depend on the variable is zero"),
    Mistake("quotient-apart", hint="the quotient rule: the derivative of a fraction is no fraction of derivatives"),
    Mistake(
        "sum-for-product", hint="the chain rule: derivatives along one path are multiplied, different paths are added"
    ),
    Mistake(
        "function-for-derivative",
        kind="name",
        hint="a derivative is the result of differentiating: the function itself is another thing",
        is_of_another=True,
    ),
    Mistake("logarithm-base", hint="the logarithm to another base differs by a constant factor"),
    Mistake(
        "other-derivative",
        kind="name",
        hint="a derivative by one quantity is not the derivative by another: both sides name the same",
        is_of_another=True,
    ),
)
# names, terms, and what the question says
MEANINGS = (
    Mistake(
        "swapped-labels",
        hint="the prediction and the label play different parts: only the prediction depends on the weights",
    ),
    Mistake(
        "assumption-used",
        "this step uses {fact} without saying so",
        kind="logic",
        tone=RULE,
        said="This step uses {fact}: it is true here, but it must be said that it is used.",
        hint="a step may use a fact of the statement where it says that it does",
        slip="a fact used in silence",
        glance="a step does not say what it uses",
    ),
    Mistake(
        "given-restated",
        "{given} is not what the problem gives",
        kind="given",
        tone=FAULT,
        said="{given} is not what the problem gives. Compare it with the statement, symbol by symbol.",
        hint="the statement fixes what its names mean: copy the definition before you use it",
        cases=(Case("slip", "{given} is not what the problem gives: {what}"),),
    ),
    Mistake("bracket-lost", hint="a factor or a minus before a bracket belongs to everything inside it"),
    Mistake(
        "forgotten-bias",
        hint="each unit of a layer has a bias of its own, which is a parameter too",
        cases=(Case("layer", "layer {layer}: the biases are not counted"),),
    ),
    Mistake(
        "special-case-as-general",
        "what is cancelled equals this in one case only: the special case is argued as the general one",
        kind="logic",
        tone=FAULT,
        said="What is cancelled here has the value you give it in one case only: "
        "the step argues a special case as if it were the general one.",
        hint="what holds for one index need not hold for another: both cases have to be treated",
        sides=("what is cancelled", "the value given to it"),
    ),
    Mistake("missing-term", hint="the sum rule: every term has its derivative"),
    Mistake("extra-term", hint="the sum rule: each term has one derivative"),
    Mistake("wrong-function", hint="the table of derivatives: look up the derivative of this very function"),
    Mistake("wrong-variable", hint="a partial derivative holds every other variable fixed"),
    Mistake("bracket-too-wide", hint="a factor or a function reaches over what stands in its bracket, and no further"),
    Mistake("wrong-number", hint="each number comes from an exponent, a factor or a count of the line before"),
)
MISTAKES = (*FACTORS, *ARRAYS, *INDICES, *RULES, *MEANINGS)
