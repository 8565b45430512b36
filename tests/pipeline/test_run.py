"""The whole path: real page, row order, batch size, offsets, one code path for all faces."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pandas as pd
import pytest

import mtcheck
from mtcheck import Config, DataError, pipeline, schema
from mtcheck.inspected import Inspected, ranked
from mtcheck.readers import batches, from_frame
from mtcheck.records import Record, findings
from mtcheck.rules import Rule
from mtcheck.tally import Tally
from mtcheck.types import Severity
from tests.conftest import ROOT, shared

SAMPLE = ROOT / "data" / "abstracts.csv"


@pytest.fixture(scope="module")
def sample() -> mtcheck.Audit:
    return mtcheck.audit(SAMPLE)


def records(audit: mtcheck.Audit) -> list[Record]:
    return [record for _, record in ranked(Inspected.of(audit.segments))]


def test_the_real_page() -> None:
    audit = mtcheck.audit(shared("pages/booksci_nato_japan.txt"))
    segments = audit.segments
    assert len(segments) == 20
    assert set(segments["alignment"]) == {"1-1"}
    assert segments["part"].tolist() == ["title"] + ["text"] * 19
    codes = audit.findings["code"].tolist()
    assert codes.count("LNG001") == 1
    assert codes.count("STR001") == 1
    # 2022-2023, 2021 and "early 2020s" are rendered right
    assert not audit.findings["code"].isin(["ACC005"]).any()
    assert "本世纪20年代初" in "".join(segments["hypothesis"])
    half_width = audit.findings[audit.findings["code"] == "LNG001"].iloc[0]
    assert "whole document" in half_width["message"]
    assert audit.summary["scores"][0]["name"] == "similarity"
    assert segments["bleu"].isna().all()
    assert any("No reference" in n for n in audit.summary["notes"])


def test_columns_are_the_published_ones(sample: mtcheck.Audit) -> None:
    names = [c for c in sample.segments.columns if not c.startswith("_")]
    assert names[: len(schema.SEGMENT)] == list(schema.SEGMENT)
    assert names[len(schema.SEGMENT) :] == ["journal", "field", "year"]


def test_offsets_point_into_the_documents(sample: mtcheck.Audit) -> None:
    documents = pd.read_csv(SAMPLE, dtype=str).set_index("doc_id")
    for record in records(sample):
        row = documents.loc[str(record["doc_id"])]
        for side in ("source", "hypothesis"):
            whole = row[f"{side}_title"] if record["part"] == "title" else row[side]
            start, end = record[f"{side}_start"], record[f"{side}_end"]
            assert isinstance(start, int)
            assert isinstance(end, int)
            assert whole[start:end] == record[side]


def test_spans_point_into_the_segments(sample: mtcheck.Audit) -> None:
    found = 0
    for record in records(sample):
        for finding in findings(record):
            for span in finding["spans"]:
                text = str(record[span["side"]])
                assert 0 <= span["start"] < span["end"] <= len(text)
                found += 1
    assert found > 20


@pytest.mark.parametrize("size", [1, 5])
def test_the_batch_size_changes_nothing(sample: mtcheck.Audit, size: int) -> None:
    other = mtcheck.audit(SAMPLE, batch_size=size)
    assert records(other) == records(sample)
    assert other.summary["scores"] == sample.summary["scores"]
    assert other.summary["counts"] == sample.summary["counts"]


def test_the_row_order_changes_nothing(sample: mtcheck.Audit) -> None:
    frame = pd.read_csv(SAMPLE, dtype=str).iloc[::-1]
    other = mtcheck.audit(frame)
    left = {str(r["segment_id"]): r["findings"] for r in records(sample)}
    right = {str(r["segment_id"]): r["findings"] for r in records(other)}
    assert left == right
    assert other.summary["scores"] == sample.summary["scores"]


def test_merged_tallies_equal_one(sample: mtcheck.Audit) -> None:
    config = Config(batch_size=4)
    parts = []
    for batch in batches([SAMPLE], config):
        tally = Tally()
        tally.add(pipeline.inspect(batch.frame, config))
        parts.append(tally)
    whole = Tally()
    for part in reversed(parts):
        whole.merge(part)
    assert whole.counts() == sample.summary["counts"]
    scores = {s.name: (s.value, s.ci) for s in whole.scores({}, ("en", "zh"))}
    expected = {s["name"]: (s["value"], s["ci"]) for s in sample.summary["scores"]}
    assert scores == expected


def test_inspect_is_pure_and_pickles() -> None:
    config = Config(batch_size=2, ignore=("LNG",), severity={"ACC005": "minor"})
    batch = next(iter(batches([SAMPLE], config)))
    copy = batch.frame.copy(deep=True)
    inspect, settings = pickle.loads(pickle.dumps((pipeline.inspect, config)))
    result = inspect(batch.frame, settings)
    pd.testing.assert_frame_equal(batch.frame, copy)
    assert not any(f["code"].startswith("LNG") for fs in result.segments["findings"] for f in fs)
    numbers = [f for fs in result.segments["findings"] for f in fs if f["code"] == "ACC005"]
    assert {f["severity"] for f in numbers} == {"minor"}
    again = pickle.loads(pickle.dumps(result))
    assert again.segments["findings"].tolist() == result.segments["findings"].tolist()


def test_jsonl_equals_the_frame(sample: mtcheck.Audit, tmp_path: Path) -> None:
    audit = mtcheck.audit(SAMPLE, out=tmp_path / "report")
    lines = (tmp_path / "report" / "segments.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == records(sample) == records(audit)


def test_aligned_rows_keep_ids_and_order() -> None:
    rows = [
        {"doc_id": d, "segment_id": f"{d}-{n}", "system": s, "source": f"Plot {n} grew well.",
         "mt": f"第{n}号样地长势良好。"}
        for n in range(3) for d in ("a", "b") for s in ("x", "y")
    ]  # fmt: skip
    audit = mtcheck.audit(pd.DataFrame(rows))
    assert audit.segments["segment_id"].tolist() == [r["segment_id"] for r in rows]
    assert audit.segments["system"].tolist() == [r["system"] for r in rows]
    assert audit.segments["alignment"].isna().all()
    assert audit.summary["counts"]["documents"] == 4
    assert len(audit.documents) == 4


def test_an_empty_hypothesis_stays_as_an_omission() -> None:
    frame = pd.DataFrame({"source": ["Yields rose. Costs fell.", "It rained."], "mt": ["", None]})
    audit = mtcheck.audit(frame)
    assert audit.segments["alignment"].tolist() == ["1-0", "1-0", "1-0"]
    assert audit.findings["code"].tolist() == ["ACC001"] * 3
    assert (audit.segments["status"] != "accept").all()
    assert audit.segments["similarity"].isna().all()


def test_round_trip_scores_are_labelled_and_apart() -> None:
    frame = pd.DataFrame(
        {
            "source": ["Yields rose by half. Costs fell."],
            "mt": ["产量提高了一半。成本下降。"],
            "back_translation": ["Yields increased by half. Costs fell."],
        }
    )
    audit = mtcheck.audit(frame, risk=False)
    scores = {s["name"]: s for s in audit.summary["scores"]}
    assert set(scores) == {
        "round_trip_bleu", "round_trip_chrf", "round_trip_ter", "similarity"
    }  # fmt: skip
    assert "tok:13a" in scores["round_trip_bleu"]["signature"]
    assert "round trip" in scores["round_trip_chrf"]["note"]
    assert audit.segments["bleu"].isna().all()
    assert audit.segments["round_trip_chrf"].tolist()[1] == 100.0
    assert any("round-trip" in n for n in audit.summary["notes"])


def test_no_interval_from_few_documents(sample: mtcheck.Audit) -> None:
    few = mtcheck.audit(pd.read_csv(SAMPLE, dtype=str).head(3))
    assert all(s["ci"] is None for s in few.summary["scores"])
    for score in sample.summary["scores"]:
        assert score["ci"]
        assert score["value"]
        assert score["ci"][0] < score["value"] < score["ci"][1]


def test_a_detached_document_is_all_omission_and_addition() -> None:
    frame = pd.read_csv(SAMPLE, dtype=str).head(2)
    frame["hypothesis"] = frame["hypothesis"].tolist()[::-1]
    segments = mtcheck.audit(frame).segments
    text = segments[segments["part"] == "text"]
    assert text["alignment"].isin(["1-0", "0-1"]).mean() > 0.8
    assert (text["status"] != "accept").all()


def test_detached_rows_are_flagged_and_the_margin_shows_it() -> None:
    segments = mtcheck.audit(SAMPLE, select=("ACC001",)).segments
    pairs = segments[(segments["doc_id"] == "sample-09") & (segments["alignment"] == "1-1")]
    rows = pairs[["doc_id", "segment_id", "source", "hypothesis"]]
    right = mtcheck.audit(rows, select=("ACC001",)).segments
    assert (right["status"] == "accept").all()
    assert (right["margin"] > 1.2).all()
    hypotheses = rows["hypothesis"].tolist()
    shifted = rows.assign(hypothesis=hypotheses[3:] + hypotheses[:3])
    wrong = mtcheck.audit(shifted, select=("ACC001",), min_similarity=0.45).segments
    assert (wrong["margin"] < 1.2).all()
    flagged = wrong[wrong["status"] != "accept"]
    assert len(flagged) > len(wrong) / 2
    assert all("something else" in rs[0] for rs in flagged["reasons"])


def test_a_crashing_rule_is_a_finding_not_a_dead_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(segment: object) -> list[object]:
        raise KeyError("oops")

    rule = Rule("ZZZ999", "broken", "internal", Severity.MAJOR, check=broken)  # type: ignore[arg-type]
    monkeypatch.setattr("mtcheck.pipeline.tools.selected", lambda config: [rule])
    audit = mtcheck.audit(pd.DataFrame({"source": ["A cat sat."], "mt": ["一只猫坐着。"]}))
    (finding,) = audit.segments["findings"][0]
    assert finding["code"] == "INT001"
    assert "ZZZ999" in finding["message"]
    assert audit.summary["counts"]["codes"] == {"INT001": 1}


def test_nothing_to_audit_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text("not json\n", encoding="utf-8")
    with pytest.raises(DataError, match="rejected"):
        mtcheck.audit(file, bad_rows="skip")


def test_bad_rows_are_kept_aside_and_counted(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    good = json.dumps({"source": "It rained.", "mt": "下雨了。"})
    file.write_text(f"{good}\nnot json\n", encoding="utf-8")
    audit = mtcheck.audit(file, bad_rows="skip", out=tmp_path / "report")
    assert audit.summary["counts"]["rejected"] == 1
    (line,) = (tmp_path / "report" / "rejected.jsonl").read_text().splitlines()
    kept = json.loads(line)
    assert (kept["line"], kept["raw"]) == (2, "not json")
    assert audit.rejected["line"].tolist() == [2]


def test_a_frame_and_its_file_give_the_same(sample: mtcheck.Audit) -> None:
    frame = pd.read_csv(SAMPLE, dtype=str)
    assert len(list(from_frame(frame, Config()))) == 1
    one = mtcheck.audit(frame).segments.drop(columns=["path", "line"])
    two = sample.segments.drop(columns=["path", "line"])
    assert one["findings"].tolist() == two["findings"].tolist()
    assert one["similarity"].equals(two["similarity"])


def test_terms_are_compared_over_all_documents() -> None:
    source = "The cohort was followed for ten years."
    ways = ["该队列随访了十年。", "该群组随访了十年。", "该队列被随访十年。"]
    frame = pd.DataFrame({"source": [source] * 3, "mt": ways})
    for size in (1, 3):
        audit = mtcheck.audit(frame, batch_size=size, risk=False)
        assert audit.summary["terms"] == [{"term": "cohort", "renderings": {"队列": 2, "群组": 1}}]
