"""Fine-tuning on a toy: the weights come back, it learns, a stopped run ends the same."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pandas as pd
import pytest
import torch
from onnx import numpy_helper

import mtcheck
from mtcheck.errors import DataError, ModelError, UsageError
from mtcheck.lab.labels import Labels, read_labels
from mtcheck.lab.risk import finetune as module
from mtcheck.lab.risk import witnesses as evidence
from mtcheck.lab.risk.data import Example
from mtcheck.lab.risk.export import build, restore
from mtcheck.lab.risk.finetune import compare, finetune, held_rows, items_of, softened
from mtcheck.lab.risk.net import load_weights
from mtcheck.lab.risk.train import Reading, Settings, batches, loss_of, tensors
from mtcheck.lab.risk.witnesses import Judgements, esa_rows
from mtcheck.models.risk import NETWORK, TOKENIZER, RiskNetwork, unpack
from mtcheck.models.tokens import PieceReader
from mtcheck.risk import FILES, STACK, load_risk_model
from tests.command_line import run as command_line
from tests.toy_risk import PIECES, packed_rows, toy_net
from tests.toy_risk import build as build_folder

SETTINGS = Settings(steps=0, frozen=1, tokens=600, rate=2e-3, head_rate=4e-3, save_every=5)
ROWS = packed_rows(len(PIECES))
HAN = "的患者研究显示药物有效在是和"


class ToyEncoder:
    """Vectors of the embedded encoder's size from the characters of a text."""

    name, signature, min_similarity = "toy", "toy", None

    def encode(self, texts: list[str]) -> np.ndarray:
        out = np.zeros((len(texts), 512), dtype=np.float32)
        for i, text in enumerate(texts):
            for char in text or " ":
                out[i, ord(char) % 512] += 1
        norms: np.ndarray = np.linalg.norm(out, axis=1, keepdims=True).clip(1e-9)
        unit: np.ndarray = out / norms
        return unit


def rows(count: int = 160, seed: int = 0) -> list[dict[str, object]]:
    """Translations in twenty documents; the wrong ones hold a sign that marks them."""
    rng = random.Random(seed)
    out: list[dict[str, object]] = []
    for i in range(count):
        text = "".join(rng.choice(HAN) for _ in range(8))
        bad = i % 3 == 0
        at = rng.randrange(1, 6)
        if bad:
            text = text[:at] + "了" + text[at:]
        errors = [{"start": at, "end": at, "text": "了", "severity": "Major"}] * bad
        out.append(
            {
                "doc_id": f"d{i % 20}",
                "segment_id": f"s{i}",
                "system": f"m{i % 2}",
                "source": f"the study {i % 80 // 2} of drugs.",
                "hypothesis": text + "。",
                "errors": errors,
                "mqm": -5 if bad else 0,
            }
        )
    return out


def unmarked() -> list[dict[str, object]]:
    """The same with a yes or no in place of marks."""
    return [
        {
            **{k: v for k, v in r.items() if k not in {"errors", "mqm"}},
            "bad": int(bool(r["errors"])),
        }
        for r in rows()
    ]


