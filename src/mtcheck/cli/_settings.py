"""Flags of settings, made from what :mod:`mtcheck.config` says of them."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from mtcheck import config as settings
from mtcheck.config import ABOUT, READING, RULES, About, Config, Setting
from mtcheck.errors import UsageError

__all__ = ["CHECKING", "ConfigFile", "names", "of", "takes"]

ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config", help="Settings file. Default: the closest mtcheck.toml or pyproject.toml."
    ),
]

_AllowModels = Annotated[
    bool,
    typer.Option(
        "--allow-models",
        help="Load the models that the settings file names. Flags name them freely.",
    ),
]

_FILE_ONLY = {"alignment_file", "batch_size", "column_limit", "han_latin_spacing",
              "reject_penalty", "review_penalty", "score_limits", "semicolon_splits", "severity",
              "ter_limit", "text_limit", "unpack_limit"}  # fmt: skip
"""Settings of a house rather than of a run, which have no flag."""


def of(*panels: str) -> tuple[str, ...]:
    """The settings of some panels that have flags."""
    return tuple(n for n, a in ABOUT.items() if a.panel in panels and n not in _FILE_ONLY)


CHECKING = (*of(READING, RULES), "encoder")
"""What any command takes that reads texts and runs rules on them."""


def takes(*wanted: str, file: bool = True) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command ``--config`` and the flags of these settings.

    The command gets the settings, flags over file over defaults, as its parameter ``config``.
    Without ``file`` no settings file is read: the command measures what ships.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def run(**values: Any) -> None:
            given = {name: _read(name, values.pop(name)) for name in wanted}
            config = Config().replace(**given)
            if file:
                allowed = values.pop("allow_models")
                config = settings.load(values.pop("config"), allow_models=allowed, given=given)
            command(**values, config=config)

        own = inspect.signature(command, eval_str=True).parameters.values()
        kept = [p for p in own if p.name != "config"]
        flags = [_parameter(name, ABOUT[name]) for name in wanted]
        if file:
            allow = _keyword("allow_models", _AllowModels, default=False)
            flags = [_keyword("config", ConfigFile), allow, *flags]
        everything = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in (*kept, *flags)]
        # typer reads both.
        run.__signature__ = inspect.Signature(everything)  # type: ignore[attr-defined]
        run.__annotations__ = {p.name: p.annotation for p in everything}
        return run

    return decorate


def _parameter(name: str, about: About) -> inspect.Parameter:
    default = getattr(Config(), name)
    kind: object = str
    if name == "layout" or isinstance(default, bool):
        kind = bool
    elif name == "decisions":
        kind = list[str]
    elif (isinstance(default, float) or about.low is not None) and not about.share:
        kind = float
    switch = f"--{name.replace('_', '-')}"
    if isinstance(default, bool) and not about.flags:
        switch = f"{switch}/--no-{switch[2:]}"
    metavar = "FILE" if name in {"baseline", "suppressions", "decisions"} else None
    option = typer.Option(
        about.flags or switch,
        help=_help(about, default),
        metavar=metavar,
        rich_help_panel=about.panel,
        show_default=False,
    )
    return _keyword(name, Annotated[kind | None, option])  # type: ignore[operator]


def _keyword(name: str, annotation: object, *, default: object = None) -> inspect.Parameter:
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
    )


def _help(about: About, default: Setting) -> str:
    said = about.help[:1].upper() + about.help[1:]
    if "efault" in said or default in ("", None, ()) or default is False:
        return f"{said}."
    shown = ",".join(default) if isinstance(default, tuple) else default
    return f"{said}. Default: {'yes' if default is True else shown}."


def _read(name: str, value: object) -> Setting:
    """A flag's value as the setting's; None when the flag was not given."""
    if value is None:
        return None
    if name == "layout":
        return "aligned" if value else "documents"
    if ABOUT[name].share:
        return _share(str(value))
    if isinstance(getattr(Config(), name), tuple):
        return names(value) if isinstance(value, str) else tuple(_listed(value)) or None
    return value if isinstance(value, bool | float) else str(value)


def _listed(value: object) -> list[str]:
    return value if isinstance(value, list) else []


def names(text: str | None) -> tuple[str, ...] | None:
    """A comma-separated flag as a tuple; None when the flag was not given."""
    return None if text is None else tuple(t for t in (p.strip() for p in text.split(",")) if t)


def _share(text: str) -> float:
    """``20%`` or ``0.2`` as 0.2. Raises UsageError."""
    try:
        return float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        raise UsageError(f"{text!r} is no share; write 20% or 0.2") from None
