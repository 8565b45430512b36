"""From findings and scores to a decision: accept, review or reject; pass or fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mtcheck.config import Config
from mtcheck.errors import UsageError
from mtcheck.scorers import Additive, columns
from mtcheck.types import Finding, Segment, Severity, Status, Verdict

__all__ = ["REVIEW_RANK", "Judgement", "Limits", "Measured", "gate", "judge", "score_limits"]


REVIEW_RANK = 1000.0
"""What a step from accept to review to reject adds to a segment's rank."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is settled once a run: cosine and risk from which a human must look.

    ``min_similarity``: below it. ``review_risk``, ``reject_risk``: from it on. None: never.
    """

    min_similarity: float | None = None
    review_risk: float | None = None
    reject_risk: float | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A segment's status, the reasons in words (worst first) and its rank (higher is worse)."""

    status: Status
    reasons: tuple[str, ...]
    rank: float


def judge(
    segment: Segment,
    findings: Sequence[Finding],
    config: Config,
    *,
    limits: Limits,
    risk: float | None = None,
    void: str = "",
    confirmed: Severity | None = None,
) -> Judgement:
    """Decide on one segment.

    Findings cost MQM penalty points (minor 1, major 5, critical 10). From ``review_penalty``
    points on a human should look, from ``reject_penalty`` on the segment is rejected. A cosine
    below the limit asks for review whatever the rules say: it finds translations of another
    sentence, and nothing subtler. So does a risk (0 to 1) at its limit; ``void`` says why a
    risk of 1 is no estimate. ``confirmed`` is the worst severity that a reviewer confirmed here:
    a major error rejects the segment and a minor one sends it to review, whatever the points.
    """
    penalty = sum(f.severity.weight for f in findings)
    detached = (
        segment.similarity is not None
        and limits.min_similarity is not None
        and segment.similarity < limits.min_similarity
    )
    status: Status = "accept"
    seen = Severity.NEUTRAL if confirmed is None else confirmed
    if (
        penalty >= config.reject_penalty
        or seen >= Severity.MAJOR
        or _reaches(risk, limits.reject_risk)
    ):
        status = "reject"
    elif (
        penalty >= config.review_penalty
        or seen >= Severity.MINOR
        or detached
        or _reaches(risk, limits.review_risk)
    ):
        status = "review"
    reasons = [
        f"{f.name}: {f.message}"
        for f in sorted(findings, key=lambda f: -f.severity)
        if f.severity > Severity.NEUTRAL
    ]
    if confirmed is not None and not any(f.confirmed for f in findings):
        reasons.insert(0, "a reviewer confirmed an error")
    if detached:
        reasons.insert(
            0,
            f"similarity {segment.similarity:.2f} is below {limits.min_similarity:.2f}: "
            "the hypothesis seems to be about something else",
        )
    if _reaches(risk, limits.review_risk) or _reaches(risk, limits.reject_risk):
        reasons.append(f"risk {risk:.2f}" + (f": {void}" if void else ""))
    likeness = 0.0 if segment.similarity is None else segment.similarity
    level = ("accept", "review", "reject").index(status)
    rank = (
        REVIEW_RANK * level + penalty + (10.0 if detached else 0.0) + 10 * (risk or 0.0) - likeness
    )
    return Judgement(status, tuple(reasons) if status != "accept" else (), round(rank, 4))


def _reaches(risk: float | None, limit: float | None) -> bool:
    return risk is not None and limit is not None and risk >= limit


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run's gates look at.

    ``by_severity`` counts the findings that may fail it: all, or with a baseline those that are
    new or worse. ``flagged`` of ``segments`` are not accepted. ``scores`` are the corpus scores
    of the summary by name; one that the run could not compute is absent or None. ``unread``
    segments got no answer from the language model that was asked.
    """

    by_severity: Mapping[str, int]
    segments: int
    flagged: int
    scores: Mapping[str, float | None]
    baseline: bool = False
    unread: int = 0


_SCORE_GATES = {
    "max_risk": "risk",
    "min_bleu": "bleu",
    "min_chrf": "chrf",
    "min_mean_similarity": "similarity",
}
"""The settings that hold a corpus score by a name of their own, and the score."""


def score_limits(config: Config) -> dict[str, float]:
    """The worst corpus scores that pass, by column. Raises UsageError for an unknown score."""
    known = [name for name, column in columns().items() if column.of_documents]
    for name in config.score_limits:
        if name not in known:
            raise UsageError(f"score_limits: no score {name!r}; use one of {', '.join(known)}")
    own = {name: getattr(config, setting) for setting, name in _SCORE_GATES.items()}
    return {name: bound for name, bound in own.items() if bound is not None} | {
        name: float(bound) for name, bound in config.score_limits.items()
    }


def gate(measured: Measured, config: Config) -> Verdict:
    """Pass, unless a gate that is set does not hold; each that doesn't gives a reason.

    A gate on a score that the run could not compute fails: nobody looked is not a pass.
    """
    reasons = []
    if not config.never_on_findings:
        limit = Severity.parse(config.fail_on)
        over = sum(n for s, n in measured.by_severity.items() if Severity.parse(s) >= limit)
        if over:
            noun = "finding" if over == 1 else "findings"
            kind = f"new or worse {noun}" if measured.baseline else noun
            above = "" if limit is Severity.CRITICAL else " or above"
            reasons.append(f"{over} {kind} of severity {limit.label}{above}")
    share = measured.flagged / measured.segments if measured.segments else 0.0
    if config.max_flagged is not None and share > config.max_flagged:
        reasons.append(
            f"{100 * share:.4g}% of the segments are flagged "
            f"({measured.flagged} of {measured.segments}), more than {100 * config.max_flagged:g}%"
        )
    if config.judge_gates and measured.unread:
        reasons.append(f"the language model did not read {measured.unread} segments")
    for name, bound in score_limits(config).items():
        column, value = columns()[name], measured.scores.get(name)
        words = ("" if isinstance(column.metric, Additive) else "mean ") + column.label
        if value is None:
            reasons.append(f"{words} can't be held to {bound:g}: {column.missing}")
        elif value < bound if column.metric.higher_is_better else value > bound:
            side = "below" if column.metric.higher_is_better else "above"
            reasons.append(f"{words} {value:.4f} is {side} {bound:g}")
    return Verdict(not reasons, tuple(reasons))
