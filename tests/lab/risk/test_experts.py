"""Items from expert judgements of several translations of one source, written here."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from mtcheck.lab.risk.experts import abstract_texts, items_on, news_texts
from tests.lab.risk.test_data import PAIRS, folder

__all__ = ["folder"]


@pytest.fixture
def judged(folder: Path) -> Path:
    rows = []
    for number, (english, chinese) in enumerate(PAIRS):
        good = {"hypothesis": english, "errors": []}
        bad = {
            "hypothesis": "No " + english,
            "errors": [
                {"start": 0, "end": 2, "severity": "major", "side": "hypothesis",
                 "category": "Accuracy/Mistranslation"},
                {"start": 0, "end": 1, "severity": "minor", "side": "source",
                 "category": "Accuracy/Omission"},
            ],
        }  # fmt: skip
        for annotator in ("one", "two"):
            for system, text in (("a", good), ("b", bad)):
                rows.append(
                    {
                        "language_pair": "zh-en", "corpus": "generalMT2023", "system": system,
                        "doc_id": f"document {number}", "annotator": annotator, "source": chinese,
                        "hypothesis": text["hypothesis"], "errors": json.dumps(text["errors"]),
                    }
                )  # fmt: skip
    pd.DataFrame(rows).to_parquet(folder / "mqm_news_ted_train.parquet")
    lines = [
        {"system": system, "doc_id": "x", "source": english, "hypothesis": chinese + tail,
         "errors": [{"start": 0, "end": 1, "severity": "Major"}] if tail else []}
        for english, chinese in PAIRS
        for system, tail in (("a", ""), ("b", "另一种药物。"))
    ]  # fmt: skip
    (folder / "bio_mqm_train.jsonl").write_text(
        "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8"
    )
    return folder


def test_a_text_occurs_once_with_all_its_judgements(judged: Path) -> None:
    path = judged / "mqm_news_ted_train.parquet"
    texts = [*news_texts(path), *news_texts(path, held=True)]
    assert len(texts) == 2 * len(PAIRS)
    assert {len(t.judgements) for t in texts} == {2}
    assert {t.penalty() for t in texts} == {0.0, 6.0}
    assert {t.share(5) for t in texts} == {0.0, 1.0}


def test_the_last_character_of_a_span_in_an_abstract_is_in_it(judged: Path) -> None:
    ends = {
        e["end"]
        for text in abstract_texts(judged / "bio_mqm_train.jsonl")
        for errors in text.judgements
        for e in errors
    }
    assert ends == {2}


def test_translations_of_a_source_stand_together_the_better_better(judged: Path) -> None:
    drawn = [i for i in items_on(judged, 1, 0) if i.gaps and i.rows[0].levels]
    assert drawn
    for item in drawn:
        assert len({row.source for row in item.rows}) == 1
        for (good, bad), gap in zip(item.better, item.gaps, strict=True):
            assert gap > 0
            assert item.rows[good].levels[0][0] < item.rows[bad].levels[-1][0] or (
                item.rows[good].levels[0][0] < item.rows[bad].levels[0][0]
            )


def test_omissions_are_marked_on_the_source(judged: Path) -> None:
    texts = {p[1] for p in PAIRS}
    missing = [
        row.source_marks
        for number in range(3)
        for item in items_on(judged, 1, number)
        for row in item.rows
        if row.source in texts and row.levels and row.levels[0][0] == 1.0 and row.foreign
        and row.source_marks is not None
    ]  # fmt: skip
    assert missing
    assert set(missing) == {((0, 1), (0, 1))}


def test_turned_english_with_an_error_is_the_worse_source_of_its_chinese(judged: Path) -> None:
    turned = [
        item
        for item in items_on(judged, 1, 0)
        if len({row.hypothesis for row in item.rows}) == 1 and len(item.rows) > 1
    ]
    assert turned
    for item in turned:
        for good, bad in item.better:
            assert item.rows[good].source_marks == ()
            assert item.rows[bad].source.startswith("No ")


def test_planted_errors_are_worse_than_the_clean_abstract(judged: Path) -> None:
    clean = dict(PAIRS)
    planted = [
        item
        for item in items_on(judged, 1, 0)
        if item.better == ((0, 1), (0, 2)) and clean.get(item.rows[0].source)
    ]
    assert planted
    for item in planted:
        assert item.rows[0].hypothesis == clean[item.rows[0].source]
        assert all(row.hypothesis != item.rows[0].hypothesis for row in item.rows[1:])


def test_each_pass_reads_every_judged_source_once(judged: Path) -> None:
    path = judged / "mqm_news_ted_train.parquet"
    wanted = {t.source for t in news_texts(path)}
    seen = [
        item.rows[0].source
        for number in range(3)
        for item in items_on(judged, 1, number)
        if item.rows[0].foreign and item.rows[0].source_marks is not None
    ]
    assert sorted(seen) == sorted(wanted)
    assert items_on(judged, 1, 0) == items_on(judged, 1, 0)
