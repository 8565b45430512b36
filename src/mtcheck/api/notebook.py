"""An audit in a notebook: a bar while it runs, a short view, and charts.

There is no script in it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from mtcheck.errors import UsageError
from mtcheck.inspected import Inspected, ranked
from mtcheck.records import Record, findings, is_flagged, reasons, text
from mtcheck.reporters.notebook import STYLE
from mtcheck.reporters.words import (
    marks,
    pieces,
    plural,
    score_lines,
    sizes,
    statuses,
    verdict_label,
    visible,
)
from mtcheck.summary import Summary
from mtcheck.types import Severity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["PLOTS", "draw", "progress", "view"]

PLOTS = ("risk", "findings", "threshold", "reliability")
"""What can be plotted."""

SHOWN = 10
"""Segments in the view."""


def _marked(record: Record, side: str) -> Markup:
    """A side of a segment with the text of its findings marked."""
    found = findings(record)
    out = []
    for piece in pieces(text(record, side), marks(record, side)):
        shown = visible(piece.text)
        if piece.under and piece.text:
            told = "\n".join(f"{found[i]['code']}: {found[i]['message']}" for i in piece.under)
            out.append(Markup('<mark title="{}">{}</mark>').format(visible(told), shown))
        else:
            out.append(Markup("{}").format(shown))
    return Markup().join(out)


def _worst(inspected: Inspected) -> list[Record]:
    flagged = [(rank, record) for rank, record in ranked(inspected) if is_flagged(record)]
    flagged.sort(key=lambda r: -r[0])
    return [record for _, record in flagged]


def _parts(inspected: Inspected, summary: Summary) -> Iterator[Markup]:
    yield STYLE
    yield Markup('<div class="mtcheck"><p><b>{}</b> {}<br>').format(
        verdict_label(summary), visible("; ".join(summary["verdict"]["reasons"]))
    )
    counts = f"{', '.join(sizes(summary))}: {', '.join(statuses(summary))}"
    yield Markup("{}</p>").format(counts)
    if scores := score_lines(summary):
        yield Markup(
            '<table><caption>Scores</caption><thead><tr><th scope="col">Score</th>'
            '<th scope="col">Value</th><th scope="col">95% interval</th></tr></thead><tbody>'
        )
        for score in scores:
            yield Markup(
                '<tr><th scope="row">{}</th><td class="n">{}</td><td class="n">{}</td></tr>'
            ).format(score.label, score.value, score.interval or "–")
        yield Markup("</tbody></table>")
    worst = _worst(inspected)
    if worst:
        yield Markup(
            "<table><caption>{}</caption><thead><tr>"
            '<th scope="col">Segment</th><th scope="col">Why</th><th scope="col">Source</th>'
            '<th scope="col">Translation</th></tr></thead><tbody>'
        ).format(
            f"The {SHOWN} worst of {plural(len(worst), 'flagged segment')}"
            if len(worst) > SHOWN
            else plural(len(worst), "flagged segment")
        )
        for record in worst[:SHOWN]:
            yield Markup(
                '<tr><th scope="row">{}<br><small>{}</small></th><td>{}</td>'
                '<td lang="en" dir="auto">{}</td><td lang="zh-CN" dir="auto">{}</td></tr>'
            ).format(
                visible(text(record, "segment_id")),
                text(record, "status"),
                visible("; ".join(reasons(record))),
                _marked(record, "source"),
                _marked(record, "hypothesis"),
            )
        yield Markup("</tbody></table>")
    yield Markup("</div>")


def view(inspected: Inspected, summary: Summary) -> str:
    """Verdict, counts, scores and the worst segments as HTML, safe with any text."""
    return str(Markup().join(_parts(inspected, summary)))


# --- the bar -------------------------------------------------------------------------------


def _in_notebook() -> bool:
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(shell, "kernel", None) is not None


@contextmanager
def progress(wanted: bool | None) -> Iterator[Callable[[float, int], None]]:
    """Something to tell how much is done, 0 to 1, and how many segments: a bar, or nothing.

    By default a bar in notebooks alone; elsewhere, where it is wanted, on stderr.
    """
    if _in_notebook() and wanted is not False:
        from IPython.display import HTML, display

        handle = display(HTML("<progress></progress>"), display_id=True)

        def tell(done: float, segments: int) -> None:
            handle.update(
                HTML(f"<progress value='{done:.3f}'></progress> {plural(segments, 'segment')}")
            )

        yield tell
        handle.update(HTML(""))
    elif wanted:
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("auditing", total=1.0)
            yield lambda done, _: bar.update(task, completed=done)
    else:
        yield lambda *_: None


# --- charts --------------------------------------------------------------------------------

# Okabe and Ito's colours, which the colour-blind can tell apart.
_STATUS = {"accept": "#009e73", "review": "#e69f00", "reject": "#d55e00"}
_SEVERITY = {"neutral": "#999999", "minor": "#56b4e9", "major": "#e69f00", "critical": "#d55e00"}
_BINS = 20
_CODES = 20


def _pyplot() -> ModuleType:
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise UsageError("plots need matplotlib: pip install 'mtcheck[plot]'") from None
    plot: ModuleType = plt
    return plot


def draw(
    kind: str,
    segments: pd.DataFrame,
    found: pd.DataFrame,
    ax: Axes | None = None,
    labels: pd.DataFrame | None = None,
) -> Axes:
    """Draw a chart into ``ax``, or a new one, and return it; :meth:`Audit.plot` tells of each.

    Raises UsageError for another kind, without matplotlib, and where risk or labels are missing.
    """
    if kind not in PLOTS:
        raise UsageError(f"unknown plot {kind!r}; use one of {', '.join(PLOTS)}")
    plt = _pyplot()
    if kind != "findings" and not segments["risk"].notna().any():
        raise UsageError("there is no risk to plot; audit with risk=True")
    known = _labelled(segments, labels) if labels is not None else None
    if kind == "reliability" and known is None:
        raise UsageError("a reliability plot needs labels=, such as mtcheck.labels(sheet)")
    axes: Axes = plt.subplots(layout="constrained")[1] if ax is None else ax
    if kind == "risk":
        _draw_risk(axes, segments)
    elif kind == "threshold":
        _draw_threshold(axes, segments, known)
    elif kind == "reliability" and known is not None:
        _draw_reliability(axes, known)
    else:
        _draw_findings(axes, found)
    return axes


def _draw_risk(ax: Axes, segments: pd.DataFrame) -> None:
    by_status = [
        segments.loc[segments["status"] == status, "risk"].dropna().tolist() for status in _STATUS
    ]
    ax.hist(
        by_status,
        bins=_BINS,
        range=(0, 1),
        stacked=True,
        color=list(_STATUS.values()),
        label=list(_STATUS),
        edgecolor="white",
        linewidth=0.5,
    )
    ax.set(title="Risk of the segments", xlabel="risk", ylabel="segments", xlim=(0, 1))
    ax.legend(title="status")


def _labelled(segments: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Risk and label (``bad``) of the segments that have both."""
    for name in ("segment_id", "bad"):
        if name not in labels.columns:
            raise UsageError(f"labels have no column {name!r}; take mtcheck.labels(sheet)")
    own = labels[["segment_id", "bad"]].astype({"segment_id": "string"})
    both = segments[["segment_id", "risk"]].merge(own, on="segment_id").dropna()
    if both.empty:
        raise UsageError("no label is of a segment of this audit")
    return both


