"""What the witnesses of a segment weigh together, by kind of text."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from mtcheck.errors import ModelError
from mtcheck.risk.rules import RULE_GROUPS, Weighed

__all__ = ["FEATURES", "KINDS", "STACK", "Expert", "Stack"]

STACK = "stack.json"

FEATURES = (
    "adequacy", "effort", "critical", "major", "contrast", "worst word", "wrong words",
    "encoder adequacy", "encoder major", "encoder critical", "distance", "length", "Latin words",
    *RULE_GROUPS,
)  # fmt: skip
"""What the stack weighs, each so turned that more is worse."""

KINDS = ("abstract", "encyclopedia", "discussion")
"""Kinds of text that humans have judged, with weights of their own.

What a human calls wrong differs: in an abstract a wrong term, in an article a clumsy sentence, in
a discussion an insult softened. Which kind a document is, its sources tell the encoder.
"""


@dataclass(frozen=True)
class Expert:
    """The weights of the features in one kind of text: log-odds for each unit, and an intercept."""

    weights: Mapping[str, float]
    intercept: float

    def logit(self, features: Sequence[float]) -> float:
        """The log-odds of a major error."""
        return self.intercept + math.fsum(
            self.weights[name] * value for name, value in zip(FEATURES, features, strict=True)
        )


@dataclass(frozen=True)
class Stack:
    """What the features of a segment weigh together.

    The experts' log-odds are averaged by how likely the document is of their kind; the risk is
    the logistic function of ``slope * average + shift``, which are 1 and 0 until a user's labels
    are fitted. ``threshold``: the risk from which a segment counts as wrong where that must be
    said yes or no; ``word_threshold``: the probability from which a word does. ``rules``:
    those whose findings are weighed, by code.
    """

    experts: Mapping[str, Expert]
    slope: float = 1.0
    shift: float = 0.0
    threshold: float = 0.5
    word_threshold: float = 0.5
    rules: Mapping[str, Weighed] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Stack:
        """From JSON. Raises ModelError when it doesn't fit the features."""
        try:
            table = json.loads(path.read_text(encoding="utf-8"))
            experts = {name: Expert(**expert) for name, expert in table.pop("experts").items()}
            rules = {code: Weighed(**rule) for code, rule in table.pop("rules").items()}
            made = cls(experts, rules=rules, **table)
            numbers = [made.slope, made.shift, made.threshold, made.word_threshold]
            numbers += [n for e in experts.values() for n in (*e.weights.values(), e.intercept)]
            if not all(math.isfinite(n) for n in numbers):
                raise ValueError("a weight is not finite")
        except (
            OSError, AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError
        ) as error:  # fmt: skip
            raise ModelError(f"can't read the risk calibration {path}: {error!r}") from error
        if (
            set(experts) != set(KINDS)
            or any(set(e.weights) != set(FEATURES) for e in experts.values())
            or any(rule.group not in RULE_GROUPS for rule in rules.values())
        ):
            raise ModelError(f"{path} has other features than this version of mtcheck")
        return made

    def save(self, path: Path) -> None:
        """Write the JSON that :meth:`load` reads."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    def logit(self, features: Sequence[float], kinds: Sequence[float]) -> float:
        """The average of the experts, before the user's calibration."""
        return math.fsum(
            share * self.experts[kind].logit(features)
            for kind, share in zip(KINDS, kinds, strict=True)
        )

    def probability(self, features: Sequence[float], kinds: Sequence[float]) -> float:
        """The risk, 0 to 1."""
        z = self.slope * self.logit(features, kinds) + self.shift
        return 1 / (1 + math.exp(-z)) if z > -700 else 0.0
