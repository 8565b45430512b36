"""The risk in a run: its column, the budget, the limits, a user's own calibration."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import mtcheck
from mtcheck import DataError, ModelError, UsageError, cli
from mtcheck.risk import RIDGE, STACK
from mtcheck.risk.calibration import Calibration
from tests.conftest import ROOT
from tests.toy_risk import build

SAMPLE = ROOT / "data" / "abstracts.csv"


@pytest.fixture(scope="module")
def plain() -> mtcheck.Audit:
    return mtcheck.audit(SAMPLE)


def test_every_segment_has_a_risk_and_a_signature(plain: mtcheck.Audit) -> None:
    risk = plain.segments["risk"]
    assert risk.between(0, 1).all()
    assert risk.nunique() > 100
    score = next(s for s in plain.summary["scores"] if s["name"] == "risk")
    assert score["value"] == pytest.approx(risk.mean(), abs=1e-3)
    assert score["signature"]
    assert plain.documents["risk"].between(0, 1).all()


def test_risk_spans_lie_in_their_texts(plain: mtcheck.Audit) -> None:
    found = 0
    for row in plain.segments.to_dict("records"):
        for span in row["risk_spans"]:
            assert 0 <= span["start"] < span["end"] <= len(row[span["side"]])
            found += 1
    assert found


def test_a_missing_translation_is_no_silent_pass() -> None:
    segments = mtcheck.audit(pd.DataFrame({"source": ["It rained."], "mt": [""]})).segments
    assert segments["risk"].tolist() == [1.0]


def test_without_the_model_the_column_is_empty() -> None:
    audit = mtcheck.audit(pd.DataFrame({"source": ["It rained."], "mt": ["下雨了。"]}), risk=False)
    assert audit.segments["risk"].isna().all()
    assert [s["name"] for s in audit.summary["scores"]] == ["similarity"]


def test_the_budget_reviews_the_riskiest(plain: mtcheck.Audit, tmp_path: Path) -> None:
    audit = mtcheck.audit(SAMPLE, budget=0.2, batch_size=5, out=tmp_path / "r")
    before, after = plain.segments, audit.segments
    limit = before["risk"].sort_values().iloc[-round(0.2 * len(before) + 0.5)]
    assert (after.loc[after["risk"] >= limit, "status"] != "accept").all()
    same = (after["status"] == before["status"]) | (after["risk"] >= limit)
    assert same.all()
    new = after[(after["status"] != before["status"])]
    assert len(new)
    assert all("riskiest 20%" in reasons[-1] for reasons in new["reasons"])
    assert audit.documents["review"].sum() == (after["status"] == "review").sum()
    lines = (tmp_path / "r" / "segments.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["status"] for line in lines] == after["status"].tolist()


def test_a_limit_on_the_risk(plain: mtcheck.Audit) -> None:
    limit = float(plain.segments["risk"].quantile(0.9))
    after = mtcheck.audit(SAMPLE, review_risk=limit).segments
    high = after["risk"] >= limit
    assert (after.loc[high, "status"] != "accept").all()
    assert (after.loc[~high, "status"] == plain.segments.loc[~high, "status"]).all()


def test_a_calibration_changes_risk_and_limits(plain: mtcheck.Audit, tmp_path: Path) -> None:
    file = tmp_path / "own.json"
    Calibration("risk", True, "platt", slope=1.0, intercept=-1.0, log_odds=True, review=0.5).save(
        file
    )
    after = mtcheck.audit(SAMPLE, calibration=str(file))
    below = plain.segments["risk"] < 1
    assert (after.segments.loc[below, "risk"] < plain.segments.loc[below, "risk"]).all()
    assert (after.segments.loc[after.segments["risk"] >= 0.5, "status"] != "accept").all()
    score = next(s for s in after.summary["scores"] if s["name"] == "risk")
    assert "calibration:platt" in score["signature"]


@pytest.mark.parametrize("setting", [{"budget": 1.5}, {"review_risk": 0.0}, {"budget": 0.1}])
def test_wrong_settings_are_refused(setting: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        mtcheck.Config(risk=setting != {"budget": 0.1}, **setting)  # type: ignore[arg-type]


PAIR = pd.DataFrame({"source": ["It rained."], "mt": ["下雨了。"]})


def test_a_model_folder_that_cannot_be_used_is_told_in_one_line(tmp_path: Path) -> None:
    folder = build(tmp_path / "own")
    stack = json.loads((folder / STACK).read_text())
    del stack["experts"]["abstract"]["weights"]["length"]
    (folder / STACK).write_text(json.dumps(stack))
    for place, message in (
        (tmp_path / "none", "no such folder"),
        (tmp_path, "no complete risk model: network.onnx, .* missing"),
        (folder, "other features than this version"),
    ):
        with pytest.raises(ModelError, match=message) as error:
            mtcheck.audit(PAIR, risk_model=str(place))
        assert "\n" not in str(error.value)
    (folder / RIDGE).unlink()
    with pytest.raises(ModelError, match=f": {RIDGE} missing"):
        mtcheck.audit(PAIR, risk_model=str(folder))


def test_a_model_folder_that_has_changed_is_read_anew(tmp_path: Path) -> None:
    folder = build(tmp_path / "own")
    first = mtcheck.audit(PAIR, risk_model=str(folder)).segments["risk"].iloc[0]
    stack = json.loads((folder / STACK).read_text())
    (folder / STACK).write_text(json.dumps({**stack, "shift": 3.25}))
    assert mtcheck.audit(PAIR, risk_model=str(folder)).segments["risk"].iloc[0] > first


def test_a_calibration_of_another_model_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "own.json"
    calibration = Calibration("risk", True, "platt", made_for="another model", log_odds=True)
    calibration.save(file)
    with pytest.raises(
        DataError, match=r"made for the risk model another model.*mtcheck calibrate"
    ):
        mtcheck.audit(PAIR, calibration=str(file))
    folder = build(tmp_path / "model")
    audit = mtcheck.audit(PAIR, risk_model=str(folder))
    signature = next(s for s in audit.summary["scores"] if s["name"] == "risk")["signature"]
    replace(calibration, made_for=signature).save(file)
    after = mtcheck.audit(PAIR, risk_model=str(folder), calibration=str(file))
    assert after.segments["risk"].between(0, 1).all()


def test_the_flag_names_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*flags: object) -> object:
        monkeypatch.setattr(sys, "argv", ["mtcheck", *map(str, flags)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        return stop.value.code

    pairs, folder = tmp_path / "pairs.csv", build(tmp_path / "own")
    PAIR.to_csv(pairs, index=False)
    assert run("audit", pairs, "--risk-model", folder, "--out", tmp_path / "r") == 0
    summary = json.loads((tmp_path / "r" / "summary.json").read_text("utf-8"))
    assert summary["config"]["risk_model"] == str(folder)
    assert run("check", pairs, "--max-risk", "0.5", "--risk-model", tmp_path / "none") == 2
    assert "none: no such folder" in capsys.readouterr().err
