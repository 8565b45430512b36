"""What every HTML page of ours is made with: templates, escaping, content security policy."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from mtcheck.reporters.words import visible

__all__ = ["environment", "load", "policy_hash"]


def load(name: str) -> str:
    """A template's text."""
    return (files("mtcheck.reporters") / "templates" / name).read_text(encoding="utf-8")


def policy_hash(content: str) -> str:
    """The content security policy's name for an inline script or style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def environment(**names: object) -> Environment:
    """Templates that escape all text, show what is invisible, and know ``names``."""
    env = Environment(
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda v: v if isinstance(v, Markup) else visible(v) if isinstance(v, str) else v,
    )
    env.globals.update(names)
    return env
