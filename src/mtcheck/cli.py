"""The command line: flags to a Config to the API. The only place that exits.

Heavy libraries are imported inside the commands, so that ``mtcheck --help`` is quick.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

from mtcheck import config as settings
from mtcheck._version import __version__
from mtcheck.config import Config, Setting
from mtcheck.errors import MtcheckError, UsageError

if TYPE_CHECKING:
    import pandas as pd

    from mtcheck.pipeline import OnBatch
    from mtcheck.rules import Rule
    from mtcheck.types import Verdict

__all__ = ["app", "main"]

CLEAN, FINDINGS, ERROR = 0, 1, 2

app = typer.Typer(
    name="mtcheck",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Tell which sentences of a machine translation can't be trusted, and why.\n\n"
    "English abstracts and their Chinese machine translations go in; each sentence is aligned, "
    "scored and checked; the ones that need a human come out in a report. Works offline.",
    epilog="Exit codes: 0 report written or nothing over the gate, 1 findings over the gate "
    "(check only), 2 anything else.",
)

Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT...",
        help="Files, folders or globs: saved pages (.txt, .html), .csv, .tsv, .jsonl, .json.",
        show_default=False,
    ),
]
_READING, _RULES, _SCORING = "Reading the input", "Choosing rules", "Scoring and judging"


ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config", help="Settings file. Default: the closest mtcheck.toml or pyproject.toml."
    ),
]
Layout = Annotated[
    bool | None,
    typer.Option(
        "--aligned/--documents",
        help="Rows are aligned sentence pairs, or whole abstracts. Default: told by the columns.",
        rich_help_panel=_READING,
        show_default=False,
    ),
]
SourceColumn = Annotated[
    str | None,
    typer.Option(help="Column with the English source.", rich_help_panel=_READING),
]
HypothesisColumn = Annotated[
    str | None,
    typer.Option(help="Column with the translation to check.", rich_help_panel=_READING),
]
ReferenceColumn = Annotated[
    str | None,
    typer.Option(
        help="Column with a human translation; turns on BLEU, chrF and TER.",
        rich_help_panel=_READING,
    ),
]
BackColumn = Annotated[
    str | None,
    typer.Option(
        "--back-translation-column",
        help="Column with the translation turned back into English, for round-trip scores.",
        rich_help_panel=_READING,
    ),
]
IdColumn = Annotated[
    str | None,
    typer.Option(help="Column with the id of the document or row.", rich_help_panel=_READING),
]
BadRows = Annotated[
    str | None,
    typer.Option(
        help="'fail' at the first bad row, or 'skip' it: it is kept in rejected.jsonl and counted.",
        rich_help_panel=_READING,
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        help="Encoding of the input, e.g. gb18030. Default: UTF-8, or as its byte order mark says.",
        rich_help_panel=_READING,
    ),
]
Select = Annotated[
    str | None,
    typer.Option(
        help="Only these rules: codes, prefixes or names, e.g. ACC,half-width-punctuation.",
        rich_help_panel=_RULES,
    ),
]
Ignore = Annotated[
    str | None, typer.Option(help="All rules but these, written alike.", rich_help_panel=_RULES)
]
Preview = Annotated[
    bool | None,
    typer.Option("--preview", help="Also run the rules in preview.", rich_help_panel=_RULES),
]
Glossary = Annotated[
    str | None,
    typer.Option(
        help="Terms to hold to: a .csv with source,target,forbidden,note, or a .tbx.",
        rich_help_panel=_RULES,
    ),
]
Encoder = Annotated[
    str | None,
    typer.Option(
        help="'embedded', or a sentence-transformers model by name or local folder.",
        rich_help_panel=_SCORING,
    ),
]
MinSimilarity = Annotated[
    float | None,
    typer.Option(
        help="Review segments below this cosine. Default: the encoder's own threshold.",
        rich_help_panel=_SCORING,
    ),
]
NoRisk = Annotated[
    bool | None,
    typer.Option(
        "--risk/--no-risk",
        help="Estimate the risk of each segment. Default: yes.",
        rich_help_panel=_SCORING,
        show_default=False,
    ),
]
Budget = Annotated[
    str | None,
    typer.Option(
        help="Also review the riskiest share of all segments, e.g. 20%.",
        rich_help_panel=_SCORING,
    ),
]
ReviewRisk = Annotated[
    float | None,
    typer.Option(help="Also review segments from this risk on, 0 to 1.", rich_help_panel=_SCORING),
]
CalibrationFile = Annotated[
    str | None,
    typer.Option(
        "--calibration",
        help="File of `mtcheck calibrate`, for the probabilities and limits of your domain.",
        rich_help_panel=_SCORING,
    ),
]
FailOn = Annotated[
    str | None,
    typer.Option(
        help="Lowest severity that fails: neutral, minor, major or critical. Default: major.",
        rich_help_panel=_SCORING,
    ),
]


def _names(text: str | None) -> tuple[str, ...] | None:
    """A comma-separated flag as a tuple; None when the flag was not given."""
    return None if text is None else tuple(t for t in (p.strip() for p in text.split(",")) if t)


def _share(text: str | None) -> float | None:
    """``20%`` or ``0.2`` as 0.2. Raises UsageError."""
    if text is None:
        return None
    try:
        return float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        raise UsageError(f"{text!r} is no share; write 20% or 0.2") from None


def _config(file: Path | None, aligned: bool | None, **changes: Setting) -> Config:
    layout = None if aligned is None else ("aligned" if aligned else "documents")
    return settings.load(file).replace(layout=layout, **changes)


def _stderr() -> Callable[..., None]:
    from rich.console import Console

    return Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print


@contextmanager
def _progress() -> Iterator[OnBatch]:
    """A bar on stderr, if that is a terminal and the work takes more than a moment."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[counts]}"),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    began = time.monotonic()
    task = bar.add_task("auditing", total=1.0, counts="", start=True)

    def on_batch(batch: object, tally: object) -> None:
        counts = f"{getattr(tally, 'segments', 0):,} segments"
        bar.update(task, completed=getattr(batch, "fraction", 0.0), counts=counts)
        if time.monotonic() - began > 1 and not bar.live.is_started and console.is_terminal:
            bar.start()

    try:
        yield on_batch
    finally:
        bar.stop()


