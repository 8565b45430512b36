"""Quality estimators by name: a cross-encoder built here, and COMET behind a stand-in package."""

from __future__ import annotations

import argparse
import os
import pickle
import sys
import types
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from mtcheck.errors import ModelError
from mtcheck.models import comet
from mtcheck.models.comet import CometScorer
from mtcheck.models.cross_encoder import CrossEncoderScorer
from mtcheck.models.pairs import load_pair_scorer

PAIRS = [("rain fell", "下雨"), ("rice", "水稻"), ("rain fell", "水稻"), ("rice rice rain", "下雨")]


def tiny_bert(folder: Path, *, labels: int = 1) -> Path:
    """A one-layer BERT with random weights, saved as a cross-encoder."""
    import torch
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece
    from tokenizers.pre_tokenizers import BertPreTokenizer
    from tokenizers.processors import TemplateProcessing
    from transformers import (
        BertConfig,
        BertForSequenceClassification,
        PreTrainedTokenizerFast,
    )

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "rain", "fell", "rice", "下雨", "水稻"]
    tokenizer = Tokenizer(WordPiece({w: i for i, w in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    torch.manual_seed(0)
    model = BertForSequenceClassification(
        BertConfig(
            vocab_size=len(words),
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=16,
            max_position_embeddings=32,
            id2label={i: str(i) for i in range(labels)},
            initializer_range=1.0,
        )
    )
    model.save_pretrained(folder)
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        model_max_length=32,
    ).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_bert(tmp_path_factory.mktemp("model") / "tiny")


def test_a_cross_encoder_by_path(model: Path) -> None:
    scorer = load_pair_scorer(str(model))
    assert scorer is load_pair_scorer(str(model))
    scores = scorer.score(PAIRS)
    assert scores.dtype == np.float32
    assert scores.shape == (4,)
    assert len(set(scores.tolist())) == 4  # both sides are read
    assert scorer.score(PAIRS).tolist() == scores.tolist()
    alone = [float(scorer.score([pair])[0]) for pair in PAIRS]
    assert alone == pytest.approx(scores.tolist(), abs=1e-5)
    assert scorer.score([]).shape == (0,)
    assert "tiny" in scorer.signature
    assert "sentence-transformers:" in scorer.signature


def test_a_long_pair_is_cut_not_refused(model: Path) -> None:
    scores = CrossEncoderScorer(str(model)).score([("rain " * 500, "下雨" * 500)])
    assert np.isfinite(scores).all()


def test_a_model_of_several_numbers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="gives 3 numbers for a pair; mtcheck needs a model with"):
        CrossEncoderScorer(str(tiny_bert(tmp_path / "three", labels=3)))


def test_a_missing_model_is_a_clear_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match=r"can't load cross-encoder './gone'.*local folder"):
        load_pair_scorer("./gone")
    (tmp_path / "x.txt").write_text("x")
    with pytest.raises(ModelError, match="must hold a cross-encoder"):
        load_pair_scorer(str(tmp_path))


# --- COMET ---------------------------------------------------------------------------------


class Checkpoint:
    """Scores a pair by the length of its hypothesis, and remembers what it was given."""

    def __init__(self, path: str, *, references: bool = False) -> None:
        self.path = path
        self.references = references
        self.samples: list[dict[str, str]] = []

    def requires_references(self) -> bool:
        return self.references

    def predict(
        self, samples: Sequence[dict[str, str]], *, batch_size: int, gpus: int, progress_bar: bool
    ) -> types.SimpleNamespace:
        assert gpus == 0
        self.samples = list(samples)
        return types.SimpleNamespace(scores=[len(s["mt"]) / 10 for s in samples])


