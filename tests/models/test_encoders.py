"""Encoders: the embedded one, and sentence-transformers by local path on a model built here."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import mtcheck
from mtcheck import ModelError, UsageError
from mtcheck.models import load_encoder
from mtcheck.models.pairs import load_pair_scorer
from tests.command_line import run


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


# --- code in a model folder ----------------------------------------------------------------


def with_code(model: Path, folder: Path) -> Path:
    """The model, its list of modules naming a Python file beside it."""
    shutil.copytree(model, folder)
    (folder / "evil.py").write_text("raise SystemExit('the code of the folder ran')\n")
    modules = json.loads((folder / "modules.json").read_text())
    modules[0]["type"] = "evil.Module"
    (folder / "modules.json").write_text(json.dumps(modules))
    return folder


def test_a_module_of_the_folders_own_is_refused_unrun(tiny_model: Path, tmp_path: Path) -> None:
    folder = with_code(tiny_model, tmp_path / "model")
    for load in (load_encoder, load_pair_scorer):
        with pytest.raises(ModelError, match=r"modules.json names 'evil.Module'.*use a model of"):
            load(str(folder))


def test_modules_may_be_named_in_a_router_too(tiny_model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_model, folder)
    (folder / "1_Router").mkdir()
    (folder / "1_Router" / "router_config.json").write_text('{"types": {"a": "os.system"}}')
    with pytest.raises(ModelError, match=r"router_config.json names 'os.system'"):
        load_encoder(str(folder))


def test_pickled_weights_are_refused_where_nothing_stands_in_for_them(
    tiny_model: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_model, folder)
    weights = next(folder.rglob("*.safetensors"))
    (weights.parent / "training_args.bin").write_bytes(b"\x80")  # never read
    assert load_encoder(str(folder)).encode(["rain"]).shape == (1, 8)
    weights.rename(weights.with_name("pytorch_model.bin"))
    load_encoder.cache_clear()
    with pytest.raises(ModelError, match=r"pickled weights may run code.*safetensors"):
        load_encoder(str(folder))


@pytest.mark.parametrize("content", ["{", "[1]", '[{"type": null}]', "[" * 100_000, "\udcff"])
def test_a_broken_list_of_modules_is_a_clear_error(
    content: str, tiny_model: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_model, folder)
    (folder / "modules.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(ModelError):
        load_encoder(str(folder))


def test_a_settings_file_names_a_model_only_where_that_is_allowed(
    tiny_model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    folder = with_code(tiny_model, tmp_path / "model")
    (tmp_path / "rows.csv").write_text("source,mt,segment_id\nrain,下雨,1\n", encoding="utf-8")
    settings = tmp_path / "mtcheck.toml"
    monkeypatch.chdir(tmp_path)
    for named in ('encoder = "./model"', 'encoder = "org/x"', 'risk-model = "./model"'):
        settings.write_text(f"{named}\n")
        for command in (
            ["audit", "rows.csv"],
            ["check", "rows.csv"],
            ["compare", *["rows.csv"] * 2],
        ):
            done = run(capfd, *command)
            assert (done.code, "--allow-models; say that, or" in done.err) == (2, True)
        with pytest.raises(UsageError, match="names a model"):
            mtcheck.audit("rows.csv", config=settings)
        # What loads none, and what replaces it, may have the file.
        assert run(capfd, "config").code == 0
    settings.write_text('encoder = "./model"\n')
    check = ("check", "rows.csv", "--fail-on", "none")
    assert run(capfd, *check, "--encoder", "embedded").code == 0
    done = run(capfd, *check, "--allow-models")
    assert (done.code, "names 'evil.Module'" in done.err) == (2, True)
    shutil.rmtree(folder)
    shutil.copytree(tiny_model, folder)
    assert run(capfd, *check, "--allow-models").code == 0
    assert mtcheck.audit("rows.csv", config=settings, allow_models=True).config.encoder == "./model"
    (tmp_path / "mtcheck.toml").unlink()
    assert run(capfd, *check, "--encoder", tiny_model).code == 0
