"""To add a metric, add its file: every table, report, comparison and gate then has it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

import mtcheck
from mtcheck import registry, schema, scorers
from mtcheck.config import Config
from mtcheck.errors import UsageError
from mtcheck.json_schema import json_schema

FILE = """
import numpy as np
from mtcheck.scorers import Additive, SegmentMetric, by_model

same_length = Additive(
    key="same_length", label="same length", chinese="等长", description="texts of equal length",
    statistics=lambda h, r, language: np.array([len(h) == len(r), 1.0]),
    score=lambda stats, language: 100 * stats[0] / stats[1],
    signature=lambda language: f"same-length|lang:{language}",
)
commas = SegmentMetric(
    key="commas", label="commas", chinese="逗号", description="commas of the translation",
    high=None, higher_is_better=False, decimals=0, signature="commas|v:1",
    values=lambda segments: [s.hypothesis.count("，") for s in segments],
)
estimate = SegmentMetric(
    key="estimate", label="COMET", chinese="COMET", description="estimated quality", high=1.0,
    decimals=3, signature="comet:toy", routes=("reference",), values=by_model("comet:toy"),
)
"""
NEW = ("same_length", "commas", "estimate")
ROWS = [
    ("It rained.", "下雨了。", "下雨了。"),
    ("It snowed, and we slept.", "下雪了，我们，睡了。", "下雪了，我们睡着了。"),
    ("The sun shone.", "太阳出来了。", "太阳照耀着。"),
]


class ToyEstimator:
    name = signature = "comet:toy"

    def score(
        self, pairs: Sequence[tuple[str, str]], references: Sequence[str | None] | None = None
    ) -> NDArray[np.float32]:
        assert references
        return np.array([h == r for (_, h), r in zip(pairs, references, strict=True)], np.float32)


@pytest.fixture
def new_metric(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A file dropped among the metrics, and gone after the test."""
    folder = tmp_path / "scorers"
    folder.mkdir()
    (folder / "dropped_in.py").write_text(FILE, encoding="utf-8")
    monkeypatch.setattr(scorers, "__path__", [*scorers.__path__, str(folder)])
    monkeypatch.setattr(scorers, "load_pair_scorer", lambda name: ToyEstimator())
    registry.forget()
    yield
    monkeypatch.undo()
    sys.modules.pop("mtcheck.scorers.dropped_in", None)
    registry.forget()


def frame() -> pd.DataFrame:
    return pd.DataFrame(ROWS, columns=["source", "mt", "reference"]).assign(
        segment_id=[f"s{n}" for n in range(len(ROWS))], doc_id="d"
    )