def _crashed(summary: Mapping[str, object]) -> bool:
    from mtcheck.rules import CRASH_CODE

    counts = summary["counts"]
    codes = counts.get("codes") if isinstance(counts, Mapping) else None
    return isinstance(codes, Mapping) and CRASH_CODE in codes


def _finish(summary: Mapping[str, object], code: int) -> None:
    if _crashed(summary):
        _stderr()("mtcheck: a rule crashed (INT001 in the findings); please report it")
        code = ERROR
    raise typer.Exit(code)


@app.command()
def audit(
    inputs: Inputs,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Report folder; an earlier report there is replaced. Default: reports/<input>."
        ),
    ] = None,
    format: Annotated[  # noqa: A002
        str | None, typer.Option(help="Files to write: csv,jsonl,markdown,html. Default: all.")
    ] = None,
    config: ConfigFile = None,
    aligned: Layout = None,
    source_column: SourceColumn = None,
    hypothesis_column: HypothesisColumn = None,
    reference_column: ReferenceColumn = None,
    back_translation_column: BackColumn = None,
    id_column: IdColumn = None,
    bad_rows: BadRows = None,
    encoding: Encoding = None,
    select: Select = None,
    ignore: Ignore = None,
    preview: Preview = None,
    glossary: Glossary = None,
    encoder: Encoder = None,
    min_similarity: MinSimilarity = None,
    risk: NoRisk = None,
    budget: Budget = None,
    review_risk: ReviewRisk = None,
    calibration: CalibrationFile = None,
) -> None:
    """Audit translations and write a report folder.

    The folder holds flagged.csv (what a human must look at, worst first), segments.csv,
    findings.csv, documents.csv, segments.jsonl, summary.json, report.md and report.html.

    Example: mtcheck audit abstracts.csv --out reports/june
    """
    from rich.console import Console

    from mtcheck import api
    from mtcheck.reporters._terminal import Worst, print_summary

    chosen = _config(
        config,
        aligned,
        formats=_names(format),
        source_column=source_column,
        hypothesis_column=hypothesis_column,
        reference_column=reference_column,
        back_translation_column=back_translation_column,
        id_column=id_column,
        bad_rows=bad_rows,
        encoding=encoding,
        select=_names(select),
        ignore=_names(ignore),
        preview=preview,
        glossary=glossary,
        encoder=encoder,
        min_similarity=min_similarity,
        risk=risk,
        budget=_share(budget),
        review_risk=review_risk,
        calibration=calibration,
    )
    folder = out or api.default_folder(inputs)
    worst = Worst()
    with _progress() as on_batch:
        _, summary = api.report(list(inputs), folder, chosen, writers=[worst], on_batch=on_batch)
    print_summary(summary, Console(highlight=False), worst=worst, folder=folder)
    _finish(summary, CLEAN)


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

    chosen = _config(
        config,
        aligned,
        fail_on=fail_on,
        source_column=source_column,
        hypothesis_column=hypothesis_column,
        reference_column=reference_column,
        id_column=id_column,
        bad_rows=bad_rows,
        encoding=encoding,
        select=_names(select),
        ignore=_names(ignore),
        preview=preview,
        glossary=glossary,
        encoder=encoder,
        risk=False,  # its gate is on findings
        budget=None,
    )
    say = _stderr()

    def on_batch(batch: object, tally: object) -> None:  # noqa: ARG001
        for row in getattr(batch, "rejected", ()):
            say(f"{row.path}:{row.line}: set aside: {row.problem}; {row.mend}")

    verdict, summary = api.report(list(inputs), None, chosen, writers=[_Lines()], on_batch=on_batch)
    _say_verdict(say, verdict, summary)
    _finish(summary, CLEAN if verdict.passed else FINDINGS)


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


