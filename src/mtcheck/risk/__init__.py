"""The risk of a segment: a calibrated probability that a human would mark a major error.

Three witnesses are weighed, by the kind of text: the network (:mod:`mtcheck.models.risk`),
the sentence encoder, and the rules, which see what the network is blind to. No rule's weight
is below zero, so that a finding never lowers the risk. Which rules are asked is the model's
(:mod:`mtcheck.risk.rules`): what a user switches off or installs changes no risk.

Where the estimate can't be trusted it is not given: a hypothesis that is empty, the source
itself, in another language or in a loop has risk 1, and the reason says why.
"""

from __future__ import annotations

from mtcheck.risk.features import RiskFeatures
from mtcheck.risk.model import FILES, PAIR, RIDGE, Risk, RiskModel, interactions, load_risk_model
from mtcheck.risk.rules import RULE_GROUPS, Weighed, to_weigh
from mtcheck.risk.stack import FEATURES, KINDS, STACK, Expert, Stack

__all__ = [
    "FEATURES",
    "FILES",
    "KINDS",
    "PAIR",
    "RIDGE",
    "RULE_GROUPS",
    "STACK",
    "Expert",
    "Risk",
    "RiskFeatures",
    "RiskModel",
    "Stack",
    "Weighed",
    "interactions",
    "load_risk_model",
    "to_weigh",
]
