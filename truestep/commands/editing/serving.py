"""``truestep lsp``: the language server over standard input and output."""

from __future__ import annotations

import click

from truestep.commands.saying import refuse


@click.command()
@click.option("--stdio", is_flag=True, help="What some editors add; there is no other way.")
def lsp(stdio: bool) -> None:
    """Serve an editor (Language Server Protocol, over standard input and output)."""
    try:
        from truestep.commands.editing.language_server import server
    except ImportError as fault:
        refuse(f"the language server needs `pip install 'truestep[lsp]'` ({fault})")
    server().start_io()
