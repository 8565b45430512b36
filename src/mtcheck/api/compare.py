"""The Python face of a comparison: :func:`compare`, and what it gives."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mtcheck import config as settings
from mtcheck import pipeline, schema
from mtcheck.api.frames import as_frame, in_python, paths
from mtcheck.comparison.making import (
    Asked,
    FromAudits,
    against_reference,
    by_default,
    make,
    means,
    reference_of,
)
from mtcheck.comparison.paired import Difference
from mtcheck.comparison.passages import Passage, PassageChange, Rendered
from mtcheck.comparison.result import Compared
from mtcheck.comparison.rows import SystemRow, load, match, with_references
from mtcheck.comparison.words import metric
from mtcheck.config import ABOUT, GATES, Config, Setting
from mtcheck.errors import DataError, MtcheckError, UsageError
from mtcheck.inspected import Inspected, ranked
from mtcheck.pipeline import OnBatch
from mtcheck.readers import Batch, Data
from mtcheck.records import Record
from mtcheck.reporters.comparison.folder import check_folder, write
from mtcheck.scorers import SegmentMetric, all_metrics
from mtcheck.summary import Summary

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "Comparison",
    "Difference",
    "Passage",
    "PassageChange",
    "Rendered",
    "compare",
    "rankings",
    "run",
]


def rankings() -> tuple[str, ...]:
    """What systems can be ranked by; ``penalty`` is the mean MQM points of the findings."""
    return (*against_reference(), *(n for n in means() if metric(n).quality))


_ROW = "compared_row"
_SEGMENTS_A_DOCUMENT = 8  # aligned rows in a batch, per document of `batch_size`


@dataclass(frozen=True, repr=False)
class Comparison(Compared):
    """What :func:`compare` found: the tables of :class:`Compared`, and the ways to show them."""

    def to_html(self) -> str:
        """The comparison as one self-contained HTML page."""
        from mtcheck.reporters.comparison.html import html

        return html(self)

    def to_markdown(self) -> str:
        """The comparison in Markdown, short enough for a comment on a pull request."""
        from mtcheck.reporters.comparison.markdown import markdown

        return markdown(self)

    def write(self, out: str | Path) -> Path:
        """Write the report folder: pages, tables as CSV, all tables in ``comparison.json``.

        It appears whole or not at all and replaces only an earlier comparison. Raises UsageError.
        """
        return write(self, Path(out))

    def print(self, console: Console) -> None:
        """The summary for a terminal."""
        from mtcheck.reporters.comparison.terminal import print_summary

        print_summary(self, console)

    def __repr__(self) -> str:
        return f"<mtcheck Comparison: {self.sentence}>"

    def _repr_html_(self) -> str:
        """A short view for notebooks: the sentence, the scores and the worst segments."""
        from mtcheck.reporters.comparison.notebook import notebook

        return notebook(self)


def compare(
    *batches: object,
    systems: str | Sequence[str] = (),
    reference: object = None,
    metrics: str | Sequence[str] | None = None,
    rank_by: str = "",
    alpha: float = 0.05,
    out: str | Path | None = None,
    config: Config | str | Path | None = None,
    on_batch: OnBatch | None = None,
    allow_models: bool = False,
    **changed: Setting,
) -> Comparison:
    """Compare two batches of translations, or several systems, over the same texts.

    Each of ``batches`` is a table, a path, or a list of paths, as for ``audit``; the first is
    the baseline. ``systems`` names them. A single batch holds all systems: name its
    hypothesis columns in ``systems``, or give it a column ``system``. ``reference`` is the name
    of a column, a table with source and reference, or a ``.txt`` file with one a line in the
    order of the baseline's rows. ``metrics`` (``bleu``, ``chrf``, ``ter``, and others that are
    installed) are by default those of the settings, else all for aligned segments and, for
    whole documents, those that do not take too long on them, as TER does. ``rank_by`` is one of
    :func:`rankings`, by default ``chrf`` with references, else ``risk``. ``alpha`` is the level
    of significance. ``out`` also writes the report folder.
    Other keyword arguments are settings, as for ``audit``, and ``allow_models`` is as there;
    ``risk=False`` saves most of the time.

    Rows are matched by source text, and by id where several texts are the same. Raises
    UsageError, DataError, ModelError or RuleError, each an MtcheckError.
    """
    try:
        return run(
            *map(_data, batches),
            systems=_names(systems),
            reference=None if reference is None else _data(reference),
            metrics=None if metrics is None else _names(metrics),
            rank_by=rank_by,
            alpha=alpha,
            out=out,
            config=settings.in_force(config, changed, allow_models=allow_models),
            on_batch=on_batch,
        )
    except MtcheckError as error:
        raise in_python(error) from None


def _data(given: object) -> Data:
    frame = as_frame(given)
    return paths(given) if frame is None else frame


def _names(given: str | Sequence[str]) -> tuple[str, ...]:
    listed = given.split(",") if isinstance(given, str) else given
    return tuple(name.strip() for name in listed)


def run(
    *batches: Data,
    systems: Sequence[str],
    reference: Data | None,
    metrics: Sequence[str] | None,
    rank_by: str,
    alpha: float,
    out: str | Path | None,
    config: Config,
    on_batch: OnBatch | None,
) -> Comparison:
    """:func:`compare` for the command line: settings in force, errors in words of its flags."""
    base = config
    if not 0 < alpha < 1:
        raise UsageError(f"alpha is {alpha:g}; it must be between 0 and 1")
    _known("metric", metrics or (), tuple(against_reference()))
    _known("ranking", [rank_by] if rank_by else (), rankings())
    if isinstance(reference, str) and not _is_file(reference):
        base, reference = base.replace(reference_column=reference), None
    given = with_references(load(batches, systems, base), reference, base)
    found = match(given)
    wanted = metrics or [m for m in base.metrics if m in against_reference()]
    asked = Asked(tuple(dict.fromkeys(wanted)), rank_by, alpha)
    # What can't succeed is told before the long part.
    _check(found.rows, base, asked)
    if out is not None:
        check_folder(Path(out))
    audited = _audited(len(given), found.rows, base, asked.metrics, on_batch)
    made = make(given, found.rows, found.unmatched, audited, config=base, asked=asked)
    result = Comparison(**vars(made))
    if out is not None:
        result.write(out)
    return result


def _known(what: str, given: Iterable[str], allowed: Sequence[str]) -> None:
    for name in given:
        if name not in allowed:
            raise UsageError(f"unknown {what} {name!r}; use one of {', '.join(allowed)}")


def _check(rows: Sequence[tuple[SystemRow, ...]], config: Config, asked: Asked) -> None:
    """Whether these rows can give the scores asked for. Raises UsageError."""
    known = against_reference()
    wanted = {*asked.metrics, asked.rank_by} & {*known}
    if wanted and not any(map(reference_of, rows)):
        raise UsageError(f"no references, with which {', '.join(sorted(wanted))} would compare")
    if (
        asked.metrics
        and asked.rank_by in against_reference()
        and asked.rank_by not in asked.metrics
    ):
        raise UsageError(f"can't rank by {asked.rank_by}; it is not among the metrics")
    if asked.rank_by == "risk" and not config.risk:
        raise UsageError("can't rank by risk without it; leave out --no-risk")


def _is_file(name: str) -> bool:
    """Whether ``--reference`` means a file. Raises DataError for a file that is not there."""
    if Path(name).exists():
        return True
    if Path(name).suffix.lower() in (".txt", ".csv", ".tsv", ".json", ".jsonl") or "/" in name:
        raise DataError("no such file", path=name, mend="check the path of the references")
    return False


# --- the run -------------------------------------------------------------------------------


class _Collector:
    """The writer that keeps one system's segments by matched row."""

    def __init__(self, segments: list[list[list[Record]]], system: int) -> None:
        self._segments, self._system = segments, system

    def add(self, inspected: Inspected) -> None:
        for _, record in ranked(inspected):
            row = record[_ROW]
            assert isinstance(row, int)
            self._segments[row][self._system].append(record)

    def end(self, summary: Summary) -> None:
        pass


