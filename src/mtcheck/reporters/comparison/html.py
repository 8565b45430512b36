"""``comparison.html``: one self-contained page.

The page asks nothing of the network and has no script at all; its content security policy
allows its own style alone. Text of the input is escaped, and control, direction and zero-width
characters are written out.
"""

from __future__ import annotations

from markupsafe import Markup

from mtcheck.comparison.result import Compared
from mtcheck.comparison.words import label
from mtcheck.reporters._page import environment, load, policy_hash
from mtcheck.reporters.comparison._view import (
    chosen,
    findings,
    matrix,
    plain_rows,
    ranking,
    score_rows,
    signatures,
    title,
    verdict,
    view,
)
from mtcheck.reporters.words import plural

__all__ = ["html"]

PAGE_WORSE, PAGE_BETTER, PAGE_UNMATCHED = 200, 50, 100


def html(comparison: Compared) -> str:
    """The whole page."""
    style = load("compare.css")
    changes = comparison.changes
    worse = chosen(comparison, "worse", PAGE_WORSE)
    better = chosen(comparison, "better", PAGE_BETTER)
    unmatched = plain_rows(comparison.unmatched)
    return (
        environment(plural=plural)
        .get_template("compare.html.j2")
        .render(
            c=comparison,
            title=title(comparison),
            verdict=verdict(comparison),
            two=len(comparison.systems) == 2,
            counts=comparison.summary["counts"],
            verdicts={v: sum(c.verdict == v for c in changes) for v in ("worse", "better", "same")},
            scores=score_rows(comparison),
            signatures=signatures(comparison),
            ranking=ranking(comparison),
            order=[str(s) for s in comparison.ranking["system"]],
            matrix=matrix(comparison),
            rank_by=label(comparison.summary["rank_by"]),
            findings=findings(comparison),
            worse=[view(c) for c in worse],
            better=[view(c) for c in better],
            unmatched=unmatched[:PAGE_UNMATCHED],
            unmatched_left=max(0, len(unmatched) - PAGE_UNMATCHED),
            notes=comparison.summary["notes"],
            style=Markup(style),
            policy=f"default-src 'none'; style-src '{policy_hash(style)}'; base-uri 'none'; "
            "form-action 'none'",
        )
    )
