"""The stack learns who can be trusted, and never that a finding is good news."""

from __future__ import annotations

import numpy as np

from mtcheck.risk import FEATURES, RULE_GROUPS
from mtcheck.training.stack import FLOOR, Labelled, calibrate, fit, logits, out_of_fold

COUNT = 600


def kind(seed: int = 0, weight: float = 1.0) -> Labelled:
    """Labels that follow the feature "adequacy"; one rule that fires on good rows only."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(COUNT, len(FEATURES)))
    rules = [FEATURES.index(name) for name in RULE_GROUPS]
    x[:, rules] = 0
    bad = (x[:, 0] + 0.5 * rng.normal(size=COUNT) > 0.8).astype(float)
    x[:, FEATURES.index("numbers")] = (bad == 0) & (rng.random(COUNT) < 0.2)
    group = np.arange(COUNT) // 60
    good, worse = np.flatnonzero(bad == 0), np.flatnonzero(bad == 1)
    pairs = np.stack([good[: len(worse)], worse[: len(good)]], axis=1)
    return Labelled(x, bad, group, pairs, weight)


def test_the_witness_that_knows_gets_the_weight() -> None:
    stack = fit([kind()], pull=200)
    others = [w for n, w in stack.weights.items() if n not in RULE_GROUPS and n != "adequacy"]
    assert stack.weights["adequacy"] > 1.0 > 0.6 > max(others)
    assert fit([kind()]).weights["adequacy"] < stack.weights["adequacy"]


def test_no_weight_is_negative_and_rules_keep_their_floor() -> None:
    stack = fit([kind(), kind(1, 0.5)])
    assert min(stack.weights.values()) >= 0
    assert all(stack.weights[name] >= floor for name, floor in FLOOR.items())


def test_probabilities_are_right_on_average_after_calibration() -> None:
    rows = kind()
    z = out_of_fold([rows], pull=200)
    stack = calibrate(fit([rows], pull=200), z, rows.bad)
    risk = 1 / (1 + np.exp(-(stack.slope * z + stack.shift)))
    assert abs(risk.mean() - rows.bad.mean()) < 0.01
    assert risk[rows.bad == 1].mean() > 2 * risk[rows.bad == 0].mean()
    assert np.isclose(logits(stack, rows.x[:1])[0], stack.logit(rows.x[0].tolist()))


def test_pairs_stay_together_when_rows_are_taken() -> None:
    rows = kind()
    wanted = rows.group < 3
    part = rows.take(wanted)
    assert len(part.bad) == 180
    assert (part.bad[part.pairs[:, 0]] == 0).all()
    assert (part.bad[part.pairs[:, 1]] == 1).all()
