"""The rule that a mistake goes against, in words: what a hint may say without giving the answer."""

from __future__ import annotations

from truestep.reports.pieces import Text, sentence

PRODUCT_SHAPES = "the sizes must fit: an a × b matrix times a b × c matrix is an a × c matrix"
RULES = (
    ("sign", "a minus in front of a bracket or of an inner derivative belongs to every term it stands before"),
    ("missing-factor-2", "the power rule: the exponent comes down as a factor"),
    ("extra-factor-2", "the power rule: the exponent comes down as a factor, once"),
    ("missing-mean", "linearity: the factor before a sum, such as 1 over the number of its terms, stays"),
    ("extra-mean", "linearity: a factor stands before a sum only where the definition has it"),
    ("missing-size", "summing the same term over an index multiplies it by the number of terms"),
    ("extra-size", "a sum multiplies by the number of its terms only where they are all the same"),
    ("missing-factor", "linearity: a constant factor stays where it is"),
    ("extra-factor", "linearity: a constant factor is taken out once"),
    ("missing-learning-rate", "the update: the old value minus the learning rate times the gradient"),
    ("transposed", "the layout: the derivative of a scalar has the shape of what it is taken by"),
    ("product-order", f"matrix products do not commute, and {PRODUCT_SHAPES}"),
    ("hadamard-for-product", "a product of matrices sums over the index they share; an entrywise one does not"),
    ("product-for-hadamard", "a function taken entrywise has an entrywise derivative"),
    ("outer-for-inner", "a row times a column is a number, a column times a row is a matrix"),
    ("inner-for-outer", "a row times a column is a number, a column times a row is a matrix"),
    ("layout", "the layout: the derivative of a scalar has the shape of what it is taken by"),
    ("wrong-index", "each index stands for one place: it is the same on both sides unless it is summed over"),
    ("left-index", "the indices on the left say which entry is differentiated, and by which: they stay to the end"),
    ("wrong-number", "each number comes from an exponent, a factor or a count of the line before"),
    ("escaped-index", "an index that is summed over means nothing outside of its sum"),
    ("missing-delta", "the derivative of one entry by another is 1 where they are the same entry and 0 elsewhere"),
    ("delta-indices", "the derivative of one entry by another is 1 where both indices agree, and 0 elsewhere"),
    ("missing-sum", "the chain rule for several variables: a sum over every way in which one depends on the other"),
    ("sum-over-wrong-index", "the chain rule for several variables: the sum runs over what lies in between"),
    ("term-outside-sum", "what depends on the index of a sum stays inside it"),
    ("missing-inner-derivative", "the chain rule: multiply by the inner derivative"),
    ("product-rule", "the product rule: the derivative of each factor in turn times the others, added up"),
    ("quotient-sign", "the quotient rule: a minus stands between the two products above the line"),
    ("quotient-square", "the quotient rule: what is below the line is squared"),
    ("quotient-order", "the quotient rule: first the derivative of what is above, times what is below"),
    ("derivative-at-wrong-place", "the chain rule: the outer derivative is taken at the inner function"),
    ("swapped-labels", "the prediction and the label play different parts: only the prediction depends on the weights"),
    ("log-of-sum-split", "the logarithm of a product is a sum; that of a sum cannot be taken apart"),
    ("exponent-rule", "powers of one base: exponents add in a product and multiply in a power of a power"),
    ("wrong-exponent", "the power rule: the exponent goes down by one"),
    ("reciprocal", "dividing by a fraction is multiplying by its reciprocal"),
    ("one-case-only", "where indices may agree or differ, both cases have to be treated"),
    ("diagonal-for-off-diagonal", "an entry on the diagonal and one beside it are different cases"),
    ("softmax-elementwise", "each output of softmax depends on all of its inputs"),
    ("special-case-as-general", "what holds for one index need not hold for another: both cases have to be treated"),
    ("given-restated", "the statement fixes what its names mean: copy the definition before you use it"),
    ("bracket-lost", "a factor or a minus before a bracket belongs to everything inside it"),
    ("claimed-shape", PRODUCT_SHAPES),
    ("shape", "both sides of an equation have one shape"),
    ("forgotten-bias", "each unit of a layer has a bias of its own, which is a parameter too"),
    ("constant-kept", "the derivative of what does not depend on the variable is zero"),
    ("missing-term", "the sum rule: every term has its derivative"),
    ("extra-term", "the sum rule: each term has one derivative"),
    ("wrong-function", "the table of derivatives: look up the derivative of this very function"),
    ("assumption-used", "a step may use a fact of the statement where it says that it does"),
    ("quotient-apart", "the quotient rule: the derivative of a fraction is no fraction of derivatives"),
    ("term-inside-sum", "what does not depend on the index of a sum is not counted once for each of its values"),
    ("product-of-sums", "a sum of products is not the product of the sums"),
    ("sum-range", "a sum runs over exactly the values that its definition names"),
    ("extra-sum", "a sum stands where something depends on an index and all its values count"),
    ("sum-for-product", "the chain rule: derivatives along one path are multiplied, different paths are added"),
    ("function-for-derivative", "a derivative is the result of differentiating: the function itself is another thing"),
    ("bracket-too-wide", "a factor or a function reaches over what stands in its bracket, and no further"),
    ("logarithm-base", "the logarithm to another base differs by a constant factor"),
    ("other-derivative", "a derivative by one quantity is not the derivative by another: both sides name the same"),
    ("order-and-transpose", f"matrix products do not commute, and {PRODUCT_SHAPES}"),
    ("wrong-variable", "a partial derivative holds every other variable fixed"),
)


def rule_needed(code: str) -> Text:
    """The rule that a mistake goes against; nothing where there is none to be named.

    >>> rule_needed("missing-inner-derivative")[0].text
    'The chain rule: multiply by the inner derivative.'
    """
    return next((sentence(rule) for known, rule in RULES if known == code), ())
