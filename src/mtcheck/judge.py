"""From findings and scores to a decision: accept, review or reject; pass or fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mtcheck.config import Config
from mtcheck.types import Finding, Segment, Severity, Status, Verdict

__all__ = ["REVIEW_RANK", "Judgement", "Limits", "gate", "judge"]


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
) -> Judgement:
    """Decide on one segment.

    Findings cost MQM penalty points (minor 1, major 5, critical 10). From ``review_penalty``
    points on a human should look, from ``reject_penalty`` on the segment is rejected. A cosine
    below the limit asks for review whatever the rules say: it finds translations of another
    sentence, and nothing subtler. So does a risk (0 to 1) at its limit; ``void`` says why a
    risk of 1 is no estimate.
    """
    penalty = sum(f.severity.weight for f in findings)
    detached = (
        segment.similarity is not None
        and limits.min_similarity is not None
        and segment.similarity < limits.min_similarity
    )
    status: Status = "accept"
    if penalty >= config.reject_penalty or _reaches(risk, limits.reject_risk):
        status = "reject"
    elif penalty >= config.review_penalty or detached or _reaches(risk, limits.review_risk):
        status = "review"
    reasons = [
        f"{f.name}: {f.message}"
        for f in sorted(findings, key=lambda f: -f.severity)
        if f.severity > Severity.NEUTRAL
    ]
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


def gate(by_severity: Mapping[str, int], config: Config) -> Verdict:
    """Pass, unless there are findings of severity ``fail_on`` or above."""
    limit = Severity.parse(config.fail_on)
    over = sum(n for name, n in by_severity.items() if Severity.parse(name) >= limit)
    if not over:
        return Verdict(True)
    noun = "finding" if over == 1 else "findings"
    above = "" if limit is Severity.CRITICAL else " or above"
    return Verdict(False, (f"{over} {noun} of severity {limit.label}{above}",))