def _audited(
    systems: int,
    rows: Sequence[tuple[SystemRow, ...]],
    config: Config,
    asked: Sequence[str],
    on_batch: OnBatch | None,
) -> FromAudits:
    """Audit every system's rows, each in a run of its own, under the first system's ids."""
    aligned = rows[0][0].segment_id is not None
    # Of aligned rows the statistics of the tests give what adds up; documents are scored whole.
    scored = () if aligned else {*(asked or by_default(aligned=False)), "chrf"}
    values = [
        key
        for key, own in all_metrics().items()
        if isinstance(own, SegmentMetric)
        if own.values is None or not config.metrics or key in config.metrics
    ]
    # What only the gate of `check` asks for must not stop a comparison.
    default = Config()
    gates = {n: getattr(default, n) for n, about in ABOUT.items() if about.panel == GATES}
    plain = dataclasses.replace(
        config, **gates, baseline="", metrics=tuple(dict.fromkeys((*scored, *values)))
    )
    segments: list[list[list[Record]]] = [[[] for _ in range(systems)] for _ in rows]
    codes: Counter[str] = Counter()
    signatures: dict[str, str] = {}
    for at in range(systems):
        _, summary = pipeline.run(
            _batches(at, rows, plain), plain, [_Collector(segments, at)], on_batch=on_batch
        )
        codes.update(summary["counts"]["codes"])
        signatures |= {s["name"]: s["signature"] for s in summary["scores"]}
    return FromAudits(segments, codes, signatures)


def _batches(system: int, rows: Sequence[tuple[SystemRow, ...]], config: Config) -> Iterator[Batch]:
    """The matched rows of one system as batches of whole documents."""
    documents: dict[tuple[str, str], list[int]] = {}
    for at, (first, *_) in enumerate(rows):
        documents.setdefault((first.path, first.doc_id), []).append(at)
    aligned = rows[0][0].segment_id is not None
    limit = config.batch_size * (_SEGMENTS_A_DOCUMENT if aligned else 1)
    done = system * len(rows)
    waiting: list[dict[str, object]] = []
    for members in documents.values():
        for at in members:
            first = rows[at][0]
            own: dict[str, object] = {
                **rows[at][system].texts,
                "doc_id": first.doc_id,
                "segment_id": first.segment_id,
                "path": first.path,
                "line": first.line,
                "source": first.texts["source"],
                "source_title": first.texts["source_title"],
                "reference": reference_of(rows[at]),
                _ROW: at,
            }
            waiting.append(own)
        done += len(members)
        if len(waiting) >= limit:
            fraction = done / (len(rows) * len(rows[0]))
            yield Batch(schema.frame(waiting, schema.DOCUMENT), fraction)
            waiting = []
    if waiting:
        fraction = (system + 1) / len(rows[0])
        yield Batch(schema.frame(waiting, schema.DOCUMENT), fraction)
