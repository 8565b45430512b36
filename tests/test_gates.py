"""The gates: each holds or gives a reason with what was measured; none passes unmeasured."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st

import mtcheck
from mtcheck.config import Config, Setting
from mtcheck.errors import UsageError
from mtcheck.judge import Measured, gate
from mtcheck.types import Verdict
from tests.command_line import run
from tests.conftest import ROOT

Capture = pytest.CaptureFixture[str]
SCORES = {"risk": 0.25, "bleu": 31.5, "chrf": 28.0, "similarity": 0.75}


def judged(**settings: Setting) -> Verdict:
    measured = Measured(
        by_severity={"minor": 4, "major": 2, "critical": 1},
        segments=40,
        flagged=3,
        scores=SCORES,
    )
    return gate(measured, Config(fail_on="none").replace(**settings))


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"fail_on": "minor"}, "7 findings of severity minor or above"),
        ({"fail_on": "critical"}, "1 finding of severity critical"),
        (
            {"max_flagged": 0.05},
            "7.5% of the segments are flagged (3 of 40), more than 5%",
        ),
        ({"max_risk": 0.2}, "mean risk 0.2500 is above 0.2"),
        ({"min_bleu": 40.0}, "BLEU 31.5000 is below 40"),
        ({"min_chrf": 28.5}, "chrF 28.0000 is below 28.5"),
        ({"min_mean_similarity": 0.8}, "mean similarity 0.7500 is below 0.8"),
    ],
)
def test_a_gate_that_does_not_hold_says_what_was_measured(
    settings: dict[str, Setting], reason: str
) -> None:
    assert judged(**settings) == Verdict(False, (reason,))


@pytest.mark.parametrize(
    "settings",
    [
        {"max_flagged": 0.075},
        {"max_risk": 0.25},
        {"min_bleu": 31.5},
        {"min_chrf": 28.0},
        {"min_mean_similarity": 0.75},
        {},
    ],
)
def test_a_value_on_the_limit_holds(settings: dict[str, Setting]) -> None:
    assert judged(**settings) == Verdict(True)


def test_every_reason_is_told() -> None:
    verdict = judged(
        fail_on="major",
        max_flagged=0.0,
        max_risk=0.1,
        min_bleu=90.0,
        min_chrf=90.0,
        min_mean_similarity=0.9,
    )
    assert len(verdict.reasons) == 6


@pytest.mark.parametrize("name", ["max_risk", "min_bleu", "min_chrf", "min_mean_similarity"])
@pytest.mark.parametrize("scores", [{}, dict.fromkeys(SCORES)])
def test_what_was_not_measured_does_not_pass(name: str, scores: dict[str, None]) -> None:
    measured = Measured(by_severity={}, segments=1, flagged=0, scores=scores)
    verdict = gate(measured, Config().replace(**{name: 0.5}))
    assert not verdict.passed
    assert "can't be held to 0.5" in verdict.reasons[0]


LABELS = ("neutral", "minor", "major", "critical")


@trials(deadline=None)
@given(
    counts=st.dictionaries(st.sampled_from(LABELS), st.integers(0, 9)),
    flagged=st.integers(0, 20),
    limit=st.floats(0, 1),
)
def test_a_stricter_gate_never_passes_what_a_laxer_one_fails(
    counts: dict[str, int], flagged: int, limit: float
) -> None:
    measured = Measured(by_severity=counts, segments=20, flagged=flagged, scores={})
    passes = [
        gate(measured, Config(fail_on=s, max_flagged=limit)).passed for s in (*LABELS, "none")
    ]
    assert passes == sorted(passes)
    assert gate(measured, Config(fail_on="none", max_flagged=1.0)).passed
    assert passes[-1] == (flagged / 20 <= limit)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"max_flagged": 5.0}, "5% is 0.05"),
        ({"max_risk": 1.5}, "from 0 to 1"),
        ({"min_bleu": -1.0}, "from 0 to 100"),
        ({"min_chrf": 101.0}, "from 0 to 100"),
        ({"min_mean_similarity": 2.0}, "from -1 to 1"),
        ({"max_risk": 0.2, "risk": False}, "max_risk needs the risk"),
        ({"severity": {"ACC005": "none"}}, "unknown severity 'none'"),
    ],
)
def test_a_gate_out_of_range_is_refused(settings: dict[str, Setting], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Config().replace(**settings)


# --- on the sample data --------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first abstracts of the sample data."""
    with (ROOT / "data" / "abstracts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[:4]
    path = tmp_path_factory.mktemp("data") / "abstracts.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_check_fails_with_all_reasons(sample: Path, capfd: Capture) -> None:
    done = run(
        capfd, "check", sample, "--max-flagged", "5%", "--min-mean-similarity", "0.99",
        "--min-chrf", "99", "--fail-on", "minor",
    )  # fmt: skip
    assert done.code == 1
    last = done.err.splitlines()[-1]
    assert last.startswith("mtcheck: fail: ")
    for part in (
        "findings of severity minor or above; ",
        "% of the segments are flagged (",
        "chrF ",
        " is below 99; ",
        "mean similarity 0.",
        " is below 0.99 (segments: ",
    ):
        assert part in last
    summary = mtcheck.audit(sample, risk=False).summary
    scores = {s["name"]: s["value"] for s in summary["scores"]}
    assert f"chrF {scores['chrf']:.4f} is below 99" in last
    assert f"mean similarity {scores['similarity']:.4f} is below 0.99" in last


def test_check_passes_when_findings_do_not_count(sample: Path, capfd: Capture) -> None:
    done = run(capfd, "check", sample, "--fail-on", "none", "--max-flagged", "100%")
    assert done.code == 0
    assert "ACC005" in done.out  # told all the same
    assert done.err.startswith("mtcheck: pass: nothing over the gate")


def test_a_gate_on_a_reference_without_one_fails(tmp_path: Path, capfd: Capture) -> None:
    rows = tmp_path / "rows.jsonl"
    row = {"id": "p1", "source": "It rained all day.", "mt": "下了一整天雨。"}
    rows.write_text(json.dumps(row), encoding="utf-8")
    done = run(capfd, "check", rows, "--min-chrf", "10", "--min-bleu", "5")
    assert done.code == 1
    for name, limit in (("chrF", 10), ("BLEU", 5)):
        assert f"{name} can't be held to {limit}: no row has a reference" in done.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--max-flagged", "5"], "5% is 0.05"),
        (["--max-flagged", "many"], "no share"),
        (["--min-chrf", "x"], "--min-chrf"),
        (["--max-risk", "-1"], "from 0 to 1"),
        (["--fail-on", "non"], "'non'"),
    ],
)
def test_a_wrong_gate_is_exit_2(
    arguments: list[str], message: str, tmp_path: Path, capfd: Capture
) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"source": "It rained.", "mt": "下雨了。"}', encoding="utf-8")
    done = run(capfd, "check", rows, *arguments)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert done.err.count("\n") == 1


