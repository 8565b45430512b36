"""Comparing batches and systems: matching, sacreBLEU's own tests, verdict, reports, gate."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from rich.console import Console
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER
from sacrebleu.significance import PairedTest, Result

import mtcheck
from mtcheck import Comparison, DataError, UsageError, pipeline
from mtcheck.api.compare import rankings
from mtcheck.comparison.making import clusters
from mtcheck.comparison.paired import Paired, SystemPair, of_means
from mtcheck.comparison.passages import passages
from mtcheck.comparison.rows import load, match
from mtcheck.config import Config
from mtcheck.models import load_encoder
from mtcheck.models.remembering import remembering
from mtcheck.records import Record
from mtcheck.reporters.comparison import _view
from mtcheck.reporters.comparison.folder import FILES
from mtcheck.scorers import additive
from mtcheck.tally import MIN_DOCUMENTS
from tests import command_line
from tests.conftest import ROOT, shared
from tests.pages import parsed

PLACES = [
    ("north", "北部"), ("south", "南部"), ("east", "东部"), ("west", "西部"),
    ("upper", "上游"), ("lower", "下游"), ("inner", "内侧"), ("outer", "外侧"),
    ("coastal", "沿海"), ("inland", "内陆"), ("central", "中部"), ("remote", "偏远"),
]  # fmt: skip


def rows(
    hypothesis: Callable[[int, str], str] = "{1}地块的产量增加了{0}%。".format,
) -> pd.DataFrame:
    """Twelve sentences with a reference each, translated by a function of number and place."""
    return pd.DataFrame(
        [
            {
                "id": f"r{n}",
                "segment_id": f"r{n}",
                "source": f"Yields of the {english} plot rose by {n + 11}%.",
                "mt": hypothesis(n + 11, chinese),
                "reference": f"{chinese}地块的产量增加了{n + 11}%。",
            }
            for n, (english, chinese) in enumerate(PLACES)
        ]
    )


def some_wrong(number: int, place: str) -> str:
    """Six right, three with a wrong number, three that are merely worded otherwise."""
    if number % 4 == 0:
        return f"{place}地块的产量增加了{number + 1}%。"
    return (
        f"{place}的田产量提高{number}%。"
        if number % 4 == 1
        else f"{place}地块的产量增加了{number}%。"
    )


class _Alike:
    """An encoder that finds all texts alike, and is quick."""

    name = signature = "alike"
    min_similarity = None

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        return np.full((len(texts), 4), 0.5, dtype=np.float32)


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """A fiftieth of sacreBLEU's trials and an easy encoder: nothing here hangs on them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PairedTest, "_DEFAULT_SAMPLES", {"ar": 200, "bs": 200})
        patch.setattr("mtcheck.pipeline.tools.remembering", lambda name: _Alike())
        patch.setattr("mtcheck.pipeline.running.load_encoder", lambda name: _Alike())
        yield


@pytest.fixture
def real_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """The encoder of an audit, for what must be aligned."""
    monkeypatch.setattr("mtcheck.pipeline.tools.remembering", remembering)
    monkeypatch.setattr("mtcheck.pipeline.running.load_encoder", load_encoder)


