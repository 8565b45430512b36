"""Run the cases of tests/cases/CODE.yaml through their rules, and check every rule's manners.

A case is a segment (``source``, ``hypothesis``) or a ``document``, a list of them. Beside the
texts a segment may give any other plain field of :class:`Segment` (``alignment``, ``part``,
``reference``, ``metadata``). A failing case lists ``spans``, the marked text of every span of
every finding in order, as ``"hypothesis: text"``, or ``"0 hypothesis: text"`` in a document.
A file may declare errors to be planted (:mod:`mtcheck.lab.planting.declared`).
``findings``, ``message`` (a part of one of them), ``severity``, ``suggestion`` and ``config``
(settings in place of the defaults) are optional.
"""

from __future__ import annotations

import dataclasses
import functools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mtcheck.config import Config
from mtcheck.rules import CRASH_CODE, Rule, all_rules
from mtcheck.types import Finding, Segment, Span

CASES = Path(__file__).parent / "cases"
CODES = list(all_rules())
FILES = sorted(CASES.glob("*.yaml"))
HEADINGS = ("What it does", "Why it matters", "Example", "What to do")
FILE_KEYS = {"rule", "pass", "fail", "planted"}
SEGMENT_KEYS = {f.name for f in dataclasses.fields(Segment)} - {"doc_id", "segment_id", "index"}
CASE_KEYS = {"document", "spans", "findings", "message", "severity", "suggestion", "config"}

Item = Mapping[str, object]


@dataclass(frozen=True)
class Case:
    """One entry of a case file."""

    code: str
    verdict: str
    number: int
    item: Item

    def __str__(self) -> str:
        return f"{self.code}-{self.verdict}-{self.number}"

    def document(self) -> list[Segment]:
        entries = self.item.get("document")
        if entries is None:
            entries = [{k: v for k, v in self.item.items() if k in SEGMENT_KEYS}]
        assert isinstance(entries, list)
        return [segment(i, entry) for i, entry in enumerate(entries)]

    def run(self) -> list[tuple[int, Finding]]:
        config = self.item.get("config", {})
        assert isinstance(config, dict)
        return all_rules()[self.code].run(self.document(), Config(**config))


def segment(index: int, entry: Item) -> Segment:
    assert set(entry) <= SEGMENT_KEYS, f"unknown keys {set(entry) - SEGMENT_KEYS}"
    texts = {"source": "", "hypothesis": ""} | dict(entry)
    if "uncovered" in texts:
        texts["uncovered"] = tuple(Span(**span) for span in texts["uncovered"])  # type: ignore
    return Segment(
        doc_id="case",
        segment_id=f"case#{index}",
        index=index,
        **texts,  # type: ignore[arg-type]
    )


@functools.cache
def load(path: Path) -> dict[str, list[Item]]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(content, dict), f"{path.name} is no mapping"
    assert set(content) <= FILE_KEYS, f"{path.name}: unknown keys {set(content) - FILE_KEYS}"
    assert content.get("rule") == path.stem, f"{path.name} is about rule {content.get('rule')}"
    return {verdict: list(content.get(verdict) or []) for verdict in ("pass", "fail")}


def cases(verdict: str) -> list[Case]:
    return [
        Case(path.stem, verdict, number, item)
        for path in FILES
        if path.stem in CODES
        for number, item in enumerate(load(path)[verdict], 1)
    ]


def marked(document: list[Segment], found: list[tuple[int, Finding]], *, many: bool) -> list[str]:
    return [
        (f"{i} " if many else "")
        + f"{span.side}: {document[i].text(span.side)[span.start : span.end]}"
        for i, finding in found
        for span in finding.spans
    ]


@pytest.mark.parametrize("case", cases("pass"), ids=str)
def test_silent_where_nothing_is_wrong(case: Case) -> None:
    assert set(case.item) <= SEGMENT_KEYS | {"document", "config"}, "a pass case has no result"
    found = case.run()
    assert not found, [(i, f.message) for i, f in found]


@pytest.mark.parametrize("case", cases("fail"), ids=str)
def test_marks_what_is_wrong(case: Case) -> None:
    item = case.item
    assert set(item) <= SEGMENT_KEYS | CASE_KEYS, set(item) - SEGMENT_KEYS - CASE_KEYS
    assert "spans" in item, "a fail case lists its spans ([] for a finding without any)"
    document, found = case.document(), case.run()
    assert found, "no finding"
    assert all(f.code == case.code for _, f in found), found[0][1].message
    assert marked(document, found, many="document" in item) == item["spans"]
    if "findings" in item:
        assert len(found) == item["findings"]
    if "message" in item:
        assert any(str(item["message"]) in f.message for _, f in found), [
            f.message for _, f in found
        ]
    if "severity" in item:
        assert {f.severity.label for _, f in found} == {item["severity"]}
    if "suggestion" in item:
        assert any(f.suggestion == item["suggestion"] for _, f in found), [
            f.suggestion for _, f in found
        ]


