"""``mtcheck fix``: apply what the findings suggest."""

from __future__ import annotations

from typing import Annotated

import typer

from mtcheck.cli._app import CLEAN, FINDINGS, app
from mtcheck.cli._options import (
    HypothesisFile,
    IdsFile,
    MaybeInputs,
    ReferenceFile,
    SourceFile,
    gathered,
)
from mtcheck.cli._say import note, out
from mtcheck.cli._settings import of, takes
from mtcheck.config import READING, RULES, Config
from mtcheck.errors import UsageError
from mtcheck.files import write_bytes

__all__ = ["fix"]


@app.command()
@takes(*of(READING, RULES))
def fix(
    inputs: MaybeInputs = None,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what would change, write nothing; exit 1 if any.")
    ] = False,
    unsafe: Annotated[
        bool,
        typer.Option("--unsafe", help="Also apply suggestions that a person should look at."),
    ] = False,
    source: SourceFile = None,
    hypothesis: HypothesisFile = None,
    reference: ReferenceFile = None,
    ids: IdsFile = None,
    *,
    config: Config,
) -> None:
    """Write what the findings suggest into the files themselves.

    Applied are the width of marks, letters and digits, Traditional and wrong characters and the
    case of acronyms; of the rules that run, those whose suggestion takes the place of what they
    mark. Not a character beside those places changes. What stands in workbooks and packed files,
    or in a way that can't be found again, is left and told.

    Example: mtcheck fix abstracts.csv --diff
    """
    from mtcheck.api.fixing import fix as api

    given = gathered(inputs, source, hypothesis, reference, ids)
    places = files = 0
    for fixed in api(given, config, risky=unsafe):
        for line in fixed.left:
            note(line)
        if not fixed.places:
            continue
        places, files = places + fixed.places, files + 1
        if diff:
            out(_diff(fixed.path.as_posix(), fixed.before, fixed.after))
            continue
        try:
            write_bytes(fixed.path, fixed.data)
        except OSError as error:
            raise UsageError(f"{fixed.path}: can't be written ({error.strerror})") from None
    note(f"mtcheck: {places} places in {files} files {'would change' if diff else 'changed'}")
    raise typer.Exit(FINDINGS if diff and places else CLEAN)


def _diff(path: str, before: str, after: str) -> str:
    import difflib

    lines = difflib.unified_diff(
        before.split("\n"), after.split("\n"), path, path, lineterm="", n=0
    )
    return "\n".join(lines)
