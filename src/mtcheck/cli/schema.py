"""``mtcheck schema``: the JSON Schemas of what mtcheck writes."""

from __future__ import annotations

from typing import Annotated

import typer

from mtcheck.cli._app import app
from mtcheck.cli._say import data, out

__all__ = ["schema"]


@app.command()
def schema(
    name: Annotated[
        str | None,
        typer.Argument(help="segments, findings, documents, summary, decision or settings."),
    ] = None,
) -> None:
    """Print the JSON Schema (2020-12) of an output, or list them.

    Example: mtcheck schema segments > segments.schema.json
    """
    from mtcheck.json_schema import NAMES, json_schema

    if name is None:
        width = max(map(len, NAMES))
        for key, about in NAMES.items():
            out(f"{key:{width}}  {about}")
        return
    data(json_schema(name))
