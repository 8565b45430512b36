"""Encoders: the embedded one, and sentence-transformers by local path on a model built here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import mtcheck
from mtcheck import ModelError
from mtcheck.models import load_encoder


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers model with four words and random vectors, saved as users do."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    vocabulary = {w: i for i, w in enumerate(["[UNK]", "rain", "rice", "下雨", "水稻"])}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    weights = np.random.default_rng(0).normal(size=(len(vocabulary), 8)).astype(np.float32)
    weights[3:] = weights[1:3]  # the Chinese word means what the English one does
    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)])
    folder = tmp_path_factory.mktemp("model") / "tiny"
    model.save(str(folder))
    return folder


def test_embedded_vectors_are_unit_length_and_bilingual() -> None:
    encoder = load_encoder("embedded")
    vectors = encoder.encode(["The rain stopped.", "雨停了。", "Prices doubled."])
    assert vectors.shape == (3, 512)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-4)
    assert vectors[0] @ vectors[1] > 0.5 > vectors[0] @ vectors[2]
    assert encoder.encode([]).shape == (0, 512)


def test_embedded_is_loaded_once() -> None:
    assert load_encoder("embedded") is load_encoder("embedded")


def test_a_sentence_transformers_model_by_path(tiny_model: Path) -> None:
    encoder = load_encoder(str(tiny_model))
    vectors = encoder.encode(["rain", "下雨", "rice"])
    assert vectors.dtype == np.float32
    assert vectors[0] @ vectors[1] == pytest.approx(1.0, abs=1e-5)
    assert "tiny" in encoder.signature
    assert encoder.min_similarity is None


def test_an_audit_with_a_named_encoder(tiny_model: Path) -> None:
    frame = pd.DataFrame({"source": ["rain"], "mt": ["下雨"], "segment_id": ["1"]})
    audit = mtcheck.audit(frame, encoder=str(tiny_model))
    assert audit.segments["similarity"][0] == pytest.approx(1.0, abs=1e-4)
    signature = audit.summary["scores"][0]["signature"]
    assert "sentence-transformers:" in signature


def test_a_missing_model_is_a_clear_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match=r"can't load encoder './gone'.*--encoder embedded"):
        load_encoder("./gone")
    (tmp_path / "x.txt").write_text("x")
    with pytest.raises(ModelError, match="must hold a model"):
        load_encoder(str(tmp_path))
