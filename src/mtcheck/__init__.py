"""mtcheck: which sentences of a machine translation can't be trusted, and why.

>>> import mtcheck
>>> audit = mtcheck.audit(frame)          # doctest: +SKIP
>>> audit.segments.groupby("status").size()  # doctest: +SKIP
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from mtcheck._version import __version__

if TYPE_CHECKING:
    from mtcheck.api import Audit, audit
    from mtcheck.config import Config
    from mtcheck.errors import DataError, ModelError, MtcheckError, RuleError, UsageError
    from mtcheck.types import Finding, Score, Segment, Severity, Span, Verdict

# Names are fetched when first used, so that `import mtcheck` and `mtcheck --help` are quick.
_HOME = {
    "Audit": "api",
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
    "audit": "api",
}

__all__ = [
    "Audit",
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
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'mtcheck' has no attribute {name!r}")
    value: object = getattr(importlib.import_module(f"mtcheck.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
