"""The page: what each address answers, to whom, and how much of a solution; without a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from page_tree import PROBLEM, RIGHT, SLIP, STATEMENT
from sources import ROOT

pytest.importorskip("starlette")

from starlette.testclient import TestClient

from truestep.page import app as served
from truestep.page import judging
from truestep.page.app import LARGEST, create_app
from truestep.page.offer import Offer
from truestep.problems.book import identifiers
from truestep.reports.levels import LEVELS, Reveal

HERE = "http://127.0.0.1:8421"
HOMEWORK = "cmu-10315-hw5"
ASKED = f"{HOMEWORK}/1(a)"
SECONDS = 20.0  # nothing here is about time
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def client_of(offer: Offer, **options: Any) -> TestClient:
    return TestClient(create_app(offer), base_url=HERE, **options)


@pytest.fixture(scope="module")
def client() -> TestClient:
    return client_of(Offer(seconds=SECONDS))


@pytest.fixture(scope="module")
def course() -> TestClient:
    return client_of(Offer(homeworks=(HOMEWORK,), seconds=SECONDS))


def check(client: TestClient, **sent: Any) -> dict[str, Any]:
    answer = client.post("/api/check", json={"problem": PROBLEM, **sent})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert set(found) == {"said", "verdict", "html", "rows"}
    return found


# What each address answers.


def test_the_list_leads_to_every_problem(client: TestClient) -> None:
    text = client.get("/").text
    assert all(f'href="/problem/{name}"' in text for name in identifiers())


def test_what_is_looked_for_is_found(client: TestClient) -> None:
    assert f'href="/problem/{PROBLEM}"' in client.get("/", params={"q": " JACOBIAN of the softmax"}).text
    assert "No question is called so." in client.get("/", params={"q": "xyzzy"}).text


@pytest.mark.parametrize("name", identifiers()[::23])
def test_a_question_is_shown(client: TestClient, name: str) -> None:
    answer = client.get(f"/problem/{name}")
    assert answer.status_code == 200
    assert "The question" in answer.text
    assert "<math" in answer.text


def test_an_example_to_type_into(client: TestClient, course: TestClient) -> None:
    link = f"/problem/{served.EXAMPLE}?example"
    assert f'href="{link}"' in client.get("/").text
    assert "?example" not in course.get("/").text
    assert "\\delta_{ij} + s_i s_j" in client.get(link).text
    assert check(client, text=served.EXAMPLE_WORK)["verdict"] == "wrong"
    assert check(client, text=served.EXAMPLE_WORK.replace("} + s", "} - s"))["verdict"] == "right"


def test_a_slip_is_named_where_it_stands(client: TestClient) -> None:
    found = check(client, text=RIGHT + SLIP)
    assert (found["verdict"], found["said"]) == ("wrong", "Row 2 does not hold.")
    assert [(row["line"], row["verdict"]) for row in found["rows"]] == [(1, "right"), (3, "wrong")]
    assert "Try it with numbers" in found["html"]


def test_what_is_right_is_right(client: TestClient) -> None:
    assert check(client, text=RIGHT)["said"] == "All is right."
    assert check(client, text=" \n")["said"] == judging.NOTHING


def test_a_form_is_answered_as_a_script_is(client: TestClient) -> None:
    text = RIGHT + SLIP
    answer = client.post(f"/problem/{PROBLEM}", data={"text": text})
    assert answer.status_code == 200
    assert check(client, text=text)["html"] in answer.text
    assert "Row 2 does not hold." in answer.text
    multipart = client.post(f"/problem/{PROBLEM}", files={"text": (None, text.encode())})
    assert multipart.text == answer.text


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tests/data/documents").glob("*.[imt]*[!s]")), ids=lambda path: path.name
)
def test_files_of_every_kind_are_read(client: TestClient, path: Path) -> None:
    found = check(client, text=path.read_text("utf-8"), name=path.name)
    assert found["rows"]
    assert found["html"]


def test_a_statement_is_looked_through(client: TestClient) -> None:
    assert client.get("/write").status_code == 200
    sound = client.post("/api/draft", json={"text": STATEMENT}).json()
    assert (sound["verdict"], sound["rows"]) == ("right", [])
    assert "The derivation" in sound["html"]
    broken = client.post("/api/draft", json={"text": STATEMENT.replace("f = 'scalar'", "f = 'n'")}).json()
    assert broken["verdict"] == "wrong"
    assert broken["rows"]
    form = client.post("/write", data={"text": STATEMENT})
    assert sound["html"] in form.text


def test_a_course_shows_its_own_questions_alone(course: TestClient) -> None:
    assert f"/problem/{HOMEWORK}/1%28a%29" in course.get("/").text
    assert course.get(f"/problem/{ASKED}").status_code == 200
    assert check(course, problem=ASKED, text="$x = 1$")["html"]
    for address in (f"/problem/{PROBLEM}", "/write", "/review", f"/problem/{HOMEWORK}", f"/problem/{HOMEWORK}/99"):
        assert course.get(address).status_code == 404, address
    assert course.post("/api/draft", json={"text": STATEMENT}).status_code == 404
    assert course.post("/api/check", json={"problem": PROBLEM, "text": RIGHT}).status_code == 400


# What keeps the page to itself.


def answers(client: TestClient) -> Iterator[tuple[str, Any]]:
    """An answer of every kind."""
    for path in ("/", f"/problem/{PROBLEM}", "/write", "/static/page.js", "/static/page.css", "/static/report.css"):
        yield path, client.get(path)
        yield f"HEAD {path}", client.head(path)
    for path in ("/nothing", "/problem/nothing", "/static/nothing", "/static/../app.py", "/static/%2e%2e/app.py"):
        yield path, client.get(path)
    yield "a method", client.request("DELETE", "/")
    yield "a method of the interface", client.get("/api/check")
    yield "a form", client.post(f"/problem/{PROBLEM}", data={"text": SLIP})
    yield "a check", client.post("/api/check", json={"problem": PROBLEM, "text": SLIP})
    yield "no JSON", client.post("/api/check", content=b"{")
    yield "another host", client.get("/", headers={"host": "evil.example"})
    yield "another origin", client.post("/api/check", json={}, headers={"origin": "http://evil.example"})
    yield "too much", client.post("/api/check", content=b"x" * (5 * LARGEST))


def test_every_answer_has_the_headers(client: TestClient) -> None:
    seen = set()
    for name, answer in answers(client):
        seen.add(answer.status_code)
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
        assert policy == POLICY, name
        assert {key: answer.headers.get(key) for key in HEADERS} == HEADERS, name
        assert "set-cookie" not in answer.headers
        assert "access-control-allow-origin" not in answer.headers
    assert seen == {200, 400, 403, 404, 405, 413}


def test_a_failure_has_the_headers_and_says_nothing_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*given: object) -> str:
        raise RuntimeError("secret")

    monkeypatch.setattr(served, "asked", failing)
    client = client_of(Offer(), raise_server_exceptions=False)
    sent = client.post("/api/check", json={"problem": PROBLEM, "text": RIGHT})
    form = client.post(f"/problem/{PROBLEM}", data={"text": RIGHT})
    for answer in (sent, form):
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert "truestep failed here" in answer.text
        assert answer.headers["content-security-policy"]
    assert sent.json()["verdict"] == "unreadable"


def test_nothing_is_loaded_from_elsewhere(client: TestClient) -> None:
    for path in ("/", f"/problem/{PROBLEM}", "/write", "/nothing"):
        text = client.get(path).text
        assert "://" not in text.replace("http://www.w3.org", ""), path
        assert "<style" not in text
        assert " style=" not in text
        assert text.count("<script") == text.count("<script src=")


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8421",
        "127.0.0.1.evil.example",
        "localhost.evil.example:80",
        "10.0.0.1",
        "",
        "[::2]:80",
    ],
)
def test_a_foreign_host_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1:8421", "localhost:8421", "localhost", "[::1]:8421", "[::1]"])
def test_this_machine_is_answered_by_its_names(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200
    sent = {"host": host, "origin": f"http://{host}"}
    assert client.post("/api/check", json={"problem": PROBLEM, "text": ""}, headers=sent).status_code == 200


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "https://127.0.0.1:8421", "http://127.0.0.1:9", "http://localhost:8421", "file://"],
)
def test_a_foreign_origin_is_refused(client: TestClient, origin: str) -> None:
    for path in ("/api/check", "/api/draft", "/write", f"/problem/{PROBLEM}"):
        assert client.post(path, json={}, headers={"origin": origin}).status_code == 403


# How much of a solution is shown.

MARKS = {"hint": "Rules that a derivation", "answer": "<h3>The answer</h3>", "steps": "<h3>A derivation</h3>"}


@pytest.mark.parametrize("allowed", LEVELS)
@pytest.mark.parametrize("homeworks", [(), (HOMEWORK,)], ids=["book", "course"])
def test_no_more_is_revealed_than_the_course_lets(allowed: Reveal, homeworks: tuple[str, ...]) -> None:
    client = client_of(Offer(homeworks=homeworks, reveal=allowed, seconds=SECONDS))
    name = ASKED if homeworks else PROBLEM
    for wanted in (*LEVELS, "all", "STEPS", ""):
        least = min(LEVELS.index(allowed), LEVELS.index(wanted) if wanted in LEVELS else 0)
        sent = check(client, problem=name, text="$$x = 1$$", reveal=wanted)["html"]
        form = client.post(f"/problem/{name}", data={"text": "$$x = 1$$", "reveal": wanted}).text
        for level, mark in MARKS.items():
            may = LEVELS.index(level) <= least
            for text in (sent, form):
                assert may or mark not in text, (wanted, level)
                assert not may or level == "hint" or mark in text, (wanted, level)
    shown = client.get(f"/problem/{name}", params={"reveal": "steps"}).text
    assert [level for level in LEVELS[1:] if f'value="{level}"' in shown] == list(LEVELS[1 : LEVELS.index(allowed) + 1])


# Requests that no page sends.


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b"3", b'"x"', b"\xff", b"[" * 200_000, b'{"a":' * 100_000, b"NaN", b'{"problem": {}}'],
    ids=lambda body: repr(body[:8]),
)
@pytest.mark.parametrize("path", ["/api/check", "/api/draft"])
def test_what_is_no_request_is_refused(client: TestClient, path: str, body: bytes) -> None:
    answer = client.post(path, content=body)
    if path == "/api/draft" and b"problem" in body:
        assert answer.status_code == 200
    else:
        assert answer.status_code == 400
        assert answer.json()["said"]


@pytest.mark.parametrize("value", [None, 3, [], {}, True, ["steps"]], ids=repr)
@pytest.mark.parametrize("key", ["problem", "text", "reveal", "name"])
def test_a_value_that_is_no_text_is_refused(client: TestClient, key: str, value: object) -> None:
    answer = client.post("/api/check", json={"problem": PROBLEM, "text": "x", key: value})
    assert (answer.status_code, answer.json()["said"]) == (400, f"{key} is no text")


def test_a_file_where_a_text_belongs_is_refused(client: TestClient) -> None:
    sent = {"text": ("a.tex", b"$$x = 1$$")}
    assert client.post(f"/problem/{PROBLEM}", files=sent).status_code == 404
    assert client.post("/write", files=sent).status_code == 404


def test_a_text_has_its_largest_size(client: TestClient) -> None:
    most = "x" * LARGEST
    for path in ("/api/check", "/api/draft"):
        assert client.post(path, json={"problem": PROBLEM, "text": most}).status_code == 200
        assert client.post(path, json={"problem": PROBLEM, "text": most + "x"}).status_code == 413
        assert client.post(path, json={"problem": PROBLEM, "text": "€" * (LARGEST // 2)}).status_code == 413
    for path in (f"/problem/{PROBLEM}", "/write"):
        assert client.post(path, data={"text": most}).status_code == 200
        assert client.post(path, data={"text": most + "x"}).status_code == 413
        assert client.post(path, data={"text": "%" * (2 * LARGEST)}).status_code == 413
        assert client.post(path, files={"text": (None, most + "x")}).status_code == 413


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/api/check", "application/json"),
        (f"/problem/{PROBLEM}", "application/x-www-form-urlencoded"),
        ("/write", "multipart/form-data; boundary=a"),
    ],
)
def test_a_flood_is_not_taken(client: TestClient, path: str, kind: str) -> None:
    begin = b'--a\r\ncontent-disposition: form-data; name="text"\r\n\r\n' if "multipart" in kind else b"text="
    flood = (begin if not number else b"x" * LARGEST for number in range(8))
    assert client.post(path, content=flood, headers={"content-type": kind}).status_code == 413


def test_no_name_in_a_request_opens_a_file(client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("title = 'SECRET'\n" + STATEMENT)
    monkeypatch.chdir(tmp_path)
    reads: list[str] = []
    opened = Path.open

    def noted(self: Path, *more: Any, **others: Any) -> Any:
        reads.append(str(self))
        return opened(self, *more, **others)

    monkeypatch.setattr(Path, "open", noted)
    course = client_of(Offer(homeworks=(HOMEWORK,), seconds=SECONDS))
    names = (
        str(path),
        "mine.toml",
        "./mine.toml",
        f"{HOMEWORK}/../mine.toml",
        "../mine.toml",
        f"{path}/1",
        "/etc/passwd",
    )
    for name in (*names, "\0", "mine.toml\0", HOMEWORK, f"{HOMEWORK}/1(a)/../../mine.toml"):
        for one in (client, course):
            answer = one.post("/api/check", json={"problem": name, "text": "x", "name": str(path)})
            assert answer.status_code == 400
            assert "SECRET" not in answer.text
    for name in names:
        for one in (client, course):
            assert one.get("/problem/" + name.replace("/", "%2F")).status_code == 404
    found = check(client, text="$$x = 1$$", name=str(path))
    assert "SECRET" not in json.dumps(found)
    assert not [one for one in reads if "mine" in one or "passwd" in one]
