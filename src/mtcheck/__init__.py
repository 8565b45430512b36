"""mtcheck: which sentences of a machine translation can't be trusted, and why.

>>> import mtcheck
>>> audit = mtcheck.audit(frame)          # doctest: +SKIP
>>> audit.segments.groupby("status").size()  # doctest: +SKIP
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from mtcheck._version import __version__
from mtcheck.api import accessor

if TYPE_CHECKING:
    from mtcheck.api.audit import Audit, audit
    from mtcheck.api.compare import Comparison, compare
    from mtcheck.config import Config
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
]


# Gives frames `df.mtcheck`, now or as soon as pandas is imported; imports nothing heavy itself.
accessor.install()


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'mtcheck' has no attribute {name!r}")
    value: object = getattr(importlib.import_module(f"mtcheck.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
