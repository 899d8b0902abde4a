"""The functions that a statement defines: ``f(t) = ...``, with its formal arguments."""

from __future__ import annotations

from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import Fault, StatementFault, quoted
from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.notation import UserFunction, strip_fonts
from truestep.derivations.language.reading.parser import Parser
from truestep.derivations.language.reading.tokens import canonical
from truestep.problems.statements import left_sides

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truestep.derivations.language.latex.groups import Token
    from truestep.derivations.language.reading.rowtext import Context


def is_function(text: str, tokens: list[Token], functions: dict[str, UserFunction], context: Context) -> bool:
    """Whether a given is ``f(t) = ...`` or ``softargmax(t)_i = ...`` of no declared argument; keeps it.

    Raises StatementFault where the function is defined already.
    """
    tokens = [token for token in tokens if token.text not in (r"\left", r"\right")]
    equals, opening = left_sides.equals(tokens), left_sides.opening(tokens)
    if equals is None or opening is None or not 0 < opening < equals:
        return False
    ending = next((k for k, token in enumerate(tokens) if token.text == ")" and k > opening), equals)
    name = canonical(tokens[:opening])
    formals = [canonical([token]) for token in tokens[opening + 1 : ending] if token.text not in left_sides.PARTING]
    notation = context.notation
    if name not in functions and (notation.declared(name) is not None or any(key[0] == name for key in notation.names)):
        return False
    if ending >= equals or not formals or any(not formal.strip("\\").isalpha() for formal in formals):
        return False
    entry = canonical(tokens[ending + 2 : equals]).strip("{}") if tokens[ending + 1].text == "_" else None
    known = functions.get(name)
    if known is not None and known.body is not None:
        first = quoted(known.body.data[0])
        raise StatementFault(
            f"{name} is defined twice, in {first} and {quoted(text)}", code="given-twice", key="given", entry=text
        )
    kind = known.kind if known is not None else "vector" if entry else "elementwise"
    rest = tuple(Expression("unknown", (), formal) for formal in formals)
    functions[name] = UserFunction(
        name, kind, rest, Expression("pending", (), (text, tuple(tokens[equals + 1 :]))), entry
    )
    return True


def complete(functions: dict[str, UserFunction], context: Context) -> None:
    """Reads the bodies, with all functions known by then.

    Raises StatementFault, also where a function is defined by itself.
    """
    for name, function in list(functions.items()):
        if function.body is None or function.body.head != "pending":
            continue
        text, tokens = function.body.data
        try:
            body = Parser(
                list(tokens), 0, len(tokens), context.notation, Reading(), (function.entry,) if function.entry else ()
            ).whole()
        except Fault as fault:
            raise StatementFault(f"{quoted(text)} cannot be read: {fault.message}", key="given", entry=text) from None
        functions[name] = replace(function, body=exact(_with_formals(body, function)))
    _refuse_circles(functions)
    for name, function in list(functions.items()):
        plain = functions.get(strip_fonts(name))
        if function.body is not None and plain is not None and plain.body is None:
            functions[strip_fonts(name)] = function


def _refuse_circles(functions: Mapping[str, UserFunction]) -> None:
    """Raises StatementFault where a function is defined by itself, perhaps through others."""
    used = {
        name: {str(node.data[0]) for node in function.body.walk() if node.head == "apply"} & functions.keys()
        for name, function in functions.items()
        if function.body is not None
    }
    try:
        TopologicalSorter(used).prepare()
    except CycleError as fault:
        circle = " -> ".join(fault.args[1])
        raise StatementFault(
            f"{circle}: this function is defined by itself", code="given-circle", key="given"
        ) from None


def _with_formals(body: Expression, function: UserFunction) -> Expression:
    """A formal argument with an index is an entry of the argument."""
    names = {formal.data for formal in function.formals}

    def change(node: Expression) -> Expression:
        if node.head == "unknown" and "_{" in str(node.data):
            base, _, index = str(node.data)[:-1].partition("_{")
            if base in names:
                return Expression(
                    "entry", (Expression("unknown", (), base), Expression("index", (), index)), None, node.span
                )
        return node

    return body.map(change)


def exact(node: Expression) -> Expression:
    """Decimals in a statement are exact."""
    return node.map(lambda child: replace(child, data=(child.data[0], None)) if child.head == "number" else child)
