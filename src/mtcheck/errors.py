"""Every exception mtcheck raises on purpose.

::

    MtcheckError            anything a user can cause and mend; the CLI exits 2
    ├── UsageError          a flag, a config key or an argument is wrong
    ├── DataError           an input file, row or column is wrong
    ├── ModelError          an encoder or model can't be loaded
    └── RuleError           a rule is unknown, wrongly declared or crashed

A message is one line: where (file, line or row, column), what is wrong, and the mend.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["DataError", "ModelError", "MtcheckError", "RuleError", "UsageError", "did_you_mean"]


class MtcheckError(Exception):
    """Base of all errors with a message meant for the user."""


class UsageError(MtcheckError):
    """A flag, a configuration key or an argument is wrong."""


class DataError(MtcheckError):
    """An input is wrong. ``path`` and ``line`` (1-based) say where, ``mend`` what to do.

    The pieces are kept apart so that a quarantined row can carry them into ``rejected.jsonl``.
    """

    def __init__(
        self, problem: str, *, path: str = "", line: int | None = None, mend: str = ""
    ) -> None:
        problem = " ".join(problem.split("\n"))  # libraries below say it on several lines
        self.problem, self.path, self.line, self.mend = problem, path, line, mend
        where = path if line is None else f"{path}:{line}"
        super().__init__((f"{where}: " if where else "") + problem + (f"; {mend}" if mend else ""))


class ModelError(MtcheckError):
    """An encoder or model can't be loaded or run."""


class RuleError(MtcheckError):
    """A rule is unknown or wrongly declared."""


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """What to do about an unknown name: take the nearest, else ``otherwise`` (one of them all)."""
    import difflib

    every = list(known)
    near = difflib.get_close_matches(name, every, n=1)
    return f"did you mean {near[0]!r}?" if near else otherwise or f"use one of {', '.join(every)}"