_SAID_TWICE = re.compile(r"(?:^|[\s\d])(\S+) \(\1\)|\b1 (?:marks|words|places|segments|rows)\b")


def test_no_message_says_a_thing_twice() -> None:
    """HR (HR), 5 mg (mg), > (>), and 1 of several."""
    said = [f.message for case in cases("fail") for _, f in case.run()]
    assert len(said) > 400
    twice = [m for m in said if _SAID_TWICE.search(unicodedata.normalize("NFKC", m))]
    assert not twice


@pytest.mark.parametrize("code", CODES)
def test_every_rule_has_cases(code: str) -> None:
    path = CASES / f"{code}.yaml"
    assert path.is_file(), f"write tests/cases/{code}.yaml"
    entries = load(path)
    assert len(entries["pass"]) >= 5, f"{code} has {len(entries['pass'])} pass cases, not 5"
    assert len(entries["fail"]) >= 5, f"{code} has {len(entries['fail'])} fail cases, not 5"


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_case_file_has_a_rule(path: Path) -> None:
    assert path.stem in CODES, f"{path.name}: there is no rule {path.stem}"
    load(path)


@pytest.mark.parametrize("code", CODES)
def test_every_rule_has_its_page(code: str) -> None:
    lines = all_rules()[code].page.splitlines()
    assert len(lines) > 1, "the page is more than its first line"
    assert lines[0].endswith("."), "the first line is a sentence"
    assert not lines[1], "a blank line follows the summary"
    places = [i for h in HEADINGS for i, line in enumerate(lines) if line == h]
    assert [lines[i] for i in places] == list(HEADINGS), "headings, each on its own line, in order"
    assert places == sorted(places)
    for i in places:
        assert "".join(lines[i + 1 : i + 2]).strip(), f"nothing under {lines[i]!r}"


# Pieces that rules react to, so that random text reaches deep into them.
PIECES = st.one_of(
    st.sampled_from(
        [
            *"，。；：？！（）【】《》“”‘’「」『』、…—～·",
            *",.;:?!()[]{}<>\"'-–/%‰°±≤≥=×μ$\\&#@_*^|~",
            *"０９Ａｚ\u200b\ufeff\ufffd\u00a0\ue000\u0301\u3000",
            *("12.5%", "1,200", "p<0.05", "95% CI", "2021", "DNA", "e.g.", "mg/kg", "万", "亿"),
            *("的的", "不", "未", "增加", "研究", "显着", "本文", "百分之五", "二十", "3倍"),
            *("not ", "increase ", "the ", "and ", "twofold ", "1990s ", "RESULTS: ", "结果："),
            *("<b>", "</b>", "&amp;", "$x^2$", "{0}", "%s", "https://a.b/c", "© 2020", "\n", " "),
        ]
    ),
    st.text(max_size=5),
)
TEXT = st.lists(PIECES, max_size=30).map("".join)


def check(rule: Rule, document: list[Segment]) -> None:
    """A crash, and a span outside its text, come back as the crash finding."""
    found = rule.run(document, Config())
    assert not [f.message for _, f in found if f.code == CRASH_CODE]
    assert all(f.message and 0 <= f.confidence <= 1 for _, f in found)
    assert found == rule.run(document, Config()), "the same input gave another result"


EMPTY = [("", ""), ("A sentence of the source.", ""), ("", "只有译文的一句话。"), (" ", "\n")]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("alignment", [None, "1-1"])
def test_every_rule_survives_empty_sides(code: str, alignment: str | None) -> None:
    entries = [{"source": s, "hypothesis": h, "alignment": alignment} for s, h in EMPTY]
    check(all_rules()[code], [segment(i, entry) for i, entry in enumerate(entries)])
    check(all_rules()[code], [])


@pytest.mark.parametrize("code", CODES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pairs=st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=3), aligned=st.booleans())
def test_every_rule_survives_random_text(
    code: str, pairs: list[tuple[str, str]], aligned: bool
) -> None:
    alignment = None if aligned else "1-1"
    entries = [{"source": s, "hypothesis": h, "alignment": alignment} for s, h in pairs]
    check(all_rules()[code], [segment(i, entry) for i, entry in enumerate(entries)])
