"""String metrics: additive, and equal to sacreBLEU's own and to published figures."""

from __future__ import annotations

import json
from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.lib_ter import translation_edit_rate
from sacrebleu.metrics.ter import TER

from mtcheck import audit
from mtcheck.scorers import additive
from mtcheck.scorers._edits import edits
from tests.conftest import shared

TEXT = st.text("我们研究了水稻的产量和土壤abc 1.,，。", min_size=1, max_size=20)
PAIRS = st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=6)


def own(name: str, language: str) -> BLEU | CHRF | TER:
    if name == "bleu":
        return BLEU(tokenize="zh" if language == "zh" else "13a", effective_order=True)
    if name == "chrf":
        return CHRF()
    return TER(normalized=language == "zh", asian_support=language == "zh")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["bleu", "chrf", "ter"])
@given(pairs=PAIRS)
@settings(max_examples=25, deadline=None)
def test_summed_statistics_give_sacrebleus_corpus_score(
    name: str, language: str, pairs: list[tuple[str, str]]
) -> None:
    metric = additive()[name]
    total = sum(metric.statistics(h, r, language) for h, r in pairs[1:])
    total = total + metric.statistics(*pairs[0], language)
    expected = own(name, language).corpus_score([h for h, _ in pairs], [[r for _, r in pairs]])
    assert metric.score(total, language) == pytest.approx(expected.score)


def test_signatures_name_the_tokeniser() -> None:
    metrics = additive()
    assert "tok:zh" in metrics["bleu"].signature("zh")
    assert "tok:13a" in metrics["bleu"].signature("en")
    assert all("nrefs:1" in m.signature("zh") for m in metrics.values())


@pytest.mark.slow
def test_parity_with_published_bleu() -> None:
    """The six public engines' BLEU, as a third party published it, to one decimal."""
    published = json.loads(shared("mt_systems/flores_dev_published_scores.json").read_text())
    frame = pd.read_json(shared("mt_systems/flores_dev_en_zh.jsonl"), lines=True)
    assert len(published) == 6
    for system, figures in published.items():
        metric = additive()["bleu"]
        stats = [
            metric.statistics(h, r, "zh")
            for h, r in zip(frame[system], frame["reference"], strict=True)
        ]
        score = metric.score(sum(stats[1:], stats[0]), "zh")
        assert round(score, 1) == figures["published_bleu"], system


@pytest.mark.slow
def test_parity_through_the_whole_audit() -> None:
    """The same figure comes out of an audit, not only out of the metric."""
    frame = pd.read_json(shared("mt_systems/flores_dev_en_zh.jsonl"), lines=True)
    pairs = frame.head(200)[["segment_id", "source", "reference", "google"]]
    result = audit(pairs, hypothesis_column="google", layout="aligned", select=("ACC001",))
    bleu = next(s for s in result.summary["scores"] if s["name"] == "bleu")
    expected = BLEU(tokenize="zh").corpus_score(
        pairs["google"].tolist(), [pairs["reference"].tolist()]
    )
    assert bleu["value"] == pytest.approx(expected.score, abs=1e-3)


WORDS = st.lists(st.sampled_from("abcdefghijklmnop"), max_size=60)


@given(hypothesis=WORDS, reference=WORDS, cut=st.integers(0, 60), to=st.integers(0, 60))
@settings(max_examples=150, deadline=None)
def test_edits_are_sacrebleus(
    hypothesis: list[str], reference: list[str], cut: int, to: int
) -> None:
    assert edits(hypothesis, reference) == translation_edit_rate(hypothesis, reference)[0]
    moved = hypothesis[cut:] + hypothesis[:cut]
    moved = moved[:to] + reference[:3] + moved[to:]
    assert edits(hypothesis, moved) == translation_edit_rate(hypothesis, moved)[0]


@pytest.mark.parametrize("lengths", [(300, 290), (40, 400), (400, 3)])
def test_edits_of_long_texts_are_sacrebleus(lengths: tuple[int, int]) -> None:
    random = Random(7)
    hypothesis, reference = (random.choices("的一是在不了有和人这中大", k=n) for n in lengths)
    assert edits(hypothesis, reference) == translation_edit_rate(hypothesis, reference)[0]
