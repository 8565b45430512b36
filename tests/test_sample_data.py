"""The sample data: its labels hold, and a run on it finds what the README says it can."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest

import mtcheck
from mtcheck import DataError
from mtcheck.lab.rules.planted import evaluate_planted, read_planted
from tests.conftest import ROOT

DATA = ROOT / "data"


@pytest.fixture(scope="module")
def documents() -> pd.DataFrame:
    return pd.read_csv(DATA / "abstracts.csv", dtype=str, keep_default_na=False)


def test_there_are_enough_abstracts_errors_and_fields(documents: pd.DataFrame) -> None:
    labels = read_planted(DATA / "labels.csv")
    assert len(documents) >= 12
    assert documents["field"].nunique() >= 8
    assert (documents["reference"] != "").all()
    assert len(labels) >= 40
    assert len({label.kind for label in labels}) >= 15
    assert set(documents["doc_id"]) > {label.doc_id for label in labels}  # some have no error


def test_every_label_is_in_its_text_once(documents: pd.DataFrame) -> None:
    texts = documents.set_index("doc_id")
    for label in read_planted(DATA / "labels.csv"):
        suffix = "_title" if label.segment == 0 else ""
        row = texts.loc[label.doc_id]
        assert label.source_text or label.hypothesis_text
        for side, words in (("source", label.source_text), ("hypothesis", label.hypothesis_text)):
            if words:
                assert str(row[side + suffix]).count(words) == 1, label.label_id


def test_planted_errors_are_found_and_little_else() -> None:
    labels = read_planted(DATA / "labels.csv")
    audit = mtcheck.audit(DATA / "abstracts.csv", glossary=str(DATA / "glossary.csv"))
    planted = evaluate_planted(audit, labels)
    table = planted.labels.set_index("label_id")
    assert len(table) == len(labels)
    by_kind = planted.by_kind().astype(int).to_dict("index")
    for kind in ("number", "year", "omitted-sentence", "added-sentence", "untranslated-word"):
        assert by_kind[kind]["located"] >= 0.7 * by_kind[kind]["labels"], kind
    # wrong sense is what no rule sees; a run that locates many would be marking everything
    assert by_kind["wrong-sense"]["located"] <= 0.3 * by_kind["wrong-sense"]["labels"]
    assert planted.flagged_without_label <= 0.1 * planted.flagged_segments
    clean = set(audit.segments["doc_id"]) - {label.doc_id for label in labels}
    statuses = audit.segments[audit.segments["doc_id"].isin(clean)]["status"]
    assert Counter(statuses)["accept"] >= 0.9 * len(statuses)
    assert "**all**" in planted.markdown()


def test_a_label_for_other_text_is_an_error() -> None:
    audit = mtcheck.audit(pd.DataFrame({"doc_id": ["x"], "source": ["Rain."], "mt": ["雨。"]}))
    (label, *_) = read_planted(DATA / "labels.csv")
    with pytest.raises(DataError, match="are not in"):
        evaluate_planted(audit, [label])