def test_gates_are_settings_too(
    tmp_path: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rows.jsonl").write_text('{"source": "It rained.", "mt": "下雨了。"}', encoding="utf-8")
    # A budget needs the risk, which no gate asks for here: `check` leaves both out.
    Path("mtcheck.toml").write_text("min-mean-similarity = 1\nbudget = 0.2\n", encoding="utf-8")
    done = run(capfd, "check", "rows.jsonl")
    assert done.code == 1
    assert " is below 1 (segments: 1, documents: 1)" in done.err


@pytest.mark.parametrize(
    ("arguments", "risk"),
    [
        ([], False),
        (["--max-flagged", "50%"], False),
        (["--review-risk", "0.5"], False),
        (["--max-flagged", "50%", "--review-risk", "0.9"], True),
        (["--max-risk", "0.9"], True),
    ],
)
def test_the_risk_is_estimated_only_for_a_gate(
    arguments: list[str], risk: bool, capfd: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mtcheck.api import audit as api

    asked: list[Config] = []

    def report(
        data: object, out: object, config: Config, **rest: object
    ) -> tuple[Verdict, dict[str, object]]:
        asked.append(config)
        counts = {"segments": 0, "documents": 0, "rejected": 0, "codes": {}}
        return Verdict(True), {"counts": counts}

    monkeypatch.setattr(api, "report", report)
    assert run(capfd, "check", "rows.jsonl", *arguments).code == 0
    assert [c.risk for c in asked] == [risk]


def test_the_mean_risk_is_held_to_its_limit() -> None:
    # An empty hypothesis has risk 1 without any model's help.
    frame = pd.DataFrame({"source": ["Yields rose by half."], "mt": [""]})
    over = mtcheck.audit(frame, fail_on="none", max_risk=0.99).verdict
    assert over.reasons == ("mean risk 1.0000 is above 0.99",)
    assert mtcheck.audit(frame, fail_on="none", max_risk=1.0).verdict.passed
