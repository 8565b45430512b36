"""The Python face: :func:`audit` for frames and files, and what the command line calls."""

from __future__ import annotations

import dataclasses
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from mtcheck import config as settings
from mtcheck import pipeline, readers, schema
from mtcheck.api import notebook
from mtcheck.config import Config, Setting
from mtcheck.errors import UsageError
from mtcheck.inspected import Inspected, documents, ranked
from mtcheck.pipeline import OnBatch
from mtcheck.readers import Batch, Data
from mtcheck.records import finding_rows
from mtcheck.reporters import RuleNote, Run, Writer
from mtcheck.reporters.folder import REJECTED, Folder, all_formats, chosen, write_summary
from mtcheck.rules import selected
from mtcheck.summary import Summary
from mtcheck.tally import Tally
from mtcheck.types import Verdict

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Audit", "Data", "audit", "default_folder", "report", "told"]


@dataclass(frozen=True)
class Audit:
    """What :func:`audit` found.

    ``segments`` has one row a segment (columns of ``schema.SEGMENT``, then the metadata),
    ``findings`` one row a finding (``schema.FINDING``, then the metadata), ``documents`` one
    row a document (``schema.DOCUMENT_SCORE``). ``summary`` is what
    ``summary.json`` holds; ``rejected`` the bad rows set aside; ``folder`` the report, if one
    was written; ``ranks`` how badly each segment needs a human, higher is worse.
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

    @property
    def flagged(self) -> pd.DataFrame:
        """The segments that need a human, worst first."""
        ranks = pd.Series(self.ranks, index=self.segments.index, dtype=float)
        worst = ranks[self.segments["status"] != "accept"]
        return self.segments.loc[worst.sort_values(ascending=False, kind="stable").index]

    @property
    def _inspected(self) -> Inspected:
        return Inspected.of(self.segments, self.ranks)

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

    def plot(self, kind: str = "risk", *, ax: Axes | None = None) -> Axes:
        """Draw ``"risk"``, a histogram by status, or ``"findings"``, bars by code and severity.

        Draws into ``ax``, or a new figure, and returns the axes. Raises UsageError without
        matplotlib (``pip install 'mtcheck[plot]'``), for another kind, and for ``"risk"`` when
        none was estimated.
        """
        return notebook.draw(kind, self.segments, self.findings, ax)

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
        if batch.rejected:
            with self._path.open("a", encoding="utf-8", newline="\n") as file:
                for row in batch.rejected:
                    file.write(json.dumps(dataclasses.asdict(row), ensure_ascii=False) + "\n")


def _inputs(data: Data) -> list[str | Path]:
    if isinstance(data, str | Path):
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


def default_folder(inputs: Sequence[str | Path]) -> Path:
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
) -> tuple[Verdict, Summary]:
    """Run once over the data: into a report folder if ``out`` is given, and into ``writers``.

    The folder appears whole or not at all. Memory is one batch. Raises MtcheckError for
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

        names = [Path(i).as_posix() for i in _inputs(data)]
        verdict, summary = pipeline.run(
            _batches(data, config), config, every, inputs=names, on_batch=after
        )
        if folder is not None:
            write_summary(folder, summary)
    return verdict, summary


def audit(
    data: Data,
    *,
    config: Config | str | Path | None = None,
    out: str | Path | None = None,
    allow_models: bool = False,
    **changes: Setting,
) -> Audit:
    """Audit translations and give frames to group, join and plot.

    ``data`` is a DataFrame with a source and a hypothesis column (see ``schema.ALIASES`` for
    the names understood), or a file, folder, glob, or a list of them. ``config`` is a
    :class:`Config` or a TOML file; without it the defaults hold, whatever files lie about.
    Keyword arguments change single settings, e.g. ``encoder=``, ``ignore=("LNG",)``,
    ``source_column=``. ``out`` also writes the report folder. Models that the file names are
    loaded only with ``allow_models``; keyword arguments name them freely.

    Raises UsageError, DataError, ModelError or RuleError, each an MtcheckError.
    """
    base = settings.in_force(config, changes, allow_models=allow_models)
    if not isinstance(data, pd.DataFrame | str | Path) and not isinstance(data, Sequence):
        raise UsageError(f"can't audit a {type(data).__name__}; give a DataFrame or a path")
    collector = _Collector()
    rejected: list[dict[str, object]] = []

    def keep(batch: Batch, _: Tally) -> None:
        rejected.extend(dataclasses.asdict(r) for r in batch.rejected)

    folder = None if out is None else Path(out)
    verdict, summary = report(data, folder, base, writers=[collector], on_batch=keep)
    return Audit(
        segments=collector.segments(),
        ranks=tuple(rank for batch in collector.batches for rank in batch.ranks),
        findings=collector.findings(),
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
