"""The language server: what is found in a work that states its problem, as an editor shows it while one types."""

from __future__ import annotations

import asyncio
import pathlib
import textwrap
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlsplit

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from truestep import __version__
from truestep.checkers.documents import DocumentFault
from truestep.checkers.mistakes import card
from truestep.commands.explaining import told
from truestep.derivations.language.faults import StatementFault
from truestep.library.checking import check
from truestep.library.given import Source
from truestep.reports.diagnostics import Diagnostic, Findings

NAME = "truestep"
EXPLAIN = "truestep.explain"
SECONDS = 10.0  # for one work
WIDTH = 88  # of a text that is opened beside a work
PAUSE = 0.3  # seconds without a key, after which a work is checked
LEVELS = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "note": types.DiagnosticSeverity.Information,
}


@dataclass(frozen=True)
class Checked:
    """What was found in a text: nothing where it states no problem."""

    text: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()
    findings: Findings | None = None

    @property
    def lines(self) -> list[str]:
        """The lines of the text, as an editor counts them."""
        return self.text.split("\n")


def checked(name: str, text: str) -> Checked:
    """What is found in the text of a file with this name; a worker judges it.

    >>> checked("a.md", "no problem is stated here")
    Checked(text='', diagnostics=(), findings=None)
    """
    source = Source(data=text.encode("utf-8", "replace"), name=name)
    if name.endswith(".ipynb"):
        return Checked()  # editors open the cells of a notebook, not its file
    try:
        text, problem = source.text, source.stated
        if problem is None:
            return Checked()
        report = check(source, problem, timeout=SECONDS)
        findings = Findings(report.record, source.read(problem), problem, text)
    except StatementFault as fault:
        return Checked(text, (Diagnostic("error", "statement", fault.message),))
    except DocumentFault as fault:
        return Checked(text, (Diagnostic("note", "document", str(fault)),))
    return Checked(text, tuple(findings.diagnostics()), findings)


class Server(LanguageServer):
    """Checks each open document as it is opened, changed and saved, and keeps what was found in it."""

    def __init__(self) -> None:
        super().__init__(NAME, __version__)
        self.found: dict[str, Checked] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self._texts: TemporaryDirectory[str] | None = None  # gone with the server

    async def shows(self, name: str, text: str) -> bool:
        """Whether the editor has opened a text beside the documents; a message of many lines it would cut."""
        window = self.client_capabilities.window
        if window is None or window.show_document is None or not window.show_document.support:
            return False
        self._texts = self._texts or TemporaryDirectory(prefix=NAME)
        path = pathlib.Path(self._texts.name) / name
        lines = [textwrap.fill(line, WIDTH, break_long_words=False) for line in text.split("\n")]
        path.write_text("\n".join([*lines, ""]), encoding="utf-8")
        shown = await self.window_show_document_async(types.ShowDocumentParams(path.as_uri(), take_focus=False))
        return shown.success

    def check_soon(self, uri: str, pause: float = 0.0) -> None:
        """Checks a document after a pause, unless it is asked for anew by then."""
        self.forget(uri)
        self.tasks[uri] = asyncio.ensure_future(self._check(uri, pause))

    def forget(self, uri: str) -> None:
        """Ends what is under way for a document."""
        if uri in self.tasks:
            self.tasks.pop(uri).cancel()

    async def _check(self, uri: str, pause: float) -> None:
        await asyncio.sleep(pause)
        document = self.workspace.get_text_document(uri)
        name = pathlib.PurePosixPath(unquote(urlsplit(uri).path)).name
        found = await asyncio.to_thread(checked, name, document.source)
        self.found[uri] = found
        shown = [self._shown(found, one) for one in found.diagnostics]
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, shown, document.version))

    def _shown(self, found: Checked, one: Diagnostic) -> types.Diagnostic:
        start = types.Position(one.line - 1, one.column - 1)
        end = types.Position(one.end_line - 1, one.end_column - 1)
        codec, lines = self.workspace.position_codec, found.lines
        place = types.Range(codec.position_to_client_units(lines, start), codec.position_to_client_units(lines, end))
        return types.Diagnostic(place, one.message, LEVELS[one.level], one.code, source=NAME)


def server() -> Server:
    """The language server, with what it answers."""
    made = Server()

    @made.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: types.DidOpenTextDocumentParams) -> None:
        made.check_soon(params.text_document.uri)

    @made.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(params: types.DidSaveTextDocumentParams) -> None:
        made.check_soon(params.text_document.uri)

    @made.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: types.DidChangeTextDocumentParams) -> None:
        made.check_soon(params.text_document.uri, PAUSE)

    @made.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        made.forget(uri)
        made.found.pop(uri, None)
        made.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    @made.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        found = made.found.get(params.text_document.uri)
        if found is None or found.findings is None:
            return None
        place = made.workspace.position_codec.position_from_client_units(found.lines, params.position)
        said = found.findings.told_at(place.line + 1, place.character + 1)
        return types.Hover(types.MarkupContent(types.MarkupKind.PlainText, said)) if said else None

    @made.feature(types.TEXT_DOCUMENT_CODE_ACTION)
    async def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        several = [one for one in params.context.diagnostics if one.source == NAME and card(str(one.code))]
        return [_explaining(str(one.code), one) for one in several]

    @made.command(EXPLAIN)
    async def explain(code: str) -> str:
        known = card(code)
        said = told(known) if known is not None else f"no mistake has the code {code}"
        if known is None or not await made.shows(f"{code}.txt", said):
            made.window_show_message(types.ShowMessageParams(types.MessageType.Info, said))
        return said

    return made


def _explaining(code: str, one: types.Diagnostic) -> types.CodeAction:
    title = f"Explain: {code}"
    command = types.Command(title, EXPLAIN, arguments=[code])
    return types.CodeAction(title, types.CodeActionKind.QuickFix, [one], command=command)
