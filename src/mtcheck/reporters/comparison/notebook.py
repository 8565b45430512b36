"""A comparison in a notebook: a short view."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from mtcheck.comparison.result import Compared
from mtcheck.reporters.comparison._view import chosen, score_rows, title, verdict
from mtcheck.reporters.notebook import STYLE
from mtcheck.reporters.words import visible

__all__ = ["notebook"]


def _notebook(comparison: Compared) -> Iterator[Markup]:
    yield STYLE
    yield Markup('<div class="mtcheck"><p><b>{}</b> {}</p>').format(
        visible(verdict(comparison)), visible(f"{title(comparison)}: {comparison.sentence}")
    )
    heads = ("System", "Score", comparison.baseline, "Value", "Difference", "95% interval", "p")
    head = Markup().join(Markup('<th scope="col">{}</th>').format(visible(h)) for h in heads)
    yield Markup("<table><thead><tr>{}</tr></thead><tbody>").format(head)
    for s in score_rows(comparison):
        cells = (s.system, s.label, s.baseline, s.value, s.difference, s.interval, s.p)
        row = Markup().join(Markup("<td>{}</td>").format(visible(c)) for c in cells)
        yield Markup("<tr>{}</tr>").format(row)
    yield Markup("</tbody></table>")
    worst = chosen(comparison, "worse", 10)
    if worst:
        yield Markup(
            '<table><caption>Got worse, worst first</caption><thead><tr><th scope="col">Segment'
            '</th><th scope="col">{}</th><th scope="col">New</th></tr></thead><tbody>'
        ).format(visible(comparison.baseline))
        for c in worst:
            yield Markup(
                '<tr><th scope="row">{}</th><td lang="zh-CN">{}</td><td lang="zh-CN">{}</td></tr>'
            ).format(*map(visible, (c.passage.segment_id, c.old.hypothesis, c.new.hypothesis)))
        yield Markup("</tbody></table>")
    yield Markup("</div>")


def notebook(comparison: Compared) -> str:
    """The sentence, the scores and the ten worst segments, safe with any text."""
    return str(Markup().join(_notebook(comparison)))
