"""Training items from files of the form that the labelled data has, written here."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from mtcheck.lab.risk.data import TrainingItem, held_out, items

PAIRS = [
    ("The river froze in winter, and the boats stayed in the harbour.",
     "河流在冬天结冰，船只留在港口。"),
    ("Wages rose by 12% in the north, while prices fell in the south.",
     "北部工资上涨12%，而南部价格下降。"),
    ("We counted owls at night and hawks by day.", "我们夜间统计猫头鹰，白天统计鹰。"),
    ("The model predicts rain, but not its amount.", "该模型可预测降雨，但不能预测雨量。"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    sources = [s for s, _ in PAIRS]
    spaced = [" ".join(h) for _, h in PAIRS]
    pd.DataFrame(
        {
            "source": sources,
            "hypothesis_tokenised": spaced,
            "target_tags": [" ".join(["OK"] * (2 * len(h) + 1)) for _, h in PAIRS],
            "post_edit_tokenised": spaced,
            "da_z": [0.5, -0.2, 0.1, 0.9],
            "hter": [0.0, 0.4, 0.2, 0.05],
        }
    ).to_parquet(tmp_path / "mlqe_pe_train.parquet")
    pd.DataFrame(
        {"source": sources, "hypothesis": spaced, "critical": [True, False] * 2}
    ).to_parquet(tmp_path / "critical_errors_train.parquet")
    pd.DataFrame(
        {"source": ["Guten Tag."] * 6000, "hypothesis": ["Good day."] * 6000, "da_z": [0.3] * 6000}
    ).to_parquet(tmp_path / "mlqe_pe_train_other_pairs.parquet")
    rows = []
    for source, chinese in PAIRS:
        for system, mqm in (("a", 0), ("b", -5)):
            errors = [{"start": 0, "end": 2, "severity": "Major"}] if mqm else []
            rows += [
                {"language_pair": "zh-en", "system": system, "source": chinese,
                 "hypothesis": source, "errors": errors, "mqm": mqm},
                {"language_pair": "de-en", "system": system, "source": "Eins. " + source,
                 "hypothesis": source, "errors": errors, "mqm": mqm},
            ]  # fmt: skip
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (tmp_path / "bio_mqm_dev_other_pairs.jsonl").write_text(lines, encoding="utf-8")
    return tmp_path


def _texts(drawn: list[TrainingItem]) -> list[list[tuple[str, str]]]:
    return [[(r.source, r.hypothesis) for r in item.rows] for item in drawn]


def test_the_same_seed_draws_the_same_items_and_another_does_not(folder: Path) -> None:
    first = _texts(items(folder, 1))
    assert first == _texts(items(folder, 1))
    assert first != _texts(items(folder, 2))


def test_held_out_sources_are_in_no_item_of_their_file(folder: Path) -> None:
    drawn = items(folder, 1)
    of_files = [r.source for i in drawn for r in i.rows if {"adequacy", "critical"} & set(r.labels)]
    assert of_files
    assert not [s for s in of_files if held_out(s)]


def test_the_better_of_two_systems_is_better(folder: Path) -> None:
    found = 0
    for item in items(folder, 3):
        if item.rows[0].foreign and item.better:
            ((good, bad),) = item.better
            assert item.rows[good].labels == {"major": 0.0}
            assert item.rows[bad].labels == {"major": 1.0}
            found += 1
    assert found == 2 * len(PAIRS)


def test_chinese_originals_become_clean_pairs_and_their_corruption_is_worse(folder: Path) -> None:
    turned = [
        item
        for item in items(folder, 4)
        if item.rows[0].labels == {"major": 0.0} and not item.rows[0].foreign
    ]
    assert sorted((i.rows[0].source, i.rows[0].hypothesis) for i in turned) == sorted(PAIRS)
    for item in turned:
        assert item.better == ((0, 1),)
        assert item.rows[1].labels == {"major": 1.0}
        assert item.rows[1].hypothesis != item.rows[0].hypothesis
