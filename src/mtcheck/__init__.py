"""mtcheck: which sentences of a machine translation can't be trusted, and why.

>>> import mtcheck
>>> audit = mtcheck.audit(frame)          # doctest: +SKIP
>>> audit.segments.groupby("status").size()  # doctest: +SKIP
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING

from mtcheck._version import __version__
from mtcheck.api import accessor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mtcheck.api.audit import Audit, audit, load
    from mtcheck.api.compare import Comparison, compare
    from mtcheck.api.pairs import find, risk
    from mtcheck.api.sheets import labels
    from mtcheck.config import Config, Setting
    from mtcheck.errors import DataError, ModelError, MtcheckError, RuleError, UsageError
    from mtcheck.types import Finding, Score, Segment, Severity, Span, Verdict

# Names are fetched when first used, so that `import mtcheck` and `mtcheck --help` are quick.
_HOME = {
    "Audit": "api.audit",
    "Comparison": "api.compare",
    "Config": "config",
    "DataError": "errors",
    "Finding": "types",
    "ModelError": "errors",
    "MtcheckError": "errors",
    "RuleError": "errors",
    "Score": "types",
    "Segment": "types",
    "Severity": "types",
    "Span": "types",
    "UsageError": "errors",
    "Verdict": "types",
    "audit": "api.audit",
    "compare": "api.compare",
    "find": "api.pairs",
    "labels": "api.sheets",
    "load": "api.audit",
    "risk": "api.pairs",
}

__all__ = [
    "Audit",
    "Comparison",
    "Config",
    "DataError",
    "Finding",
    "ModelError",
    "MtcheckError",
    "RuleError",
    "Score",
    "Segment",
    "Severity",
    "Span",
    "UsageError",
    "Verdict",
    "__version__",
    "audit",
    "compare",
    "find",
    "labels",
    "load",
    "risk",
]


class _Callable(ModuleType):
    """The package :mod:`mtcheck.risk`, which is also what ``mtcheck.risk(pairs)`` calls."""

    def __call__(self, pairs: Iterable[tuple[str, str]], **settings: Setting) -> list[float]:
        """The risk of each pair; see :func:`mtcheck.api.pairs.risk`."""
        from mtcheck.api import pairs as home

        return home.risk(pairs, **settings)


class _Package(ModuleType):
    def __setattr__(self, name: str, value: object) -> None:
        # Importing a package sets it as an attribute here, in place of the function of its name.
        if name == "risk" and isinstance(value, ModuleType):
            value.__class__ = _Callable
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package

# Gives frames `df.mtcheck`, now or as soon as pandas is imported; imports nothing heavy itself.
accessor.install()


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'mtcheck' has no attribute {name!r}")
    if name == "risk":
        return importlib.import_module("mtcheck.risk")
    value: object = getattr(importlib.import_module(f"mtcheck.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
