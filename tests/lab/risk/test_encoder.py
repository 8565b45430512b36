"""What is fitted on the sentence encoder arrives in the model as it was fitted."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mtcheck.lab.risk.data import held_out
from mtcheck.lab.risk.witnesses import fit_encoder
from mtcheck.risk import FEATURES, KINDS, RiskModel
from mtcheck.types import Segment
from tests.lab.risk.test_finetune import ToyEncoder
from tests.toy_risk import build

WORDS = {
    "abstract": ["patients", "trial", "dose", "outcome", "cohort", "serum"],
    "encyclopedia": ["river", "village", "bridge", "century", "railway", "island"],
    "discussion": ["please", "stop", "you", "wrong", "nonsense", "honestly"],
}
COUNT = 300


def texts(kind: str, seed: int) -> list[str]:
    rng = np.random.default_rng(seed)
    return [f"{' '.join(rng.choice(WORDS[kind], 6))} {i}." for i in range(COUNT)]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Labelled files in which an exclamation mark is what is wrong."""
    folder = tmp_path_factory.mktemp("data")
    rng = np.random.default_rng(0)
    wrong = rng.random(COUNT) < 0.4
    hypotheses = [f"译文{i}{'!' if bad else '。'}" for i, bad in enumerate(wrong)]
    pd.DataFrame(
        {"source": texts("encyclopedia", 1), "hypothesis": hypotheses, "da_z": -1.0 * wrong}
    ).to_parquet(folder / "mlqe_pe_train.parquet")
    pd.DataFrame(
        {"source": texts("discussion", 2), "hypothesis": hypotheses, "critical": wrong}
    ).to_parquet(folder / "critical_errors_train.parquet")
    with (folder / "bio_mqm_dev_other_pairs.jsonl").open("w", encoding="utf-8") as file:
        for source, hypothesis, bad in zip(texts("abstract", 3), hypotheses, wrong, strict=True):
            errors = [{"severity": "major"}] if bad else []
            row = {"language_pair": "en-de", "source": source, "hypothesis": hypothesis}
            file.write(json.dumps({**row, "errors": errors}) + "\n")
    return folder


@pytest.mark.slow
def test_a_model_reads_what_was_fitted(data: Path, tmp_path: Path) -> None:
    folder = build(tmp_path)
    told = fit_encoder(data, ToyEncoder(), folder)
    assert min(told.values()) > 0.8
    model = RiskModel(folder)
    for k, kind in enumerate(KINDS):
        new = [t for t in texts(kind, 9) if held_out(t)][:3]
        right, wrong = (
            model.features([Segment("d", "d#1", t, f"译文8{end}") for t in new], ToyEncoder())
            for end in ("。", "!")
        )
        assert right[0].kinds[k] > 0.9
        for name in ("adequacy", "major", "critical"):
            at = FEATURES.index(f"encoder {name}")
            assert all(w.values[at] > r.values[at] for r, w in zip(right, wrong, strict=True))
