"""The risk of a segment: network, stack, reasons, spans."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mtcheck
from mtcheck import registry, rules
from mtcheck.alignment.prepare import prepare
from mtcheck.errors import ModelError
from mtcheck.languages.en.sentences import split_english
from mtcheck.models import EMBEDDED, load_encoder
from mtcheck.models.risk import WEIGHTS, RiskNetwork, unpack
from mtcheck.models.tokens import normalised
from mtcheck.risk import (
    FEATURES,
    KINDS,
    RULE_GROUPS,
    STACK,
    RiskModel,
    Stack,
    Weighed,
    load_risk_model,
    to_weigh,
)
from mtcheck.types import Finding, Segment
from tests.conftest import ROOT
from tests.toy_risk import build, toy_stack

SOURCE = "The drug was effective in patients."
GOOD = "药物在患者中有效。"
LONG = (SOURCE[:-1] + ", ") * 30, ("药物在患者中有效，") * 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("risk"))


@pytest.fixture(scope="module")
def model(folder: Path) -> RiskModel:
    return RiskModel(folder)


def segment(hypothesis: str, source: str = SOURCE) -> Segment:
    return Segment("d", "d#1", source, hypothesis)


def test_packed_rows_are_unpacked_block_by_block() -> None:
    nibbles = np.arange(16, dtype=np.uint8) | (np.arange(16, dtype=np.uint8)[::-1] << 4)
    row = np.concatenate([np.array([0.5], dtype="<f2").view(np.uint8), nibbles])
    low = [(i - 8) * 0.5 for i in range(16)]
    assert unpack(row[None])[0].tolist() == low + low[::-1]


def test_typesetting_is_no_shortcut_for_the_network() -> None:
    plain, places = normalised("研究 显示, 有效.")
    assert plain == normalised("研究显示，有效。")[0] == "研究显示,有效。"
    assert ["研究 显示, 有效."[i] for i in places] == list("研究显示,有效.")
    assert normalised("a  b 。")[0] == "a b。"


def test_a_pair_has_the_same_bits_in_any_batch(folder: Path) -> None:
    pairs = [(SOURCE, GOOD), ("A b c.", "三年。"), LONG, ("", "有效"), (SOURCE, "")]
    one, two = RiskNetwork(folder, threads=1), RiskNetwork(folder, threads=3)
    alone = [one.score([pair])[0] for pair in pairs]
    assert one.score(pairs) == alone == two.score(pairs)
    assert two.score(pairs[::-1]) == alone[::-1]
    assert alone[0].adequacy != alone[1].adequacy


def test_words_cover_the_hypothesis_also_when_it_is_read_in_parts(folder: Path) -> None:
    net = RiskNetwork(folder)
    for source, hypothesis in ((SOURCE, GOOD), LONG):
        words = net.score([(source, hypothesis)])[0].words
        covered = {i for w in words for i in range(w.start, w.end)}
        assert covered >= {i for i, c in enumerate(hypothesis) if not c.isspace()}
        assert [w.start for w in words] == sorted(w.start for w in words)
        assert all(0 <= w.probability <= 1 for w in words)


def test_the_risk_is_a_probability_and_the_same_every_time(model: RiskModel) -> None:
    document = [segment(GOOD), segment("研究显示药物没有效果。")]
    first, again = model.assess(document), model.assess(document)
    assert first == again
    assert all(0 < r.value < 1 and not r.reason for r in first)
    assert [r.value for r in model.assess(document[::-1])] == [r.value for r in first[::-1]]


def test_the_sources_of_a_document_say_together_what_kind_of_text_it_is(model: RiskModel) -> None:
    sources = [SOURCE, "You are wrong, as so often!", "The river rises in the hills."]
    kinds = [model.features([segment(GOOD, s)])[0].kinds for s in sources]
    assert len(set(kinds)) == 3
    assert all(sum(k) == pytest.approx(1) and min(k) > 0 for k in kinds)
    document = [segment(GOOD, s) for s in sources]
    together = {e.kinds for e in model.features(document)}
    assert len(together) == 1
    (shares,) = together
    votes = np.log(kinds).sum(axis=0) - 2 * np.log(model.features([segment("")])[0].kinds)
    wanted = np.exp(votes - votes.max())
    assert np.allclose(shares, wanted / wanted.sum())


def test_the_shipped_model_knows_abstracts_of_any_field() -> None:
    model, encoder = load_risk_model(), load_encoder("embedded")
    found = []
    for source in pd.read_csv(ROOT / "data" / "abstracts.csv")["source"]:
        sentences = [source[s.start : s.end] for s in split_english(source)]
        found.append(model._kinds_of(encoder.encode(sentences))[KINDS.index("abstract")])
    assert len(found) == 18
    assert sum(share > 0.9 for share in found) >= 16  # measured: 16, one 0.80, one 0.00


def test_experts_are_averaged_by_the_kind_of_text() -> None:
    stack, base = toy_stack(), (0.0,) * len(FEATURES)
    own = [expert.logit(base) for expert in stack.experts.values()]
    assert stack.logit(base, (0.0, 1.0, 0.0)) == own[1]
    assert stack.logit(base, (0.5, 0.0, 0.5)) == pytest.approx((own[0] + own[2]) / 2)


@pytest.mark.parametrize(
    ("hypothesis", "reason"),
    [
        ("", "empty"),
        (" \n", "empty"),
        (SOURCE, "copy"),
        ("この研究では患者のデータを用いて効果を調べました。", "not in Chinese"),
        ("药物有效" * 12 + "。", "repetition-loop"),
    ],
)
def test_what_cannot_be_estimated_has_risk_1_and_a_reason(
    model: RiskModel, hypothesis: str, reason: str
) -> None:
    risk = model.assess([segment(hypothesis)])[0]
    assert risk.value == 1.0
    assert reason in risk.reason


def test_a_finding_never_lowers_the_risk() -> None:
    stack = toy_stack()
    base = (0.0,) * len(FEATURES)
    for name in RULE_GROUPS:
        at = FEATURES.index(name)
        more = tuple(1.0 if i == at else v for i, v in enumerate(base))
        for kinds in ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.2, 0.3, 0.5)):
            assert stack.probability(more, kinds) > stack.probability(base, kinds)


def test_in_the_shipped_model_no_feature_lowers_the_risk() -> None:
    for kind, expert in Stack.load(WEIGHTS / STACK).experts.items():
        assert min(expert.weights.values()) >= 0, kind
        assert all(expert.weights[n] > 0 for n in RULE_GROUPS if n != "form"), kind


def test_a_wrong_number_raises_the_risk_and_is_marked(model: RiskModel) -> None:
    source = "The drug was effective in 345 patients."
    right, wrong = "药物在345名患者中有效。", "药物在354名患者中有效。"
    low, high = (model.assess([segment(h, source)])[0] for h in (right, wrong))
    assert high.value > low.value
    at = wrong.index("354")
    assert any(s.side == "hypothesis" and s.start <= at and at + 3 <= s.end for s in high.spans)


def test_suspicious_words_are_joined_and_inside_the_text(model: RiskModel, folder: Path) -> None:
    eager = RiskModel(folder, stack=replace(model.stack, word_threshold=0.0))
    spans = eager.assess([segment(GOOD)])[0].spans
    assert [(s.side, s.start, s.end) for s in spans] == [("hypothesis", 0, len(GOOD) - 1)]


def test_the_signature_changes_with_the_calibration(model: RiskModel, folder: Path) -> None:
    other = RiskModel(folder, stack=replace(model.stack, shift=0.1))
    assert other.signature != model.signature
    assert RiskModel(folder).signature == model.signature


FOREIGN = """
from mtcheck.rules import finding, rule

