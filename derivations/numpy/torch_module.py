"""The derived gradients as a PyTorch script that holds them against autograd."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from truestep.derivations.numpy.code import python_name
from truestep.derivations.numpy.module import NAME
from truestep.derivations.numpy.torch_code import torch_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.derivations.deriving.steps import Forward, Solution
    from truestep.derivations.language.shapes import Dims

SMALLEST = 3
CALLED = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?=\()")
PARTIAL = re.compile(r"d\w+_d\w+")
HEAD = "torch.set_default_dtype(torch.float64)\ntorch.manual_seed(0)"
HELPER = '''

def derivative(quantity, by):
    """The axes are those of the derived code: what it is taken by comes first."""
    found = jacobian(quantity, by, create_graph=True)
    place = found.dim() - by.dim()
    return found.permute([*range(place, found.dim()), *range(place)])

'''


def torch_module(solutions: Sequence[Solution]) -> str:
    """The source of a script that compares each derivative with autograd at random tensors.

    Empty where nothing is a derivative of what is made from its inputs at once; a recurrence is made step by step.
    """
    made = [one for one in solutions if one.forward.assignments or one.forward.unspecified]
    derivatives = [one for one in made if one.forward.by and one.numpy]
    if not derivatives:
        return ""
    script = _Script([one.forward for one in derivatives])
    checks = [line for one in derivatives for line in ("", *script.check(one))]
    body = "\n".join([*script.drawn(), *checks])
    called = ", ".join(dict.fromkeys(one.forward.derivative for one in derivatives))
    imports = "import math\n\nimport torch" if "math." in body else "import torch"
    imports += "\nfrom torch.autograd.functional import jacobian"
    helper = HELPER if "derivative(" in body else ""
    return f'"""{called}, held against PyTorch\'s autograd."""\n\n{imports}\n\n{HEAD}\n{helper}\n{body}\n'


