"""``mtcheck config``: the settings in force."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from mtcheck import config as settings
from mtcheck.cli._app import app
from mtcheck.cli._say import out
from mtcheck.cli._settings import ConfigFile
from mtcheck.config import ABOUT, Config

__all__ = ["show"]


@app.command("config")
def show(
    config: ConfigFile = None,
) -> None:
    """Print the settings in force as TOML, each with what it means.

    Example: mtcheck config > mtcheck.toml
    """
    path = config or settings.find_file(Path.cwd())
    values = settings.load(path, allow_models=True).as_dict()  # none is loaded
    origin = f"from {path}" if path else "the defaults; no mtcheck.toml or [tool.mtcheck] found"
    out(f"# {origin}")
    tables = []
    for field in dataclasses.fields(Config):
        value = values[field.name]
        about = f"# {ABOUT[field.name].help}"
        key = field.name.replace("_", "-")
        if isinstance(value, dict):
            tables += [f"\n{about}", f"[{key}]", *(f"{k} = {_toml(v)}" for k, v in value.items())]
        else:
            out(f"\n{about}")
            out(f"# {key} =" if value is None else f"{key} = {_toml(value)}")
    out("\n".join(tables))


def _toml(value: object) -> str:
    # JSON strings, numbers, booleans and lists of strings are TOML as well.
    return json.dumps(value, ensure_ascii=False)
