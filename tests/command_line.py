"""Run the command line in this process, as a shell would."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import pytest

from mtcheck import cli

__all__ = ["Done", "run"]


@dataclass(frozen=True)
class Done:
    """Exit code and what was printed."""

    code: int
    out: str
    err: str


def run(capfd: pytest.CaptureFixture[str], *arguments: object) -> Done:
    """``mtcheck`` with these arguments, in the working directory."""
    before = sys.argv
    sys.argv = ["mtcheck", *map(str, arguments)]
    capfd.readouterr()
    try:
        with pytest.raises(SystemExit) as stop:
            cli.main()
    finally:
        sys.argv = before
    out, err = capfd.readouterr()
    assert isinstance(stop.value.code, int)
    return Done(stop.value.code, out, err)