def checkpoint(file: Path, content: object = None) -> Path:
    """A checkpoint of torch."""
    import torch

    file.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"state_dict": {"w": torch.zeros(2)}, "more": content}, file)
    return file


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Stands in for unbabel-comet; the list holds what was asked for, in order."""
    asked: list[str] = []

    def download(name: str) -> str:
        if "gone" in name:
            raise KeyError(f"Model '{name}' not supported by COMET.")
        asked.append(f"download {name}")
        return str(checkpoint(tmp_path / f"cache/{name}.ckpt"))

    def load(path: str) -> Checkpoint:
        asked.append(f"load {path}")
        return Checkpoint(path, references="comet-da" in path)

    module = types.ModuleType("comet")
    vars(module).update(download_model=download, load_from_checkpoint=load)
    monkeypatch.setitem(sys.modules, "comet", module)
    comet._announce.cache_clear()
    load_pair_scorer.cache_clear()
    return asked


def test_a_checkpoint_by_hub_name(package: list[str], tmp_path: Path) -> None:
    scorer = load_pair_scorer("comet:Unbabel/wmt22-cometkiwi-da")
    assert package == [
        "download Unbabel/wmt22-cometkiwi-da",
        f"load {tmp_path}/cache/Unbabel/wmt22-cometkiwi-da.ckpt",
    ]
    scores = scorer.score(PAIRS)
    assert scores.dtype == np.float32
    assert scores.tolist() == pytest.approx([0.2] * 4)
    assert scorer.score([]).shape == (0,)
    assert scorer.name == "comet:Unbabel/wmt22-cometkiwi-da"
    assert "wmt22-cometkiwi-da|unbabel-comet:" in scorer.signature


def test_a_local_checkpoint_is_not_fetched(package: list[str], tmp_path: Path) -> None:
    file = checkpoint(tmp_path / "kiwi" / "checkpoints" / "model.ckpt")
    CometScorer(str(file))
    CometScorer(str(tmp_path / "kiwi"))
    assert package == [f"load {file}"] * 2


class Runs:
    """Calls a function when it is unpickled."""

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, ("exit 3",)


def test_a_checkpoint_that_calls_anything_is_refused_unread(
    package: list[str], tmp_path: Path
) -> None:
    checkpoint(tmp_path / "settings.ckpt", argparse.Namespace(rate=1))
    CometScorer(str(tmp_path / "settings.ckpt"))
    package.clear()
    checkpoint(tmp_path / "evil.ckpt", Runs())
    with pytest.raises(ModelError, match=r"evil.ckpt would call \w+.system when it is read"):
        CometScorer(str(tmp_path / "evil.ckpt"))
    (tmp_path / "bare.ckpt").write_bytes(pickle.dumps(Runs()))
    with pytest.raises(ModelError, match="can't load COMET checkpoint"):
        CometScorer(str(tmp_path / "bare.ckpt"))
    assert not package


def test_the_licence_is_said_before_the_first_use_and_once(
    package: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    CometScorer("Unbabel/XCOMET-XL")
    assert "not for commercial use" in caplog.text
    assert "Unbabel/XCOMET-XL" in caplog.text
    caplog.clear()
    CometScorer("Unbabel/XCOMET-XL")
    assert not caplog.text
    with pytest.raises(ModelError):
        CometScorer("gone")
    assert "not for commercial use" in caplog.text  # said although loading failed


def test_a_checkpoint_that_needs_a_reference_gets_it(package: list[str]) -> None:
    scorer = CometScorer("Unbabel/wmt22-comet-da")
    scorer.score(PAIRS, ["甲", "乙", "丙", "丁"])
    assert isinstance(scorer._model, Checkpoint)
    assert [s["ref"] for s in scorer._model.samples] == ["甲", "乙", "丙", "丁"]
    with pytest.raises(ModelError, match="1 of 4 pairs have none; use a reference-free"):
        scorer.score(PAIRS, ["甲", "乙", None, "丁"])
    with pytest.raises(ModelError, match="4 of 4 pairs have none"):
        scorer.score(PAIRS)


def test_a_reference_free_checkpoint_is_given_none(package: list[str]) -> None:
    scorer = CometScorer("Unbabel/wmt22-cometkiwi-da")
    scorer.score(PAIRS, ["甲", "乙", "丙", "丁"])
    assert isinstance(scorer._model, Checkpoint)
    assert scorer._model.samples[0] == {"src": "rain fell", "mt": "下雨"}


def test_without_the_package_the_mend_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "comet", None)
    with pytest.raises(ModelError, match=r"pip install 'mtcheck\[comet\]'"):
        CometScorer("Unbabel/wmt22-cometkiwi-da")
    monkeypatch.setitem(sys.modules, "comet", types.ModuleType("comet"))
    with pytest.raises(ModelError, match="is not unbabel-comet"):
        CometScorer("Unbabel/wmt22-cometkiwi-da")


def test_an_unknown_checkpoint_is_a_clear_error(package: list[str]) -> None:
    with pytest.raises(ModelError, match=r"can't load COMET checkpoint 'gone'.*whose licence"):
        CometScorer("gone")