def test_an_audit_has_it_everywhere(new_metric: None, tmp_path: Path) -> None:
    formats = ("csv", "jsonl", "markdown", "html", "xlsx")
    out = tmp_path / "out"
    audit = mtcheck.audit(
        frame(), risk=False, select=("LNG",), ignore=("LNG002",), formats=formats, out=out
    )
    assert audit.segments["same_length"].tolist() == [100.0, 100.0, 100.0]
    assert audit.segments["commas"].tolist() == [0.0, 2.0, 0.0]
    assert audit.segments["estimate"].tolist() == [1.0, 0.0, 0.0]
    document = audit.documents.iloc[0]
    assert (document["same_length"], document["commas"]) == (100.0, pytest.approx(2 / 3, abs=1e-4))
    scores = {s["name"]: s for s in audit.summary["scores"]}
    assert scores["same_length"]["signature"] == "same-length|lang:zh"
    assert (scores["commas"]["value"], scores["commas"]["signature"]) == (0.6667, "commas|v:1")

    for table, columns in (("segments", schema.SEGMENT), ("documents", schema.DOCUMENT_SCORE)):
        head = (out / f"{table}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
        assert head[: len(columns)] == list(columns)
        assert {*NEW} <= set(head)
        made = json_schema(table)["properties"]
        assert isinstance(made, dict)
        assert made["commas"]["description"].startswith("Commas of the translation")
    findings = (out / "findings.csv").read_text(encoding="utf-8").splitlines()[0]
    assert not any(name in findings for name in NEW)
    assert "| Same length | 100.0 |" in (out / "report.md").read_text(encoding="utf-8")
    page = (out / "report.html").read_text(encoding="utf-8")
    assert '["commas","Commas",0]' in page.replace(", ", ",")
    workbook = pytest.importorskip("python_calamine").CalamineWorkbook.from_path(
        out / "report.xlsx"
    )
    assert {*NEW} <= set(workbook.get_sheet_by_name("Segments").to_python()[0])
    # Metadata of that name is the user's own, and told apart.
    clash = mtcheck.audit(frame().assign(commas="mine"), risk=False, select=("LNG001",))
    assert clash.segments["input_commas"].tolist() == ["mine"] * 3


def test_a_comparison_has_it(new_metric: None, tmp_path: Path) -> None:
    old, new = frame(), frame().assign(mt=["下雨了。", "下雪了我们睡了。", "出太阳了。"])
    found = mtcheck.compare(old, new, risk=False, select=("LNG001",), out=tmp_path / "out")
    scores = found.scores.set_index("score")
    assert scores.loc["same_length", "difference"] == pytest.approx(-66.6667)
    assert scores.loc["commas", "difference"] == pytest.approx(-0.6667)
    assert scores.loc["commas", "signature"] == "commas|v:1"
    segment = found.segments.set_index("segment_id").loc["s1"]
    assert (segment["old_commas"], segment["new_commas"]) == (2.0, 0.0)
    assert (segment["old_same_length"], segment["new_same_length"]) == (100.0, 0.0)
    assert scores.loc["estimate", "difference"] == 0
    assert {*NEW} <= set(found.ranking.columns)
    for name in ("comparison.html", "comparison.md"):
        text = (tmp_path / "out" / name).read_text(encoding="utf-8")
        assert "same length" in text
        assert "commas" in text
    ranked = mtcheck.compare(old, new, risk=False, select=("LNG001",), rank_by="commas")
    assert ranked.ranking["system"].tolist() == ["new", "old"]  # fewer are better


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"commas": 0.5}, "mean commas 0.6667 is above 0.5"),
        ({"same_length": 100.5}, "same length 100.0000 is below 100.5"),
        ({"round_trip_same_length": 1.0}, "no row has a back-translation"),
    ],
)
def test_a_gate_can_hold_it(new_metric: None, limits: dict[str, float], reason: str) -> None:
    verdict = mtcheck.audit(
        frame(), risk=False, select=("LNG001",), fail_on="none", score_limits=limits
    ).verdict
    assert len(verdict.reasons) == 1
    assert reason in verdict.reasons[0]


def test_only_the_metrics_chosen_are_computed() -> None:
    audit = mtcheck.audit(frame(), risk=False, select=("LNG001",), metrics=("chrf",))
    assert audit.segments["bleu"].isna().all()
    assert audit.segments["chrf"].notna().all()
    assert [s["name"] for s in audit.summary["scores"]] == ["chrf"]
    with pytest.raises(UsageError, match="did you mean 'chrf'"):
        mtcheck.audit(frame(), risk=False, metrics=("chrff",))
    with pytest.raises(UsageError, match="no score 'bluu'"):
        mtcheck.audit(frame(), risk=False, score_limits={"bluu": 1.0})


def test_a_settings_file_names_limits(tmp_path: Path) -> None:
    from mtcheck.config import load

    path = tmp_path / "mtcheck.toml"
    path.write_text('metrics = ["ter"]\nscore-limits = {ter = 60}\n', encoding="utf-8")
    assert load(path) == Config(metrics=("ter",), score_limits={"ter": 60})
    path.write_text('score-limits = {ter = "60"}\n', encoding="utf-8")
    with pytest.raises(UsageError, match="score_limits"):
        load(path)
    assert json.loads(json.dumps(Config(score_limits={"ter": 60}).as_dict()))["score_limits"]
