"""What is declared once holds everywhere: every key survives a file, is told when mistyped, and is in the schema."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from msgspec import inspect

from truestep.checkers.derive_records import derive_record
from truestep.checkers.records import check_record
from truestep.cli import main
from truestep.commands.schemas import KINDS, schema_of
from truestep.derivations.language.faults import StatementFault
from truestep.problems.book import find_problem, identifiers
from truestep.problems.homework.homework import Homework
from truestep.problems.homework.homework_file import homework_from, load_homework
from truestep.problems.homeworks import homework_text, homeworks
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.schema import keys_of, made, misfits
from truestep.problems.statements.statement import load_problem, problem_from, statement_of
from truestep.problems.statements.toml.files import table_in
from truestep.problems.statements.toml.writing import as_toml

ROOT = Path(__file__).parent.parent
TEXT = "it's \\frac{1}{2}"


def structs(kind: Any) -> Iterator[type[msgspec.Struct]]:
    """The structs that a type is made of."""
    if isinstance(kind, inspect.StructType):
        yield kind.cls
    inner = (getattr(kind, name, None) for name in ("type", "item_type", "value_type"))
    for one in (*filter(None, inner), *getattr(kind, "types", ()), *getattr(kind, "fields", ())):
        yield from structs(one)


DECLARED = tuple(dict.fromkeys(structs(inspect.type_info(Homework))))


def sample(kind: inspect.Type, default: Any = None) -> Any:
    """A value of a type other than the default."""
    match kind:
        case inspect.Metadata():
            return sample(kind.type, default)
        case inspect.UnionType():
            return sample(next(one for one in kind.types if not isinstance(one, inspect.NoneType)))
        case inspect.StructType():
            return kind.cls(**{key.name: sample(key.type, key.default) for key in kind.fields})
        case inspect.VarTupleType():
            return (sample(kind.item_type),) * 2
        case inspect.TupleType():
            return tuple(float(place) for place in range(len(kind.item_types)))
        case inspect.DictType():
            return {"a_1": sample(kind.value_type), "it's": sample(kind.value_type)}
        case inspect.LiteralType():
            return next(one for one in kind.values if one != default)
        case inspect.FloatType():
            return 0.5 if kind.le == 1 else 2.5
        case inspect.BoolType():
            return default is not True
        case _:
            return TEXT


@lru_cache
def full(declared: type[msgspec.Struct]) -> Any:
    return sample(inspect.type_info(declared))


def table_of(struct: msgspec.Struct) -> Any:
    return json.loads(msgspec.json.encode(struct))


@pytest.mark.parametrize("declared", DECLARED)
def test_every_key_survives_toml_and_json(declared: type[msgspec.Struct]) -> None:
    table = table_of(full(declared))
    assert set(table) == set(keys_of(declared))
    assert made(table_in(as_toml(table), ".toml"), declared) == full(declared)
    assert made(table_in(json.dumps(table), ".json"), declared) == full(declared)


@pytest.mark.parametrize("declared", DECLARED)
def test_a_key_that_is_dropped_is_caught(declared: type[msgspec.Struct]) -> None:
    table = table_of(full(declared))
    for key in declared.__struct_encode_fields__:
        left = {name: value for name, value in table.items() if name != key}
        assert misfits(left, declared) or made(left, declared) != full(declared), key


@pytest.mark.parametrize("declared", DECLARED)
def test_a_mistyped_key_is_told_with_the_right_one(declared: type[msgspec.Struct]) -> None:
    for key in keys_of(declared):
        (told,) = [one for one in misfits({key + "x": 1}, declared) if one.of_key]
        assert key in told.repair, told


@pytest.mark.parametrize("identifier", identifiers())
def test_the_book_survives_a_file_and_fits_the_schema(identifier: str) -> None:
    problem = find_problem(identifier)
    table = statement_of(problem)
    assert problem_from(table_in(as_toml(table), ".toml")) == problem_from(table) == problem
    assert not faults("problem", table)


@pytest.mark.parametrize("name", homeworks())
def test_a_homework_survives_a_file_and_fits_the_schema(name: str) -> None:
    homework = load_homework(name)
    assert homework_from(table_in(as_toml(table_of(homework)), ".toml")) == homework
    assert not faults("homework", tomllib.loads(homework_text(name)))


@lru_cache
def validator(kind: str, is_input: bool = False) -> Draft202012Validator:
    schema = schema_of(kind, is_input)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def faults(kind: str, value: Any, is_input: bool = False) -> list[str]:
    """What a schema finds in a value as JSON."""
    plain = json.loads(json.dumps(value))
    return [error.message for error in validator(kind, is_input).iter_errors(plain)]


@pytest.mark.parametrize(
    "table",
    [
        {"find": "x", "given": ["x = 1"]},
        {"find": 3},
        {"layout": "rows"},
        {"points": -1},
        {"points": True},
        {"anwser": "x"},
        {"symbols": {"x": 3, "K": "size"}},
        {"symbols": ["x"]},
        {"final_form": "no sums"},
        {"final_form": ["no sum"]},
        {"marking": {"final": "1"}},
        {"marking": {"deduct": {"norm": 0.5}}},
        {"points": None},
    ],
)
def test_the_schema_and_the_reader_refuse_the_same(table: dict[str, Any]) -> None:
    assert bool(faults("problem", table)) == bool(misfits(table, Problem))


SQUARE = {"symbols": {"x": "n", "f": "scalar"}, "given": ["f = x^T x"], "find": r"\frac{\partial f}{\partial x}"}
MARKED = {**SQUARE, "points": 4, "final_form": ["no sums"], "finds": "x"}
WORKS = (
    ["= 2 x"],
    ["= x"],
    ["= x^T"],
    [],
    ["= q"],
    ["= x^{", r"\frac{\partial f}{\partial x_i} = \sum_k 2 x_k \delta_{ik}", "= 2 x"],
)


@pytest.mark.parametrize("problem", [SQUARE, MARKED], ids=["plain", "marked"])
@pytest.mark.parametrize("lines", WORKS)
def test_check_records_fit_their_schema(problem: dict[str, Any], lines: list[str]) -> None:
    asked = {"id": 1, "problem": problem, "lines": lines}
    record = check_record(asked)
    assert not faults("check", record), record
    assert bool(record.get("ignored")) == (problem is MARKED)
    assert bool(faults("check", asked, is_input=True)) == (problem is MARKED)


@pytest.mark.slow
def test_records_of_other_kinds_fit_their_schema() -> None:
    seeds = sorted((ROOT / "examples" / "seeds").rglob("problem.toml"))
    works = [(path, work) for path in seeds for work in sorted(path.parent.glob("submission.*"))]
    for path, work in works[::4]:
        problem = statement_of(load_problem(str(path)))
        record = check_record({"id": str(path), "problem": problem, "submission": work.read_text("utf-8")})
        assert not faults("check", record), record
    assert works
    assert not faults("check", check_record({"id": None, "problem": "no-such-id", "lines": []}))
    for question in load_homework("cmu-10315-hw5").questions:
        if question.problem is not None and question.problem.kind != "expression":
            record = check_record({"id": question.id, "problem": statement_of(question.problem), "lines": ["ReLU"]})
            assert not faults("check", record), record


@pytest.mark.parametrize(
    "problem", [SQUARE, {"find": "x"}, {"kind": "choice", "options": {}}, {"find": 3}, "bce-logit"]
)
def test_derive_records_fit_their_schema(problem: Any) -> None:
    record = derive_record({"id": "a", "problem": problem})
    assert not faults("derive", record), record


def test_a_field_that_is_not_declared_is_caught() -> None:
    record = check_record({"id": 1, "problem": SQUARE, "lines": ["= 2 x"]})
    assert faults("check", {**record, "verdikt": "right"})
    assert faults("check", {**record, "lines": [{**record["lines"][0], "vredict": "right"}]})
    assert faults("derive", {"id": 1, "status": "made up"})


def test_the_command_prints_what_is_declared() -> None:
    for kind in KINDS:
        assert json.loads(CliRunner().invoke(main, ["schema", kind]).output) == json.loads(json.dumps(schema_of(kind)))
    printed = CliRunner().invoke(main, ["schema", "check", "--input"]).output
    assert json.loads(printed) == json.loads(json.dumps(schema_of("check", is_input=True)))
    assert CliRunner().invoke(main, ["schema", "problem", "--input"]).exit_code == 2


@pytest.mark.parametrize("text", ["find = '2'\nauthor = 'me'", "find = '2'\n[marking]\nfinale = 2"])
def test_a_problem_file_with_a_key_that_is_not_known_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "p.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StatementFault, match="is no key of a"):
        load_problem(str(path))
