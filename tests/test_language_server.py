"""The language server over standard input and output, spoken to by a client library, as an editor does."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from sources import ROOT

pytest.importorskip("pygls")

from cattrs import Converter
from click.testing import CliRunner
from lsprotocol import types
from pygls.lsp.client import LanguageClient
from pygls.protocol import default_converter

import truestep
from truestep.cli import main
from truestep.commands.editing import language_server

FRONT = "---\ntruestep: {symbols: {s: scalar}, answer: s - s^2}\n---\n"
WRONG = FRONT + "𝛼𝛼 So\n\n> $$\\begin{align}\n> s(1 - s) &= s - s^2 \\\\\n>  &= s + s^2\n> \\end{align}$$\n"
SECONDS = 60
Talk = Callable[["Editor"], Awaitable[None]]


def converter() -> Converter:
    """As the library's own, which takes an action that has a command for the command."""
    made = default_converter()

    def action(given: Any, _: object) -> types.Command | types.CodeAction:
        is_command = isinstance(given["command"], str)
        return made.structure(given, types.Command) if is_command else made.structure(given, types.CodeAction)

    made.register_structure_hook(types.Command | types.CodeAction, action)
    return made


class Editor:
    """A client with a server of its own."""

    def __init__(self, folder: Path, encoding: types.PositionEncodingKind, opens: bool = False) -> None:
        self.client = LanguageClient("an editor", "1", converter_factory=converter)
        self.folder, self.encoding = folder, encoding
        self.window = types.WindowClientCapabilities(show_document=types.ShowDocumentClientCapabilities(opens))
        self.found: dict[str, list[types.Diagnostic]] = {}
        self.shown: list[str] = []
        self.opened: list[str] = []
        self.is_told = asyncio.Event()

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: types.PublishDiagnosticsParams) -> None:
            self.found[params.uri] = list(params.diagnostics)
            self.is_told.set()

        @self.client.feature(types.WINDOW_SHOW_MESSAGE)
        def said(params: types.ShowMessageParams) -> None:
            self.shown.append(params.message)

        @self.client.feature(types.WINDOW_SHOW_DOCUMENT)
        def opens(params: types.ShowDocumentParams) -> types.ShowDocumentResult:
            self.opened.append(Path(unquote(urlsplit(params.uri).path)).read_text("utf-8"))
            return types.ShowDocumentResult(success=True)

    async def __aenter__(self) -> Editor:
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        await self.client.start_io(sys.executable, "-m", "truestep", "lsp", cwd=self.folder, env=env)
        general = types.GeneralClientCapabilities(position_encodings=[self.encoding])
        able = types.ClientCapabilities(general=general, window=self.window)
        wish = types.InitializeParams(able, root_uri=self.folder.as_uri())
        self.server = await self.client.initialize_async(wish)
        self.client.initialized(types.InitializedParams())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.shutdown_async(None)
        self.client.exit(None)
        await asyncio.wait_for(self.client.stop(), SECONDS)

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    async def open(self, name: str, text: str) -> list[types.Diagnostic]:
        item = types.TextDocumentItem(self.uri(name), "markdown", 1, text)
        return await self.told(name, lambda: self.client.text_document_did_open(types.DidOpenTextDocumentParams(item)))

    async def change(self, name: str, text: str, version: int) -> list[types.Diagnostic]:
        document = types.VersionedTextDocumentIdentifier(version, self.uri(name))
        whole = types.DidChangeTextDocumentParams(document, [types.TextDocumentContentChangeWholeDocument(text)])
        return await self.told(name, lambda: self.client.text_document_did_change(whole))

    async def told(self, name: str, act: Callable[[], None]) -> list[types.Diagnostic]:
        self.is_told.clear()
        act()
        await asyncio.wait_for(self.is_told.wait(), SECONDS)
        return self.found[self.uri(name)]

    async def hover(self, name: str, line: int, character: int) -> str:
        place = types.HoverParams(types.TextDocumentIdentifier(self.uri(name)), types.Position(line, character))
        found = await self.client.text_document_hover_async(place)
        return found.contents.value if found is not None and isinstance(found.contents, types.MarkupContent) else ""


def talked(
    folder: Path,
    talk: Talk,
    encoding: types.PositionEncodingKind = types.PositionEncodingKind.Utf16,
    opens: bool = False,
) -> None:
    async def whole() -> None:
        async with Editor(folder, encoding, opens) as editor:
            await talk(editor)

    asyncio.run(asyncio.wait_for(whole(), 3 * SECONDS))


