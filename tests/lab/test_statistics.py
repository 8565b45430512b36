"""The measures against scipy and scikit-learn on random data, and their properties."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy import stats  # type: ignore[import-untyped]
from sklearn import metrics as sk  # type: ignore[import-untyped]

from mtcheck.lab import statistics as metrics

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def sample(seed: int, n: int, *, ties: bool) -> tuple[Floats, Floats, Bools]:
    """A risk, a human score that it partly explains, and labels with both kinds."""
    rng = np.random.default_rng(seed)
    risk = rng.normal(size=n)
    human = -risk + 2 * rng.normal(size=n)
    if ties:
        risk, human = risk.round(), human.round()
    bad = human < np.quantile(human, 0.4)
    bad[0], bad[1] = True, False
    return risk, human, bad


CASES = [(seed, n, ties) for seed, n in ((0, 7), (1, 59), (2, 300)) for ties in (False, True)]


@pytest.mark.parametrize(("seed", "n", "ties"), CASES)
def test_correlations_are_those_of_scipy(seed: int, n: int, ties: bool) -> None:
    risk, human, _ = sample(seed, n, ties=ties)
    assert metrics.pearson(risk, human) == pytest.approx(stats.pearsonr(risk, human).statistic)
    assert metrics.spearman(risk, human) == pytest.approx(stats.spearmanr(risk, human).statistic)
    assert metrics.kendall(risk, human) == pytest.approx(stats.kendalltau(risk, human).statistic)
    assert metrics.ranks(risk).tolist() == stats.rankdata(risk).tolist()


@pytest.mark.parametrize(("seed", "n", "ties"), CASES)
def test_detection_is_that_of_scikit_learn(seed: int, n: int, ties: bool) -> None:
    risk, _, bad = sample(seed, n, ties=ties)
    assert metrics.roc_auc(risk, bad) == pytest.approx(sk.roc_auc_score(bad, risk))
    assert metrics.average_precision(risk, bad) == pytest.approx(
        sk.average_precision_score(bad, risk)
    )
    assert metrics.mcc(risk >= 0, bad) == pytest.approx(sk.matthews_corrcoef(bad, risk >= 0))
    p = 1 / (1 + np.exp(-risk))
    assert metrics.log_loss(p, bad) == pytest.approx(sk.log_loss(bad, p))


def test_calibration_bins_are_those_of_scikit_learn() -> None:
    from sklearn.calibration import calibration_curve  # type: ignore[import-untyped]

    risk, _, bad = sample(3, 400, ties=False)
    p = 1 / (1 + np.exp(-risk))
    table = metrics.reliability(p, bad)
    observed, given_ = calibration_curve(bad, p, n_bins=10, strategy="quantile")
    assert [b.n for b in table] == [40] * 10
    assert [b.mean for b in table] == pytest.approx(given_.tolist())
    assert [b.bad / b.n for b in table] == pytest.approx(observed.tolist())
    ece = metrics.expected_calibration_error(p, bad)
    assert ece == pytest.approx(np.abs(observed - given_).mean())


def test_a_calibrated_probability_has_little_error_and_a_bold_one_much() -> None:
    rng = np.random.default_rng(0)
    p = rng.uniform(size=200_000)
    bad = rng.uniform(size=len(p)) < p
    assert metrics.expected_calibration_error(p, bad) < 0.01
    assert metrics.expected_calibration_error((p > 0.5).astype(float), bad) == pytest.approx(
        0.25, abs=0.01
    )


def test_tied_probabilities_do_not_depend_on_the_order_of_the_file() -> None:
    p = np.full(40, 0.25)
    bad = np.arange(40) < 10
    tables = [metrics.reliability(p, b, bins=4) for b in (bad, bad[::-1])]
    assert tables[0] == tables[1]
    assert [b.bad for b in tables[0]] == [2.5] * 4
    assert metrics.expected_calibration_error(p, bad) == 0


@settings(max_examples=60, deadline=None)
@given(
    arrays(np.float64, st.integers(4, 60), elements=st.integers(-5, 5).map(float)), st.integers(0)
)
def test_bounds_and_mirror(risk: Floats, seed: int) -> None:
    bad = np.random.default_rng(seed).uniform(size=len(risk)) < 0.4
    bad[0], bad[1] = True, False
    auc = metrics.roc_auc(risk, bad)
    assert 0 <= auc <= 1
    assert metrics.roc_auc(-risk, bad) == pytest.approx(1 - auc)
    assert metrics.roc_auc(np.exp(risk), bad) == pytest.approx(auc)
    recalls = [metrics.recall_at(risk, bad, b) for b in (0.0, 0.1, 0.2, 0.5, 1.0)]
    assert recalls == sorted(recalls)
    assert (recalls[0], recalls[-1]) == (0, 1)


def test_a_perfect_and_a_reversed_score() -> None:
    bad = np.arange(50) >= 40
    human = -np.arange(50.0)
    risk = np.arange(50.0)
    assert metrics.roc_auc(risk, bad) == 1
    assert metrics.roc_auc(-risk, bad) == 0
    assert metrics.average_precision(risk, bad) == 1
    assert metrics.recall_at(risk, bad, 0.2) == 1
    assert metrics.recall_at(risk, bad, 0.1) == 0.5
    assert metrics.recall_at(-risk, bad, 0.3) == 0
    assert metrics.mcc(risk >= 40, bad) == pytest.approx(1)
    assert metrics.kendall(-risk, human) == pytest.approx(1)


def test_a_silent_score_finds_by_chance() -> None:
    bad = np.arange(50) >= 40
    assert metrics.roc_auc(np.zeros(50), bad) == 0.5
    assert metrics.recall_at(np.zeros(50), bad, 0.3) == pytest.approx(0.3)
    assert metrics.average_precision(np.zeros(50), bad) == pytest.approx(0.2)


def test_tau_inside_groups() -> None:
    group = np.array([0, 1, 0, 1, 2, 0, 3, 3, 4, 4])
    human = np.array([1.0, 5, 2, 4, 9, 3, 7, 7, 1, 2])
    score = np.array([10.0, 1, 20, 2, 0, 30, 1, 2, 6, 6])
    taus = metrics.tau_by_group(score, human, group)
    # rises with the humans; falls; one member; humans see no difference; the score sees none
    assert taus[:2].tolist() == pytest.approx([1, -1])
    assert np.isnan(taus[2:4]).all()
    assert taus[4] == 0


def test_tau_inside_groups_is_blind_to_difficulty() -> None:
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(200), 5)
    difficulty = rng.normal(size=200)[group]
    human = -3 * difficulty + rng.normal(size=1000)
    assert metrics.kendall(-difficulty, human) > 0.5
    knows = metrics.tau_by_group(-difficulty + 0.001 * rng.normal(size=1000), human, group)
    assert abs(float(np.nanmean(knows))) < 0.1


@pytest.mark.parametrize("function", [metrics.pearson, metrics.spearman, metrics.kendall])
def test_what_is_not_defined_is_nan(function: object) -> None:
    assert callable(function)
    constant, rising = np.ones(5), np.arange(5.0)
    assert math.isnan(function(constant, rising))
    assert math.isnan(function(rising, constant))
    assert math.isnan(function(np.zeros(0), np.zeros(0)))


def test_one_class_has_no_auc() -> None:
    none = np.zeros(4, dtype=bool)
    assert math.isnan(metrics.roc_auc(np.arange(4.0), none))
    assert math.isnan(metrics.average_precision(np.arange(4.0), none))
    assert math.isnan(metrics.recall_at(np.arange(4.0), none, 0.2))
    assert math.isnan(metrics.mcc(none, none))
    assert math.isnan(metrics.expected_calibration_error(np.zeros(0), none[:0]))
    assert metrics.reliability(np.zeros(0), none[:0]) == ()
    assert metrics.tau_by_group(np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.intp)).size == 0


def test_wilson() -> None:
    assert metrics.wilson(0, 0) is None
    low, high = metrics.wilson(8, 10) or (0, 0)
    assert (round(low, 3), round(high, 3)) == (0.49, 0.943)  # the textbook's example
    assert (metrics.wilson(0, 10) or (1, 1))[1] == pytest.approx(0.2775, abs=1e-4)