@app.command()
def rules(
    code: Annotated[
        str | None, typer.Argument(help="A rule's code or name: print its page.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The list as JSON.")] = False,
) -> None:
    """List the rules, or print the page of one.

    Example: mtcheck rules ACC005
    """
    from rich.console import Console
    from rich.table import Table

    from mtcheck.rules import all_rules, find

    if code is not None:
        rule = find(code)
        state = "; in preview: runs with --preview or when named" if rule.preview else ""
        typer.echo(f"{rule.key} {rule.name}\n{rule.category}, {rule.severity.label}{state}\n")
        typer.echo(rule.page)
        return
    listed = [_listed(r) for r in all_rules().values()]
    if as_json:
        typer.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False)
    columns = ["code", "name", "category", "severity", "on", "precision", "fires", "alarms"]
    if console.width >= _WIDE:
        columns.append("summary")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, no_wrap=name in ("code", "severity", "on"), overflow="fold")
    for r in listed:
        table.add_row(*("–" if r[c] is None else str(r[c]) for c in columns))
    console.print(table)
    console.print(
        "precision: on Bio-MQM dev, with the number of findings; fires: per 1,000 segments there; "
        "alarms: per 1,000 human references. `mtcheck rules CODE` prints a rule's page.",
        style="dim",
    )


_WIDE = 140  # columns of a terminal that hold the summaries too


def _listed(rule: Rule) -> dict[str, object]:
    """A rule as the list shows it; figures are None where nothing was measured."""
    e = rule.evidence
    precision = f"{e.precision:.2f} of {e.fires}" if e and e.precision is not None else None
    return {
        "code": rule.key,
        "name": rule.name,
        "category": rule.category,
        "severity": rule.severity.label,
        "on": "preview" if rule.preview else "yes",
        "precision": precision,
        "fires": f"{1000 * e.fires / e.segments:.1f}" if e else None,
        "alarms": f"{e.per_thousand:.1f}" if e else None,
        "summary": rule.summary,
    }