def write(path: Path, listed: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in listed), "utf-8")
    return path


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    return build_folder(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def labels(tmp_path_factory: pytest.TempPathFactory) -> Labels:
    return read_labels(write(tmp_path_factory.mktemp("labels") / "own.jsonl", rows()))


def run(
    labels: Labels, base: Path, folder: Path, say: Callable[[str], None] | None = None
) -> module.Outcome:
    return finetune(
        labels,
        work=folder / "work",
        out=folder / "model",
        base=base,
        steps=60,
        settings=SETTINGS,
        encoder=ToyEncoder(),
        say=say or (lambda _: None),
    )


@pytest.fixture(scope="module")
def tuned(
    labels: Labels, base: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, module.Outcome]:
    folder = tmp_path_factory.mktemp("tuned")
    return folder, run(labels, base, folder)


def int8(folder: Path) -> dict[str, np.ndarray]:
    graph = onnx.load(folder / NETWORK).graph
    arrays = {c.name: numpy_helper.to_array(c) for c in graph.initializer}
    return {name: a for name, a in arrays.items() if a.dtype == np.int8 and a.ndim == 2}


def test_the_weights_come_back_from_the_8_bit_file(base: Path, tmp_path: Path) -> None:
    restored = restore(base)
    net = load_weights(restored.weights, heads=restored.heads, epsilon=restored.epsilon).eval()
    original = toy_net().eval()
    assert restored.weights.keys() == original.state_dict().keys()
    reading = Reading(reader := PieceReader.load(base / TOKENIZER), range(len(ROWS)), reader)
    pairs = [("the study of 3 drugs.", t) for t in ("药物有效。", "研究没有效。", "患者三年。")]
    said = RiskNetwork(base).score(pairs)
    for (source, text), score in zip(pairs, said, strict=True):
        read = reading.read(Example(source, text))
        words = torch.from_numpy(unpack(ROWS[list(read.ids)]))[None]
        mask = torch.ones(1, 1, 1, len(read.ids), dtype=torch.bool)
        with torch.no_grad():
            ours, theirs = (
                n.read(n.encoder.lower(words, mask, 2), mask)[0][0].numpy() for n in (net, original)
            )
        assert np.abs(ours - theirs).max() < 0.05
        assert abs(ours[3] - score.major) < 0.05
    again = build(restored.weights, heads=restored.heads, epsilon=restored.epsilon)
    (tmp_path / NETWORK).write_bytes(again.SerializeToString())
    first, second = int8(base), int8(tmp_path)
    assert first.keys() == second.keys()
    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_another_onnx_file_can_t_be_read_back(tmp_path: Path) -> None:
    (tmp_path / NETWORK).write_bytes(b"no network")
    with pytest.raises(ModelError, match="read the network"):
        restore(tmp_path)


def test_whole_documents_and_all_rows_of_a_source_are_held_out(labels: Labels) -> None:
    chosen = np.arange(len(labels))
    held = held_rows(labels, chosen)
    assert 0.2 <= held.mean() <= 0.5
    for group in (labels.document_group, labels.source_group):
        assert not set(group[held]) & set(group[~held])
    backwards = read_labels_reversed(labels)
    assert {labels.segment_id[i] for i in np.flatnonzero(held)} == backwards


def read_labels_reversed(labels: Labels) -> set[str]:
    """The ids held out when the same rows stand in the other order."""
    path = Path(labels.path).with_name("reversed.jsonl")
    turned = read_labels(write(path, [dict(r) for r in labels.rows[::-1]]))
    held = held_rows(turned, np.arange(len(turned)))
    return {turned.segment_id[i] for i in np.flatnonzero(held)}


def test_items_hold_labels_marks_and_what_the_network_said(labels: Labels, base: Path) -> None:
    network = RiskNetwork(base)
    known = softened(labels, np.arange(40), network)
    said = network.score([(labels.source[0], labels.hypothesis[0])])[0]
    assert known[0].labels["major"] == 1.0
    assert known[0].labels["adequacy"] == said.adequacy
    assert 0 < known[0].labels["critical"] < 1
    (start, end), *more = known[0].marks or ()
    assert known[0].hypothesis[start:end] == "了"
    assert not more
    assert known[1].marks == ()
    drawn = items_of(labels, known, 7)
    assert drawn == items_of(labels, known, 7)
    read = [row for item in drawn for row in item.rows]
    assert {row.hypothesis for row in known.values()} < {row.hypothesis for row in read}
    planted = [row for row in read if set(row.labels) == {"major"}]
    assert planted
    assert all(row.labels["major"] == 1.0 for row in planted)
    for item in drawn:
        for better, worse in item.better:
            assert item.rows[better].labels["major"] < item.rows[worse].labels["major"]
    assert any(
        set(item.rows[worse].labels) != {"major"} for item in drawn for _, worse in item.better
    )


def test_it_learns_and_writes_a_whole_model(
    labels: Labels, base: Path, tuned: tuple[Path, module.Outcome]
) -> None:
    folder, outcome = tuned
    change = outcome.changes["ROC-AUC"]
    # No row resembles its source, so ACC022 and ACC023 fire here and there, in the stack by 2.
    assert change.after.value > 0.85 > 0.75 > change.before.value
    assert change.difference.low is not None
    assert change.difference.low > 0
    assert "It helped" in outcome.markdown()
    assert outcome.learnt + outcome.held == len(labels)
    assert {p.name for p in (folder / "model").iterdir()} == {*FILES, "MODEL_CARD.md"}
    card = (folder / "model" / "MODEL_CARD.md").read_text("utf-8")
    assert load_risk_model(base).signature in card
    assert outcome.signature in card
    assert load_risk_model(folder / "model").signature == outcome.signature
    assert not [p for p in folder.iterdir() if p.name.startswith(".")]


def test_the_loss_falls(labels: Labels, base: Path, tuned: tuple[Path, module.Outcome]) -> None:
    known = softened(labels, np.arange(len(labels)), RiskNetwork(base))
    reader = PieceReader.load(base / TOKENIZER)
    reading = Reading(reader, range(len(ROWS)), reader)
    loaded = [(item, tuple(map(reading.read, item.rows))) for item in items_of(labels, known, 3)]
    losses = []
    for folder in (base, tuned[0] / "model"):
        restored = restore(folder)
        net = load_weights(restored.weights, heads=restored.heads, epsilon=restored.epsilon).eval()
        values = []
        for batch in batches(loaded, 600, random.Random(0)):
            words, mask, wrong = tensors(batch, ROWS)
            with torch.no_grad():
                heads, logits = net.read(net.encoder.lower(words, mask, 2), mask)
            values.append(loss_of(batch, heads, logits, wrong)[0].item())
        losses.append(np.mean(values))
    assert losses[1] < 0.8 * losses[0]


def test_a_stopped_run_ends_as_one_that_was_not(
    labels: Labels, base: Path, tmp_path: Path, tuned: tuple[Path, module.Outcome]
) -> None:
    def stop(line: str) -> None:
        if line.startswith("step 30 "):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(labels, base, tmp_path, stop)
    assert not (tmp_path / "model").exists()
    lines: list[str] = []
    again = run(labels, base, tmp_path, lines.append)
    assert not any(line.startswith("step 20 ") for line in lines)
    for name in (NETWORK, STACK):
        whole, stopped = tuned[0] / "model" / name, tmp_path / "model" / name
        assert whole.read_bytes() == stopped.read_bytes()
    assert again == tuned[1]


def test_a_folder_is_not_shared_nor_overwritten(
    labels: Labels, base: Path, tmp_path: Path, tuned: tuple[Path, module.Outcome]
) -> None:
    with pytest.raises(UsageError, match="other labels"):
        finetune(
            replace(labels, bad=1 - labels.bad), work=tuned[0] / "work", out=tmp_path / "m",
            base=base, steps=60, settings=SETTINGS, encoder=ToyEncoder(), say=lambda _: None,
        )  # fmt: skip
    for out, message in ((base, "begin with"), (tuned[0] / "work", "something else")):
        with pytest.raises(UsageError, match=message):
            finetune(labels, work=tmp_path, out=out, base=base, say=lambda _: None)


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        (rows(60), "too few labels.*100 at the very least.*mtcheck calibrate"),
        ([{**r, "errors": [], "mqm": 0} for r in rows()], "0 of them with a major"),
        ([{**r, "doc_id": "one"} for r in rows()], "label rows of more documents"),
        ([{**r, "hypothesis": r["source"]} for r in unmarked()], "copied.*get no estimate"),
    ],
)
def test_labels_that_can_t_do_are_refused_with_what_is_needed(
    listed: list[dict[str, object]], message: str, base: Path, tmp_path: Path
) -> None:
    labels = read_labels(write(tmp_path / "own.jsonl", listed))
    with pytest.raises(DataError, match=message):
        finetune(
            labels, work=tmp_path, out=tmp_path / "m", base=base, encoder=ToyEncoder(),
            say=lambda _: None,
        )  # fmt: skip


