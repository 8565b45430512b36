"""One preparation: audit, evaluation and training see the same of a segment."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mtcheck
from mtcheck import readers
from mtcheck.alignment.documents import Document, from_frame, grouped
from mtcheck.alignment.prepare import NEEDS, prepare
from mtcheck.config import Config
from mtcheck.lab.labels import Labelled, read_labels
from mtcheck.lab.risk.witnesses import labelled_rows
from mtcheck.lab.rules.judge import evaluate_rows
from mtcheck.models import EMBEDDED, Encoder, Vectors, load_encoder
from mtcheck.models.remembering import Remembering
from mtcheck.risk import FEATURES, RiskFeatures, RiskModel
from mtcheck.rules import all_rules
from mtcheck.types import Need, Segment
from tests.conftest import ROOT
from tests.toy_risk import build

_NEEDS: tuple[tuple[Need, ...], ...] = ((), ("similarity",), ("uncovered",))
SAMPLE = pd.read_csv(ROOT / "data" / "abstracts.csv", dtype=str).head(3)


def documents(frame: pd.DataFrame, layout: str = "auto") -> list[list[Document]]:
    (batch,) = readers.from_frame(frame, Config(layout=layout))
    return list(grouped(from_frame(batch.frame)).values())


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Remembering(load_encoder(EMBEDDED))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("risk"))


@pytest.fixture(scope="module")
def texts() -> list[Document]:
    return [row for rows in documents(SAMPLE) for row in rows]


@pytest.fixture(scope="module")
def shifted(texts: list[Document], encoder: Encoder) -> pd.DataFrame:
    """Rows as they came aligned, two of them with each other's translation."""
    pairs = [
        (s.doc_id, s.source, s.hypothesis)
        for text in texts
        for s in prepare([text], encoder, needs=())
        if s.source and s.hypothesis and s.part == "text"
    ]
    frame = pd.DataFrame(pairs, columns=["doc_id", "source", "hypothesis"])
    frame.loc[[1, 2], "hypothesis"] = frame.loc[[2, 1], "hypothesis"].tolist()
    return frame.assign(line=[str(i) for i in range(len(frame))])


Seen = list[tuple[str, str, tuple[float, ...]]]


def audited(
    frame: pd.DataFrame, folder: Path, monkeypatch: pytest.MonkeyPatch, **changes: Any
) -> Seen:
    """What the risk weighs in an audit: source, hypothesis and features of each segment."""
    seen: Seen = []
    features = RiskModel.features

    def spy(
        self: RiskModel, document: Sequence[Segment], encoder: Encoder | None = None
    ) -> list[RiskFeatures]:
        found = features(self, document, encoder)
        seen.extend(
            (s.source, s.hypothesis, e.values) for s, e in zip(document, found, strict=True)
        )
        return found

    with monkeypatch.context() as patched:
        patched.setattr(RiskModel, "features", spy)
        mtcheck.audit(frame, risk_model=str(folder), **changes)
    return seen


def test_the_risk_weighs_the_same_in_audit_and_training(
    shifted: pd.DataFrame, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = audited(shifted, folder, monkeypatch, layout="aligned")
    path = tmp_path / "labels.csv"
    shifted.assign(label=shifted.index % 2).to_csv(path, index=False)
    labels = read_labels(path, label="label")
    model, encoder = RiskModel(folder), load_encoder(EMBEDDED)
    learnt = labelled_rows(labels, np.arange(len(labels)), model, encoder)
    x = [tuple(row) for row in learnt.x.tolist()]
    assert [(s.source, s.hypothesis, f) for s, f in zip(learnt.segments, x, strict=True)] == seen
    assert any(f[FEATURES.index("detached")] for f in x), "a feature that only prepared rows show"


def test_the_risk_weighs_the_same_in_whole_texts(
    texts: list[Document], encoder: Encoder, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = RiskModel(folder)
    bare, full = (
        [e.values for text in texts for e in model.features(prepare([text], encoder, needs=n))]
        for n in ((), NEEDS)
    )
    seen = audited(SAMPLE, folder, monkeypatch)
    assert bare == full == [features for _, _, features in seen]


def test_rules_find_the_same_in_audit_and_evaluation(
    shifted: pd.DataFrame, encoder: Encoder
) -> None:
    audit = mtcheck.audit(shifted, layout="aligned", preview=True, risk=False)
    rows = [
        Labelled(Segment(doc_id, line, source, hypothesis, line=int(line)))
        for doc_id, source, hypothesis, line in shifted.itertuples(index=False, name=None)
    ]
    judged = evaluate_rows(rows, Config(preview=True), encoder=encoder).judged
    found = sorted(
        (f["code"], len(f["spans"]), segment["source"])
        for segment in audit.segments.to_dict("records")
        for f in segment["findings"]
    )
    assert {"ACC022"} <= {code for code, _, _ in found}
    assert found == sorted(
        (j.finding.code, len(j.finding.spans), j.row.segment.source) for j in judged
    )


def test_a_rule_reads_no_more_than_it_says_it_needs(
    texts: list[Document], shifted: pd.DataFrame, encoder: Encoder
) -> None:
    needy = set()
    for rows in [[text] for text in texts] + documents(shifted, "aligned"):
        full = prepare(rows, encoder)
        least = {needs: prepare(rows, encoder, needs=needs) for needs in _NEEDS}
        for rule in all_rules().values():
            found = rule.run(full, Config())
            assert rule.run(least[rule.needs], Config()) == found, rule.key
            if found and rule.needs:
                needy.add(rule.key)
    assert needy


def test_nothing_is_encoded_that_nobody_needs(shifted: pd.DataFrame) -> None:
    class Refusing:
        name = signature = "refusing"
        min_similarity = None

        def encode(self, texts: list[str]) -> Vectors:
            raise AssertionError(texts)

    for rows in documents(shifted, "aligned"):
        segments = prepare(rows, Refusing(), needs=())
        assert [s.source for s in segments] == [row.text("source") for row in rows]
        assert [s.row for s in segments] == [row.position for row in rows]
        assert [s.index for s in segments] == list(range(len(rows)))
