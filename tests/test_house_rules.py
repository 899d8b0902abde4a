"""The rules of the house, over every module, and each rule with a planted violation that it catches."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from sources import ROOT

pytestmark = pytest.mark.slow  # they are the same with every Python and every dependency

ROOMS = ("derivations", "problems", "checkers", "truestep")
LONGEST = 400
FULLEST = 20
# the rooms that others stand on, with those of their package that they may use
BASES = {
    "derivations.language": (),
    "derivations.meaning": ("derivations.language",),
    "derivations.sympy": ("derivations.language",),
    "problems.findings": (),
    "checkers.documents": (),
    "checkers.comparing": (),
    "checkers.handins": ("checkers.documents",),
}

# submitted text must never reach these
FORBIDDEN = {"eval", "exec", "compile", "__import__", "sympify", "parse_expr", "lambdify", "parse_latex"}

# what a module may call while it is imported, beside making rows of its tables (names in capitals)
AT_IMPORT = {
    *(
        "re.compile",
        "getattr",
        "frozenset",
        "set",
        "tuple",
        "dict",
        "list",
        "dict.fromkeys",
        "range",
        "len",
        "sorted",
        "zip",
    ),
    *(
        "enumerate",
        "chr",
        "ord",
        "field",
        "items",
        "keys",
        "values",
        "union",
        "partial",
        "namedtuple",
        "main",
    ),
    *("logging.getLogger", "Path", "pathlib.Path", "resolve"),
    *(name for name in dir(str) if not name.startswith("_")),
}


def modules() -> list[Path]:
    return sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def sources() -> list[Path]:
    return modules() + sorted((ROOT / "tests").rglob("*.py"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def wrong_imports(room: str, tree: ast.AST) -> list[str]:
    """Imports of a room that stands above this one, and of a room by a name that a course's own folder may have."""
    below = (
        tuple(f"truestep.{name}" for name in ROOMS[: ROOMS.index(room) + 1]) if room != "truestep" else ("truestep",)
    )
    ours = [name for name in imported(tree) if name.split(".")[0] in ROOMS]
    return [name for name in ours if not f"{name}.".startswith(tuple(f"{room}." for room in below))]


def above_their_base(graph: Mapping[str, set[str]]) -> list[str]:
    """The imports by which a room that others stand on uses another of its package."""
    found = []
    for name, targets in graph.items():
        package, room = name.split(".")[1:3] if name.count(".") > 1 else ("", "")
        known = BASES.get(f"{package}.{room}")
        below = tuple(f"truestep.{one}." for one in (f"{package}.{room}", *(known or ())))
        ours = [one for one in sorted(targets) if f"{one}.".startswith(f"truestep.{package}.")]
        found += [f"{name} -> {one}" for one in ours if known is not None and not f"{one}.".startswith(below)]
    return found


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else node.attr
    return node.id if isinstance(node, ast.Name) else ""


def forbidden_calls(tree: ast.AST) -> list[str]:
    """Calls by which a text would be run."""
    return [
        dotted(node.func)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and dotted(node.func).split(".")[-1] in FORBIDDEN
        and dotted(node.func) != "re.compile"
    ]


def work_at_import(tree: ast.Module) -> list[str]:
    """Loops at the top of a module, and calls there that are neither allowed nor rows of a table."""
    found: list[str] = []
    for statement in tree.body:
        if isinstance(statement, ast.For | ast.While | ast.With | ast.Try):
            found.append(f"line {statement.lineno}: {type(statement).__name__}")
        elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr | ast.AugAssign) and statement.value:
            calls = [call for call in calls_made(statement.value) if not is_allowed(call)]
            found += [f"line {call.lineno}: {dotted(call.func)}" for call in calls]
    return found


def calls_made(node: ast.AST, in_row: bool = False) -> Iterator[ast.Call]:
    """The calls in an expression: not those in a lambda, which come later, nor helpers that fill a row."""
    if isinstance(node, ast.Call):
        name = dotted(node.func)
        if not (in_row and name.startswith("_")):
            yield node
        in_row = in_row or name[:1].isupper()
    if not isinstance(node, ast.Lambda):
        for child in ast.iter_child_nodes(node):
            yield from calls_made(child, in_row)


def is_allowed(call: ast.Call) -> bool:
    name = dotted(call.func)
    last = name.split(".")[-1]
    return name in AT_IMPORT or last in AT_IMPORT or last.lstrip("_")[:1].isupper()


