"""``df.mtcheck.audit()``: mtcheck as an accessor of pandas' DataFrames.

``import mtcheck`` registers it, whichever of mtcheck and pandas is imported first, and without
importing pandas: if pandas is not there yet, an import hook waits for it and registers the
accessor when pandas has been loaded. :func:`register` does so at once.
"""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from pathlib import Path
    from types import ModuleType

    import pandas as pd

    from mtcheck.api.audit import Audit
    from mtcheck.config import Config, Setting

__all__ = ["NAME", "Accessor", "install", "register"]

NAME = "mtcheck"
"""The attribute of a DataFrame."""


class Accessor:
    """What ``df.mtcheck`` is: the functions of mtcheck for this frame."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    def audit(
        self,
        *,
        config: Config | str | Path | None = None,
        out: str | Path | None = None,
        allow_models: bool = False,
        progress: bool | None = None,
        jobs: int = 1,
        cache_dir: str | Path | None = None,
        **changes: Setting,
    ) -> Audit:
        """:func:`mtcheck.audit` of this frame, with the same arguments and errors."""
        from mtcheck.api.audit import audit

        return audit(
            self._frame,
            config=config,
            out=out,
            allow_models=allow_models,
            progress=progress,
            jobs=jobs,
            cache_dir=cache_dir,
            **changes,
        )


def register() -> None:
    """Give every DataFrame the accessor. Imports pandas; a second call does nothing."""
    import pandas as pd

    # pandas warns of a name that is taken, which a second call would be.
    if getattr(pd.DataFrame, NAME, None) is not Accessor:
        pd.api.extensions.register_dataframe_accessor(NAME)(Accessor)


def install() -> None:
    """Register now if pandas is imported already, else as soon as it is."""
    if "pandas" in sys.modules:
        # A module still loading has no DataFrame yet: something imports mtcheck from within.
        if hasattr(sys.modules["pandas"], "DataFrame"):
            register()
    elif not any(isinstance(finder, _WhenImported) for finder in sys.meta_path):
        sys.meta_path.insert(0, _WhenImported())


class _WhenImported:
    """Lets the other finders find pandas, and has its loader register the accessor after it."""

    def __init__(self) -> None:
        self._asking = False

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """Find pandas by the other finders; of everything else know nothing."""
        if fullname != "pandas" or self._asking:
            return None
        self._asking = True
        try:
            spec = importlib.util.find_spec("pandas")
        finally:
            self._asking = False
        # Some only ask whether pandas is there, so the hook stays until it has been loaded.
        if spec is not None and spec.loader is not None:
            load = spec.loader.exec_module

            def load_and_register(module: ModuleType) -> None:
                load(module)
                if self in sys.meta_path:
                    sys.meta_path.remove(self)
                register()

            spec.loader.exec_module = load_and_register  # type: ignore[method-assign]
        return spec