def judgements(count: int = 200) -> Judgements:
    rng = np.random.default_rng(0)
    bad = (rng.random(count) < 0.3).astype(float)
    number = np.arange(count)
    return Judgements(
        (), np.zeros((count, 1)), np.ones((count, 1)), np.zeros(count, dtype=bool), -bad, bad,
        number // 2, number // 10, number % 2,
    )  # fmt: skip


def test_the_verdict_says_when_it_did_not_help(tuned: tuple[Path, module.Outcome]) -> None:
    rows_ = judgements()
    noise = np.random.default_rng(1).normal(size=len(rows_.bad))
    good = rows_.bad + 0.5 * noise
    for before, after, words in (
        (noise, good, "It helped"),
        (good, noise, "It did harm"),
        (good, good, "can't be shown"),
    ):
        changes = compare(before, after, rows_, resamples=100)
        assert words in replace(tuned[1], changes=changes).verdict
    assert {"Kendall tau-b", "tau within source", "average precision"} <= set(changes)
    assert changes["ROC-AUC"].difference.value == 0.0


def test_the_command(base: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    own = write(tmp_path / "own.jsonl", rows(120))
    command = ["train", "finetune", str(own), "--base", str(base), "--steps", "2", "--out"]
    done = command_line(capfd, *command, tmp_path / "m", "--work", tmp_path)
    assert done.code == 0
    assert "| ROC-AUC |" in done.out
    assert "120 labels are few" in done.out
    assert "step 2 of 2" in done.err
    done = command_line(capfd, *command, base, "--work", tmp_path)
    assert done.code == 2
    assert "give another --out" in done.err


def test_a_step_without_its_data_says_so(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    done = command_line(capfd, "train", "export", tmp_path, "--work", tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "no trained network" in done.err


def test_an_audit_uses_the_model_that_the_setting_names(
    base: Path, tuned: tuple[Path, module.Outcome]
) -> None:
    frame = pd.DataFrame({"source": ["The study of drugs."], "mt": ["药物了有效。"]})
    found = []
    for folder in (base, tuned[0] / "model"):
        audit = mtcheck.audit(frame, risk_model=str(folder))
        score = next(s for s in audit.summary["scores"] if s["name"] == "risk")
        found.append((float(audit.segments["risk"].iloc[0]), score["signature"]))
    assert found[0][0] != found[1][0]
    assert [signature for _, signature in found] == [
        load_risk_model(base).signature,
        tuned[1].signature,
    ]


def test_esa_is_judged_on_all_machines_of_the_same_sources(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "ESA_SOURCES", 3)
    listed: list[dict[str, object]] = [
        {
            "system": system,
            "doc_id": f"d{n}",
            "source": f"the study {n} of drugs.",
            "hypothesis": f"药物{n}有效。",
            "esa_z": z,
            "spans": [{"start_i": 0, "end_i": 2, "severity": severity}] if severity else [],
        }
        for n in range(6)
        for system, z, severity in (("a", 1.0, ""), ("b", -1.0, "major"), ("refA", 0.5, "minor"))
    ]
    path = write(tmp_path / "esa.jsonl", listed)
    model = load_risk_model(base)
    first, again = (esa_rows(path, model, ToyEncoder()) for _ in range(2))
    assert [s.source for s in first.segments] == [s.source for s in again.segments]
    assert len(first.bad) == 6
    assert len(set(first.source.tolist())) == 3
    assert first.bad.tolist() == (first.quality < 0).astype(float).tolist()
    assert sorted(first.quality.tolist()) == [-1.0] * 3 + [1.0] * 3
