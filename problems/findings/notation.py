"""Slips of notation: what leaves no doubt about what is meant, so that the line is right all the same."""

from __future__ import annotations

from truestep.problems.findings.row import Case, Slip

SLIPS = (
    Slip(
        "short-gradient",
        "the differential was read as the derivative of {top} by what follows the d",
        slip="`dW` for the derivative of the loss by W",
    ),
    Slip(
        "entrywise",
        "an entry stands for the whole; it was read entry by entry",
        said="One side is a whole and the other its entry; the line was read entry by entry.",
        slip="an entry for the whole, or a whole set equal to its entry",
        cases=(
            Case("diagonal", "diag of an entry was read as the diagonal over {index}"),
            Case("power", "a power of a matrix that is not square was read entry by entry"),
        ),
    ),
    Slip(
        "sum-scope",
        "this sum was read over all the terms that follow",
        slip="a sum over all the terms that follow, or over the first alone",
        cases=(Case("short", "this sum was read over its first term alone"),),
    ),
    Slip(
        "operator-scope",
        "the derivative was read as that of all that follows",
        slip="a derivative as that of all that follows",
        cases=(Case("short", "the derivative was read as that of the next name alone"),),
    ),
    Slip(
        "function-scope",
        "the logarithm was read as that of all factors that follow",
        slip=r"`\log a \exp(b)` as the logarithm of the product",
    ),
    Slip(
        "missing-partial",
        "a fraction with one sign of differentiation was read as a derivative",
        slip=r"`\frac{\partial L}{w}` as a derivative",
    ),
    Slip(
        "operator-behind",
        "the derivative operator stands behind what it acts on",
        slip="a derivative operator behind what it acts on",
    ),
    Slip(
        "index-base",
        "the index {index} begins at 0 here; the entries were counted from 1",
        slip="a sum from 0 over entries that count from 1",
    ),
    Slip(
        "fixed-others",
        "the partial derivative was read with the other quantities in the definition held fixed",
        slip="a partial derivative with other intermediate quantities held fixed",
    ),
    Slip("row-vector", "a row of a matrix was read as a vector", slip="a row of a matrix as a vector"),
    Slip("row-entry", "one index on a matrix was read as its row", slip="one index on a matrix as its row"),
    Slip(
        "dot-product",
        "the dot between vectors was read as the product entry by entry",
        slip="a dot between vectors as the product entry by entry",
    ),
    Slip(
        "star",
        "the star between matrices was read as the product entry by entry",
        slip="a star between square matrices as the product entry by entry",
    ),
    Slip(
        "unit-vector",
        "{name} was read as a unit vector, which nothing here introduces",
        slip="`e_c` as the unit vector with its 1 at c, where nobody says so",
    ),
    Slip(
        "case-unsaid",
        "this holds in one case; the other one stands in another line, and it was read as its case",
        slip="two lines for the two cases, without a word of which is which",
    ),
    Slip("bare-sum", "the sum names no index; it was read as the sum over {index}", slip="a sum without its index"),
    Slip("missing-index", "{name} stands without its index {index}", slip="a vector without its index"),
    Slip(
        "index-slip",
        "the sum over {index} has {other} inside; it was read with {index}",
        slip="a sum with another letter inside",
    ),
    Slip(
        "loose-order",
        "the factors are right, in another order",
        said="The factors are right, in another order than the sizes allow.",
        slip="factors in an order in which they cannot be multiplied (with `chain = 'loose'`)",
    ),
    Slip(
        "chain-order",
        "the factors of the chain rule stand in an order in which they cannot be multiplied",
        slip="factors of the chain rule in an order in which they cannot be multiplied",
    ),
    Slip(
        "other-layout",
        "the derivatives of this work are laid out in another way than in the denominator layout of the problem",
        slip="another layout through a whole work than that of the problem",
    ),
    Slip(
        "mixed-layout",
        "this line is in another layout than most lines; keep to one",
        slip="lines in denominator layout beside lines in numerator layout (with `layout = 'either'`)",
    ),
    Slip(
        "slash-scope",
        "the slash was read over the whole product behind it",
        slip=r"`1/2\sigma` as a product below the line",
    ),
    Slip("dagger", "the dagger was read as the transpose", slip="`X^\\dagger` as the transpose"),
    Slip("prime-transpose", "the prime was read as the transpose", slip="`X'` as the transpose"),
    Slip(
        "prime-row", "the derivative of a function of a vector was read as a row", slip="`f'(w)` of a vector as a row"
    ),
    Slip(
        "inner-prime",
        "the prime was read as the derivative by what stands inside the function",
        slip="`y'` of `y = f(u)` as the derivative by `u`, where the work shows that it is meant",
    ),
    Slip(
        "square",
        "a product of vectors without a transpose was read as the inner product",
        slip=r"`v^2` as `v^T v`, where only this fits",
    ),
    Slip(
        "broadcast",
        "a vector beside a matrix was added to each of its rows",
        slip=r"`X W + b` as `X W + \mathbf{1} b^T`, where only this fits",
    ),
    Slip(
        "ones-identity",
        "the 1 beside a matrix was read as the identity",
        slip=r"`A + \lambda \mathbb{1}` with the identity as 1, where only this fits",
    ),
    Slip("ones", "1 was read as the vector of ones", slip="1 for the vector of ones, where only this fits"),
    Slip(
        "scalar-for-matrix",
        "a number beside a matrix was read as a multiple of the identity",
        slip=r"`A + \lambda` as `A + \lambda I`, where the work shows that it is meant",
    ),
    Slip(
        "diag-left-out",
        "a vector beside a matrix was read as a diagonal matrix",
        slip="a vector as the diagonal matrix of it, where the work shows that it is meant",
    ),
    Slip(
        "trace-left-out",
        "a matrix was read as its trace",
        slip="a matrix as its trace, where the work shows that it is meant",
    ),
    Slip(
        "implied-sum",
        "an index that occurs twice was read as summed, without a sign",
        slip="an index that occurs twice as summed, where the work shows that it is meant",
    ),
    Slip(
        "power-of-ten",
        "e between numbers was read as a power of ten",
        slip="`2e+1` as 20, where the work shows that it is meant",
    ),
    Slip(
        "constant",
        "this holds up to a constant that is left open",
        slip="`+ C` for what does not depend on the unknowns",
    ),
    Slip("stray-sign", "the sign of a product before the plus was passed over", slip=r"`a \cdot + b` as `a + b`"),
    Slip(
        "missing-order",
        "a derivative by a square was read as the second derivative",
        slip=r"`\frac{\partial f}{\partial x^2}` as the second derivative",
    ),
    Slip(
        "open-bracket",
        "a bracket without its partner was closed at the end of its group, or left out",
        slip=r"`\frac{1}{(a + b}` as closed",
    ),
    Slip("grouped-digits", "digits in groups were read as one number", slip="`1,000` as one number"),
    Slip("decimal-comma", "the comma between digits was read as the decimal point", slip="`0,5` as a half"),
    Slip(
        "hadamard-first",
        "the Hadamard product was read before the matrix product",
        slip=r"`X^T a \odot b` with vectors of one length: the Hadamard product first",
    ),
    Slip("rounded", "this agrees within the rounding of its decimals", slip="numbers that agree within rounding"),
    Slip(
        "domain",
        "the two sides have values for different numbers, and agree where both have one",
        slip="sides that agree where both have a value, which is not everywhere",
        cases=(Case("where", "the two sides have values for different numbers: this holds for {where}"),),
    ),
    Slip(
        "needless-condition",
        "this holds without the condition that it is said under",
        slip="a condition that is not needed",
    ),
    Slip("norm", "the norm of a matrix was read as the Frobenius norm", slip="the norm of a matrix as Frobenius'"),
    Slip(
        "size",
        "the size {size} is not declared; it was taken from the surroundings",
        slip="a size that is not declared",
    ),
    Slip(
        "introduced",
        "{name} is introduced here",
        said="{name} is a new name; it was taken as defined here.",
        slip="a new name",
        is_blamed=False,
    ),
    Slip(
        "other-left-side",
        "the left side of this line is not what is asked",
        kind="name",
        said="The left side is not the one that was asked for; the line was taken as your answer all the same.",
        slip="an answer with another left side",
    ),
)