@rule("{code}", "{name}", category="linguistic/other", severity="critical", group="form")
def found(segment):
    "Always."
    yield finding("here")
"""


@pytest.fixture
def foreign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two more rules: one by entry point, one as a file beside mtcheck's own."""
    (tmp_path / "lng_dropped.py").write_text(FOREIGN.format(code="LNG998", name="dropped"))
    loaded: dict[str, object] = {"__name__": "theirs"}
    exec(FOREIGN.format(code="LNG999", name="theirs"), loaded)
    entry = SimpleNamespace(name="theirs", value="theirs:found", load=lambda: loaded["found"])
    monkeypatch.setattr(
        registry, "entry_points", lambda group: [entry] if group == "mtcheck.rules" else []
    )
    monkeypatch.setattr(rules, "__path__", [*rules.__path__, str(tmp_path)])
    registry._discover.cache_clear()
    yield
    registry._discover.cache_clear()


def test_a_foreign_rule_moves_no_risk(
    model: RiskModel, folder: Path, request: pytest.FixtureRequest
) -> None:
    document = [segment(GOOD), segment("研究显示药物没有效果 。")]
    before, weighed = model.assess(document), to_weigh()
    request.getfixturevalue("foreign")
    assert {"LNG998", "LNG999"} <= rules.all_rules().keys()
    other = RiskModel(folder)
    assert other.assess(document) == before
    assert other.signature == model.signature
    assert to_weigh() == weighed | {"LNG998": Weighed("form", 1, "critical", "linguistic/other")}


