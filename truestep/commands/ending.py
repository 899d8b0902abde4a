"""How a command ends when something fails that no command speaks of: never with the status of a wrong answer."""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import suppress

import click

from truestep.commands.status import FAULT

INTERRUPTED = 130


def ended(command: click.Command) -> int:
    """The exit status of a command: 130 where it was interrupted, 2 where its output or the program failed."""
    if sys.stdout is None:
        return _failed("the output is closed")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        if "_TRUESTEP_COMPLETE" in os.environ:
            command()
        with command.make_context("truestep", sys.argv[1:]) as context:  # `command()` gives a closed pipe status 1
            command.invoke(context)
        return _flushed(0)
    except click.exceptions.Exit as end:
        return _flushed(end.exit_code)
    except click.ClickException as fault:
        fault.show()
        return FAULT
    except SystemExit as end:
        return _flushed(end.code if isinstance(end.code, int) else 0 if end.code is None else FAULT)
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        return _gone()
    except OSError as fault:
        return _failed(f"the output cannot be written ({fault.strerror or fault})")
    except Exception:
        with suppress(OSError):
            traceback.print_exc()
        return _failed("truestep failed here; please report what it was given")


def _flushed(code: int) -> int:
    """The status, where all that was printed has arrived."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _gone()
    except (OSError, ValueError) as fault:
        return _failed(f"the output cannot be written ({fault})")
    return code


def _gone() -> int:
    """Nobody reads the output any more: nothing is left to be said."""
    _silence()
    return FAULT


def _failed(message: str) -> int:
    with suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(f"truestep: {message}\n")
    _silence()
    return FAULT


def _silence() -> None:
    """What is still to be written goes nowhere, so that Python does not fail once more at its end."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
