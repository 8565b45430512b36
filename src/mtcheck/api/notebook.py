"""An audit in a notebook: a short view, and two charts.

There is no script in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from mtcheck.errors import UsageError
from mtcheck.inspected import Inspected, ranked
from mtcheck.records import FLAGGED, Record, findings, is_flagged, reasons, text
from mtcheck.reporters.notebook import STYLE
from mtcheck.reporters.words import marks, overview, pieces, plural, visible
from mtcheck.summary import Summary
from mtcheck.types import Severity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["PLOTS", "draw", "view"]

PLOTS = ("risk", "findings")
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
    run = overview(summary)
    yield STYLE
    yield Markup('<div class="mtcheck"><p><b>{}</b> {}<br>').format(
        run.label, visible("; ".join(run.reasons))
    )
    statuses = ", ".join(f"{run.status.get(s, 0):,} {s}" for s in (*FLAGGED, "accept"))
    counts = f"{plural(run.documents, 'document')}, {plural(run.segments, 'segment')}: {statuses}"
    yield Markup("{}</p>").format(counts)
    if run.scores:
        yield Markup(
            '<table><caption>Scores</caption><thead><tr><th scope="col">Score</th>'
            '<th scope="col">Value</th><th scope="col">95% interval</th></tr></thead><tbody>'
        )
        for score in run.scores:
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


def draw(kind: str, segments: pd.DataFrame, found: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw a chart into ``ax``, or a new one, and return it.

    ``risk`` is a histogram of the segments' risk by status, ``findings`` the number of findings
    by code and severity, the most frequent 20 codes. Raises UsageError for another kind, without
    matplotlib, and for ``risk`` when none was estimated.
    """
    if kind not in PLOTS:
        raise UsageError(f"unknown plot {kind!r}; use one of {', '.join(PLOTS)}")
    plt = _pyplot()
    if kind == "risk" and not segments["risk"].notna().any():
        raise UsageError("there is no risk to plot; audit with risk=True")
    axes: Axes = plt.subplots(layout="constrained")[1] if ax is None else ax
    if kind == "risk":
        _draw_risk(axes, segments)
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