@pytest.mark.slow
def test_a_work_is_checked_as_it_is_typed(tmp_path: Path) -> None:
    async def talk(editor: Editor) -> None:
        (found,) = await editor.open("a b.md", WRONG)
        assert (found.code, found.severity, found.source) == ("sign", types.DiagnosticSeverity.Error, "truestep")
        line = WRONG.splitlines()[found.range.start.line]
        assert line[found.range.start.character : found.range.end.character] == "s^2"
        said = await editor.hover("a b.md", found.range.start.line, found.range.start.character)
        assert said.splitlines() == [
            "answer: wrong",
            "read as = s + s^2",
            "For s = 1: what the line continues 0, this line 2.",
        ]
        assert await editor.hover("a b.md", 0, 0) == ""
        assert await editor.change("a b.md", WRONG.replace("s + s^2", "s - s^2"), 2) == []
        assert "proved" in await editor.hover("a b.md", 6, 4)
        closed = types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(editor.uri("a b.md")))
        assert await editor.told("a b.md", lambda: editor.client.text_document_did_close(closed)) == []

    talked(tmp_path, talk)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("encoding", "column"),
    [(types.PositionEncodingKind.Utf16, 20), (types.PositionEncodingKind.Utf32, 18)],
    ids=["utf-16", "utf-32"],
)
def test_columns_are_those_of_the_editor(tmp_path: Path, encoding: types.PositionEncodingKind, column: int) -> None:
    async def talk(editor: Editor) -> None:
        (found,) = await editor.open("a.md", FRONT + "𝛼𝛼 $$s(1-s) = s + s^2$$\n")
        assert (found.range.start.line, found.range.start.character) == (3, column)

    talked(tmp_path, talk, encoding)


@pytest.mark.slow
@pytest.mark.parametrize("opens", [False, True])
def test_a_finding_is_explained(tmp_path: Path, opens: bool) -> None:
    async def talk(editor: Editor) -> None:
        found = await editor.open("a.md", WRONG)
        asked = types.CodeActionParams(
            types.TextDocumentIdentifier(editor.uri("a.md")), found[0].range, types.CodeActionContext(found)
        )
        (action,) = await editor.client.text_document_code_action_async(asked) or []
        assert isinstance(action, types.CodeAction)
        assert action.command is not None
        told = types.ExecuteCommandParams(action.command.command, action.command.arguments)
        said: Any = await editor.client.workspace_execute_command_async(told)
        assert said.startswith("A sign is wrong")
        assert "Ask yourself." in said
        for _ in range(100):
            await asyncio.sleep(0 if editor.shown or editor.opened else 0.1)
        assert [one.split() for one in editor.opened] == [said.split()] * opens
        assert editor.shown == [said] * (not opens)

    talked(tmp_path, talk, opens=opens)


@pytest.mark.parametrize(
    ("name", "text", "codes"),
    [
        ("a.md", "$$s$$", []),
        ("a.ipynb", "{}", []),
        ("a.md", FRONT, ["document"]),
        ("a.md", "---\ntruestep: {problem: nothing}\n---\n", ["statement"]),
        ("a.tex", '% truestep: answer = "s"\n% truestep: symbols.s = "scalar"\n\\[ s + \\]', ["unreadable"]),
        ("a.md", FRONT + "$$s(1 - s)$$", []),
        ("a.md", FRONT + "I do not know $q$", ["undecided"]),
    ],
)
def test_what_is_found(name: str, text: str, codes: list[str]) -> None:
    found = language_server.checked(name, text)
    assert [one.code for one in found.diagnostics] == codes, found.diagnostics


def test_the_extension_starts_the_server() -> None:
    folder = ROOT / "editors" / "vscode"
    package = json.loads((folder / "package.json").read_text("utf-8"))
    code = (folder / package["main"]).read_text("utf-8")
    assert 'args: ["lsp"]' in code
    languages = json.loads(code.partition("LANGUAGES = ")[2].partition(";")[0])
    assert [f"onLanguage:{language}" for language in languages] == package["activationEvents"]
    assert package["version"] == truestep.__version__
    assert list(package["dependencies"]) == ["vscode-languageclient"]


def test_without_the_extra_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "truestep.commands.editing.language_server", None)
    result = CliRunner().invoke(main, ["lsp", "--stdio"])
    assert result.exit_code == 2
    assert "pip install 'truestep[lsp]'" in result.stderr