class _Script:
    """What all checks share: sizes, tensors that come in, quantities, and upstream gradients."""

    def __init__(self, several: Sequence[Forward]) -> None:
        self.inputs = {name: dims for one in several for name, dims in one.inputs}
        self.known = dict(fact for one in several for fact in one.known)
        self.unspecified = dict(fact for one in several for fact in one.unspecified)
        assigned = dict(fact for one in several for fact in one.assignments)
        used = dict.fromkeys(size for dims in self.inputs.values() for size in dims if isinstance(size, str))
        named = [python_name(size) for size in used if size.isidentifier()]
        self.sizes = {name: SMALLEST + len(named) - place for place, name in enumerate(named, start=1)}
        self.steps = self._in_order(assigned)
        self.told: set[str] = set()

    def _in_order(self, assigned: dict[str, str]) -> dict[str, str]:
        """Each quantity after those that it is made of; an unspecified one is any that has its upstream gradient."""
        for of, parents in self.unspecified.items():
            terms = [f"({_upstream(of, by)} * {by}).sum()" for by in parents]
            assigned.setdefault(of, " + ".join(terms))
        steps: dict[str, str] = {}

        def place(name: str) -> None:
            if name in steps or name not in assigned:
                return
            code = assigned[name]
            for other in dict.fromkeys(NAME.findall(code)):
                if other != name:
                    place(other)
            made = code if name in self.unspecified else torch_code(code, self.sizes)
            steps[name] = made if NAME.search(made) else f"torch.tensor({made})"

        for name in assigned:
            place(name)
        return steps

    def drawn(self) -> Iterator[str]:
        """Random tensors of some sizes, and what they make; a function of which nothing is known is some function."""
        called = {name for code in self.steps.values() for name in CALLED.findall(code)}
        yield from (f"{name} = torch.tanh  # some function" for name in sorted(called))
        yield from (f"{name} = {size}" for name, size in self.sizes.items())
        for name, dims in self.inputs.items():
            if name in self.unspecified:
                continue
            yield f"{name} = {self._draw(name, dims)}"
        for name, code in self.steps.items():
            for by in self.unspecified.get(name, ()):
                yield f"{_upstream(name, by)} = torch.rand_like({by})"
            yield f"{name} = {code}"

    def _draw(self, name: str, dims: Dims) -> str:
        sizes = [_size(size) for size in dims if size != 1]
        shape = ", ".join(sizes)
        match self.known.get(name):
            case "label":
                return "1"
            case "symmetric":
                return f"torch.ones({shape}) + {sizes[0]} * torch.eye({sizes[0]})"
            case int() as axis if sizes:
                dim = min(axis, len(sizes) - 1)
                return f"torch.softmax(torch.randn({shape}), {dim})"
        if len(sizes) == 2 and sizes[0] == sizes[1]:
            return f"torch.rand({shape}) + torch.eye({sizes[0]})"
        return f"torch.rand({shape})" if sizes else "torch.rand(())"

    def check(self, solution: Solution) -> Iterator[str]:
        """The derivative as derived, by autograd, and the comparison."""
        forward = solution.forward
        derived = torch_code(solution.numpy, self.sizes)
        yield from self._partials({name for name in NAME.findall(derived) if PARTIAL.fullmatch(name)})
        of, by = forward.of if forward.of in self.steps else forward.value, tuple(dict.fromkeys(forward.by))
        name = f"{of}_of_{'_'.join(by)}"
        yield from self._function(name, of, by)
        yield f"derived = {derived}"
        yield f"autograd = {self._autograd(name, forward)}"
        if forward.is_apart:
            yield "apart = ~torch.eye(*autograd.shape, dtype=torch.bool)"
            yield "derived, autograd = derived.expand_as(autograd)[apart], autograd[apart]"
        yield "assert torch.allclose(derived.expand_as(autograd), autograd), (derived, autograd)"
        yield f'print("{forward.derivative}: as autograd has it")'

    def _partials(self, wanted: set[str]) -> Iterator[str]:
        """The derivatives by what stands in between of which the derived code makes use."""
        given = {_upstream(of, by) for of, parents in self.unspecified.items() for by in parents}
        for of in self.steps:
            for by in (*self.steps, *self.inputs):
                name = _upstream(of, by)
                if name in wanted - given - self.told:
                    self.told.add(name)
                    yield from self._function(f"{of}_of_{by}", of, (by,))
                    yield f"{name} = derivative({of}_of_{by}, {by})"
                    yield ""

    def _function(self, name: str, of: str, by: Sequence[str]) -> Iterator[str]:
        """A quantity as a function of what it is differentiated by."""
        yield f"def {name}({', '.join(by)}):"
        for step in self._between(of, by):
            yield f"    {step} = {self.steps[step]}"
        yield f"    return {of}"
        yield ""

    def _between(self, of: str, by: Sequence[str]) -> list[str]:
        """The quantities on the ways from what it is taken by."""
        reached, needed = set(by), {of}
        for step, code in self.steps.items():
            if step not in by and reached & {*NAME.findall(code)}:
                reached.add(step)
        for step in reversed(self.steps):
            if step in needed:
                needed |= {*NAME.findall(self.steps[step])}
        return [step for step in self.steps if step in reached & needed and step not in by]

    def _autograd(self, name: str, forward: Forward) -> str:
        """The derivative by autograd, with the axes of code."""
        first, *rest = forward.by
        if not rest:
            if forward.is_diagonal:
                return f"torch.diagonal(derivative({name}, {first}))"
            is_scalar = _rank(forward.dims) == _rank(self.inputs.get(first, ()))
            return f"jacobian({name}, {first})" if is_scalar else f"derivative({name}, {first})"
        if rest == [first]:
            return f"derivative(lambda {first}: derivative({name}, {first}), {first})"
        inner = f"derivative(lambda {rest[0]}: {name}({first}, {rest[0]}), {rest[0]})"
        return f"derivative(lambda {first}: {inner}, {first})"


def _rank(dims: Dims) -> int:
    """How many axes an array has."""
    return sum(size != 1 for size in dims)


def _upstream(of: str, by: str) -> str:
    return f"d{of}_d{by}"


def _size(size: object) -> str:
    return python_name(str(size)) if str(size).isidentifier() else f"({size})"
