"""The whole way on a toy: items, steps, a stop and a start, export, the same answers."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from mtcheck.lab.risk.data import Example, TrainingItem, joined, tagged
from mtcheck.lab.risk.export import build
from mtcheck.lab.risk.net import HEADS as NAMES
from mtcheck.lab.risk.train import Loaded, Reading, Settings, batches, loss_of, tensors, train
from mtcheck.lab.risk.vocabulary import keep_list
from mtcheck.models.risk import RiskNetwork, unpack
from mtcheck.models.tokens import PieceReader, tokenizer
from tests.toy_risk import HEADS, PIECES, SCORES, packed_rows, toy_net
from tests.toy_risk import build as build_folder

READER = PieceReader(tokenizer(PIECES, SCORES))
ROWS = packed_rows(len(PIECES))


def loaded(count: int = 12) -> list[Loaded]:
    reading = Reading(READER, range(len(PIECES)), READER)
    out = []
    for i in range(count):
        good = Example("the drug.", "药物有效。", {"adequacy": 1.0, "effort": 0.0}, ())
        bad = Example("the drug.", "药物没有" + "研究" * (i % 3) + "。", {"major": 1.0}, ((2, 4),))
        foreign = Example("das", "the", {"critical": 1.0}, None, True)
        item = TrainingItem((good, bad, foreign), ((0, 1),))
        out.append((item, tuple(reading.read(row) for row in item.rows)))
    return out


def test_word_labels_follow_the_marks_and_skip_punctuation() -> None:
    (_, (good, bad, foreign)) = loaded(1)[0]
    assert len(good.ids) == len(good.wrong)
    assert set(good.wrong[: good.ids.index(2) + 2]) == {-1}
    assert sum(w == 1 for w in bad.wrong) == 2
    assert set(foreign.wrong) == {-1}


def test_tags_become_stretches_of_the_joined_text() -> None:
    text, marks = tagged("药物 DNA test 有效 .", "OK OK OK BAD OK OK OK BAD OK OK OK")
    assert text == joined("药物 DNA test 有效 .") == "药物DNA test有效."
    assert [text[a:b] for a, b in marks] == ["DNA", "有效"]


def test_batches_hold_every_item_once_and_keep_to_the_limit() -> None:
    items = loaded(30)
    made = list(batches(items, 120, random.Random(0)))
    assert sorted(id(i) for b in made for i, _ in b) == sorted(id(i) for i, _ in items)
    for batch in made:
        longest = max(len(r.ids) for _, reads in batch for r in reads)
        assert len(batch) == 1 or longest * sum(len(r) for _, r in batch) <= 120


def test_every_label_has_a_loss_and_a_silent_batch_costs_no_contrast() -> None:
    batch = loaded(2)
    net = toy_net().eval()
    words, mask, wrong = tensors(batch, ROWS)
    heads, logits = net.read(net.encoder.lower(words, mask, 2), mask)
    _, parts = loss_of(batch, heads, logits, wrong)
    assert set(parts) == {*NAMES, "words"}
    alone = [(TrainingItem(item.rows), reads) for item, reads in batch]
    assert "contrast" not in loss_of(alone, heads, logits, wrong)[1]


def test_of_two_judged_translations_the_far_worse_one_costs_more() -> None:
    (item, reads), *_ = loaded(1)
    net = toy_net().eval()
    words, mask, wrong = tensors([(item, reads)], ROWS)
    heads, logits = net.read(net.encoder.lower(words, mask, 2), mask)
    losses = []
    for gap in (1.0, 5.0, 15.0):
        judged = TrainingItem(item.rows, item.better, (gap,))
        parts = loss_of([(judged, reads)], heads, logits, wrong)[1]
        assert {f"{name} by experts" for name in NAMES} <= set(parts)
        losses.append(parts["contrast by experts"])
    assert losses == sorted(losses)


def test_levels_of_severity_are_relative_to_the_corpus() -> None:
    (item, reads), *_ = loaded(1)
    net = toy_net().eval()
    words, mask, wrong = tensors([(item, reads)], ROWS)
    heads, logits = net.read(net.encoder.lower(words, mask, 2), mask)

    def lost(offset: float) -> float:
        rows = tuple(replace(row, labels={}, levels=((1.0, offset),)) for row in item.rows)
        return loss_of([(TrainingItem(rows), reads)], heads, logits, wrong)[1]["levels"]

    assert lost(2.0) < lost(0.0) < lost(-2.0)  # where most rows are bad, one more is no wonder


def test_marks_of_several_annotators_add_up_and_the_source_has_its_own() -> None:
    reading = Reading(READER, range(len(PIECES)), READER)
    row = Example("the drug.", "药物有效。", {}, ((0, 2), (0, 4)), False, ((4, 8),), (0.3, 0.2))
    read = reading.read(row)
    border = read.ids.index(2)
    assert set(read.wrong[:border]) == {-1.0, 0.0, 1.0}
    assert {round(w, 2) for w in read.wrong[border:]} == {-1.0, 0.2, 0.5}


def test_training_learns_and_a_stopped_run_goes_on(tmp_path: Path) -> None:
    settings = Settings(steps=60, frozen=1, tokens=400, rate=3e-3, head_rate=3e-3, warmup=5,
                        save_every=30)  # fmt: skip
    net = toy_net()
    frozen = net.encoder.blocks[0].qkv.weight.clone()
    train(net, lambda _: loaded(), ROWS, settings, tmp_path)
    assert torch.equal(net.encoder.blocks[0].qkv.weight, frozen)
    items = loaded()
    words, mask, wrong = tensors(items, ROWS)
    losses = []
    for candidate in (toy_net().eval(), net.eval()):
        heads, logits = candidate.read(candidate.encoder.lower(words, mask, 2), mask)
        losses.append(loss_of(items, heads, logits, wrong)[0].item())
    assert losses[1] < 0.7 * losses[0]
    again = toy_net(seed=5)
    train(again, lambda _: loaded(), ROWS, settings, tmp_path)
    assert torch.equal(again.heads.weight, net.heads.weight)


def test_the_exported_network_says_what_the_trained_one_says(tmp_path: Path) -> None:
    folder = build_folder(tmp_path)
    net = toy_net().eval()
    reading = Reading(READER, range(len(PIECES)), READER)
    runner = RiskNetwork(folder)
    ours, theirs = [], []
    for hypothesis in ("药物有效。", "研究显示药物没有效。", "患者三年不增加。", "a b c."):
        read = reading.read(Example("the study of 3 drugs.", hypothesis))
        words = torch.from_numpy(unpack(ROWS[list(read.ids)]))[None]
        mask = torch.ones(1, 1, 1, len(read.ids), dtype=torch.bool)
        with torch.no_grad():
            heads, _ = net.read(net.encoder.lower(words, mask, 2), mask)
        ours.append(heads[0].numpy())
        score = runner.score([("the study of 3 drugs.", hypothesis)])[0]
        theirs.append([getattr(score, name) for name in NAMES])
    assert np.abs(np.array(ours) - np.array(theirs)).max() < 0.05
    assert np.corrcoef(np.ravel(ours), np.ravel(theirs))[0, 1] > 0.99


def test_the_same_weights_make_the_same_file() -> None:
    weights = {k: v.detach().numpy() for k, v in toy_net().state_dict().items()}
    one, two = (
        build(weights, heads=HEADS, epsilon=1e-12).SerializeToString(deterministic=True)
        for _ in range(2)
    )
    assert one == two


def test_the_keep_list_has_han_greek_digits_and_what_the_text_uses() -> None:
    pieces = [*PIECES, "β", "ελλάδα", "ка", "\u2581hello", "\u2581mundo", "12", "é"]
    reader = PieceReader(tokenizer(pieces, [-3.0] * len(pieces)))
    kept = [pieces[i] for i in keep_list(pieces, ["\u2581hello"], reader, ["ка"])]
    assert {"患者", "β", "\u2581hello", "12", "é", "ка"} <= set(kept)
    assert not {"ελλάδα", "\u2581mundo"} & set(kept)


@pytest.mark.parametrize("bad", [b"", b"E5S2rest"])
def test_another_file_is_not_taken_for_the_encoder(bad: bytes) -> None:
    from mtcheck.errors import ModelError
    from mtcheck.lab.risk.e5 import _vocabulary

    with pytest.raises(ModelError):
        _vocabulary(bad)
