r"""The grammar: sums of products of factors, as people write them.

Braces that are no argument of a command are transparent, as they are in print.  Where typography leaves several
readings, the parser asks the ``Reading`` which one is taken, and notes that it asked.
"""

from __future__ import annotations

from truestep.derivations.language.expression import BINDING, Expression, add, free_indices, joined, negative, product
from truestep.derivations.language.faults import ReadingFault
from truestep.derivations.language.latex.groups import ALONE
from truestep.derivations.language.reading import atoms, calls, code, operators
from truestep.derivations.language.reading.cursor import SIGNS, Cursor, over_place
from truestep.derivations.language.reading.indices import held

EITHER = (r"\pm", r"\mp")
_JOINING = frozenset(("+", "-", *EITHER))
_ACTING = frozenset(("command", "open"))  # what a derivative that acts on something may begin with, beside a D
_DIVIDING = frozenset((*SIGNS, "/"))


def _series(terms: list[Expression], plus: list[bool]) -> list[Expression]:
    r"""``a_1 + a_2 + \dots + a_n`` as one series from its first term to its last, ``a_1 \cdots a_n`` as one product.

    A general term may stand between dots, and a plus sign beside them is enough: ``a_1 + a_2 \dots a_j \dots + a_n``.
    """
    dots = next((k for k, term in enumerate(terms) if term.head == "dots"), None)
    if dots is None:
        return terms
    has_general = [term.head for term in terms[dots + 1 : dots + 3]][1:] == ["dots"]
    last = dots + 1 + 2 * has_general
    if dots == 0 or last >= len(terms) or "dots" in (terms[last].head, terms[dots + 1].head):
        raise ReadingFault("these dots leave open how the sum goes on", terms[dots].span)
    if any(plus[dots : last + 1]):
        written = (*terms[:dots], *([terms[dots + 1]] if has_general else []), terms[last])
        found = Expression("series", written, ("sum", int(has_general)), joined(*written))
        return _series([found, *terms[last + 1 :]], [False, *plus[last + 1 :]])
    if has_general:
        raise ReadingFault("these dots leave open how the product goes on", terms[dots].span)
    whole = multiplied(terms[dots - 1], terms[last])
    return _series([*terms[: dots - 1], whole, *terms[last + 1 :]], [*plus[:dots], *plus[last + 1 :]])


def multiplied(left: Expression, right: Expression) -> Expression:
    r"""``a_1 a_2 \cdots a_n b``: the factors before the dots and the one behind them as one product."""
    sign, left = (left.head == "negative", left.args[0]) if left.head == "negative" else (False, left)
    before = left.args if left.head == "product" else (left,)
    last, *rest = right.args if right.head == "product" else (right,)
    whole = product(Expression("series", (*before, last), ("prod", 0), joined(left, last)), *rest)
    return negative(whole) if sign else whole


def _is_remark(value: Expression, listed: Expression) -> bool:
    r"""Whether names in brackets only say what a derivative depends on: ``\frac{\partial J}{\partial w}(w, s^2)``."""
    while value.head == "group":
        value = value.args[0]
    names = listed.args if listed.head == "tuple" and listed.data == "(" else ()
    is_derivative = value.head in ("derivative", "gradient", "prime")
    bases = [name.args[0] if name.head == "power" else name for name in names]
    return is_derivative and bool(names) and all(base.head in ("symbol", "member", "size") for base in bases)


def _slope_at(slope: Expression, listed: Expression) -> Expression | None:
    r"""``\frac{\partial f}{\partial a}(a, b, t_i)``: that of f(a, b, t_i), by what stands once in the list."""
    if slope.head != "derivative" or (listed.head, listed.data) != ("tuple", "("):
        return None
    of, *by = slope.args
    made = {"bare": ("apply", (of.data, 0, None)), "unknown": ("call", of.data)}.get(of.head)
    if made is None or of.args or any(sum(map(one.__eq__, listed.args)) != 1 for one in by):
        return None
    return slope.of((Expression(made[0], listed.args, made[1], listed.span), *by))


