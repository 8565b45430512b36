"""The command line: flags to a Config to the API. The only place that exits.

One module a command; heavy libraries are imported inside the commands, so that
``mtcheck --help`` is quick.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from mtcheck._version import __version__
from mtcheck.cli._app import CLEAN, ERROR, app
from mtcheck.errors import MtcheckError

# Each import adds its commands to the app, in the order that --help lists them.
from mtcheck.cli import audit, check, compare, baseline, rules, evaluate, fit, schema, config  # noqa: F401  # isort: skip

__all__ = ["app", "main"]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mtcheck {__version__}")
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


def main() -> None:
    """Run the command line and exit: 0, 1 or 2 as the README says."""
    sys.exit(_run())


def _run() -> int:
    try:
        code = app(standalone_mode=False)
    except MtcheckError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("interrupted")
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing is wrong on our side.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLEAN
    except Exception as error:
        usage = getattr(error, "format_message", None)  # typer's own errors, whichever click
        if callable(usage):
            return _fail(f"{usage()} Try 'mtcheck --help'.")
        if type(error).__name__ == "Abort":
            return _fail("interrupted")
        if os.environ.get("MTCHECK_TRACEBACK"):
            raise
        return _fail(
            f"internal error: {type(error).__name__}: {error}; "
            "please report it, with the output under MTCHECK_TRACEBACK=1"
        )
    return code if isinstance(code, int) else CLEAN


def _fail(message: str) -> int:
    line = " ".join(message.split())
    sys.stderr.write(f"mtcheck: error: {line}\n")
    return ERROR
