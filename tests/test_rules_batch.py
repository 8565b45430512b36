"""Rules that see a whole run through counts: batch size, order and split change nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mtcheck
from mtcheck import Config, pipeline
from mtcheck.readers import from_frame
from mtcheck.rules import CRASH_CODE, Draft, Rule, Totals, all_rules, finding, rule
from mtcheck.tally import Tally
from mtcheck.types import Segment, Span

CODE = "TER005"
FAST = Config(select=(CODE,), risk=False)

USUAL = [
    ("Containment was the aim of the alliance.", "遏制是该联盟的目标。"),
    ("They defended containment in two speeches.", "他们在两次演讲中为遏制辩护。"),
    ("Containment of the rival was costly.", "遏制对手代价高昂。"),
    ("Some allies accepted containment.", "一些盟国接受了遏制。"),
    ("The press praised containment.", "媒体赞扬了遏制。"),
    ("The cohort was followed for a year.", "该队列随访一年。"),
    ("The samples were dried in air.", "样品在空气中干燥。"),
]
ODD = ("Historians debate containment.", "史学家们争论围堵。")


def frame(rows: Sequence[tuple[str, str]], **columns: list[str]) -> pd.DataFrame:
    texts = {"source": [s for s, _ in rows], "hypothesis": [h for _, h in rows]}
    ids = {"doc_id": [f"d{i}" for i in range(len(rows))], "segment_id": ["1"] * len(rows)}
    return pd.DataFrame({**ids, **texts, **columns})


def marked(audit: mtcheck.Audit) -> list[tuple[str, str, str]]:
    """Document, message and suggestion of the batch rule's findings, in no order."""
    found = audit.findings[audit.findings["code"] == CODE]
    return sorted(zip(found["doc_id"], found["message"], found["suggestion"], strict=True))


def test_the_odd_rendering_is_found_and_counted_everywhere() -> None:
    audit = mtcheck.audit(frame([*USUAL, ODD]), config=FAST, batch_size=2)
    message = "containment is 围堵 here and 遏制 in 5 of 6 segments of the run"
    assert marked(audit) == [("d7", message, "遏制")]
    last = audit.segments.iloc[7]
    assert [f["code"] for f in last["findings"]] == [CODE]
    assert audit.documents["findings"].tolist() == [0] * 7 + [1]
    counts = audit.summary["counts"]
    assert isinstance(counts, dict)
    assert counts["codes"] == {CODE: 1}
    assert counts["severity"]["minor"] == 1
    assert "_examined" not in audit.segments


def test_a_batch_rule_can_fail_the_run_and_send_to_review() -> None:
    config = FAST.replace(severity={CODE: "critical"}, fail_on="critical")
    audit = mtcheck.audit(frame([*USUAL, ODD]), config=config)
    assert audit.verdict.label == "fail"
    assert audit.segments["status"].tolist() == ["accept"] * 7 + ["reject"]
    assert audit.documents["reject"].tolist() == [0] * 7 + [1]
    assert "围堵" in audit.segments.iloc[7]["reasons"][0]
    assert mtcheck.audit(frame(USUAL), config=config).verdict.passed


def test_systems_are_counted_apart() -> None:
    rows = [*USUAL, ODD]
    system = ["a"] * 7 + ["b"]
    assert marked(mtcheck.audit(frame(rows, system=system), config=FAST)) == []
    assert len(marked(mtcheck.audit(frame(rows, system=["a"] * 8), config=FAST))) == 1


