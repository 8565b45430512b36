"""Fitting calibrations and thresholds, and the file they travel in."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mtcheck.errors import DataError, UsageError
from mtcheck.lab.labels import read_labels
from mtcheck.lab.risk import calibrate as fitting
from mtcheck.lab.risk.calibrate import Aim, CalibrationReport, fit
from mtcheck.lab.risk.judge import OwnColumns
from mtcheck.risk.calibration import Calibration, Method, load_calibration
from tests.command_line import run

Floats = NDArray[np.float64]


def calibrate(path: Path, **options: Any) -> CalibrationReport:
    return fitting.calibrate(read_labels(path), **options)


def draw(n: int, seed: int = 0) -> tuple[Floats, NDArray[np.bool_]]:
    """Scores whose true probability is the logistic of ``3 * score - 2``."""
    rng = np.random.default_rng(seed)
    score = rng.normal(size=n)
    return score, rng.uniform(size=n) < 1 / (1 + np.exp(2 - 3 * score))


def rows(n: int = 150) -> list[dict[str, object]]:
    score, bad = draw(n)
    return [
        {
            "segment_id": str(i),
            "source": f"Sentence number {i // 2}.",  # two translations of each
            "hypothesis": f"第{i}句。",
            "label": int(b),
            "raw": float(s),
            "risk": float(1 / (1 + math.exp(-s))),
        }
        for i, (s, b) in enumerate(zip(score, bad, strict=True))
    ]


def write(path: Path, listed: list[dict[str, object]]) -> Path:
    path.write_text("\n".join(json.dumps(r) for r in listed), encoding="utf-8")
    return path


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    return write(tmp_path / "own.jsonl", rows())


# --- fitting -------------------------------------------------------------------------------


def test_the_logistic_curve_is_found_again() -> None:
    score, bad = draw(50_000)
    fitted = fit(score, bad, "platt")
    assert fitted.slope == pytest.approx(3, abs=0.1)
    assert fitted.intercept == pytest.approx(-2, abs=0.1)
    assert not fitted.log_odds
    mirrored = fit(-score, bad, "platt", higher_is_worse=False)
    assert mirrored.apply(-score[:9]).tolist() == pytest.approx(fitted.apply(score[:9]).tolist())


def test_the_logistic_curve_is_that_of_scikit_learn() -> None:
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    score, bad = draw(4000, seed=1)
    theirs = LogisticRegression(C=1e9).fit(score[:, None], bad)
    ours = fit(score, bad, "platt")  # differs by the smoothed targets alone
    assert ours.slope == pytest.approx(float(theirs.coef_[0, 0]), rel=0.02)
    assert ours.intercept == pytest.approx(float(theirs.intercept_[0]), rel=0.02)


def test_isotonic_levels_are_those_of_scikit_learn() -> None:
    from sklearn.isotonic import IsotonicRegression  # type: ignore[import-untyped]

    score, bad = draw(500)
    score = score.round(1)  # ties
    theirs = np.unique(IsotonicRegression().fit(score, bad).predict(score))
    ours = fit(score, bad, "isotonic")
    edge = 0.5 / 500
    assert np.array(ours.y) == pytest.approx(np.clip(theirs, edge, 1 - edge))


@pytest.mark.parametrize("method", ["platt", "isotonic"])
def test_separated_rows_give_no_certainty(method: Method) -> None:
    score = np.arange(40.0)
    p = fit(score, score >= 20, method).apply(score)
    assert p.min() > 0
    assert p.max() < 1
    assert p[0] < 0.1
    assert p[-1] > 0.9


def test_a_score_that_falls_with_the_labels_is_refused() -> None:
    score, bad = draw(300)
    with pytest.raises(DataError, match=r"risk does not rise with the labels.*--direction"):
        fit(-score, bad, "platt")
    with pytest.raises(DataError, match="no probability of an error"):
        fit(-score, bad, "identity", higher_is_worse=False)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["identity", "platt", "isotonic"]))
def test_a_worse_score_never_gets_a_lower_probability(seed: int, method: Method) -> None:
    score, bad = draw(60, seed)
    bad[np.argmax(score)], bad[np.argmin(score)] = True, False
    try:
        fitted = fit(score, bad, method)
    except DataError:
        return
    p = fitted.apply(np.linspace(-9, 9, 200))
    assert (np.diff(p) >= 0).all()
    assert p.min() >= 0
    assert p.max() <= 1
    assert np.isnan(fitted.apply(np.array([math.nan]))).all()


# --- the whole -----------------------------------------------------------------------------


def test_probabilities_come_true(labels: Path) -> None:
    report = calibrate(labels, score="raw", resamples=50)
    fresh, bad = draw(20_000, seed=9)
    p = report.calibration.apply(fresh)
    for low in np.arange(0, 1, 0.2):
        inside = (p >= low) & (p < low + 0.2)
        assert bad[inside].mean() == pytest.approx(p[inside].mean(), abs=0.12)
    assert report.ece < 0.15
    assert report.calibration.method == "platt"
    assert report.ece_before is None  # raw is no probability


def test_few_rows_are_not_given_a_free_curve(labels: Path, tmp_path: Path) -> None:
    few = calibrate(labels, resamples=0)
    assert [c.method for c in few.candidates] == ["identity", "platt"]
    many = calibrate(write(tmp_path / "many.jsonl", rows(600)), resamples=0)
    assert [c.method for c in many.candidates] == ["identity", "platt", "isotonic"]
    assert many.calibration.method == "platt"  # the truth is logistic


def test_isotonic_is_chosen_where_the_truth_is_no_logistic_curve(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    score = rng.uniform(size=2000)
    bad = rng.uniform(size=2000) < np.where(score > 0.9, 0.9, np.where(score > 0.1, 0.45, 0.05))
    listed = rows(2000)
    for row, s, b in zip(listed, score, bad, strict=True):
        row |= {"risk": float(s), "label": int(b)}
    report = calibrate(write(tmp_path / "steps.jsonl", listed), resamples=0)
    assert report.calibration.method == "isotonic"
    assert report.log_loss_before is not None
    assert min(c.log_loss for c in report.candidates) < report.log_loss_before


def test_a_probability_that_is_right_stays_as_it_is(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    p = rng.uniform(0.05, 0.95, size=400)
    listed = rows(400)
    for row, q in zip(listed, p, strict=True):
        row |= {"risk": float(q), "label": int(rng.uniform() < q)}
    report = calibrate(write(tmp_path / "good.jsonl", listed), resamples=0)
    assert report.calibration.method == "identity"
    assert report.calibration.apply(p) == pytest.approx(p)


def test_thresholds_keep_their_aims(labels: Path) -> None:
    report = calibrate(
        labels, score="raw", review=Aim("budget", 0.3), reject=Aim("precision", 0.9), resamples=200
    )
    score, bad = draw(150)
    p = report.calibration.apply(score)
    review, reject = report.calibration.review, report.calibration.reject
    assert review is not None
    assert reject is not None
    assert review <= reject
    assert 0.25 <= (p >= review).mean() <= 0.3
    assert bad[p >= reject].mean() >= 0.9
    first, second = report.trade_offs[:2]
    assert (first.flagged, second.flagged) == ((p >= review).sum(), (p >= reject).sum())
    assert first.recall.value == pytest.approx(bad[p >= review].sum() / bad.sum())
    assert second.precision.value == pytest.approx(bad[p >= reject].mean())
    for row in report.trade_offs:
        for figure in (row.precision, row.recall):
            assert figure.low is not None
            assert figure.high is not None
            assert figure.low <= figure.value <= figure.high
    budgets = report.trade_offs[2:]
    shares = [t.share for t in budgets]
    assert shares == sorted(shares)
    assert [t.recall.value for t in budgets] == sorted(t.recall.value for t in budgets)


def test_an_aim_out_of_reach_sets_no_threshold(tmp_path: Path) -> None:
    listed = rows(120)
    rng = np.random.default_rng(0)
    for row in listed:
        row["label"] = int(rng.uniform() < 0.2 + 0.1 * (float(str(row["risk"])) > 0.5))
    report = calibrate(
        write(tmp_path / "x.jsonl", listed), reject=Aim("precision", 0.99), resamples=100
    )
    assert report.calibration.reject is None
    assert any("No threshold reaches precision 99%" in note for note in report.notes)


def test_a_review_threshold_above_the_reject_threshold_is_lowered(labels: Path) -> None:
    report = calibrate(
        labels, review=Aim("budget", 0.05), reject=Aim("budget", 0.4), resamples=0
    ).calibration
    assert report.review == report.reject


def test_ties_at_the_limit_never_break_the_budget() -> None:
    p = np.array([0.9] * 4 + [0.5] * 3 + [0.1] * 3)
    bad = p > 0.5
    assert fitting._threshold(p, bad, Aim("budget", 0.5)) == pytest.approx(0.7)
    assert fitting._threshold(p, bad, Aim("budget", 0.3)) is None
    assert fitting._threshold(p, bad, Aim("budget", 1)) == pytest.approx(0.05)


def test_the_seed_decides(labels: Path) -> None:
    first, again = (calibrate(labels, resamples=60, seed=5) for _ in range(2))
    assert first == again


def test_rows_without_label_or_score_are_left_out(tmp_path: Path) -> None:
    listed = rows(150)
    listed[0]["label"] = ""
    listed[1]["risk"] = None
    report = calibrate(write(tmp_path / "x.jsonl", listed), resamples=0)
    assert report.calibration.rows == 148
    assert "2 rows without a label or a score are left out." in report.notes


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"label": 0}, "0 of 150 rows have a major or critical error; at least 5 with"),
        ({"risk": 0.5}, "the score is the same in all rows"),
        ({"source": "One."}, "only 1 distinct sources"),
    ],
)
def test_labels_that_can_teach_nothing(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        calibrate(write(tmp_path / "x.jsonl", [row | change for row in rows()]), resamples=0)


def test_too_few_rows_and_the_wrong_way_round(labels: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"only 20 rows .*; 30 are the least; label 100 to 200"):
        calibrate(write(tmp_path / "x.jsonl", rows(20)), resamples=0)
    with pytest.raises(DataError, match=r"does not rise with the labels \(AUC 0\.0"):
        calibrate(labels, direction="better", resamples=0)
    short = calibrate(write(tmp_path / "y.jsonl", rows(60)), resamples=0)
    assert any("60 rows are few" in note for note in short.notes)


def test_the_score_of_another_table(labels: Path, tmp_path: Path) -> None:
    table = [{"segment_id": r["segment_id"], "other": r["raw"]} for r in reversed(rows())]
    joined = calibrate(
        labels, score="other", scores=write(tmp_path / "s.jsonl", table), resamples=0
    )
    direct = calibrate(labels, score="raw", resamples=0)
    assert joined.calibration == dataclasses.replace(direct.calibration, score="other")


def test_a_risk_that_is_missing_is_computed(
    labels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = rows()
    risk = np.array([float(str(row.pop("risk"))) for row in listed])
    file = write(tmp_path / "bare.jsonl", listed)
    nothing = np.zeros(len(risk))

    def audited(scores: dict[str, Floats]) -> None:
        monkeypatch.setattr(
            fitting, "audit_columns", lambda *_: OwnColumns(scores, {}, "model:m1", nothing)
        )

    audited({"risk": risk, "rule penalty": nothing})
    computed = calibrate(file, resamples=0).calibration
    given_ = calibrate(labels, resamples=0).calibration
    assert computed == dataclasses.replace(given_, made_for="model:m1")
    audited({"rule penalty": nothing})
    with pytest.raises(DataError, match="no risk model is installed; name a column with --score"):
        calibrate(file, resamples=0)


@pytest.mark.parametrize(
    ("text", "aim"),
    [
        ("budget=20%", Aim("budget", 0.2)),
        ("precision = 0.7", Aim("precision", 0.7)),
    ],
)
def test_aims_in_words(text: str, aim: Aim) -> None:
    assert Aim.parse(text) == aim


@pytest.mark.parametrize(
    "text", ["20%", "budget", "budget=many", "recall=0.5", "budget=150%", "budget=0"]
)
def test_aims_that_are_none(text: str) -> None:
    with pytest.raises(UsageError):
        Aim.parse(text)


# --- the file ------------------------------------------------------------------------------


def test_the_file_brings_back_the_same_probabilities(tmp_path: Path) -> None:
    score, bad = draw(300)
    for method in ("platt", "isotonic"):
        made = dataclasses.replace(fit(score, bad, method), review=0.2, reject=None, rows=300)
        made.save(tmp_path / "c.json")
        read = load_calibration(tmp_path / "c.json")
        assert read == made
        assert read.signature == made.signature
        assert read.apply(score).tolist() == made.apply(score).tolist()
    assert read.signature != fit(score, bad, "platt").signature
    assert [p.name for p in tmp_path.iterdir()] == ["c.json"]


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    made = Calibration("risk", higher_is_worse=True, method="identity")
    with pytest.raises(DataError, match=r"gone/c\.json: can't be written: No such file"):
        made.save(tmp_path / "gone" / "c.json")
    (tmp_path / "folder").mkdir()
    with pytest.raises(DataError, match="can't be written"):
        made.save(tmp_path / "folder")
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]


def broken(**changes: object) -> str:
    made = Calibration("risk", True, "isotonic", x=(0.0, 1.0), y=(0.1, 0.9), review=0.2)
    return json.dumps(made.as_dict() | changes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON"),
        ("[]", "not a calibration file"),
        ('{"format": "other"}', "not a calibration file"),
        (broken(version=2), "calibration of version 2; this mtcheck reads 1"),
        (broken(method="magic"), "unknown method 'magic'"),
        (broken(slope="steep"), "slope is 'steep', not a number"),
        (broken(slope=True), "slope is True, not a number"),
        (broken(x=[0, "a"]), "x is not a list of numbers"),
        (broken(x=[0]), "x and y differ in length"),
        (broken(x=[1, 0]), "x does not rise"),
        (broken(y=[0.9, 0.1]), "y falls"),
        (broken(y=[0.9, 1.1]), "y is not within 0 and 1"),
        (broken(y=[0.1, math.nan]), "a number is not finite"),
        (broken(review=3), "review or reject is not within"),
        (broken(review=0.9, reject=0.5), "review is above reject"),
        (broken(method="platt", slope=-1), "the slope is negative"),
    ],
)
def test_a_broken_file_is_explained(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "c.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_calibration(path)
    assert message in str(caught.value)
    assert "c.json" in str(caught.value)
    assert "mtcheck calibrate" in str(caught.value)


def test_a_missing_file_is_explained(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No such file or directory; make it anew with `mtcheck"):
        load_calibration(tmp_path / "c.json")


# --- the command ---------------------------------------------------------------------------


def test_the_command_writes_the_file_and_prints_the_table(
    labels: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "c.json"
    text = run(capfd, "calibrate", labels, "--out", out, "--resamples", "50").out
    for piece in (
        "# Calibration of risk on own.jsonl",
        "150 rows of 75 sources, ",
        "| platt | ",
        "| review: budget 20% | ",
        "| reject: precision 80% | ",
        "| budget 50% | ",
        f'set calibration = "{out}"',
    ):
        assert piece in text
    made = load_calibration(out)
    assert made.rows == 150
    told = run(capfd, "calibrate", labels, "--out", out, "--resamples", "20", "--json")
    content = json.loads(told.out)
    assert content["calibration"]["format"] == "mtcheck-calibration"


def test_the_command_explains_its_errors(
    labels: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "c.json"
    for flags, message in (
        (["--review", "all"], "write budget=20% or precision=0.7"),
        (["--score", "absent"], "column 'absent' is not there"),
        (["--method", "identity", "--score", "raw", "--direction", "better"], "does not rise"),
    ):
        done = run(capfd, "calibrate", labels, "--out", out, "--resamples", "0", *flags)
        assert done.code == 2
        assert message in done.err
    assert not out.exists()
