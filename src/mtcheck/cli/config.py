"""``mtcheck config`` and ``mtcheck init``: the settings in force, and a file to begin with."""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from mtcheck import config as settings
from mtcheck.cli._app import app
from mtcheck.cli._say import out
from mtcheck.cli._settings import ConfigFile
from mtcheck.config import ABOUT, Config
from mtcheck.errors import UsageError
from mtcheck.files import write_whole

__all__ = ["init", "show"]

FILE = Path("mtcheck.toml")


@app.command()
def init(
    file: Annotated[Path, typer.Argument(help="The file to write.")] = FILE,
) -> None:
    """Write a settings file to begin with: every setting, commented out, with what it means.

    A file that is there stays as it is.

    Example: mtcheck init
    """
    if file.exists():
        raise UsageError(f"{file}: is there already; name another file, or edit that one")
    lines = ["# Settings of mtcheck. Take the # off a line to change its setting; flags override."]
    tables: list[str] = []
    for panel, names in itertools.groupby(ABOUT, key=lambda name: ABOUT[name].panel):
        lines += ["", f"# --- {panel.lower()} ---"]
        for name in names:
            value = Config().as_dict()[name]
            own = tables if isinstance(value, dict) else lines
            own += ["", f"# {ABOUT[name].help}", *(f"# {line}" for line in _lines(name, value))]
    _write(file, [*lines, "", "# --- tables ---", *tables])
    out(f"{file}: every setting, commented out; `mtcheck config` prints those in force")


@app.command("config")
def show(
    config: ConfigFile = None,
    write: Annotated[
        bool,
        typer.Option(
            "--write",
            help="Write them into the settings file in place of printing them: the one in force, "
            "or a new mtcheck.toml.",
        ),
    ] = False,
) -> None:
    """Print the settings in force as TOML, each with what it means.

    Example: mtcheck config --write
    """
    path = config or settings.find_file(Path.cwd())
    if not write and path and _is_stdout(path):
        raise UsageError(
            f"{path}: the shell has emptied this file to write into it; restore it, and use "
            "mtcheck config --write"
        )
    values = settings.load(path, allow_models=True).as_dict()  # none is loaded
    target = path if path and path.name != "pyproject.toml" else FILE
    origin = f"from {path}" if path else "the defaults; no mtcheck.toml or [tool.mtcheck] found"
    lines = [
        "# Settings of mtcheck; `mtcheck init` writes them commented." if write else f"# {origin}"
    ]
    tables: list[str] = []
    for field in dataclasses.fields(Config):
        value = values[field.name]
        own = tables if isinstance(value, dict) else lines
        own += ["", f"# {ABOUT[field.name].help}", *_lines(field.name, value)]
    if write:
        _write(target, [*lines, *tables])
        out(f"{target}: the settings in force, {origin}")
    else:
        out("\n".join([*lines, *tables]))


def _lines(name: str, value: object) -> list[str]:
    key = name.replace("_", "-")
    if isinstance(value, dict):
        return [f"[{key}]", *(f"{_toml(k)} = {_toml(v)}" for k, v in value.items())]
    return [f"# {key} =" if value is None else f"{key} = {_toml(value)}"]


def _toml(value: object) -> str:
    # JSON strings, numbers, booleans and lists of strings are TOML as well.
    return json.dumps(value, ensure_ascii=False)


def _write(file: Path, lines: list[str]) -> None:
    try:
        write_whole(file, "\n".join(lines) + "\n")
    except OSError as error:
        raise UsageError(f"{file}: can't write there ({error.strerror or error})") from None


def _is_stdout(path: Path) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(sys.stdout.fileno()))
    except (OSError, ValueError):
        return False
