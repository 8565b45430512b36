"""The typer app that the commands beside this file join, and the exit codes."""

from __future__ import annotations

import typer

__all__ = ["CLEAN", "ERROR", "FINDINGS", "INTERRUPTED", "TERMINATED", "app"]

CLEAN, FINDINGS, ERROR = 0, 1, 2
INTERRUPTED, TERMINATED = 130, 143  # as a shell says of SIGINT and SIGTERM

app = typer.Typer(
    name="mtcheck",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Tell which sentences of a machine translation can't be trusted, and why.\n\n"
    "English abstracts and their Chinese machine translations go in; each sentence is aligned, "
    "scored and checked; the ones that need a human come out in a report. Works offline.",
    epilog="Exit codes: 0 report written or nothing over the gate, 1 findings over the gate "
    "(check) or worse (compare --fail-if-worse), 2 anything else, 130 interrupted.",
)
