"""The charts of the HTML report: counted batch by batch, drawn as SVG, told as tables.

Every number is a count or a sum over all segments of the run, whatever the page shows of them.
Colours come from the page's style sheet by class, so that they follow light and dark.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from markupsafe import Markup

from mtcheck.config import Config
from mtcheck.records import FLAGGED, Record, findings, is_flagged, text
from mtcheck.reporters._messages import Messages
from mtcheck.reporters.words import visible
from mtcheck.risk.calibration import load_calibration
from mtcheck.types import Severity

__all__ = ["Chart", "Charts"]

_STATUSES = ("accept", "review", "reject")
_SEVERITIES = tuple(s.label for s in sorted(Severity, reverse=True))
_BINS = 20  # of the histogram of risk, 0 to 1
_CELLS = 40  # of the similarity and of the risk in the scatter plot, 0 to 1
_MOST = 15  # documents or systems in a chart
_WIDTH = 440  # of every drawing; the page scales it
_LONG = 44  # characters of a label that fit


@dataclass(frozen=True)
class Chart:
    """A chart: ``svg`` draws it, ``head`` and ``rows`` tell the same as a table."""

    key: str
    title: str
    note: str
    svg: Markup
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass
class _Group:
    """The segments of a document or of a system."""

    risk: float = 0.0
    assessed: int = 0
    segments: int = 0
    flagged: int = 0

    def add(self, record: Record) -> None:
        risk = record["risk"]
        if isinstance(risk, int | float):
            self.risk += risk
            self.assessed += 1
        self.segments += 1
        self.flagged += is_flagged(record)


@dataclass
class Charts:
    """Counts segments with :meth:`add`; :meth:`figures` draws what there is to draw."""

    config: Config
    _by_risk: Counter[tuple[int, str]] = field(default_factory=Counter)
    _by_category: Counter[tuple[str, str]] = field(default_factory=Counter)
    _by_both: Counter[tuple[int, int, str]] = field(default_factory=Counter)
    _band: dict[int, _Group] = field(default_factory=dict)
    _documents: dict[tuple[str, str], _Group] = field(default_factory=dict)
    _systems: dict[str, _Group] = field(default_factory=dict)
    _risks: array[float] = field(default_factory=lambda: array("d"))

    def add(self, record: Record) -> None:
        """Count a segment."""
        status, risk, similarity = text(record, "status"), record["risk"], record["similarity"]
        for found in findings(record):
            self._by_category[found["category"], found["severity"]] += 1
        own = text(record, "path"), text(record, "doc_id")
        self._documents.setdefault(own, _Group()).add(record)
        if system := text(record, "system"):
            self._systems.setdefault(system, _Group()).add(record)
        if not isinstance(risk, int | float):
            return
        self._by_risk[_bin(risk, _BINS), status] += 1
        if self.config.budget is not None:
            self._risks.append(risk)
        if isinstance(similarity, int | float):
            self._by_both[_bin(similarity, _CELLS), _bin(risk, _CELLS), status] += 1
            self._band.setdefault(_bin(similarity, 10), _Group()).add(record)

    def figures(self, t: Messages) -> list[Chart]:
        """The charts, without those that would be empty."""
        groups: dict[str, _Group] = (
            self._systems
            if len(self._systems) > 1
            else {doc: group for (_, doc), group in self._documents.items()}
        )
        assessed = {name: group for name, group in groups.items() if group.assessed}
        drawn = []
        if self._by_risk:
            drawn.append(self._risk(t))
        if self._by_category:
            drawn.append(self._categories(t))
        if len(assessed) > 1:
            drawn.append(_means(t, assessed, systems=groups is self._systems))
        if self._by_both:
            drawn.append(self._scatter(t))
        return drawn

    def _limits(self) -> list[tuple[str, float]]:
        """The risks from which a segment is flagged, as the run used them."""
        own = load_calibration(Path(self.config.calibration)) if self.config.calibration else None
        review = self.config.review_risk
        if review is None and own:
            review = own.review
        if self.config.budget is not None and self._risks:
            chosen = math.ceil(self.config.budget * len(self._risks))
            within = sorted(self._risks)[-chosen]
            review = within if review is None else min(review, within)
        limits = [("chart.review", review), ("chart.reject", own.reject if own else None)]
        return [(key, value) for key, value in limits if value is not None]

    def _risk(self, t: Messages) -> Chart:
        counts = [[self._by_risk[i, s] for s in _STATUSES] for i in range(_BINS)]
        left, top, width, height = 44, 36, _WIDTH - 52, 150
        ticks = _ticks(max(map(sum, counts)))
        scale = height / ticks[-1]
        out = _legend([(f"fill-{s}", t(f"status.{s}")) for s in _STATUSES if _any(counts, s)])
        for tick in ticks:
            at = top + height - tick * scale
            out.append(_line(left, at, left + width, at, "grid"))
            out.append(_text(left - 6, at + 4, f"{tick:,}", "end"))
        step = width / _BINS
        for i, column in enumerate(counts):
            y = float(top + height)
            for status, count in zip(_STATUSES, column, strict=True):
                if count:
                    y -= count * scale
                    out.append(
                        _rect(left + i * step + 1, y, step - 2, count * scale, f"fill-{status}")
                    )
        for i in range(0, _BINS + 1, 4):
            out.append(_text(left + i * step, top + height + 16, f"{i / _BINS:g}", "middle"))
        out.append(_text(left + width, top + height + 32, t("chart.risk.axis"), "end"))
        for row, (key, value) in enumerate(self._limits()):
            x = left + value * width
            out.append(_line(x, top - 6, x, top + height, "limit"))
            side, shift = ("end", -5) if value > 0.5 else ("start", 5)
            label = t(key, x=f"{value:.2f}")
            out.append(_text(x + shift, top + 8 + 15 * row, label, side, "strong"))
        return Chart(
            "risk",
            t("chart.risk"),
            t("chart.risk.note"),
            _svg(t("chart.risk"), top + height + 38, out),
            (t("column.risk"), *(t(f"status.{s}").capitalize() for s in _STATUSES)),
            tuple(
                (
                    t("chart.range", low=f"{i / _BINS:.2f}", high=f"{(i + 1) / _BINS:.2f}"),
                    *(f"{n:,}" for n in column),
                )
                for i, column in enumerate(counts)
                if any(column)
            ),
        )

    def _categories(self, t: Messages) -> Chart:
        totals: Counter[str] = Counter()
        for (category, _), count in self._by_category.items():
            totals[category] += count
        order = sorted(totals, key=lambda c: (-totals[c], c))
        seen = [s for s in _SEVERITIES if any(s == own for _, own in self._by_category)]
        bars = []
        for category in order:
            parts = [(f"fill-{s}", self._by_category[category, s]) for s in seen]
            bars.append(_Bar(t.category(category), f"{totals[category]:,}", parts))
        return Chart(
            "category",
            t("chart.category"),
            "",
            _bars(
                t("chart.category"),
                bars,
                whole=max(totals.values()),
                legend=[(f"fill-{s}", t(f"severity.{s}")) for s in seen],
            ),
            (t("column.category"), *(t(f"severity.{s}").capitalize() for s in seen)),
            tuple((t.category(c), *(f"{self._by_category[c, s]:,}" for s in seen)) for c in order),
        )

    def _scatter(self, t: Messages) -> Chart:
        left, top, width, height = 44, 36, _WIDTH - 52, 170
        low = min(4 * (min(x for x, _, _ in self._by_both) // 4), _CELLS - 8)
        step, rise = width / (_CELLS - low), height / _CELLS
        seen = {s for _, _, s in self._by_both}
        out = _legend([(f"fill-{s}", t(f"status.{s}")) for s in _STATUSES if s in seen])
        for i in range(0, _CELLS + 1, 10):
            y = top + height - i * rise
            out.append(_line(left, y, left + width, y, "grid"))
            out.append(_text(left - 6, y + 4, f"{i / _CELLS:g}", "end"))
        for i in range(low, _CELLS + 1, 4):
            out.append(
                _text(left + (i - low) * step, top + height + 16, f"{i / _CELLS:g}", "middle")
            )
        for status in _STATUSES:  # the flagged on top
            for (x, y, own), count in sorted(self._by_both.items()):
                if own == status:
                    out.append(
                        Markup('<circle cx="{}" cy="{}" r="{}" class="fill-{} dot"/>').format(
                            _n(left + (x - low + 0.5) * step),
                            _n(top + height - (y + 0.5) * rise),
                            _n(min(7.0, 2 + math.log2(count) * 0.6)),
                            status,
                        )
                    )
        limit = self.config.min_similarity
        if limit is not None and low / _CELLS <= limit <= 1:
            at = left + (limit * _CELLS - low) * step
            out.append(_line(at, top, at, top + height, "limit"))
        out.append(_text(_WIDTH - 8, top + height + 32, t("chart.similarity.axis"), "end"))
        out.append(_text(0, top - 4, t("chart.risk.axis"), "start"))
        rows = []
        for i, band in sorted(self._band.items()):
            between = t("chart.range", low=f"{i / 10:.1f}", high=f"{(i + 1) / 10:.1f}")
            mean = f"{band.risk / band.assessed:.3f}"
            rows.append((between, f"{band.segments:,}", f"{band.flagged:,}", mean))
        return Chart(
            "similarity",
            t("chart.similarity"),
            t("chart.similarity.note"),
            _svg(t("chart.similarity"), top + height + 38, out),
            (t.score("similarity"), t("list"), t("flagged"), t("chart.mean-risk").capitalize()),
            tuple(rows),
        )


def _means(t: Messages, groups: dict[str, _Group], *, systems: bool) -> Chart:
    order = sorted(groups.items(), key=lambda g: (-g[1].risk / g[1].assessed, g[0]))[:_MOST]
    title = t("chart.systems" if systems else "chart.documents")
    note = ""
    if not systems and len(groups) > _MOST:
        note = t("chart.documents.note", n=_MOST, all=len(groups))
    bars, rows = [], []
    for name, group in order:
        mean = group.risk / group.assessed
        flagged = t("chart.flagged-of", flagged=group.flagged, n=group.segments)
        bars.append(_Bar(name, f"{mean:.3f} · {flagged}", [("fill-risk", mean)]))
        rows.append((name, f"{mean:.3f}", f"{group.segments:,}", f"{group.flagged:,}"))
    head = (t("system" if systems else "document"), t("chart.mean-risk").capitalize())
    return Chart(
        "documents",
        title,
        note,
        _bars(title, bars, whole=1.0),
        (*head, t("list"), t("flagged")),
        tuple(rows),
    )


# --- drawing -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Bar:
    label: str
    value: str
    parts: Sequence[tuple[str, float]]


def _bars(
    title: str, bars: Sequence[_Bar], *, whole: float, legend: Sequence[tuple[str, str]] = ()
) -> Markup:
    """Lying bars, each under its label: any label fits, on any screen."""
    out = _legend(legend) if legend else []
    y = 34.0 if legend else 8.0
    for bar in bars:
        label = bar.label if len(bar.label) <= _LONG else bar.label[: _LONG - 1] + "…"
        out.append(_text(0, y + 10, label, "start"))
        out.append(_text(_WIDTH, y + 10, bar.value, "end", "strong"))
        out.append(_rect(0, y + 16, _WIDTH, 8, "track"))
        x = 0.0
        for kind, value in bar.parts:
            if value:
                out.append(_rect(x, y + 16, value / whole * _WIDTH, 8, kind))
                x += value / whole * _WIDTH
        y += 36
    return _svg(title, y, out)


def _legend(entries: Iterable[tuple[str, str]]) -> list[Markup]:
    out, x = [], 0.0
    for kind, label in entries:
        out += [_rect(x, 2, 10, 10, kind), _text(x + 15, 11, label, "start")]
        x += 32 + sum(13 if ord(c) > 0x2E80 else 7 for c in label)
    return out


def _any(counts: Iterable[Sequence[int]], status: str) -> bool:
    at = _STATUSES.index(status)
    return any(column[at] for column in counts) or status in FLAGGED


def _bin(value: float, bins: int) -> int:
    """Which of the equal parts of 0 to 1 a value is in; what is outside is drawn in."""
    return min(max(int(value * bins + 1e-9), 0), bins - 1)


def _ticks(most: int) -> list[int]:
    """Round numbers from 0 to at least ``most``, about four steps."""
    rough = max(most, 1) / 4
    power = 10 ** math.floor(math.log10(rough)) if rough >= 1 else 1
    step = next(int(m * power) for m in (1, 2, 5, 10) if m * power >= rough)
    return list(range(0, step * math.ceil(max(most, 1) / step) + 1, step))


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _svg(title: str, height: float, content: Iterable[Markup]) -> Markup:
    return Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        _WIDTH, _n(height), title, Markup().join(content)
    )


def _text(x: float, y: float, shown: str, anchor: str, kind: str = "") -> Markup:
    return Markup('<text x="{}" y="{}" text-anchor="{}" class="{}">{}</text>').format(
        _n(x), _n(y), anchor, kind, visible(shown)
    )


def _rect(x: float, y: float, width: float, height: float, kind: str) -> Markup:
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" class="{}"/>').format(
        _n(x), _n(y), _n(width), _n(height), kind
    )


def _line(x: float, y: float, to_x: float, to_y: float, kind: str) -> Markup:
    return Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" class="{}"/>').format(
        _n(x), _n(y), _n(to_x), _n(to_y), kind
    )