def undocumented(tree: ast.Module) -> list[str]:
    """Public functions and classes of a module that have no docstring."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return [
        node.name
        for node in tree.body
        if isinstance(node, kinds) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]


def dotted_name(path: Path) -> str:
    """The name by which a module is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    parts = parts if parts[0] == "truestep" else ("truestep", *parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def import_graph(found: Mapping[Path, ast.Module]) -> dict[str, set[str]]:
    """Which modules each module imports, for types too."""
    named = {dotted_name(path): tree for path, tree in found.items()}
    graph: dict[str, set[str]] = {}
    for name, tree in named.items():
        targets = [
            (f"{node.module}.{alias.name}", node.module)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        ]
        targets += [
            (alias.name, alias.name) for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
        ]
        graph[name] = {full if full in named else module for full, module in targets if {full, module} & set(named)}
        graph[name].discard(name)
    return graph


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """Modules each of which imports the one before it, the first the last; none where there is no circle."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        modules: list[str] = found.args[1]
        return modules
    return []


@cache
def trees() -> dict[Path, ast.Module]:
    """Every module, taken apart."""
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in modules()}


@pytest.fixture(scope="module", autouse=True)
def forgotten() -> Iterator[None]:
    """What was taken apart is large, and no other tests look at it."""
    yield
    trees.cache_clear()


def violations(rule: Callable[[ast.Module], list[str]]) -> dict[str, list[str]]:
    """What goes against a rule, by the modules in which it stands."""
    return {name_of(path): found for path, tree in trees().items() if (found := rule(tree))}


def test_imports_point_one_way() -> None:
    found = {name_of(path): wrong_imports(path.relative_to(ROOT).parts[0], tree) for path, tree in trees().items()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_no_imports_go_in_a_circle() -> None:
    assert circle(import_graph(trees())) == []


def test_rooms_that_others_stand_on_use_none_above() -> None:
    graph = import_graph(trees())
    assert above_their_base(graph) == []
    assert {f"{one}." for one in BASES} <= {".".join(name.split(".")[1:3]) + "." for name in graph}
    up = {"truestep.derivations.language.shapes": {"truestep.derivations.meaning.terms"}}
    assert above_their_base(up) == ["truestep.derivations.language.shapes -> truestep.derivations.meaning.terms"]
    assert above_their_base({"truestep.derivations.meaning.a": {"truestep.derivations.language.b"}}) == []


def long(texts: Mapping[str, str]) -> list[str]:
    return [name for name, text in texts.items() if len(text.splitlines()) > LONGEST]


def test_no_module_is_long() -> None:
    assert long({name_of(path): path.read_text(encoding="utf-8") for path in sources()}) == []
    assert long({"a": "\n" * LONGEST, "b": "\n" * (LONGEST + 1)}) == ["b"]


def full(paths: Iterable[Path]) -> list[str]:
    counts = Counter(path.parent.as_posix() for path in paths if path.name != "__init__.py")
    return [folder for folder, count in counts.items() if count > FULLEST]


def test_no_folder_is_full() -> None:
    assert full(modules()) == []
    many = [Path("a") / f"m{number}.py" for number in range(FULLEST)]
    assert full([*many, Path("a/__init__.py")]) == []
    assert full([*many, Path("a/other.py")]) == ["a"]


def test_no_text_is_run() -> None:
    assert violations(forbidden_calls) == {}


def test_importing_does_no_work() -> None:
    assert violations(work_at_import) == {}


def test_what_is_public_is_documented() -> None:
    assert violations(undocumented) == {}
    assert [name_of(path) for path, tree in trees().items() if tree.body and not ast.get_docstring(tree)] == []


def test_every_room_is_looked_at() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in modules()} == set(ROOMS)


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("derivations", "from truestep.problems.statements.problem import Problem"),
        ("problems", "def later():\n    import truestep.checkers.records"),
        ("checkers", "if TYPE_CHECKING:\n    from truestep.reports import model"),
    ],
)
def test_an_import_that_points_up_is_caught(room: str, source: str) -> None:
    assert wrong_imports(room, ast.parse(source))
    assert not wrong_imports("truestep", ast.parse(source))


def test_a_circle_is_caught() -> None:
    source = "if TYPE_CHECKING:\n    from truestep.problems.{} import x"
    planted = {ROOT / f"problems/{one}.py": ast.parse(source.format(other)) for one, other in ("ab", "bc", "cb", "da")}
    assert set(circle(import_graph(planted))) == {"truestep.problems.b", "truestep.problems.c"}


def test_an_import_by_a_bare_name_is_caught() -> None:
    assert wrong_imports("truestep", ast.parse("from problems.book import BOOK"))


@pytest.mark.parametrize("source", ["eval(x)", "sympy.sympify(x)", "a.b.parse_expr(x)", "sympy.lambdify(x, y)"])
def test_running_a_text_is_caught(source: str) -> None:
    assert forbidden_calls(ast.parse(f"def f(x):\n    return {source}"))
    assert not forbidden_calls(ast.parse("P = re.compile('a')"))


@pytest.mark.parametrize(
    "source",
    ["for x in y:\n    f(x)", "TABLE = build()", "with open(p) as f:\n    pass", "X = sympy.symbols('x')"],
)
def test_work_at_import_is_caught(source: str) -> None:
    assert work_at_import(ast.parse(source))


def test_a_table_of_rows_is_no_work() -> None:
    assert not work_at_import(ast.parse("T = (Row('a', lambda x: f(x)), Row(_g('c')))\nB = {r.a: r for r in T}"))


def test_a_missing_docstring_is_caught() -> None:
    assert undocumented(ast.parse("def f():\n    return 1\nclass _Hidden:\n    pass")) == ["f"]
