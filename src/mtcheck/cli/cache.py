"""``mtcheck cache``: what was kept of finished documents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mtcheck.cli._app import app
from mtcheck.cli._options import CacheDir
from mtcheck.cli._say import out
from mtcheck.errors import UsageError

if TYPE_CHECKING:
    from mtcheck.pipeline.cache import Cache

__all__ = ["clear", "info"]

cache = typer.Typer(help="Show or clear what is kept of finished documents.", no_args_is_help=True)
app.add_typer(cache, name="cache")


@cache.command()
def info(cache_dir: CacheDir = None) -> None:
    """Tell where the cache is, how large it is, and how many documents it holds.

    Example: mtcheck cache info
    """
    found = _cache(cache_dir)
    out(f"{found.path}: {found.count():,} documents, {found.size() / 2**20:,.1f} MB "
        f"of at most {found.limit / 2**20:,.0f}")  # fmt: skip


@cache.command()
def clear(cache_dir: CacheDir = None) -> None:
    """Remove the cache.

    Example: mtcheck cache clear
    """
    found = _cache(cache_dir)
    size = found.size()
    found.clear()
    out(f"{found.path}: cleared, {size / 2**20:,.1f} MB")


def _cache(folder: Path | None) -> Cache:
    from mtcheck.pipeline.cache import FOLDER, Cache, default_folder

    if not (place := folder or default_folder()):
        raise UsageError(f"no cache is kept: {FOLDER} is set to nothing; name one with --cache-dir")
    return Cache(place)