class _ScoresByDefault(TyperGroup):
    """``mtcheck evaluate LABELS`` is short for ``mtcheck evaluate scores LABELS``."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        if args and args[0] not in (*self.commands, "--help"):
            args = ["scores", *args]
        return super().parse_args(ctx, args)


evaluate = typer.Typer(
    cls=_ScoresByDefault,
    no_args_is_help=True,
    help="Hold scores or rules against human judgements, or rules against planted errors.\n\n"
    "`mtcheck evaluate LABELS` is short for `mtcheck evaluate scores LABELS`.",
)
app.add_typer(evaluate, name="evaluate")

Labels = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", help="JSONL, CSV, TSV or Parquet of aligned rows."),
]


@evaluate.command("rules")
def evaluate_rules(
    files: Labels,
    clean: Annotated[
        bool, typer.Option("--clean", help="The translations are right: only count fires.")
    ] = False,
    as_is: Annotated[
        bool,
        typer.Option("--as-is", help="Don't mend misplaced marks, nor join readings of a text."),
    ] = False,
    only_systems: Annotated[
        str | None, typer.Option(help="Rows of these systems alone, separated by commas.")
    ] = None,
    exclude_systems: Annotated[
        str | None, typer.Option(help="All systems but these, e.g. reference.")
    ] = None,
    source_column: Annotated[str, typer.Option(help="Column with the source.")] = "source",
    hypothesis_column: Annotated[
        str, typer.Option(help="Column with the translation.")
    ] = "hypothesis",
    select: Select = None,
    ignore: Ignore = None,
    preview: Preview = None,
    as_json: Annotated[bool, typer.Option("--json", help="The table as JSON.")] = False,
) -> None:
    """Tell how often each rule is right, on segments in which humans marked the errors.

    Marks are read in the form of Bio-MQM (`errors`) and of WMT (`spans`). On right translations
    (--clean) the fires are counted instead.

    Example: mtcheck evaluate rules bio_mqm.jsonl --exclude-systems reference
    """
    from mtcheck.evaluation import rules as evaluation

    result = evaluation.evaluate_rules(
        files,
        Config().replace(select=_names(select), ignore=_names(ignore), preview=preview),
        clean=clean,
        as_is=as_is,
        only_systems=_names(only_systems) or (),
        exclude_systems=_names(exclude_systems) or (),
        source_column=source_column,
        hypothesis_column=hypothesis_column,
    )
    if as_json:
        typer.echo(json.dumps(result.as_dict(), ensure_ascii=False, indent=2))
    else:
        typer.echo(result.markdown(), nl=False)


@evaluate.command("mutations")
def evaluate_mutations(
    files: Labels,
    source_column: Annotated[str, typer.Option(help="Column with the source.")] = "source",
    hypothesis_column: Annotated[
        str, typer.Option(help="Column with a right translation.")
    ] = "reference",
    preview: Preview = None,
) -> None:
    """Plant errors in right translations, one kind at a time, and count those caught.

    Example: mtcheck evaluate mutations pairs.jsonl --hypothesis-column reference
    """
    from mtcheck.evaluation import mutations
    from mtcheck.evaluation.labelled import read_labelled

    rows = [
        row
        for file in files
        for row in read_labelled(
            file, source_column=source_column, hypothesis_column=hypothesis_column, clean=True
        )
    ]
    found = mutations.evaluate_mutations(rows, Config().replace(preview=preview))
    typer.echo(mutations.table(found), nl=False)


@evaluate.command("planted")
def evaluate_planted(
    data: Annotated[Path, typer.Argument(help="Documents, as for `mtcheck audit`.")],
    labels: Annotated[Path, typer.Argument(help="The planted errors; see data/README.md.")],
    glossary: Glossary = None,
    preview: Preview = None,
    as_json: Annotated[bool, typer.Option("--json", help="Only the totals, as JSON.")] = False,
) -> None:
    """Tell how many planted errors an audit finds, and what it flags beside them.

    Example: mtcheck evaluate planted data/abstracts.csv data/labels.csv
    """
    from mtcheck import api
    from mtcheck.evaluation import planted

    result = planted.evaluate_planted(
        api.audit(data, glossary=glossary, preview=preview), planted.read_labels(labels)
    )
    typer.echo(json.dumps(result.totals()) if as_json else result.markdown())


# These two have many flags of their own, which their modules tell about: `… --help`.
_FORWARD = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}


@evaluate.command("scores", context_settings=_FORWARD)
def evaluate_scores(context: typer.Context) -> None:
    """Judge scores against human labels: segments, words and systems, with intervals.

    Without a column of scores in the file, mtcheck's own are judged.

    Example: mtcheck evaluate labels.jsonl --scores reports/june/segments.jsonl
    """
    from mtcheck.evaluation import quality

    raise typer.Exit(quality.main(context.args, prog="mtcheck evaluate scores"))


@app.command(context_settings=_FORWARD)
def calibrate(context: typer.Context) -> None:
    """Fit probabilities and thresholds on 100 to 200 labelled rows of your own.

    Example: mtcheck calibrate own.jsonl --review budget=20% --reject precision=0.8
    """
    from mtcheck.evaluation import calibration

    raise typer.Exit(calibration.main(context.args, prog="mtcheck calibrate"))


@app.command(context_settings=_FORWARD)
def train(context: typer.Context) -> None:
    """Rebuild the risk model from labelled data, in steps: network, export, stack, judge.

    A run that was stopped goes on from its checkpoint. Needs `pip install 'mtcheck[train]'`.

    Example: mtcheck train network DATA --work DIR
    """
    from mtcheck.training import run

    raise typer.Exit(run.main(context.args))


@app.command("calibrate-alignment")
def calibrate_alignment(
    inputs: Inputs,
    out: Annotated[Path, typer.Option(help="File to write; name it as `alignment-file`.")],
    encoder: Encoder = None,
    source_column: SourceColumn = None,
    hypothesis_column: HypothesisColumn = None,
    id_column: IdColumn = None,
) -> None:
    """Fit the aligner to an encoder, on right translations that are aligned sentence by sentence.

    Rows of one document share its id and stand in order; a few hundred rows will do.

    Example: mtcheck calibrate-alignment pairs.csv --encoder ./my-model --out my-model.json
    """
    from mtcheck import readers
    from mtcheck.documents import from_frame, grouped
    from mtcheck.evaluation import alignment
    from mtcheck.models import load_encoder

    chosen = _config(
        None,
        True,
        encoder=encoder,
        source_column=source_column,
        hypothesis_column=hypothesis_column,
        id_column=id_column,
    )
    model = load_encoder(chosen.encoder)
    documents = [
        [(row.texts["source"] or "", row.texts["hypothesis"] or "") for row in rows]
        for batch in readers.batches(list(inputs), chosen)
        for rows in grouped(from_frame(batch.frame)).values()
    ]
    alignment.write_calibration(out, alignment.calibrate(documents, model), model)
    typer.echo(f"fitted on {sum(map(len, documents))} pairs in {len(documents)} documents: {out}")


@app.command("config")
def show_config(
    config: ConfigFile = None,
) -> None:
    """Print the settings in force as TOML, each with what it means.

    Example: mtcheck config > mtcheck.toml
    """
    path = config or settings.find_file(Path.cwd())
    values = settings.load(path).as_dict()
    origin = f"from {path}" if path else "the defaults; no mtcheck.toml or [tool.mtcheck] found"
    typer.echo(f"# {origin}")
    tables = []
    for field in dataclasses.fields(Config):
        value = values[field.name]
        about = f"# {field.metadata['help']}"
        key = field.name.replace("_", "-")
        if isinstance(value, dict):
            tables += [f"\n{about}", f"[{key}]", *(f"{k} = {_toml(v)}" for k, v in value.items())]
        else:
            typer.echo(f"\n{about}")
            typer.echo(f"# {key} =" if value is None else f"{key} = {_toml(value)}")
    typer.echo("\n".join(tables))


def _toml(value: object) -> str:
    # JSON strings, numbers, booleans and lists of strings are TOML as well.
    return json.dumps(value, ensure_ascii=False)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mtcheck {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line and exit: 0, 1 or 2 as the README says."""
    sys.exit(_run())


def _run() -> int:
    try:
        code = app(standalone_mode=False)
    except MtcheckError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("interrupted")
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing is wrong on our side.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLEAN
    except Exception as error:
        usage = getattr(error, "format_message", None)  # typer's own errors, whichever click
        if callable(usage):
            return _fail(f"{usage()} Try 'mtcheck --help'.")
        if type(error).__name__ == "Abort":
            return _fail("interrupted")
        if os.environ.get("MTCHECK_TRACEBACK"):
            raise
        return _fail(
            f"internal error: {type(error).__name__}: {error}; "
            "please report it, with the output under MTCHECK_TRACEBACK=1"
        )
    return code if isinstance(code, int) else CLEAN


def _fail(message: str) -> int:
    line = " ".join(message.split())
    sys.stderr.write(f"mtcheck: error: {line}\n")
    return ERROR
