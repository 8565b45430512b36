"""The command line: flags to a Config to the API. The only place that exits.

One module a command; heavy libraries are imported inside the commands, so that
``mtcheck --help`` is quick.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import Annotated

import typer

from mtcheck._version import __version__
from mtcheck.cli._app import CLEAN, ERROR, INTERRUPTED, TERMINATED, app
from mtcheck.cli._say import note, out
from mtcheck.errors import MtcheckError

# Each import adds its commands to the app, in the order that --help lists them.
from mtcheck.cli import audit, check, fix, compare, baseline, cache, rules  # noqa: F401  # isort: skip
from mtcheck.cli import evaluate, fit, train, schema, config, doctor  # noqa: F401  # isort: skip

__all__ = ["app", "main"]


def _version(wanted: bool) -> None:
    if wanted:
        out(f"mtcheck {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    pass


class _Terminated(BaseException):
    """Somebody asked the process to end: what is half-written is cleaned up on the way out."""


def _terminate(*_: object) -> None:
    raise _Terminated


def main() -> None:
    """Run the command line and exit: 0, 1 or 2 as the README says, 130 when interrupted."""
    if sys.stdout is None or sys.stderr is None:  # closed: what opens next must not be written to
        nowhere = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    for stream in (sys.stdout, sys.stderr):  # one that can't show a character loses no line
        if callable(reconfigure := getattr(stream, "reconfigure", None)):
            reconfigure(errors="backslashreplace")
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        code = _run()
        # An interrupt within a text that Python executed, as dataclasses are made, is one to which
        # it puts an end to itself on leaving, caught or not, until it executes another.
        exec("")
        sys.exit(code)
    finally:
        signal.signal(signal.SIGTERM, before)


def _run() -> int:
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except MtcheckError as error:
        return _fail(str(error))
    except SystemExit as error:  # ours is below: this one came out of a plug-in
        return _fail(f"a plug-in ended the program ({error!r}); uninstall it")
    except KeyboardInterrupt:
        return _fail("interrupted", INTERRUPTED)
    except _Terminated:
        return _fail("terminated", TERMINATED)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing is wrong on our side.
        _let_go()
        return CLEAN
    except OSError as error:
        _let_go()
        return _fail(_of_system(error))
    except Exception as error:
        usage = getattr(error, "format_message", None)  # typer's own errors, whichever click
        if callable(usage):
            return _fail(f"{usage()} Try 'mtcheck --help'.")
        if type(error).__name__ == "Abort":  # how typer hands on Ctrl-C
            return _fail("interrupted", INTERRUPTED)
        if os.environ.get("MTCHECK_TRACEBACK"):
            raise
        return _fail(
            f"internal error: {type(error).__name__}: {error}; "
            "please report it, with the output under MTCHECK_TRACEBACK=1"
        )
    if code == INTERRUPTED:  # typer swallows Ctrl-C
        return _fail("interrupted", INTERRUPTED)
    return code if isinstance(code, int) else CLEAN


def _let_go() -> None:
    """Write what is left of the output nowhere."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _of_system(error: OSError) -> str:
    """What the system would not do: a file that goes while it is read, a disk that is full."""
    name = error.filename
    where = os.fsdecode(name) if isinstance(name, str | bytes) else "the output or input"
    return f"{where}: {error.strerror or error}; check the path, its permissions and the disk"


def _fail(message: str, code: int = ERROR) -> int:
    note(f"mtcheck: error: {message}")
    return code
