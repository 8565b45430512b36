"""``mtcheck check``: the gate of a build."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from mtcheck.cli._app import CLEAN, FINDINGS, app
from mtcheck.cli._options import (
    BadRows,
    ConfigFile,
    Encoder,
    Encoding,
    FailOn,
    Glossary,
    HypothesisColumn,
    IdColumn,
    Ignore,
    Inputs,
    Layout,
    Preview,
    ReferenceColumn,
    Select,
    SourceColumn,
    config_of,
    finish,
    names,
    stderr,
)

if TYPE_CHECKING:
    import pandas as pd

    from mtcheck.types import Verdict

__all__ = ["check"]


@app.command()
def check(
    inputs: Inputs,
    fail_on: FailOn = None,
    config: ConfigFile = None,
    aligned: Layout = None,
    source_column: SourceColumn = None,
    hypothesis_column: HypothesisColumn = None,
    reference_column: ReferenceColumn = None,
    id_column: IdColumn = None,
    bad_rows: BadRows = None,
    encoding: Encoding = None,
    select: Select = None,
    ignore: Ignore = None,
    preview: Preview = None,
    glossary: Glossary = None,
    encoder: Encoder = None,
) -> None:
    """Check translations in a build: one line a finding, exit 1 when one is severe enough.

    A line is `path:row: CODE severity message`. Notes go to stderr.

    Example: mtcheck check translations.jsonl --fail-on critical
    """
    from mtcheck import api

    chosen = config_of(
        config,
        aligned,
        fail_on=fail_on,
        source_column=source_column,
        hypothesis_column=hypothesis_column,
        reference_column=reference_column,
        id_column=id_column,
        bad_rows=bad_rows,
        encoding=encoding,
        select=names(select),
        ignore=names(ignore),
        preview=preview,
        glossary=glossary,
        encoder=encoder,
        risk=False,  # its gate is on findings
        budget=None,
    )
    say = stderr()

    def on_batch(batch: object, tally: object) -> None:  # noqa: ARG001
        for row in getattr(batch, "rejected", ()):
            say(f"{row.path}:{row.line}: set aside: {row.problem}; {row.mend}")

    verdict, summary = api.report(list(inputs), None, chosen, writers=[_Lines()], on_batch=on_batch)
    _say_verdict(say, verdict, summary)
    finish(summary, CLEAN if verdict.passed else FINDINGS)


class _Lines:
    """A writer that prints each finding as a line."""

    def add(self, frame: pd.DataFrame) -> None:
        from mtcheck import reporters
        from mtcheck.reporters._terminal import text_line

        for _, record in reporters.ranked(frame):
            for finding in reporters.findings(record):
                sys.stdout.write(text_line(record, finding) + "\n")

    def end(self, summary: Mapping[str, object]) -> None:  # noqa: ARG002
        sys.stdout.flush()


def _say_verdict(say: Callable[..., None], verdict: Verdict, summary: Mapping[str, object]) -> None:
    counts = summary["counts"]
    if isinstance(counts, Mapping):
        reasons = "; ".join(verdict.reasons) or "nothing over the gate"
        rejected = f", {counts['rejected']} rows set aside" if counts["rejected"] else ""
        say(
            f"mtcheck: {verdict.label}: {reasons} "
            f"(segments: {counts['segments']}, documents: {counts['documents']}{rejected})"
        )
