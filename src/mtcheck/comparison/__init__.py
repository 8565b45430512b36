"""Hold translations of the same texts against each other: two batches, or several systems.

Worse means, for a system held against the baseline (the first one), any of these:

* a corpus score is worse and its p-value is below ``alpha``: BLEU, chrF or TER with a
  reference (the larger one of sacreBLEU's paired bootstrap and approximate randomisation),
  the mean risk or the mean MQM points of the findings (paired bootstrap over documents);
* it has more critical findings than the baseline, or more of severity major and above;
* it has fewer rows than the baseline.

Similarity is shown but decides nothing: it is no quality score. A *segment* counts as worse
when its change is at least one point: the MQM points of its findings, plus ten times its
risk, less a twentieth of its chrF, against the same under the baseline.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from mtcheck import config as settings
from mtcheck import pipeline, schema
from mtcheck.api.audit import Data
from mtcheck.comparison._making import Asked, Audited, make, reference_of
from mtcheck.comparison._paired import METRICS, Difference
from mtcheck.comparison._report import check_folder
from mtcheck.comparison._result import Comparison
from mtcheck.comparison._rows import Row, load, match, with_references
from mtcheck.comparison._units import Change, Side, Unit
from mtcheck.config import Config, Setting
from mtcheck.errors import DataError, UsageError
from mtcheck.pipeline import OnBatch
from mtcheck.readers import Batch
from mtcheck.reporters import Record, ranked

__all__ = ["RANKINGS", "Change", "Comparison", "Difference", "Side", "Unit", "compare"]

RANKINGS = (*METRICS, "risk", "penalty")
"""What systems can be ranked by; ``penalty`` is the mean MQM points of the findings."""

_ROW = "compared_row"
_SEGMENTS_A_DOCUMENT = 8  # aligned rows in a batch, per document of `batch_size`


def compare(
    *batches: Data,
    systems: Sequence[str] = (),
    reference: Data | None = None,
    metrics: Sequence[str] | None = None,
    rank_by: str = "",
    alpha: float = 0.05,
    out: str | Path | None = None,
    config: Config | str | Path | None = None,
    on_batch: OnBatch | None = None,
    **changed: Setting,
) -> Comparison:
    """Compare two batches of translations, or several systems, over the same texts.

    Each of ``batches`` is a DataFrame, a path, or a list of paths, as for ``audit``; the first
    is the baseline. ``systems`` names them. A single batch holds all systems: name its
    hypothesis columns in ``systems``, or give it a column ``system``. ``reference`` is the name
    of a column, a table with source and reference, or a ``.txt`` file with one a line in the
    order of the baseline's rows. ``metrics`` (of ``bleu``, ``chrf``, ``ter``) are by default all
    three for aligned segments and, since TER takes too long on them, the first two for whole
    documents. ``rank_by`` is one of :data:`RANKINGS`, by default ``chrf`` with references, else
    ``risk``. ``alpha`` is the level of significance. ``out`` also writes the report folder.
    Other keyword arguments are settings, as for ``audit``; ``risk=False`` saves most of the time.

    Rows are matched by source text, and by id where several texts are the same. Raises
    UsageError, DataError, ModelError or RuleError, each an MtcheckError.
    """
    base = config if isinstance(config, Config) else Config()
    if isinstance(config, str | Path):
        base = settings.load(Path(config))
    base = base.replace(**changed)
    if not 0 < alpha < 1:
        raise UsageError(f"alpha is {alpha:g}; it must be between 0 and 1")
    _known("metric", metrics or (), METRICS)
    _known("ranking", [rank_by] if rank_by else (), RANKINGS)
    if isinstance(reference, str) and not _is_file(reference):
        base, reference = base.replace(reference_column=reference), None
    given = with_references(load(batches, systems, base), reference, base)
    found = match(given)
    asked = Asked(tuple(dict.fromkeys(metrics or ())), rank_by, alpha)
    # What can't succeed is told before the long part.
    _check(found.rows, base, asked)
    if out is not None:
        check_folder(Path(out))
    audited = _audited(len(given), found.rows, base, on_batch)
    result = make(given, found.rows, found.unmatched, audited, config=base, asked=asked)
    if out is not None:
        result.write(out)
    return result


def _known(what: str, given: Iterable[str], allowed: Sequence[str]) -> None:
    for name in given:
        if name not in allowed:
            raise UsageError(f"unknown {what} {name!r}; use one of {', '.join(allowed)}")


def _check(rows: Sequence[tuple[Row, ...]], config: Config, asked: Asked) -> None:
    """Whether these rows can give the scores asked for. Raises UsageError."""
    wanted = {*asked.metrics, asked.rank_by} & {*METRICS}
    if wanted and not any(map(reference_of, rows)):
        raise UsageError(f"no references, with which {', '.join(sorted(wanted))} would compare")
    if asked.metrics and asked.rank_by in METRICS and asked.rank_by not in asked.metrics:
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

    def add(self, frame: pd.DataFrame) -> None:
        for _, record in ranked(frame):
            row = record[_ROW]
            assert isinstance(row, int)
            self._segments[row][self._system].append(record)

    def end(self, summary: Mapping[str, object]) -> None:
        pass


def _audited(
    systems: int, rows: Sequence[tuple[Row, ...]], config: Config, on_batch: OnBatch | None
) -> Audited:
    """Audit every system's rows, each in a run of its own, under the first system's ids."""
    # What only the gate of `check` asks for must not stop a comparison.
    plain = dataclasses.replace(
        config,
        baseline="",
        max_flagged=None,
        max_risk=None,
        min_bleu=None,
        min_chrf=None,
        min_mean_similarity=None,
    )
    segments: list[list[list[Record]]] = [[[] for _ in range(systems)] for _ in rows]
    codes: Counter[str] = Counter()
    signatures: dict[str, str] = {}
    for at in range(systems):
        _, summary = pipeline.run(
            _batches(at, rows, plain), plain, [_Collector(segments, at)], on_batch=on_batch
        )
        counts, scores = summary["counts"], summary["scores"]
        assert isinstance(counts, Mapping)
        assert isinstance(scores, list)
        codes.update(counts["codes"])
        signatures |= {s["name"]: s["signature"] for s in scores}
    return Audited(segments, codes, signatures)


def _batches(system: int, rows: Sequence[tuple[Row, ...]], config: Config) -> Iterator[Batch]:
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
                # Of aligned rows the scores come later, from the statistics of the tests.
                "reference": None if aligned else reference_of(rows[at]),
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
