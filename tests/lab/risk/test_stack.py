"""The stack learns who can be trusted, and never that a finding is good news."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mtcheck.lab.risk.stack import (
    FLOOR,
    RULE_SHARE,
    SCORE_PRIORS,
    Sample,
    calibrated,
    fit,
    fit_score,
    logits,
    out_of_fold,
    out_of_fold_score,
    platt,
    sums,
)
from mtcheck.risk import FEATURES, KINDS, RULE_GROUPS, Stack

COUNT = 600


def kind(seed: int = 0, weight: float = 1.0) -> Sample:
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
    return Sample(x, bad, group, pairs, weight)


def test_the_witness_that_knows_gets_the_weight() -> None:
    expert = fit([kind()], pull=200)
    others = [w for n, w in expert.weights.items() if n not in RULE_GROUPS and n != "adequacy"]
    assert expert.weights["adequacy"] > 1.0 > 0.6 > max(others)
    assert fit([kind()]).weights["adequacy"] < expert.weights["adequacy"]


def test_no_weight_is_negative_and_rules_keep_their_floor() -> None:
    expert = fit([kind(), kind(1, 0.5)])
    assert min(expert.weights.values()) >= 0
    assert all(
        expert.weights[name] >= floor for name, floor in FLOOR.items() if name in RULE_GROUPS
    )


@pytest.mark.parametrize("name", SCORE_PRIORS)
def test_a_human_score_is_predicted_and_a_finding_is_never_good_news(name: str) -> None:
    rows = kind()
    quality = -rows.x[:, 0] + 0.5 * rows.x[:, 1]
    expert = fit_score(rows.x, quality, name, pull=10)
    others = [w for n, w in expert.weights.items() if n not in RULE_GROUPS and n != "adequacy"]
    assert expert.weights["adequacy"] > 0.7 > 0.1 > max(others)
    assert min(expert.weights.values()) >= 0
    assert expert.weights["numbers"] >= RULE_SHARE * FLOOR["numbers"]
    assert np.corrcoef(sums(expert, rows.x), quality)[0, 1] < -0.8
    unseen = out_of_fold_score(rows.x, quality, np.arange(COUNT), name)
    assert np.corrcoef(unseen, quality)[0, 1] < -0.8
    noise = np.random.default_rng(3).permutation(quality)
    assert (
        abs(np.corrcoef(out_of_fold_score(rows.x, noise, np.arange(COUNT), name), noise)[0, 1])
        < 0.15
    )


def test_probabilities_are_right_on_average_after_calibration() -> None:
    rows = kind()
    z = out_of_fold([rows], pull=200)
    slope, shift = platt(z, rows.bad)
    risk = 1 / (1 + np.exp(-(slope * z + shift)))
    assert abs(risk.mean() - rows.bad.mean()) < 0.01
    assert risk[rows.bad == 1].mean() > 2 * risk[rows.bad == 0].mean()
    expert = calibrated(fit([rows], pull=200), slope, shift)
    before = sums(fit([rows], pull=200), rows.x)
    assert np.allclose(sums(expert, rows.x), slope * before + shift, atol=1e-4)  # rounded


def test_many_rows_at_once_are_weighed_as_one_is() -> None:
    rows, rng = kind(), np.random.default_rng(2)
    experts = {k: fit([kind(i)], pull=200 + i) for i, k in enumerate(KINDS)}
    shares = rng.dirichlet(np.ones(len(KINDS)), size=3)
    stack = Stack(experts)
    for i, z in enumerate(logits(stack, rows.x[:3], shares)):
        assert np.isclose(z, stack.logit(rows.x[i].tolist(), shares[i].tolist()))


def test_pairs_stay_together_when_rows_are_taken() -> None:
    rows = kind()
    wanted = rows.group < 3
    part = rows.take(wanted)
    assert len(part.bad) == 180
    assert (part.bad[part.pairs[:, 0]] == 0).all()
    assert (part.bad[part.pairs[:, 1]] == 1).all()


def test_a_feature_that_is_unknown_teaches_nothing() -> None:
    rows, other = kind(), kind(1)
    silent = other.x.copy()
    silent[:, :7] = np.nan
    shuffled = np.random.default_rng(5).permutation(other.bad)
    wrong = replace(other, x=silent, bad=shuffled, pairs=other.pairs[:0])
    expert = fit([rows, wrong], pull=200)
    assert expert.weights["adequacy"] == pytest.approx(
        fit([rows], pull=200).weights["adequacy"], rel=0.1
    )
    assert np.isfinite(out_of_fold([rows, wrong], pull=200)).all()
