"""What all tests share: the optional real data, which lives outside the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ["MTCHECK_CACHE_DIR"] = ""  # no test reads or writes the user's

ROOT = Path(__file__).resolve().parents[1]
_BESIDE = ROOT.parent / "shared" / "data"
SHARED: Path | None = _BESIDE if _BESIDE.is_dir() else None

needs_shared = pytest.mark.skipif(SHARED is None, reason="the shared real data is not here")
"""Mark of a test on real data with human judgements, which may not be committed."""


def shared(name: str) -> Path:
    """A file of the shared data; skips the test when it is absent."""
    if SHARED is None or not (SHARED / name).exists():
        pytest.skip(f"shared data {name} is not here")
    return SHARED / name