def test_without_a_batch_rule_nothing_is_kept_for_a_second_pass() -> None:
    (batch,) = from_frame(frame([*USUAL, ODD]), Config())
    inspected = pipeline.inspect(batch.frame, Config(select=("TER003",), risk=False))
    assert not inspected.examined
    assert pipeline.conclude(inspected, {}, Config(risk=False)) is inspected


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(odd=st.integers(0, 2), size=st.integers(1, 9), order=st.permutations(range(7)))
def test_batch_size_and_order_change_nothing(odd: int, size: int, order: list[int]) -> None:
    data = frame([*USUAL, *[ODD] * odd])
    shuffled = data.iloc[[*range(7, 7 + odd), *order]]
    one = mtcheck.audit(data, config=FAST, batch_size=100)
    other = mtcheck.audit(shuffled, config=FAST, batch_size=size)
    assert marked(one) == marked(other)
    assert len(marked(one)) == (1 if odd == 1 else 0)  # of 7 with 2 odd ones, 5 are no 80%
    assert one.summary["counts"] == other.summary["counts"]
    by_id = [a.segments.set_index("doc_id")["status"].to_dict() for a in (one, other)]
    assert by_id[0] == by_id[1]


def test_a_budget_and_a_batch_rule_share_the_second_pass() -> None:
    data = frame([*USUAL, ODD])
    config = FAST.replace(risk=True, budget=0.25)
    one, other = (mtcheck.audit(data, config=config, batch_size=n) for n in (2, 100))
    assert len(marked(one)) == 1
    assert one.segments["findings"].tolist() == other.segments["findings"].tolist()
    assert one.segments["status"].tolist() == other.segments["status"].tolist()
    assert (one.segments["status"] == "review").sum() >= 2


def test_inspect_tally_conclude_is_the_whole_of_it() -> None:
    """What a cluster does: map, reduce in any order, map again."""
    (batch,) = from_frame(frame([*USUAL, ODD]), FAST)
    parts = [batch.frame.iloc[:3], batch.frame.iloc[3:6], batch.frame.iloc[6:]]
    inspected = [pipeline.inspect(part, FAST) for part in parts]
    total = Tally()
    for part in reversed(inspected):
        tally = Tally()
        tally.add(part)
        total.merge(tally)
    before = [part.segments["findings"].map(len).sum() for part in inspected]
    concluded = [pipeline.conclude(part, total.facts, FAST) for part in inspected]
    again = [part.segments["findings"].map(len).sum() for part in inspected]
    assert before == again, "conclude is pure"
    assert sum(part.segments["findings"].map(len).sum() for part in concluded) == 1
    whole = pipeline.conclude(pipeline.inspect(pd.concat(parts), FAST), total.facts, FAST)
    joined = pd.concat([part.segments for part in concluded], ignore_index=True)
    assert joined["findings"].tolist() == whole.segments["findings"].tolist()
    assert [r for part in concluded for r in part.ranks] == list(whole.ranks)


def _crashing(segment: Segment) -> Totals:
    if "boom" in segment.source:
        raise ValueError("boom")
    return {"words": len(segment.source.split())}


def test_a_crash_in_counting_is_told_where_it_happens() -> None:
    @rule("XXX001", "toy", category="toy", severity="minor", scope="batch", facts=_crashing)
    def toy(segment: Segment, totals: Totals) -> Iterator[Draft]:
        yield finding(f"{totals['words']} words in all", Span("source", 0, 1))

    document = [Segment("d", str(i), text, "译文") for i, text in enumerate(["a b", "boom", "c"])]
    assert toy.scope == "batch"
    assert toy.count(document, Config()) == Counter(words=3)
    found = toy.run(document, Config())
    assert [f.code for _, f in found] == ["XXX001", CRASH_CODE, "XXX001"]
    assert found[0][1].message == "3 words in all"
    assert toy.run(document[:1], Config(), {"words": 70})[0][1].message == "70 words in all"


@pytest.mark.parametrize("code", [c for c, r in all_rules().items() if r.scope == "batch"])
def test_counts_add_up(code: str) -> None:
    batch_rule: Rule = all_rules()[code]
    document = [Segment("d", str(i), s, h) for i, (s, h) in enumerate([*USUAL, ODD])]
    halves = batch_rule.count(document[:3], Config()) + batch_rule.count(document[3:], Config())
    assert halves == batch_rule.count(document, Config())
    assert halves, "the texts say nothing to this rule"
