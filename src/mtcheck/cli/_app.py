"""The typer app that the commands beside this file join, and the exit codes."""

from __future__ import annotations

import typer

__all__ = ["CLEAN", "ERROR", "FINDINGS", "INTERRUPTED", "TERMINATED", "app"]

CLEAN, FINDINGS, ERROR = 0, 1, 2
INTERRUPTED, TERMINATED = 130, 143  # as a shell says of SIGINT and SIGTERM

app = typer.Typer(
    name="mtcheck",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Tell which sentences of a machine translation can't be trusted, and why.\n\n"
    "- `mtcheck audit FILE`: a report, with a page to read, of the sentences that need a human\n"
    "- `mtcheck check FILE`: a line a finding, and exit code 1 when one is severe; for a build\n"
    "- `mtcheck init`: a settings file to begin with\n\n"
    "English abstracts and their Chinese machine translations go in, offline.",
    epilog="Exit codes: 0 report written or nothing over the gate, 1 findings over the gate "
    "(check) or worse (compare --fail-if-worse), 2 anything else, 130 interrupted.",
)