def _draw_threshold(ax: Axes, segments: pd.DataFrame, known: pd.DataFrame | None) -> None:
    limits = [i / 100 for i in range(101)]
    risks = segments["risk"].dropna()
    ax.plot(limits, [float((risks >= x).mean()) for x in limits], label="segments to review")
    if known is not None and known["bad"].any():
        bad = known.loc[known["bad"] == 1, "risk"]
        ax.plot(limits, [float((bad >= x).mean()) for x in limits], label="errors found")
    ax.set(title="Reviewing from a risk on", xlabel="risk", ylabel="share", xlim=(0, 1))
    ax.legend()


def _draw_reliability(ax: Axes, known: pd.DataFrame) -> None:
    """Bins of equal size, so that each mean rests on as many labels."""
    order = known.sort_values("risk", kind="stable").reset_index(drop=True)
    bins = order.index * min(10, max(1, len(order) // 10)) // len(order)
    means = order.groupby(bins)[["risk", "bad"]].mean()
    ax.plot([0, 1], [0, 1], color="#999999", linewidth=1, label="as it should be")
    ax.plot(means["risk"], means["bad"].astype(float), marker="o", label="measured")
    ax.set(
        title=f"Reliability of the risk on {len(order)} labels",
        xlabel="mean risk",
        ylabel="share with a major error",
        xlim=(0, 1),
        ylim=(0, 1),
    )
    ax.legend()


def _draw_findings(ax: Axes, found: pd.DataFrame) -> None:
    codes = found["code"].value_counts().head(_CODES).index.tolist()[::-1]
    names = dict(zip(found["code"], found["name"], strict=True))
    left = [0] * len(codes)
    for severity in sorted(Severity, reverse=True):
        own = found.loc[found["severity"] == severity.label, "code"].value_counts()
        counts = [int(own.get(code, 0)) for code in codes]
        if any(counts):
            labels = [f"{code} {names[code]}" for code in codes]
            colour = _SEVERITY[severity.label]
            ax.barh(labels, counts, left=left, color=colour, label=severity.label)
            left = [a + b for a, b in zip(left, counts, strict=True)]
    ax.set(title="Findings by code", xlabel="findings")
    if codes:
        ax.legend(title="severity", loc="lower right")
