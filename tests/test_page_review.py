"""A class reviewed on the page: the queue, decisions for a group, by items, by points; what is refused."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import classes
import pytest
from click.testing import CliRunner

from truestep.cli import main

pytestmark = pytest.mark.usefixtures("judged_here")
testclient = pytest.importorskip("starlette.testclient", reason="starlette is not installed")

EQUAL = r"$$\frac{\partial J}{\partial W} = (\frac{\partial J}{\partial z} + \frac{\partial J}{\partial z}) x^T$$"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A class of three with a text for a person, and a file that nobody can read."""
    (tmp_path / "layers.toml").write_text(classes.HOMEWORK)
    (tmp_path / "all").mkdir()
    answers = {"ann": classes.WRONG["1(b)"], "bob": EQUAL, "<i>cora": classes.RIGHT["1(b)"]}
    for number, (name, answer) in enumerate(answers.items()):
        made = classes.tex({**classes.RIGHT, "1(b)": answer, "2": "Since <b>all</b> meet."}, identifier=name)
        (tmp_path / "all" / f"{number}.tex").write_text(made)
    (tmp_path / "all" / "eve.pdf").write_bytes(b"%PDF-1.4 nothing")
    arguments = ["grade", str(tmp_path / "layers.toml"), str(tmp_path / "all"), "--store", str(tmp_path / "store")]
    assert CliRunner().invoke(main, arguments).exit_code == 3
    return tmp_path / "store"


def client(store: Path, **more: object) -> testclient.TestClient:
    from truestep.page.app import create_app
    from truestep.page.offer import Offer

    return testclient.TestClient(create_app(Offer(store=store, reviewer="kim", **more)), base_url="http://localhost")


def addresses(page: str) -> list[str]:
    return [one.replace("&amp;", "&") for one in re.findall(r'<td[^>]*><a href="(/review/answer[^"]+)"', page)]


def marks(store: Path) -> dict[str, dict[str, str]]:
    with (store / "marks.csv").open(newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file)}


def test_a_decision_holds_for_the_group_and_marks_follow(store: Path) -> None:
    with client(store) as page:
        queue = page.get("/review").text
        assert "4 of 4 groups" in queue
        group = next(one for one in addresses(queue) if "3 students" in page.get(one).text)
        shown = page.get(group).text
        assert "Since &lt;b&gt;all&lt;/b&gt; meet." in shown
        assert "<b>all" not in shown
        assert "<i>cora" not in shown
        said = {"decision": "points", "points": "1,5", "comment": "say why"}
        done = page.post(group, data=said, follow_redirects=False)
        assert done.status_code == 303
        assert "3 of 3 groups" in page.get("/review").text
        assert "1.5 (say why) by kim" in page.get("/review?which=all").text
        assert "students" in page.post("/review").text
    assert {row["2"] for name, row in marks(store).items() if "pdf" not in name} == {"1.5"}


@pytest.mark.slow
def test_a_field_is_sent_by_return(store: Path) -> None:
    """The first button of the form is what a browser takes where a field is left with Return: it gives points alone."""
    with client(store) as page:
        shown = page.get(addresses(page.get("/review").text)[0]).text
        first = re.search(r"<button[^>]*value=\"([a-z]+)\"", shown)
        assert first is not None
        assert first[1] == "points"


@pytest.mark.slow
def test_a_file_that_was_not_read(store: Path) -> None:
    with client(store) as page:
        group = next(one for one in addresses(page.get("/review").text) if "look at the file" in page.get(one).text)
        link = re.search(r'href="(/review/file[^"]+)"', page.get(group).text)
        assert link is not None
        found = page.get(link[1].replace("&amp;", "&"))
        assert found.content == b"%PDF-1.4 nothing"
        assert found.headers["content-disposition"].startswith("attachment")


def test_what_was_decided_last_holds(store: Path) -> None:
    with client(store) as page:
        group = next(one for one in addresses(page.get("/review?which=all").text) if "The rubric" in page.get(one).text)
        page.post(group, data={"decision": "wrong"})
        page.post(group, data={"decision": "items", "item": ["0"]})
        page.get("/review")
        assert "Decided: final answer: right" in page.get(group).text
        page.post(group, data={"decision": "wrong"})
        assert "Decided: wrong by kim" in page.get(group).text


@pytest.mark.slow
def test_items_of_the_rubric(store: Path) -> None:
    with client(store) as page:
        group = next(one for one in addresses(page.get("/review?which=all").text) if "The rubric" in page.get(one).text)
        page.post(group, data={"decision": "items", "item": ["0"]})
        assert "right by kim; " in page.get(group).text.replace("\n", " ")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"decision": "points", "points": "7"}, "7 points of"),
        ({"decision": "points", "points": "many"}, "no number of points"),
        ({"decision": "perhaps"}, "nothing was decided"),
        ({}, "nothing was decided"),
    ],
)
def test_what_decides_nothing_is_told(store: Path, data: dict[str, str], said: str) -> None:
    with client(store) as page:
        assert said in page.post(addresses(page.get("/review").text)[0], data=data).text
        assert "4 of 4 groups" in page.get("/review").text


@pytest.mark.slow
def test_nobody_is_recognised_where_it_is_anonymous(store: Path) -> None:
    with client(store, is_anonymous=True) as page:
        shown = "".join(page.get(one).text for one in addresses(page.get("/review?which=all").text))
    assert "anonymous-" in shown
    assert not re.search(r"\b(ann|bob|cora)\b", shown)


@pytest.mark.slow
def test_a_group_that_is_gone_and_a_store_in_use(store: Path) -> None:
    from truestep.classes.store import Store

    with client(store) as page:
        assert "no longer in the queue" in page.get("/review/answer?group=x").text
        with Store(store):
            assert "somebody else is grading" in page.get("/review").text
        assert page.get("/review").status_code == 200
