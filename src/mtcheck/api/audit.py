"""The Python face: :func:`audit` for frames and files, and what the command line calls."""

from __future__ import annotations

import dataclasses
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from mtcheck import config as settings
from mtcheck import pipeline, readers, schema
from mtcheck.api import frames, groups, notebook, saved, sheets
from mtcheck.config import Config, Setting
from mtcheck.errors import MtcheckError, UsageError
from mtcheck.files import shown
from mtcheck.inspected import Inspected, ScoredDocument, documents, ranked
from mtcheck.pipeline import Means, OnBatch
from mtcheck.pipeline.cache import Cache
from mtcheck.readers import Batch, Data, Parallel, Rejected
from mtcheck.records import finding_rows
from mtcheck.reporters import RuleNote, Run, Writer
from mtcheck.reporters.folder import REJECTED, Folder, all_formats, chosen, write_summary
from mtcheck.review.changed import changed, known_rows
from mtcheck.rules import selected
from mtcheck.summary import Summary
from mtcheck.tally import Tally
from mtcheck.types import Verdict

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Audit", "Data", "audit", "default_folder", "load", "report", "told"]


@dataclass(frozen=True)
class Audit:
    """What :func:`audit` found.

    ``segments`` has one row a segment (columns of ``schema.SEGMENT``, then the metadata),
    ``findings`` one row a finding (``schema.FINDING``, then the metadata), ``documents`` one
    row a document (``schema.DOCUMENT_SCORE``). ``summary`` is what
    ``summary.json`` holds; ``rejected`` the bad rows set aside and the
    files of folders that were not read; ``folder`` the report, if one
    was written; ``ranks`` how badly each segment needs a human, higher is worse.

    Of a frame, ``segments`` and ``findings`` have in ``input_row`` the label of its row that they
    come from, its own columns keep their dtypes, and ``index`` is its index. ``parts`` are the
    sums behind corpus scores, one a document; ``owners`` the part that each segment is of.
    """

    segments: pd.DataFrame
    findings: pd.DataFrame
    documents: pd.DataFrame
    summary: Summary
    verdict: Verdict
    rejected: pd.DataFrame
    config: Config
    folder: Path | None = None
    ranks: tuple[float, ...] = ()
    index: pd.Index | None = None
    parts: tuple[ScoredDocument, ...] = ()
    owners: tuple[int, ...] = ()

    @property
    def flagged(self) -> pd.DataFrame:
        """The segments that need a human, worst first."""
        ranks = pd.Series(self.ranks, index=self.segments.index, dtype=float)
        worst = ranks[self.segments["status"] != "accept"]
        return self.segments.loc[worst.sort_values(ascending=False, kind="stable").index]

    @property
    def _inspected(self) -> Inspected:
        own = self.segments.drop(columns=frames.KEY, errors="ignore")
        return Inspected.of(own if self.index is not None else self.segments, self.ranks)

    def join(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The audited frame with what was found of each row, whatever its ids and index are.

        Index, columns and dtypes stay; ``mtcheck_status`` (the worst of the row's segments),
        ``mtcheck_risk`` (the highest), ``mtcheck_segments`` and ``mtcheck_findings`` (how many),
        ``mtcheck_codes`` and ``mtcheck_reasons`` follow, missing for rows that were set aside. A
        selection of the rows will do if the index tells them apart. Raises UsageError otherwise,
        and for an audit of files.
        """
        if self.index is None:
            raise UsageError("files were audited, no frame; merge segments on doc_id or line")
        return frames.joined(frame, self.index, self.segments)

    def by(self, column: str) -> pd.DataFrame:
        """One row a value of a column, such as ``"system"``: counts and corpus scores.

        BLEU, chrF, risk and the other scores have their 95% interval over the group's own
        documents in ``*_low`` and ``*_high``; nothing is pooled across groups. Raises UsageError
        for an unknown column and for one that differs within a document.
        """
        signatures = {s["name"]: s["signature"] for s in self.summary["scores"]}
        whole = Inspected(self.segments, self.ranks, self.parts, owners=self.owners)
        return groups.by(column, whole, signatures=signatures, languages=self.config.languages)

    def sample(self, n: int = 100, *, budget: float = 0.0, seed: int = 0) -> pd.DataFrame:
        """A sheet of ``n`` segments to label by hand; :func:`mtcheck.labels` reads it back.

        The share ``budget`` of them are the riskiest, which finds errors faster; the rest are
        drawn at random, which is what a calibration needs. Status and risk are not on it, so
        that they sway nobody. Raises UsageError for figures out of bounds.
        """
        return sheets.sample(self.segments, n, budget, seed)

    def save(self, path: str | Path) -> None:
        """Save the audit in a folder, as Parquet and JSON; :func:`mtcheck.load` reads it back.

        Raises UsageError without pyarrow, or where the disk does not let us write.
        """
        parts = [
            {
                "key": list(p.key),
                "whole": p.whole,
                "statistics": {k: list(map(float, v)) for k, v in p.statistics.items()},
            }
            for p in self.parts
        ]
        saved.write(
            Path(path),
            {name: getattr(self, name) for name in saved.TABLES},
            self.index,
            {
                "summary": self.summary,
                "config": self.config.as_dict(),
                "ranks": list(self.ranks),
                "owners": list(self.owners),
                "parts": parts,
            },
        )

    def to_html(self) -> str:
        """The report as one self-contained HTML page."""
        with tempfile.TemporaryDirectory() as folder:
            format_ = all_formats()["html"]
            writer = format_.open(Path(folder), told(self.config))
            writer.add(self._inspected)
            writer.end(self.summary)
            return (Path(folder) / format_.files[0]).read_text(encoding="utf-8")

    def __repr__(self) -> str:
        status = self.segments["status"].value_counts().to_dict()
        return (
            f"<mtcheck Audit: {self.verdict.label}, {len(self.segments)} segments "
            f"({status.get('review', 0)} to review, {status.get('reject', 0)} rejected), "
            f"{len(self.findings)} findings>"
        )

    def explode(self, *, keep_clean: bool = False) -> pd.DataFrame:
        """One row a finding, with the columns of its segment; for counting and joining.

        The columns are the segment's (but ``findings``), then the finding's own (``code``,
        ``severity``, ``marked``, …), then the metadata. ``keep_clean`` also keeps the segments
        without a finding, one row each, the finding's columns missing.
        """
        rows: list[Mapping[str, object]] = []
        for _, record in ranked(self._inspected):
            segment = {k: record[k] for k in schema.SEGMENT if k != "findings"}
            found = finding_rows(record)
            rows += [{**segment, **row} for row in found]
            if keep_clean and not found:
                extra = schema.metadata_columns(record, schema.SEGMENT)
                more = {f"input_{k}" if k in schema.FINDING else k: record[k] for k in extra}
                rows.append({**segment, **more})
        own = {k: v for k, v in schema.SEGMENT.items() if k != "findings"}
        return schema.frame(rows, {**own, **schema.FINDING})

    def plot(
        self, kind: str = "risk", *, labels: pd.DataFrame | None = None, ax: Axes | None = None
    ) -> Axes:
        """Draw a chart into ``ax``, or a new figure, and return the axes.

        ``"risk"``: a histogram by status. ``"findings"``: bars by code and severity.
        ``"threshold"``: the share of segments to review by the risk from which to review; with
        ``labels`` also the share of errors found. ``"reliability"``: the share of errors among
        segments by risk, which takes ``labels`` (:func:`mtcheck.labels`, or columns
        ``segment_id`` and ``bad``). Raises UsageError without matplotlib (``pip install
        'mtcheck[plot]'``), for another kind, and where risk or labels are missing.
        """
        return notebook.draw(kind, self.segments, self.findings, ax, labels)

    def _repr_html_(self) -> str:
        """A short view for notebooks: verdict, scores and the worst segments."""
        return notebook.view(self._inspected, self.summary)


def _rows(frame: pd.DataFrame) -> Iterator[Mapping[str, object]]:
    names = [str(c) for c in frame.columns]
    for cells in frame.itertuples(index=False, name=None):
        yield dict(zip(names, cells, strict=True))


class _Collector:
    """The writer behind the pandas face: it keeps everything."""

    def __init__(self) -> None:
        self.batches: list[Inspected] = []

    def add(self, inspected: Inspected) -> None:
        self.batches.append(inspected)

    def end(self, summary: Summary) -> None:
        pass

    def segments(self) -> pd.DataFrame:
        # Metadata differs from file to file, so the rows are put together anew.
        rows = [row for batch in self.batches for row in _rows(batch.segments)]
        return schema.frame(rows, schema.SEGMENT)

    def parts(self) -> tuple[tuple[ScoredDocument, ...], tuple[int, ...]]:
        """The documents of the run, and which of them each segment is of."""
        parts: list[ScoredDocument] = []
        owners: list[int] = []
        for batch in self.batches:
            owners += [len(parts) + owner for owner in batch.owners]
            parts += batch.documents
        return tuple(parts), tuple(owners)

    def documents(self) -> pd.DataFrame:
        rows = [row for batch in self.batches for row in documents(batch)]
        return schema.frame(rows, schema.DOCUMENT_SCORE)

    def findings(self) -> pd.DataFrame:
        rows = [
            finding
            for batch in self.batches
            for _, record in ranked(batch)
            for finding in finding_rows(record)
        ]
        return schema.frame(rows, schema.FINDING)


class _Rejects:
    """Writes the rows set aside to ``rejected.jsonl``, as they come."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / REJECTED

    def __call__(self, batch: Batch) -> None:
        if aside := _aside(batch):
            with self._path.open("a", encoding="utf-8", newline="\n") as file:
                for row in aside:
                    file.write(json.dumps(dataclasses.asdict(row), ensure_ascii=False) + "\n")


def _aside(batch: Batch) -> list[Rejected]:
    """The bad rows, and the files of folders that were not read."""
    files = [Rejected(u.path, None, f"not read: {u.reason}", "", "") for u in batch.unread]
    return [*files, *batch.rejected]


def _inputs(data: Data) -> list[str | Path | Parallel]:
    if isinstance(data, str | Path | Parallel):
        return [data]
    return [] if isinstance(data, pd.DataFrame) else list(data)


def _batches(data: Data, config: Config) -> Iterator[Batch]:
    if isinstance(data, pd.DataFrame):
        return readers.from_frame(data, config)
    return readers.batches(_inputs(data), config)


def told(config: Config, root: Path = Path()) -> Run:
    """The run as the reports tell of it: its settings and the rules that ran."""
    return Run(
        config,
        rules=tuple(
            RuleNote(
                code=r.key,
                name=r.name,
                category=r.category,
                severity=config.severity.get(r.key)
                or config.severity.get(r.name)
                or r.severity.label,
                summary=r.summary,
                page=r.page,
                precision=r.evidence.precision if r.evidence else None,
                chinese=r.chinese,
            )
            for r in selected(config)
        ),
        root=root,
    )


def default_folder(inputs: Sequence[str | Path | Parallel]) -> Path:
    """``reports/<input name>``: the file's or folder's name, or ``audit`` for several."""
    name = Path(inputs[0]).name if len(inputs) == 1 else ""
    if not name or any(c in name for c in "*?["):
        name = "audit"
    stem = Path(name).stem if Path(inputs[0]).is_file() else name
    return Path("reports") / (stem.strip(". ") or "audit")


def report(
    data: Data,
    out: Path | None,
    config: Config,
    *,
    writers: Iterable[Writer] = (),
    on_batch: OnBatch | None = None,
    since: str | None = None,
    means: Means | None = None,
) -> tuple[Verdict, Summary]:
    """Run once over the data: into a report folder if ``out`` is given, and into ``writers``.

    The folder appears whole or not at all. Memory is one batch, or a few for each process that
    the ``means`` allow. ``since`` leaves out the rows
    that a file or a commit has (:mod:`mtcheck.review.changed`). Raises MtcheckError for
    anything wrong with the input, the configuration or the folder.
    """
    with ExitStack() as stack:
        every = list(writers)
        reject: _Rejects | None = None
        folder: Path | None = None
        if out is not None:
            formats = chosen(config)
            folder = stack.enter_context(Folder(out))
            run = told(config)
            every += [f.open(folder, run) for f in formats]
            reject = _Rejects(folder)

        def after(batch: Batch, tally: Tally) -> None:
            if reject:
                reject(batch)
            if on_batch:
                on_batch(batch, tally)

        names = [shown(Path(i)) for i in _inputs(data)]
        rows = _batches(data, config)
        if since is not None:
            rows = changed(rows, known_rows(since, _inputs(data), config))
        verdict, summary = pipeline.run(
            rows,
            config,
            every,
            inputs=names,
            on_batch=after,
            may_be_empty=since is not None,
            means=means,
        )
        if folder is not None:
            write_summary(folder, summary)
    return verdict, summary


def audit(
    data: object,
    *,
    config: Config | str | Path | None = None,
    out: str | Path | None = None,
    allow_models: bool = False,
    progress: bool | None = None,
    jobs: int = 1,
    cache_dir: str | Path | None = None,
    **changes: Setting,
) -> Audit:
    """Audit translations and give frames to group, join and plot.

    ``data`` is a table with a source and a hypothesis column (see ``schema.ALIASES`` for the
    names understood): a DataFrame, a polars or Arrow table, a list of dicts; or a file, folder,
    glob, or a list of them. ``config`` is a
    :class:`Config` or a TOML file; without it the defaults hold, whatever files lie about.
    Keyword arguments change single settings, e.g. ``encoder=``, ``ignore=("LNG",)``,
    ``source_column=``. ``out`` also writes the report folder. Models that the file names are
    loaded only with ``allow_models``; keyword arguments name them freely. ``progress`` shows a
    bar; by default in notebooks. ``jobs`` processes share the work; a script that uses several
    begins it under ``if __name__ == "__main__"``. ``cache_dir`` is a folder in which documents are
    kept between audits, for this user's eyes; the next audit of the same takes them from there.

    Raises UsageError, DataError, ModelError or RuleError, each an MtcheckError.
    """
    try:
        base = settings.in_force(config, changes, allow_models=allow_models)
        means = Means(jobs, None if cache_dir is None else Cache(Path(cache_dir)))
        return _audit(data, base, None if out is None else Path(out), progress, means)
    except MtcheckError as error:
        raise frames.in_python(error) from None


def _audit(
    data: object, base: Config, folder: Path | None, progress: bool | None, means: Means
) -> Audit:
    frame = frames.as_frame(data)
    given: Data = frames.paths(data) if frame is None else frame
    collector = _Collector()
    rejected: list[dict[str, object]] = []

    with notebook.progress(progress) as tell:

        def keep(batch: Batch, tally: Tally) -> None:
            rejected.extend(dataclasses.asdict(r) for r in _aside(batch))
            tell(batch.fraction, tally.segments)

        verdict, summary = report(
            given, folder, base, writers=[collector], on_batch=keep, means=means
        )
    segments, found = collector.segments(), collector.findings()
    if frame is not None:
        segments = frames.keyed(segments, frame, schema.SEGMENT)
        found = frames.keyed(found, frame, schema.FINDING)
    parts, owners = collector.parts()
    return Audit(
        segments=segments,
        ranks=tuple(rank for batch in collector.batches for rank in batch.ranks),
        findings=found,
        index=None if frame is None else frame.index,
        parts=parts,
        owners=owners,
        documents=collector.documents(),
        summary=summary,
        verdict=verdict,
        rejected=schema.frame(
            rejected,
            {
                "path": "string",
                "line": "Int64",
                "problem": "string",
                "mend": "string",
                "raw": "string",
            },
        ),
        config=base,
        folder=folder,
    )


def load(path: str | Path) -> Audit:
    """An audit that :meth:`Audit.save` saved; nothing in the folder is run.

    Raises DataError for a folder that holds none, and UsageError without pyarrow.
    """
    tables, index, rest = saved.read(Path(path))
    summary = saved.summary(rest["summary"])
    verdict = summary["verdict"]
    parts = tuple(
        ScoredDocument(
            {},
            tuple(p["key"]),
            p["whole"],
            {k: np.array(v) for k, v in p["statistics"].items()},
        )
        for p in cast("list[Any]", rest["parts"])
    )
    return Audit(
        segments=tables["segments"],
        findings=tables["findings"],
        documents=tables["documents"],
        rejected=tables["rejected"],
        summary=summary,
        verdict=Verdict(verdict["passed"], tuple(verdict["reasons"])),
        config=saved.settings(cast("Mapping[str, object]", rest["config"])),
        ranks=tuple(cast("list[float]", rest["ranks"])),
        index=index,
        parts=parts,
        owners=tuple(cast("list[int]", rest["owners"])),
    )