class Parser(Cursor):
    """Reads one range of tokens under a notation."""

    def whole(self) -> Expression:
        r"""The expression that fills the range: where that is a row without a relation, also ``a \over b``."""
        start, is_row = self.at, self.at == 0 and self.end == len(self.tokens)
        middle = over_place(self, start, self.end) if is_row and self.tokens.has_over else None
        if middle is None:
            return super().whole()
        self.at = self.end
        return operators.fraction_of(self, (start, middle), (middle + 1, self.end), start)

    def sum(self) -> Expression:
        """Terms joined by + and -."""
        terms: list[Expression] = []
        plus: list[bool] = []
        while True:
            token = self.peek()
            sign, is_signed = "+", token is not None and token.text in _JOINING and token.kind not in ("text", "unit")
            if is_signed:
                sign = self.take().text
                if sign == "+" and self.is_next("-"):
                    sign = self.take().text
            elif terms and not self.is_next(r"\dots") and not (terms[-1].head == "dots" and self.has_operand()):
                break
            start = self.at
            plus.append(is_signed)
            if terms and self.is_next(r"\dots"):
                token = self.take()
                terms.append(Expression("dots", (), None, (token.start, token.end)))
                continue
            term = self.contracted(self.term())
            head, data = ("plus-minus", sign) if sign in EITHER else ("negative" if sign == "-" else "", None)
            terms.append(Expression(head, (term,), data, self.span_from(max(start - 1, 0))) if head else term)
        result = add(*_series(terms, plus)) if len(terms) > 1 or terms[0].head == "dots" else terms[0]
        for variables in self.postfix:
            result = Expression("derivative", (result, *variables.args), "postfix", joined(result, variables))
        self.postfix = []
        return result

    def contracted(self, left: Expression) -> Expression:
        """``A : dX``, the sum of the products of entries, which binds weaker than a product; to the end of a side."""
        start = self.at
        while self.is_next(":"):
            self.take()
            try:
                right = self.term()
            except ReadingFault:
                self.at = start
                break
            is_last = self.peek() is None or self.is_next("+", "-")
            is_arrays = is_last and self._names_array(left) and self._names_array(right)
            if not (is_arrays or left.has("differential") or right.has("differential")):
                self.at = start
                break
            left, start = Expression("inner", (left, right), ":", joined(left, right)), self.at
        return left

    def _names_array(self, node: Expression) -> bool:
        """Whether a name in an expression may be that of an array: one that is declared so, or nowhere."""
        names = [child for child in node.walk() if child.head in ("symbol", "member", "unknown")]
        known = [self.notation.declared(str(child.data)) for child in names if child.head == "symbol"]
        return len(names) > len(known) or any(one is not None and one.dims != (1, 1) for one in known)

    def term(self) -> Expression:
        """Factors joined by product signs, side by side, or by a slash."""
        factors: list[Expression] = []
        signs: list[str] = []
        sign = ""
        while True:
            token = self.peek()
            if factors or sign:
                if token is None or (factors and token.text == "|" and self._is_bar()):
                    break
                if self.multiplied and factors and not sign and self._ends_product():
                    break
                if sign and factors and token.text == r"\dots" and self.is_next(r"\dots"):  # a_1 \cdot \ldots \cdot a_n
                    self.take()
                    if self.sign_next():
                        self.take()
                    factors = [multiplied(self._product(factors, signs), self.factor())]
                    signs, sign = [""], ""
                    continue
                if following := self.sign_next() if token.text in SIGNS or token.text == "." else "":
                    if sign:
                        self.fail("a factor is missing between two product signs")
                    sign = following
                    self.take()
                    token = self.peek()
                    if factors and self.is_next("+") and self.takes("stray-sign", self.at):
                        sign = ""
                        break
                elif token.text in ("/", r"\div") and token.kind != "text":
                    self.take()
                    below = self._below_slash()
                    above = self._product(factors, signs)
                    factors, signs, sign = (
                        [Expression("quotient", (above, below), "slash", joined(above, below))],
                        [""],
                        "",
                    )
                    continue
                elif (
                    token.text == ")" and self.tokens.partner[self.at] == ALONE and self.takes("open-bracket", self.at)
                ):
                    self.take()
                    continue
                elif not self.starts_factor(token):
                    break
            elif token is not None and token.text in _DIVIDING and token.kind not in ("text", "unit"):
                self.fail("a factor is missing before this sign")
            may_act = token is not None and (token.kind in _ACTING or token.text == "D")
            is_below = may_act and not self.is_next(r"\frac")
            operator = operators.derivative_operator(self) if may_act else None
            if operator is not None:
                if self.sign_next() and self.at + 1 < self.end:  # \frac{d}{dx} \cdot f
                    self.take()
                if self.has_operand():
                    body = operators.operand(self, operator.args, is_below)
                    factors.append(Expression("derivative", (body, *operator.args), "operator", joined(operator, body)))
                    signs.append(sign)
                elif not factors and self.is_next("-"):  # \frac{\partial}{\partial w} -\log p
                    factors, signs = [self._of_negative(operator)], [sign]
                else:
                    factors, signs = self._apply_behind(operator, factors, signs)
            else:
                factors.append(self.signed_factor() if sign else self.factor())
                signs.append(sign)
            sign = ""
        if sign or not factors:
            self.fail("a factor is missing here")
        return self._evaluated(self._product(factors, signs))

    def _evaluated(self, node: Expression) -> Expression:
        r"""``f|_{x = a}``: an expression at a point."""
        while self._is_bar():
            self.take()
            self.take()
            inner = self.inside(*self.argument("_"))
            points: list[Expression] = []
            while True:
                left = inner.sum()
                if not points and (kept := held(node, left, inner)) is not None:
                    return kept
                if not inner.is_next("="):
                    self.fail("a bar without the point at which this is taken")
                inner.take()
                points += [left, inner.sum()]
                if not inner.is_next(",", ";"):
                    break
                inner.take()
            if inner.peek() is not None:
                inner.fail("this point cannot be read")
            node = Expression("at", (node, *points), None, joined(node, *points))
        return node

    def _is_bar(self) -> bool:
        if not self.is_next("|"):
            return False
        following = [token.text for token in self.tokens[self.at + 1 : min(self.at + 2, self.end)]]
        return following == ["_"]

    def _below_slash(self) -> Expression:
        """What stands below a slash: one factor, or the product without signs that it begins."""
        start, below = self.at, self.signed_factor()
        more = [below]
        while (token := self.peek()) is not None and token.kind != "text" and token.text not in (*SIGNS, "/", r"\div"):
            if not self.starts_factor(token) or not self.takes("slash-scope", start):
                break
            more.append(self.factor())
        return self._product(more, [""] * len(more))

    def _ends_product(self) -> bool:
        r"""Whether a product over an index ends here: ``\prod_i a_i \prod_j b_j`` has two factors."""
        place = self.at + (self.sign_next() != "")
        if not self.multiplied or place >= self.end or self.tokens[place].text not in (r"\sum", r"\prod"):
            return False
        rest = [token.text for token in self.tokens[place + 1 : self.end] if token.kind not in ("open", "close")]
        own = rest[1:2] if rest[:1] == ["_"] else []
        return own == list(self.multiplied) or not set(self.multiplied) & set(rest)

    def _of_negative(self, operator: Expression) -> Expression:
        """The derivative of a product with its minus sign, where nothing follows that might stand under it, too."""
        start = self.at
        self.take()
        body = Expression("negative", (self.term(),), None, self.span_from(start))
        if self.peek() is not None:
            self.fail("this derivative has nothing to act on", operator.span)
        return Expression("derivative", (body, *operator.args), "operator", joined(operator, body))

    def _apply_behind(
        self, operator: Expression, factors: list[Expression], signs: list[str]
    ) -> tuple[list[Expression], list[str]]:
        if not factors and self.is_left():
            spoken = Expression("spoken", (), None, operator.span)
            return [Expression("derivative", (spoken, *operator.args), "operator", operator.span)], [""]
        if not factors:
            self.fail("this derivative has nothing to act on", operator.span)
        self.postfix.append(operator)
        return factors, signs

    @staticmethod
    def _product(factors: list[Expression], signs: list[str]) -> Expression:
        if len(factors) == 1:
            return factors[0]
        if "tuple" in [factor.head for factor in factors]:
            kept = [k for k in range(len(factors)) if not (k and not signs[k] and _is_remark(*factors[k - 1 : k + 1]))]
            factors, signs = [factors[k] for k in kept], [signs[k] for k in kept]
            for k in range(len(factors) - 1, 0, -1):
                if not signs[k] and (slope := _slope_at(factors[k - 1], factors[k])) is not None:
                    factors[k - 1 : k + 1], signs[k : k + 1] = [slope], []
        if len(factors) == 1:
            return factors[0]
        return Expression("product", tuple(factors), tuple(signs), joined(*factors))

    def signed_factor(self) -> Expression:
        """A factor that may carry its own minus sign, as after a product sign."""
        if self.is_next("-", "+"):
            start = self.at
            minus = self.take().text == "-"
            self.descend()
            try:
                inner = self.signed_factor()
            finally:
                self.ascend()
            return Expression("negative", (inner,), None, self.span_from(start)) if minus else inner
        return self.factor()

    def factor(self, is_bare: bool = False) -> Expression:
        """An atom with its scripts and primes, and with methods of code unless it is to be bare."""
        self.descend()
        try:
            node = atoms.factor(self)
        finally:
            self.ascend()
        token = None if is_bare else self.peek()
        if token is None or (token.kind != "command" and token.text != "("):
            return node
        return self.valued(code.methods(self, node))

    def valued(self, node: Expression) -> Expression:
        """The same, or its value at a point that stands in a bracket behind it."""
        there = calls.valued(self, node)
        return node if there is node else self.scripts(there, self.at)

    def sum_body(self, names: tuple[str, ...], multiplied: bool = False) -> Expression:
        """What a sum runs over: the product to its right, and further terms by the reading in force."""
        before, around = self.bound, self.multiplied
        self.bound, self.multiplied = (*before, *names), names if multiplied else ()
        start = self.at
        sign = self.is_next("-", "+") and self.take().text == "-"
        body = self.term()
        self.multiplied = around
        own = free_indices(body) - self.outer - {*self.bound}
        names = names or (tuple(own) if len(own) == 1 else ())  # a bare sum runs over what is free in it
        terms = [Expression("negative", (body,), None, self.span_from(start)) if sign else body]
        while self.is_next("+", "-") and self.reaches(names, start):
            minus = self.take().text == "-"
            term = self.term()
            terms.append(Expression("negative", (term,), None, term.span) if minus else term)
        self.bound = before
        return add(*terms)

    def reaches(self, names: tuple[str, ...], start: int) -> bool:
        """Whether the sum whose body begins at ``start`` goes on over the next term.

        It does while the terms contain the bound index, or one further on does, if that would be free otherwise.
        """
        if self.is_short or self.postfix:
            return False
        look, is_met = self.looking(), False
        while look.is_next("+", "-") and not is_met:
            look.at += 1
            term = look.term()
            is_met = bool(free_indices(term) & set(names))
            if not is_met and any(node.head in BINDING and set(node.data) & set(names) for node in term.walk()):
                return False  # another sum over it
        if not is_met:
            return False
        short, far = self.takes("sum-short", start), self.takes("sum-long", start)
        return not short and (far or not (set(names) & self.outer))

    def scripts(self, base: Expression, start: int) -> Expression:
        """A base that is no name, with its scripts and primes."""
        return atoms.scripts(self, base, start)