@pytest.mark.parametrize("strange", [False, True])
@pytest.mark.parametrize(
    ("settings", "changed"),
    [
        ({}, set()),
        ({"preview": True}, set()),
        ({"select": ("ACC005", "LNG")}, set()),
        (
            {"severity": {"ACC005": "minor", "half-width-punctuation": "major"}},
            {"ACC005", "LNG001"},
        ),
        ({"han_latin_spacing": "require"}, {"LNG007"}),
    ],
)
def test_for_the_risk_only_those_rules_run_that_have_not_run_alike(
    folder: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, Any],
    changed: set[str],
    strange: bool,
) -> None:
    if strange:
        request.getfixturevalue("foreign")
    model, config = RiskModel(folder), mtcheck.Config(**settings)
    hypotheses = GOOD, "在5名患者中,药物无效", "", "药物在患者中MRI <b>有效</b>。"
    rows = [segment(h, SOURCE.replace("in", "in 4")) for h in hypotheses]
    document = rules.SharedDocument(prepare(rows, load_encoder(EMBEDDED), needs={"similarity"}))
    findings = [found for r in rules.selected(config) for found in r.run(document, config)]
    assert findings
    ran: list[str] = []
    find = rules.Rule._find

    def spy(rule: rules.Rule, *rest: Any) -> list[tuple[int, Finding]]:
        ran.append(rule.key)
        return find(rule, *rest)

    monkeypatch.setattr(rules.Rule, "_find", spy)
    apart, weighed = model.features(rows), set(ran)
    ran.clear()
    assert model.features(document) == apart
    assert changed <= weighed
    assert set(ran) == weighed - {r.key for r in rules.selected(config)} | changed
    ran.clear()
    other = replace(document[0], similarity=0.1)
    model.features(rules.SharedDocument([other, *document[1:]]))
    assert set(ran) == weighed, "a document that was prepared otherwise is read for itself"


def test_a_model_whose_rules_have_changed_says_so(
    model: RiskModel, folder: Path, tmp_path: Path
) -> None:
    assert model.changed == ()
    other = shutil.copytree(folder, tmp_path / "other")
    was = replace(model.stack.rules["ACC005"], version=0)
    gone = {"ACC005": was, "XXX001": was}
    replace(model.stack, rules={**model.stack.rules, **gone}).save(other / STACK)
    changed = RiskModel(other)
    assert changed.changed == ("ACC005", "XXX001")
    assert changed.signature.endswith("|changed-rules:ACC005+XXX001")
    assert changed.assess([segment(GOOD)]) == model.assess([segment(GOOD)])
    pair = pd.DataFrame({"source": [SOURCE], "mt": [GOOD]})
    for place, said in ((folder, False), (other, True)):
        notes = mtcheck.audit(pair, risk_model=str(place)).summary["notes"]
        assert isinstance(notes, list)
        assert any("ACC005, XXX001" in note for note in notes) == said


def test_no_audit_embeds_clauses_for_the_risk() -> None:
    assert "uncovered" not in rules.needed(rules.find(code) for code in to_weigh())


def test_a_broken_folder_is_a_model_error(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(ModelError, match="risk network"):
        RiskNetwork(tmp_path)
    stack = json.loads((folder / STACK).read_text())
    del stack["experts"]["abstract"]["weights"]["length"]
    (tmp_path / STACK).write_text(json.dumps(stack))
    with pytest.raises(ModelError, match="other features"):
        Stack.load(tmp_path / STACK)
    (tmp_path / STACK).write_text(json.dumps({"weights": {}}))  # of an earlier version
    with pytest.raises(ModelError, match="experts"):
        Stack.load(tmp_path / STACK)


SHIPPED_GOOD = [
    (
        "In 2019, 345 patients received the new drug for 12 weeks.",
        "2019年，345名患者接受了为期12周的新药治疗。",
    ),
    (
        "The treatment did not reduce mortality, but it shortened the hospital stay.",
        "该治疗没有降低死亡率，但缩短了住院时间。",
    ),
    (
        "Soil samples were collected in winter and analysed for heavy metals.",
        "土壤样品于冬季采集，并对其重金属含量进行了分析。",
    ),
]
SHIPPED_BAD = [
    (0, "2019年，354名患者接受了为期12周的新药治疗。"),
    (1, "该治疗降低了死亡率，但缩短了住院时间。"),
    (1, "该治疗没有降低死亡率。"),
    (2, "土壤samples于冬季采集，并对其重金属含量进行了分析。"),
    (2, SHIPPED_GOOD[2][0]),
    (2, "该治疗没有降低死亡率，但缩短了住院时间。"),
]


def test_the_shipped_model_is_small_and_ranks_planted_errors() -> None:
    assert sum(p.stat().st_size for p in WEIGHTS.iterdir()) <= 40_000_000
    assert {p.suffix for p in WEIGHTS.iterdir()} <= {".onnx", ".safetensors", ".json", ".md"}
    model = load_risk_model()
    good = [model.assess([segment(h, s)])[0].value for s, h in SHIPPED_GOOD]
    for i, hypothesis in SHIPPED_BAD:
        assert model.assess([segment(hypothesis, SHIPPED_GOOD[i][0])])[0].value > good[i]


def test_the_risk_needs_no_torch() -> None:
    script = (
        "import sys; from mtcheck.models.risk import RiskNetwork;"
        "RiskNetwork().score([('a', 'b')]); print('torch' in sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"