@pytest.fixture
def all_trials(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of trials that sacreBLEU makes by itself."""
    monkeypatch.setattr(PairedTest, "_DEFAULT_SAMPLES", {"ar": 10_000, "bs": 1000})


@pytest.fixture(scope="module")
def worse(quick: None) -> Comparison:
    return mtcheck.compare(rows(), rows(some_wrong), risk=False)


# --- what it says ---------------------------------------------------------------------------


def test_a_worse_batch(worse: Comparison) -> None:
    assert worse.systems == ("old", "new")
    assert not worse.verdict.passed
    assert re.fullmatch(
        r"worse on 6 and better on 0 of 12 segments; chrF -\d+\.\d \[-.*, -.*\], p [=<] 0\.\d{3}",
        worse.sentence,
    )
    numbers = worse.findings[worse.findings["code"] == "ACC005"]
    columns = ["baseline", "count", "new", "fixed"]
    assert numbers[columns].to_numpy().tolist() == [[0, 3, 3, 0]]
    assert not any("more findings" in r for r in worse.verdict.reasons)  # 3 to 0 may be chance


def test_the_worst_segments_come_first(worse: Comparison) -> None:
    changes = worse.segments["change"].tolist()
    assert changes == sorted(changes, reverse=True)
    first = worse.segments.head(3)
    assert {f["code"] for found in first["new_findings"] for f in found} == {"ACC005"}
    assert (first["new_penalty"] - first["old_penalty"]).tolist() == [5.0] * 3
    lost = (worse.segments["old_chrf"] - worse.segments["new_chrf"]) / 20
    points = worse.segments["new_penalty"] - worse.segments["old_penalty"]
    assert np.allclose(points + lost, worse.segments["change"], atol=1e-3)
    assert (worse.segments["verdict"] == "worse").sum() == len(worse.worse) == 6
    assert (worse.segments["verdict"] == "same").sum() == 6


def test_the_same_batch_is_not_worse() -> None:
    same = mtcheck.compare(rows(some_wrong), rows(some_wrong), risk=False)
    assert same.verdict.passed
    assert same.segments["change"].tolist() == [0.0] * 12
    # sacreBLEU gives equal systems p = 0.0001; we give none.
    assert same.scores["p_bootstrap"].isna().all()
    assert same.scores["p_randomisation"].isna().all()
    assert set(same.scores["verdict"]) == {"same"}


def test_a_better_batch_is_the_mirror_of_a_worse_one(worse: Comparison) -> None:
    better = mtcheck.compare(rows(some_wrong), rows(), risk=False)
    assert better.verdict.passed
    assert better.sentence.startswith("worse on 0 and better on 6 of 12 segments; chrF +")
    left = worse.scores.set_index("score")
    right = better.scores.set_index("score")
    assert (left["difference"] == -right["difference"]).all()
    assert left["p_randomisation"].equals(right["p_randomisation"])
    assert left["low"].dropna().tolist() == (-right["high"].dropna()).tolist()
    assert sum(map(len, better.segments["fixed_findings"])) == 3


def test_critical_findings_are_told_before_major_ones() -> None:
    names = [f"r{n}" for n in range(10)]
    old = pd.DataFrame(
        {
            "id": names,
            "segment_id": names,
            "source": [f"Yields of plot {n} did not rise in {2010 + n}." for n in range(10)],
            "mt": [f"{2010 + n}年{n}号地块的产量没有增加。" for n in range(10)],
        }
    )
    negated = old["mt"].str.replace("没有增加", "增加了")
    new = old.assign(mt=[*negated[:5], *old["mt"][5:]])
    grave = {"ACC017": "critical"}
    found = mtcheck.compare(old, new, risk=False, severity=grave)
    assert "more critical findings: 5, 0 in old, p = 0.031" in found.verdict.reasons
    assert not any("major or above" in r for r in found.verdict.reasons)
    assert mtcheck.compare(new, old, risk=False, severity=grave).verdict.passed
    major = mtcheck.compare(old, new, risk=False, severity={"ACC017": "major"})
    told = "more findings of severity major or above: 5, 0 in old, p = 0.031"
    assert told in major.verdict.reasons


@pytest.mark.parametrize("wrong", [0, 1, 2])
def test_two_against_one_is_no_difference(wrong: int) -> None:
    """The head says worse only where a score or a count of findings is told from chance."""
    changed = rows()
    changed.loc[: wrong - 1, "mt"] = changed.loc[: wrong - 1, "mt"].str.replace("增加", "减少")
    found = mtcheck.compare(rows(), changed, risk=False)
    assert found.verdict.passed
    assert not found.scores["verdict"].isin(["worse"]).any()
    assert ("(a tie)" if wrong == 0 else "(may be chance)") in found.sentence
    console = Console(file=io.StringIO(), width=200)
    found.print(console)
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue().startswith("No clear difference")


def test_a_significant_difference_is_told_from_chance() -> None:
    one_off = rows()
    one_off.loc[3, "mt"] = "西部地块增产14%。"
    found = mtcheck.compare(rows(), one_off, metrics=("chrf",), risk=False)
    chrf = found.scores.set_index("score").loc["chrf"]
    assert chrf["difference"] < 0
    assert chrf["p_randomisation"] < 0.05 < chrf["p_bootstrap"] == chrf["p"]
    assert chrf["verdict"] == "same"
    assert found.verdict.passed
    strict = mtcheck.compare(rows(), one_off, metrics=("chrf",), risk=False, alpha=0.999)
    assert strict.scores.set_index("score").loc["chrf", "verdict"] == "worse"
    assert not strict.verdict.passed


def test_risk_decides_where_there_is_no_reference() -> None:
    old, new = (f.drop(columns="reference") for f in (rows(), rows(lambda n, p: "")))
    found = mtcheck.compare(old, new)
    risk = found.scores.set_index("score").loc["risk"]
    assert risk["value"] == 1.0  # an empty translation's risk
    assert risk["verdict"] == "worse"
    assert risk["p_bootstrap"] < 0.05
    assert "risk +" in found.sentence
    assert found.summary["rank_by"] == "risk"
    assert any("No references" in n for n in found.summary["notes"])
    assert {"bleu", "chrf", "ter"}.isdisjoint(found.scores["score"])


def test_few_documents_give_no_interval() -> None:
    few = MIN_DOCUMENTS - 1
    found = mtcheck.compare(rows().head(few), rows(some_wrong).head(few), risk=False)
    for column in ("low", "high", "p_bootstrap", "p_randomisation"):
        assert found.scores[column].isna().all()
    assert not any("significantly" in r for r in found.verdict.reasons)
    # Rows of one document are no documents: they are tested, but give no interval.
    one = mtcheck.compare(rows().assign(id="d"), rows(some_wrong).assign(id="d"), risk=False)
    chrf = one.scores.set_index("score").loc["chrf"]
    assert np.isnan(chrf["low"])
    assert 0 < chrf["p_randomisation"] < 1


# --- matching -------------------------------------------------------------------------------


def test_rows_match_in_any_order_and_white_space() -> None:
    new = rows(some_wrong).iloc[::-1].reset_index(drop=True)
    new["source"] = new["source"].str.replace(" plot", "\n  plot")
    new["id"] = new["segment_id"] = [f"other-{n}" for n in range(12)]
    found = mtcheck.compare(rows(), new, risk=False)
    assert len(found.segments) == 12
    assert found.unmatched.empty
    assert found.findings.set_index("code").loc["ACC005", "count"] == 3


def test_rows_without_a_partner_are_named_and_fail() -> None:
    old, new = rows(), rows()
    new = new.drop(index=[4])
    new.loc[7, "source"] = "Yields of the outer plot fell by 18%."
    found = mtcheck.compare(old, new, risk=False)
    assert len(found.segments) == 10
    assert list(zip(found.unmatched["system"], found.unmatched["segment_id"], strict=True)) == [
        ("old", "r4"), ("old", "r7"), ("new", "r7"),
    ]  # fmt: skip
    assert found.unmatched["why"].tolist() == [
        "not in new", "not in new", "not in old, where this id has another source",
    ]  # fmt: skip
    assert found.sentence.endswith("3 rows have no partner and are left out")
    assert found.verdict.reasons == ("fewer rows: 11, 12 in old",)
    assert mtcheck.compare(new, old, risk=False, metrics=("chrf",)).verdict.passed


def test_equal_sources_match_by_id_then_in_order() -> None:
    frame = pd.DataFrame(
        {
            "id": ["a", "b", "c"],
            "segment_id": ["1", "1", "1"],
            "source": ["It rained."] * 3,
            "mt": ["一", "二", "三"],
        }
    )
    other = frame.iloc[::-1].assign(id=["c", "x", "a"])
    first, second = load([frame, other], (), Config())
    pairs = match([first, second]).rows
    assert [(a.texts["hypothesis"], b.texts["hypothesis"]) for a, b in pairs] == [
        ("一", "一"), ("二", "二"), ("三", "三"),
    ]  # fmt: skip


def test_nothing_in_common_is_an_error() -> None:
    other = rows().assign(source="It rained.")
    with pytest.raises(DataError, match="same source text"):
        mtcheck.compare(rows(), other, risk=False)


def test_layouts_must_agree() -> None:
    whole = rows().drop(columns="segment_id")
    with pytest.raises(DataError, match="differ in layout"):
        mtcheck.compare(rows(), whole, risk=False)


def test_whole_documents_are_compared_by_stretches_of_the_source(real_encoder: None) -> None:
    source = "Yields rose by half in the dry year. Costs fell by 12% in all of the regions."
    old = pd.DataFrame({"id": ["d"], "source": [source]}).assign(
        mt="干旱年份产量提高了一半。所有地区的成本下降了12%。",
        reference="干旱年份产量提高了一半。所有地区的成本下降了12%。",
    )
    new = old.assign(mt="干旱年份产量提高了一半。所有地区的成本下降了21%。")
    found = mtcheck.compare(old, new, risk=False)
    assert found.segments["source"].tolist()[0].startswith("Costs fell")
    assert found.segments["segment_id"].tolist() == ["d#2", "d#1"]
    assert found.segments["verdict"].tolist() == ["worse", "same"]
    assert set(found.scores["score"]) == {"bleu", "chrf", "penalty", "similarity"}


def segment(number: int, start: int, end: int, **more: object) -> Record:
    return {
        "doc_id": "d", "segment_id": f"d#{number}", "path": "", "line": None, "part": "text",
        "source": "s" * (end - start), "source_start": start, "source_end": end,
        "hypothesis": f"h{number}", "hypothesis_start": number, "reference": None, "risk": None,
        "similarity": None, "chrf": None, "status": "accept", "findings": [], **more,  # type: ignore[dict-item]
    }  # fmt: skip


def test_joined_sentences_are_one_passage() -> None:
    old = [segment(1, 0, 4, risk=0.1), segment(2, 5, 9, risk=0.4), segment(3, 10, 12)]
    new = [segment(1, 0, 9, risk=0.2), segment(2, 9, 9), segment(3, 10, 12)]
    first, second = passages([old, new])
    assert first.segment_id == "d#1+2"
    assert [s.hypothesis for s in first.sides] == ["h1h2", "h1h2"]  # the addition came along
    assert [s.score("risk") for s in first.sides] == [0.4, 0.2]
    assert second.segment_id == "d#3"
    assert [s.hypothesis for s in second.sides] == ["h3", "h3"]


# --- references -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["column", "table", "lines", "frame"])
def test_references_from_anywhere(kind: str, worse: Comparison, tmp_path: Path) -> None:
    old, new = (f.rename(columns={"reference": "gold"}) for f in (rows(), rows(some_wrong)))
    shuffled = old[["source", "gold"]].rename(columns={"gold": "ref"}).iloc[::-1]
    (tmp_path / "gold.txt").write_text("".join(f"{r}\n" for r in old["gold"]), "utf-8")
    shuffled.to_json(tmp_path / "gold.jsonl", orient="records", lines=True, force_ascii=False)
    given: dict[str, str | Path | pd.DataFrame] = {
        "column": "gold",
        "table": tmp_path / "gold.jsonl",
        "lines": str(tmp_path / "gold.txt"),
        "frame": shuffled,
    }
    found = mtcheck.compare(old, new, reference=given[kind], risk=False)
    columns = ["score", "value", "p_randomisation"]
    pd.testing.assert_frame_equal(found.scores[columns], worse.scores[columns])


def test_wrong_references_are_told(tmp_path: Path) -> None:
    (tmp_path / "gold.txt").write_text("一\n二\n", "utf-8")
    with pytest.raises(DataError, match="2 lines for the 12 rows"):
        mtcheck.compare(rows(), rows(), reference=tmp_path / "gold.txt", risk=False)
    with pytest.raises(DataError, match="no such file"):
        mtcheck.compare(rows(), rows(), reference="gone.csv", risk=False)
    with pytest.raises(DataError, match="no column 'gold'"):
        mtcheck.compare(rows(), rows(), reference="gold", risk=False)
    with pytest.raises(DataError, match="no references to read"):
        mtcheck.compare(rows(), rows(), reference=rows()[["source"]], risk=False)


def test_missing_and_differing_references_are_noted() -> None:
    old, new = rows(), rows(some_wrong)
    old.loc[0, "reference"] = new.loc[0, "reference"] = None
    new.loc[1, "reference"] = "别的译文。"
    notes = mtcheck.compare(old, new, risk=False).summary["notes"]
    assert isinstance(notes, list)
    assert any(n.startswith("1 of 12 rows have no reference") for n in notes)
    assert any("In 1 rows the systems' references differ" in n for n in notes)


# --- several systems ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def three(quick: None) -> Comparison:
    frame = rows().rename(columns={"mt": "right"})
    frame["right too"] = frame["right"].str.replace("12%", "12％")
    frame["poor"] = rows(lambda n, p: f"{p}的田多产{n + 1}%.")["mt"]
    return mtcheck.compare(frame, systems=("poor", "right", "right too"), risk=False)


def test_columns_of_one_table(three: Comparison) -> None:
    assert three.baseline == "poor"
    assert three.ranking["system"].tolist() == ["right", "right too", "poor"]
    assert three.ranking["cluster"].tolist() == [1, 1, 2]
    assert three.sentence.startswith("right is best of 3 systems by chrF (100.0); in its cluster")
    assert len(three.pairs) == 3
    assert three.pairs["differ"].tolist() == [False, True, True]
    assert three.verdict.passed  # the baseline is the worst
    assert len(three.segments) == 24


def test_a_system_column_gives_the_same(three: Comparison) -> None:
    frame = rows()
    parts = {
        "poor": rows(lambda n, p: f"{p}的田多产{n + 1}%."),
        "right": frame,
        "right too": frame.assign(mt=frame["mt"].str.replace("12%", "12％")),
    }
    long = pd.concat([part.assign(system=name) for name, part in parts.items()])
    for chosen in ((), ("poor", "right", "right too")):
        found = mtcheck.compare(long, systems=chosen, risk=False)
        pd.testing.assert_frame_equal(found.ranking, three.ranking)
        pd.testing.assert_frame_equal(found.scores, three.scores)
    batches = mtcheck.compare(*parts.values(), systems=tuple(parts), risk=False)
    pd.testing.assert_frame_equal(batches.pairs, three.pairs)


def test_wrong_systems_are_told() -> None:
    frame = rows()
    with pytest.raises(UsageError, match="one batch with one system"):
        mtcheck.compare(frame, risk=False)
    with pytest.raises(UsageError, match="one system; name at least two"):
        mtcheck.compare(frame, systems=("mt",), risk=False)
    with pytest.raises(UsageError, match="named twice"):
        mtcheck.compare(frame, systems=("mt", "mt"), risk=False)
    with pytest.raises(UsageError, match="2 batches, but 3 names"):
        mtcheck.compare(frame, frame, systems=("a", "b", "c"), risk=False)
    with pytest.raises(DataError, match="no column 'gold'"):
        mtcheck.compare(frame, systems=("mt", "gold"), risk=False)
    with pytest.raises(UsageError, match="nothing to compare"):
        mtcheck.compare(risk=False)
    long = pd.concat([frame.assign(system="a"), frame.assign(system="b")])
    with pytest.raises(DataError, match="no rows of system 'c'; there are a, b"):
        mtcheck.compare(long, systems=("a", "c"), risk=False)


def test_wrong_choices_are_told() -> None:
    frame = rows()
    bare = frame.drop(columns="reference")
    with pytest.raises(UsageError, match="unknown metric 'comet'"):
        mtcheck.compare(frame, frame, metrics=("comet",))
    with pytest.raises(UsageError, match=f"use one of {', '.join(rankings())}"):
        mtcheck.compare(frame, frame, rank_by="similarity")
    with pytest.raises(UsageError, match="alpha is 2"):
        mtcheck.compare(frame, frame, alpha=2)
    with pytest.raises(UsageError, match="no references"):
        mtcheck.compare(bare, bare, metrics=("bleu",), risk=False)
    with pytest.raises(UsageError, match="no references"):
        mtcheck.compare(bare, bare, rank_by="ter", risk=False)
    with pytest.raises(UsageError, match="can't rank by bleu; it is not among the metrics"):
        mtcheck.compare(frame, frame, rank_by="bleu", metrics=("chrf",), risk=False)
    with pytest.raises(UsageError, match="can't rank by risk"):
        mtcheck.compare(bare, bare, rank_by="risk", risk=False)
    whole = frame.drop(columns="segment_id")  # whose default metrics leave out TER
    with pytest.raises(UsageError, match="can't rank by ter; there is bleu, chrf, penalty"):
        mtcheck.compare(whole, whole, rank_by="ter", risk=False)


def test_clusters_as_at_wmt() -> None:
    def pair(a: str, b: str, p: float | None) -> SystemPair:
        return SystemPair(a, b, -1.0, p)

    # a and c differ, but b is told apart from neither: one cluster. d is below all.
    pairs = [
        pair("a", "b", 0.2), pair("a", "c", 0.01), pair("a", "d", 0.01),
        pair("b", "c", 0.3), pair("b", "d", 0.01), pair("c", "d", 0.04),
    ]  # fmt: skip
    assert clusters("abcd", pairs, 0.05) == {"a": 1, "b": 1, "c": 1, "d": 2}
    assert clusters("abcd", pairs, 0.02) == dict.fromkeys("abcd", 1)
    assert clusters("ab", [pair("a", "b", None)], 0.05) == {"a": 1, "b": 1}


# --- sacreBLEU's own figures ----------------------------------------------------------------


def own_metrics() -> Mapping[str, BLEU | CHRF | TER]:
    return {
        "bleu": BLEU(tokenize="zh"),
        "chrf": CHRF(),
        "ter": TER(normalized=True, asian_support=True),
    }


def sacrebleu_results(
    texts: Mapping[str, Sequence[str]], metric: BLEU | CHRF | TER, references: list[str], test: str
) -> list[Result]:
    """What sacreBLEU itself says of two systems."""
    _, scores = PairedTest(list(texts.items()), {"m": metric}, [references], test_type=test)()
    found = next(v for k, v in scores.items() if k != "System")
    return [r for r in found if isinstance(r, Result)]


@pytest.mark.parametrize("seed", [None, "7"])
def test_p_values_are_those_of_sacrebleu(
    seed: str | None, all_trials: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if seed:
        monkeypatch.setenv("SACREBLEU_SEED", seed)
    frame = rows()
    texts = {"old": frame["reference"].tolist(), "new": rows(some_wrong)["mt"].tolist()}
    texts["old"][5] = "上游的田产量提高16%。"
    references = frame["reference"].tolist()
    for name, metric in own_metrics().items():
        ours = Paired(additive()[name], texts, references, range(12)).difference("old", "new")
        for test, p in (("bs", ours.p_bootstrap), ("ar", ours.p_randomisation)):
            first, second = sacrebleu_results(texts, metric, references, test)
            assert p == second.p_value
            assert ours.baseline == round(first.score, 4)
            assert ours.value == round(second.score, 4)


def test_signatures_are_those_of_an_audit(worse: Comparison) -> None:
    signatures = worse.scores.set_index("score")["signature"]
    for name, metric in additive().items():
        assert signatures[name] == metric.signature("zh")


def test_the_interval_is_that_of_the_same_resamples() -> None:
    texts = {"old": rows()["mt"].tolist(), "new": rows(some_wrong)["mt"].tolist()}
    references = rows()["reference"].tolist()
    found = Paired(additive()["bleu"], texts, references, range(12)).difference("old", "new")
    metric = BLEU(tokenize="zh", effective_order=True)
    drawn = np.random.default_rng(12345).choice(12, size=(1000, 12), replace=True)
    replicates = []
    for rows_drawn in drawn:
        scores = [
            metric.corpus_score(
                [texts[name][i] for i in rows_drawn], [[references[i] for i in rows_drawn]]
            ).score
            for name in ("old", "new")
        ]
        replicates.append(scores[1] - scores[0])
    expected = np.percentile(replicates, [2.5, 97.5])
    assert found.interval == pytest.approx(tuple(expected), abs=2e-4)


def test_the_bootstrap_of_means() -> None:
    rng = np.random.default_rng(3)
    old = rng.normal(0.3, 0.1, 200)
    documents = [n // 5 for n in range(200)]

    def compared(new: np.ndarray) -> tuple[float, float, float]:
        one = of_means("risk", "new", list(old), list(new), documents, higher_is_better=False)
        assert one is not None
        assert one.interval is not None
        assert one.p is not None
        assert one.interval[0] <= one.difference <= one.interval[1]
        return one.p, *one.interval

    p, low, high = compared(old + rng.normal(0.05, 0.05, 200))
    assert p < 0.01
    assert 0 < low < 0.05 < high + 0.02
    noise = rng.normal(0.0, 0.05, 200)
    p, low, high = compared(old + noise - noise.mean())
    assert p > 0.05
    assert low < 0 < high
    assert of_means("risk", "new", [None], [0.5], ["d"], higher_is_better=False) is None


FLORES = "mt_systems/flores_dev_en_zh.jsonl"
PUBLISHED = "mt_systems/flores_dev_published_scores.json"


def flores() -> tuple[dict[str, list[str]], list[str]]:
    published = json.loads(shared(PUBLISHED).read_text("utf-8"))
    lines = shared(FLORES).read_text("utf-8").splitlines()
    table = [json.loads(line) for line in lines]
    return {s: [r[s] for r in table] for s in published}, [r["reference"] for r in table]


def test_six_systems_rank_as_published(all_trials: None) -> None:
    texts, references = flores()
    published = json.loads(shared(PUBLISHED).read_text("utf-8"))
    paired = Paired(additive()["bleu"], texts, references, range(len(references)))
    expected = sorted(published, key=lambda s: -published[s]["published_bleu"])
    assert sorted(texts, key=paired.score, reverse=True) == expected
    for system, scores in published.items():
        assert round(paired.score(system), 1) == scores["published_bleu"]
    # Two close systems, tested by sacreBLEU itself.
    named = {s: texts[s] for s in ("google", "microsoft")}
    for test in ("bs", "ar"):
        _, second = sacrebleu_results(named, BLEU(tokenize="zh"), references, test)
        assert paired.p("google", "microsoft", test) == second.p_value


@pytest.mark.slow
def test_six_systems_from_the_command_line(run: Run, tmp_path: Path) -> None:
    """With few trials, both here and there: the figures are compared, not believed."""
    published = json.loads(shared(PUBLISHED).read_text("utf-8"))
    code, out, err = run(
        "compare", shared(FLORES), "--systems", ",".join(published), "--metrics", "bleu",
        "--rank-by", "bleu", "--no-risk", "--select", "ACC005", "--out", "six",
    )  # fmt: skip
    assert code == 0, err
    expected = sorted(published, key=lambda s: -published[s]["published_bleu"])
    found = json.loads((tmp_path / "six" / "summary.json").read_text("utf-8"))
    assert [r["system"] for r in found["ranking"]] == expected
    assert [round(r["bleu"], 1) for r in found["ranking"]] == [
        published[s]["published_bleu"] for s in expected
    ]
    texts, references = flores()
    for row in found["pairs"]:
        named = {s: texts[s] for s in (row["better"], row["worse"])}
        _, second = sacrebleu_results(named, BLEU(tokenize="zh"), references, "ar")
        assert row["p_randomisation"] == second.p_value
    assert expected[0] in out


# --- reports --------------------------------------------------------------------------------

HOSTILE = (
    "</script><script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) "
    "\x1b[31mred\x1b[0m \u202eabc ::error::oops `code` |a|b| {{ 7*7 }}"
)


@pytest.fixture(scope="module")
def hostile(quick: None) -> Comparison:
    old, new = rows(), rows(some_wrong)
    for frame in (old, new):
        frame.loc[1, "source"] = f"{HOSTILE} rose by 12%."
        frame.loc[0, "id"] = frame.loc[0, "segment_id"] = f"=1+1 {HOSTILE}"
    old.loc[1, "mt"] = f"{HOSTILE}增加了12%。"
    new.loc[1, "mt"] = f"=cmd|' /C calc'!A0 {HOSTILE}增加了13%。"
    extra = new.head(1).assign(source=f"{HOSTILE} alone", id="=x", segment_id=HOSTILE)
    new = pd.concat([new, extra])
    return mtcheck.compare(old, new, systems=(HOSTILE, "new"), risk=False)


def test_hostile_text_is_inert_in_html(hostile: Comparison) -> None:
    for page in (hostile.to_html(), hostile._repr_html_()):
        parser = parsed(page)
        names = {tag for tag, _ in parser.tags}
        assert names.isdisjoint({"script", "img", "a", "iframe", "object", "link", "form"})
        assert not any(a.startswith("on") for _, attrs in parser.tags for a in attrs)
        assert "\u202e" not in page
        assert "\x1b" not in page
        assert "⟦U+202E⟧" in page
        assert "<script>alert(1)</script>" in "".join(parser.text)  # shown as text
        assert "{{ 7*7 }}" in "".join(parser.text)  # nor is it a template


def test_the_page_asks_nothing_of_the_network(hostile: Comparison) -> None:
    page = hostile.to_html()
    parser = parsed(page)
    policy = next(a["content"] for t, a in parser.tags if a.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert not any({"src", "href", "style"} & set(attrs) for _, attrs in parser.tags)
    assert "url(" not in page
    assert "@import" not in page


def test_the_page_can_be_read_by_a_screen_reader(hostile: Comparison) -> None:
    page = hostile.to_html()
    parser = parsed(page)
    assert dict(parser.tags)["html"] == {"lang": "en"}
    assert page.count("<table>") == page.count("<caption>") > 0
    assert all(attrs.get("scope") for tag, attrs in parser.tags if tag == "th")
    languages = {attrs.get("lang") for tag, attrs in parser.tags if tag == "p"}
    assert {"en", "zh-CN"} <= languages
    levels = [int(tag[1]) for tag, _ in parser.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    scrolling = [a for t, a in parser.tags if a.get("class") == "scroll"]
    assert all(a.get("tabindex") == "0" and a.get("aria-label") for a in scrolling)


def test_what_changed_is_marked() -> None:
    old, new = _view.diff("产量增加了12%。", "产量增加了13%，大增。")
    assert "".join(p.text for p in old) == "产量增加了12%。"
    assert "".join(p.text for p in new) == "产量增加了13%，大增。"
    assert [p.text for p in old if p.changed] == ["2"]
    assert [p.text for p in new if p.changed] == ["3", "，大增"]
    long = "长" * 5000
    assert [p.changed for p in _view.diff(long, long[1:])[0]] == [False]


def test_hostile_text_is_inert_in_markdown(hostile: Comparison) -> None:
    text = hostile.to_markdown()
    assert "<script" not in text
    assert "<img" not in text
    assert not re.search(r"(?<!\\)\]\(", text)
    assert "\x1b" not in text
    assert "\u202e" not in text
    for line in text.splitlines():
        if line.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", line)) >= 4
    assert not any(line.startswith("::") for line in text.splitlines())


def test_markdown_fits_a_comment() -> None:
    parts = []
    for n in range(4):
        part = rows(some_wrong)
        part["source"] += f" Plot {n}." * 60
        parts.append(part)
    many = pd.concat(parts)
    many["id"] = many["segment_id"] = [f"s{n}" for n in range(len(many))]
    old = many.assign(mt=many["reference"])
    text = mtcheck.compare(old, many, risk=False, metrics=("chrf",)).to_markdown()
    assert len(text) < 65_536
    assert "more." in text


def test_the_folder(hostile: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = hostile.write(tmp_path / "out")
    assert {p.name for p in out.iterdir()} == set(FILES)
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert summary["mtcheck_version"] == mtcheck.__version__
    assert summary["sentence"] == hostile.sentence
    assert [s["score"] for s in summary["scores"]] == hostile.scores["score"].tolist()
    lines = (out / "segments.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    assert [r["new_hypothesis"] for r in records] == hostile.segments["new_hypothesis"].tolist()
    assert "\u202e" not in "".join(lines)
    with (out / "segments.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert [r["verdict"] for r in table] == hostile.segments["verdict"].tolist()
    assert any(r["new_hypothesis"].startswith("'=cmd") for r in table)
    assert any(r["segment_id"].startswith("'=1+1") for r in table)
    hostile.write(out)  # an earlier comparison is replaced
    (out / "thesis.txt").write_text("ten years of work")
    with pytest.raises(UsageError, match=r"not the comparison's \(thesis\.txt\)"):
        hostile.write(out)
    audits: list[object] = []
    monkeypatch.setattr(pipeline, "run", lambda *a, **k: audits.append(a))
    with pytest.raises(UsageError, match="not the comparison's"):
        mtcheck.compare(rows(), rows(), out=out)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("ten years of work")
    with pytest.raises(UsageError, match="no mtcheck report"):
        mtcheck.compare(rows(), rows(), out=tmp_path / "mine")
    assert audits == []  # told before the long part


def test_repr(worse: Comparison) -> None:
    assert repr(worse) == f"<mtcheck Comparison: {worse.sentence}>"


# --- the command line -----------------------------------------------------------------------

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")

    def call(*args: object) -> tuple[int, str, str]:
        done = command_line.run(capfd, *args)
        return done.code, done.out, done.err

    return call


def jsonl(path: Path, frame: pd.DataFrame) -> Path:
    frame.to_json(path, orient="records", lines=True, force_ascii=False)
    return path


def test_the_command(run: Run, tmp_path: Path, worse: Comparison) -> None:
    jsonl(tmp_path / "may.jsonl", rows())
    jsonl(tmp_path / "june.jsonl", rows(some_wrong))
    code, out, err = run("compare", "may.jsonl", "june.jsonl", "--no-risk", "--out", "cmp")
    assert code == 0, err
    assert "june against may" in out
    assert " ".join(worse.sentence.split()) in " ".join(out.split())
    assert "Report: cmp" in err
    assert (tmp_path / "cmp" / "comparison.html").exists()
    code, _, _ = run("compare", "may.jsonl", "june.jsonl", "--no-risk", "--fail-if-worse")
    assert code == 1
    code, _, _ = run("compare", "june.jsonl", "may.jsonl", "--no-risk", "--fail-if-worse")
    assert code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["compare", "may.jsonl"], "one batch with one system"),
        (["compare", "may.jsonl", "gone.jsonl"], "gone.jsonl: no such file"),
        (["compare", "may.jsonl", "may.jsonl", "--alpha", "7"], "alpha is 7"),
        (["compare", "may.jsonl", "may.jsonl", "--rank-by", "luck"], "unknown ranking 'luck'"),
        (["compare"], "Missing argument"),
    ],
)
def test_mistakes_exit_2(run: Run, tmp_path: Path, arguments: list[str], message: str) -> None:
    jsonl(tmp_path / "may.jsonl", rows())
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert len(err.splitlines()) == 1


def test_bad_rows_are_counted(run: Run, tmp_path: Path) -> None:
    jsonl(tmp_path / "may.jsonl", rows())
    file = jsonl(tmp_path / "june.jsonl", rows())
    file.write_text(file.read_text("utf-8") + "{oops\n", "utf-8")
    code, out, _ = run("compare", "may.jsonl", "june.jsonl", "--no-risk", "--bad-rows", "skip")
    assert code == 0
    assert "june: 1 bad row was set aside" in out


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['mtcheck', 'compare', '--help']\n"
        "from mtcheck.cli import main\n"
        "try: main()\n"
        "except SystemExit as stop: assert not stop.code, stop.code\n"
        "assert not {'pandas', 'numpy', 'sacrebleu', 'jinja2'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, cwd=ROOT)
