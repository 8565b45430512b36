"""Which rules a stack weighs: a list that belongs to the model, not to what is installed.

A rule is a witness only as it was when the stack was fitted. So the list, with what tells of
each rule whether it still is the same, is written beside the weights; other rules, and those
of third parties always, move no risk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mtcheck.config import Config
from mtcheck.rules import Rule, all_rules, selected

__all__ = ["HINTS", "RULE_GROUPS", "Weighed", "changed", "installed", "to_weigh"]

RULE_GROUPS = (
    "half-width punctuation", "untranslated words", "numbers", "names", "missing or added",
    "meaning reversed", "negation added", "detached", "form",
)  # fmt: skip
"""Rules of a group, which :class:`~mtcheck.rules.Rule` names, share one weight."""

HINTS = ("ACC025",)
"""Rules that are asked though they are in preview: too often wrong to report, yet a hint."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A rule as it was when the stack was fitted; ``group`` is one of :data:`RULE_GROUPS`."""

    group: str
    version: int
    severity: str
    category: str

    @classmethod
    def of(cls, rule: Rule) -> Weighed:
        """The rule as it is now."""
        return cls(rule.group, rule.version, rule.severity.label, rule.category)


def to_weigh() -> dict[str, Weighed]:
    """The rules that a stack fitted now weighs, by code.

    They are those of the default configuration that have a group. Left out are rules that need
    more than similarities: nobody's audit should embed clauses for the risk alone.
    """
    asked = {*HINTS, *(rule.key for rule in selected(Config()))}
    return {
        code: Weighed.of(rule)
        for code, rule in _own().items()
        if code in asked and rule.group in RULE_GROUPS and {"similarity"}.issuperset(rule.needs)
    }


def installed(weighed: Mapping[str, Weighed]) -> list[Rule]:
    """The rules of a stack as they are installed, those that are missing left out."""
    return [rule for code, rule in _own().items() if code in weighed]


def changed(weighed: Mapping[str, Weighed]) -> tuple[str, ...]:
    """The codes of a stack's rules that are no longer what they were, in order."""
    own = _own()
    return tuple(
        code
        for code, was in sorted(weighed.items())
        if code not in own or was != Weighed.of(own[code])
    )


def _own() -> dict[str, Rule]:
    """The rules that mtcheck brings: none that came by an entry point."""
    return {code: rule for code, rule in all_rules().items() if rule.origin.startswith(_HOME)}


_HOME = "mtcheck.rules."
