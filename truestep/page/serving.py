"""``truestep serve``: the page, at 127.0.0.1."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from truestep.commands.saying import refuse, reveal_option

if TYPE_CHECKING:
    import socket

HOST, PORT = "127.0.0.1", 8421
MOST_AT_ONCE = 400  # requests that are open at once; the rest is told to come again


@click.command()
@click.option("--homework", "homeworks", multiple=True, metavar="ID_OR_FILE", help="Offer its questions alone.")
@click.option("--store", metavar="FOLDER", help="A graded class to review: what `truestep grade` keeps.")
@reveal_option("How much of a solution a student may ask for.")
@click.option("--anonymous", is_flag=True, help="In a review, codes instead of students.")
@click.option("--by", metavar="NAME", help="Who decides in a review; else who is logged in.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0: any that is free.")
@click.option("--no-browser", is_flag=True, help="Open no browser.")
@click.option("--timeout", type=click.FloatRange(0.1, 60), default=2.0, show_default=True, help="Seconds for one work.")
def serve(
    homeworks: tuple[str, ...],
    store: str | None,
    reveal: str,
    anonymous: bool,
    by: str | None,
    port: int,
    no_browser: bool,
    timeout: float,
) -> None:
    """Serve the page to this machine: type a work and see what holds, write a question, review a class.

    It answers 127.0.0.1 alone, loads nothing from elsewhere, and keeps nothing but what is decided in a review.
    """
    import getpass
    import threading
    import webbrowser

    try:
        import uvicorn

        from truestep.page.app import create_app
        from truestep.page.offer import Offer
    except ModuleNotFoundError as fault:
        refuse(f"the page needs the package {fault.name}, which is not installed: pip install 'truestep[page]'")
    from truestep.derivations.language.faults import StatementFault

    if store is not None and not (Path(store) / "class.sqlite").is_file():
        refuse(f"{store}: nothing was graded here yet: truestep grade HOMEWORK SUBMISSIONS... --store {store}")
    place = None if store is None else Path(store)
    offer = Offer(homeworks, reveal, place, anonymous, timeout, by or getpass.getuser())  # type: ignore[arg-type]
    try:
        list(offer.shelves())
    except StatementFault as fault:
        refuse(str(fault))
    listening = _listening(port)
    address = f"http://{HOST}:{listening.getsockname()[1]}/"
    click.echo(f"truestep: the page is at {address} (Ctrl-C ends it)", err=True)
    if not no_browser:
        threading.Timer(0.5, webbrowser.open, (address,)).start()
    server = uvicorn.Server(uvicorn.Config(create_app(offer), log_level="warning", limit_concurrency=MOST_AT_ONCE))
    server.run(sockets=[listening])


def _listening(port: int) -> socket.socket:
    """The socket that is listened at; what keeps it from being had ends the command."""
    import socket

    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()  # who comes before the server has started waits for it
    except OSError as fault:
        refuse(f"port {port} cannot be had ({fault.strerror}); name another one with --port")
    return listening
