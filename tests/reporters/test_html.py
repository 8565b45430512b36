"""What the HTML page is made of: its rows, neighbours, charts and words."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mtcheck import schema
from mtcheck.config import LANGUAGES, Config
from mtcheck.errors import UsageError
from mtcheck.inspected import ranked
from mtcheck.reporters import RuleNote, Run
from mtcheck.reporters._charts import Charts
from mtcheck.reporters._messages import KINDS, LOCALES, Messages, catalogue, categories
from mtcheck.reporters.folder import all_formats
from mtcheck.reporters.folder.html import _SCRIPTS
from mtcheck.rules import all_rules
from mtcheck.types import Severity
from tests.reporters.conftest import EMPTY, as_batch
from tests.test_rule_cases import cases

Row = dict[str, Any]


def segment(n: int, *, doc: str = "a", **more: object) -> dict[str, object]:
    return {
        "doc_id": doc,
        "segment_id": f"{doc}#{n}",
        "path": "in.csv",
        "line": 2,
        "source": f"Sentence {n} of {doc}.",
        "hypothesis": f"{doc}的第{n}句。",
        "status": "accept",
        "reasons": [],
        "findings": [],
        "risk_spans": [],
        "_rank": 0.0,
    } | more


def frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    return schema.frame(rows, schema.SEGMENT)


def page(
    folder: Path,
    batches: list[pd.DataFrame],
    config: Config | None = None,
    rules: tuple[RuleNote, ...] = (),
) -> str:
    folder.mkdir(exist_ok=True)
    writer = all_formats()["html"].open(folder, Run(config or Config(), rules))
    for batch in batches:
        writer.add(as_batch(batch))
    writer.end(EMPTY)
    return (folder / "report.html").read_text(encoding="utf-8")


def embedded(text: str, name: str) -> Any:
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', text, re.S)
    assert found
    return json.loads(found[1])


def rows(text: str) -> dict[str, Row]:
    return {row["segment_id"]: row for row in embedded(text, "rows")}


# --- rows ----------------------------------------------------------------------------------


def test_a_row_holds_what_there_is_and_no_more(tmp_path: Path) -> None:
    spans = [{"side": "hypothesis", "start": 2, "end": 4}, {"side": "source", "start": 0, "end": 1}]
    row = segment(1, risk=0.25, risk_spans=spans, field="ecology", year=None)
    assert embedded(page(tmp_path, [frame([row])]), "rows") == [
        {
            "place": 1,
            "doc_id": "a",
            "segment_id": "a#1",
            "path": "in.csv",
            "line": 2,
            "source": "Sentence 1 of a.",
            "hypothesis": "a的第1句。",
            "risk": 0.25,
            "risk_spans": [["h", 2, 4], ["s", 0, 1]],
            "status": "accept",
            "metadata": {"field": "ecology"},
        }
    ]


def test_neighbours_are_of_the_same_document_and_system(tmp_path: Path) -> None:
    listed = [
        segment(n, doc=doc, segment_id=f"{doc}{n}{system}", system=system)
        for doc in "ab"
        for n in range(3)
        for system in "xy"
    ]
    found = rows(page(tmp_path, [frame([r]) for r in listed]))
    first, middle, last = (found[f"b{n}y"] for n in range(3))
    assert "previous" not in first
    assert (first["next"], middle["previous"]) == (middle["place"], first["place"])
    assert (middle["next"], last["previous"]) == (last["place"], middle["place"])
    assert "next" not in last
    assert not [key for row in found.values() for key in ("before", "after") if key in row]


def test_neighbours_that_are_not_on_the_page_come_as_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mtcheck.reporters.folder.html.LIMIT", 2)
    listed = [segment(n, _rank=float(n in (1, 2))) for n in range(4)]
    found = rows(page(tmp_path, [frame(listed)]))
    assert list(found) == ["a#1", "a#2"]
    assert found["a#1"]["before"] == ["Sentence 0 of a.", "a的第0句。"]
    assert found["a#2"]["after"] == ["Sentence 3 of a.", "a的第3句。"]
    assert found["a#1"]["next"] == found["a#2"]["place"]
    assert {"previous", "after"} & set(found["a#1"]) == set()


def test_decisions_are_kept_under_the_texts_alone(tmp_path: Path) -> None:
    listed = [segment(n) for n in range(3)]

    def key(name: str, changes: dict[str, object]) -> str:
        text = page(tmp_path / name, [frame([r | changes for r in listed])])
        return str(embedded(text, "meta")["report"])

    assert key("one", {}) == key("two", {"status": "review", "_rank": 9.0, "risk": 0.5})
    assert key("one", {}) != key("three", {"hypothesis": "另一句。"})


# --- charts --------------------------------------------------------------------------------


def charted(config: Config, listed: list[dict[str, object]]) -> dict[str, Any]:
    charts = Charts(config)
    for _, record in ranked(as_batch(frame(listed))):
        charts.add(record)
    return {figure.key: figure for figure in charts.figures(Messages("en"))}


def finding(category: str, severity: str) -> dict[str, object]:
    return {"code": "ACC005", "name": "x", "category": category, "severity": severity} | {
        "message": "", "spans": [], "suggestion": "", "confidence": 1.0, "fingerprint": "",
    }  # fmt: skip


def test_charts_count_every_segment() -> None:
    found = [finding("accuracy/omission", "major"), finding("accuracy/omission", "minor")]
    listed = [
        segment(0, risk=0.0, similarity=0.9),
        segment(1, risk=0.05, similarity=0.95, doc="b"),
        segment(2, risk=1.0, similarity=-0.1, status="reject", findings=found),
    ]
    figures = charted(Config(), listed)
    assert list(figures) == ["risk", "category", "documents", "similarity"]
    assert figures["risk"].rows == (
        ("0.00 to 0.05", "1", "0", "0"),
        ("0.05 to 0.10", "1", "0", "0"),
        ("0.95 to 1.00", "0", "0", "1"),
    )
    assert figures["category"].head == ("Category", "Major", "Minor")
    assert figures["category"].rows == (("accuracy: omission", "1", "1"),)
    assert figures["documents"].rows == (("a", "0.500", "2", "1"), ("b", "0.050", "1", "0"))
    assert figures["similarity"].rows == (
        ("0.0 to 0.1", "1", "1", "1.000"),
        ("0.9 to 1.0", "2", "0", "0.025"),
    )
    assert figures["similarity"].svg.count("<circle") == 3


def test_systems_take_the_place_of_documents() -> None:
    listed = [segment(n, doc=str(n), risk=n / 4, system="xy"[n % 2]) for n in range(4)]
    figure = charted(Config(), listed)["documents"]
    assert figure.title == "Mean risk by system"
    assert figure.rows == (("y", "0.500", "2", "0"), ("x", "0.250", "2", "0"))


def test_no_chart_of_what_is_not_there() -> None:
    assert charted(Config(), [segment(0), segment(1, doc="b")]) == {}


@pytest.mark.parametrize(
    ("config", "drawn"),
    [
        (Config(), []),
        (Config(review_risk=0.35), ["review from 0.35"]),
        (Config(budget=0.2), ["review from 0.80"]),  # the riskiest two of ten
        (Config(budget=0.2, review_risk=0.35), ["review from 0.35"]),
    ],
)
def test_the_histogram_shows_from_where_on_segments_are_flagged(
    config: Config, drawn: list[str]
) -> None:
    svg = charted(config, [segment(n, risk=n / 10) for n in range(10)])["risk"].svg
    assert re.findall(r">(review from [^<]*|reject from [^<]*)<", svg) == drawn


def test_the_calibration_gives_its_limits(tmp_path: Path) -> None:
    file = tmp_path / "calibration.json"
    from mtcheck.risk.calibration import Calibration

    Calibration("risk", True, "identity", review=0.4, reject=0.75).save(file)
    svg = charted(Config(calibration=str(file)), [segment(0, risk=0.5)])["risk"].svg
    assert re.findall(r">(re\w+ from [^<]*)<", svg) == ["review from 0.40", "reject from 0.75"]


# --- words ---------------------------------------------------------------------------------


def test_both_languages_have_the_same_gaps() -> None:
    assert tuple(LOCALES) == LANGUAGES
    for key, (english, chinese) in catalogue().items():
        forms = [set(re.findall(r"\{(\w+)\}", form)) for form in english.split("|")]
        gaps = set(re.findall(r"\{(\w+)\}", chinese))
        assert all(form <= gaps for form in forms), key
        assert gaps in forms, key
        assert "|" not in chinese, key
        assert english.count("|") <= 1, key


def test_every_message_is_used_and_every_used_one_exists() -> None:
    """Keys are written out, or as a prefix before the name of a status, severity or the like."""
    folder = files("mtcheck.reporters")
    scripts = [f"templates/{name}" for name in _SCRIPTS]
    sources = ["_charts.py", "folder/html.py", "templates/report.html.j2", *scripts]
    text = "\n".join(folder.joinpath(name).read_text(encoding="utf-8") for name in sources)
    literal = set(re.findall(r"""["'`]([a-z][\w.-]*)["'`]""", text))
    prefixes = set(re.findall(r"""["'`]([a-z-]+[.-])(?:\$\{|\{|' ~)""", text))
    asked = {key for key in re.findall(r"""\bt\(["']([\w.-]+)["']""", text) if key[-1] != "."}
    assert asked <= set(catalogue())
    unused = [k for k in catalogue() if k not in literal and not k.startswith(tuple(prefixes))]
    assert unused == []


def test_messages_count_and_name() -> None:
    t = Messages("en")
    assert t("hits", n=1, all=1200) == "1 of 1,200 segment"
    assert t("hits", n=1234, all=5000) == "1,234 of 5,000 segments"
    assert Messages("zh")("hits", n=1, all=1200) == "1,200 个句段中的 1 个"
    assert t.category("linguistic-conventions/punctuation") == "linguistic conventions: punctuation"
    assert t.rule("number-mismatch", "数字不符") == "number mismatch"
    assert Messages("zh").rule("number-mismatch", "数字不符") == "数字不符"
    assert Messages("zh").rule("a-rule-of-yours", "") == "a-rule-of-yours"


def test_what_rules_say_is_said_in_chinese() -> None:
    """Texts of the sentence stay as they are; the words around them are translated."""
    t = Messages("zh")
    said = [f.message for case in cases("fail") for _, f in case.run()]
    english = [m for m in said if t.said(m) == m and re.search("[a-z]{3,} [a-z]{2,}", m)]
    assert len(english) < len(said) / 50, english
    assert Messages("en").said(said[0]) == said[0]


def test_chinese_names_are_of_rules_and_categories_that_exist() -> None:
    found = all_rules().values()
    known = [*(rule.category for rule in found), *KINDS]
    assert set(categories()) == {part for path in known for part in path.split("/")}
    assert {f"severity.{s.label}" for s in Severity} <= set(catalogue())


def test_there_is_no_third_language() -> None:
    with pytest.raises(UsageError, match="lang is 'fr'; use one of en, zh"):
        Config(lang="fr")


def test_the_page_speaks_chinese_and_marks_what_is_english(tmp_path: Path) -> None:
    row = segment(0, status="review", findings=[finding("accuracy/omission", "major")])
    row["findings"] = [finding("accuracy/omission", "major") | {"message": "It is gone."}]
    note = RuleNote("ACC005", "x", "accuracy/omission", "major", "", "", chinese="漏译")
    text = page(tmp_path, [frame([row])], Config(lang="zh"), (note,))
    assert '<html lang="zh-CN">' in text
    assert '<bdi lang="en">It is gone.</bdi>' in text
    assert "准确性：漏译" in text
    meta = embedded(text, "meta")
    assert meta["text"]["filter.clear"] == "清除筛选"
    assert meta["rules"]["ACC005"]["label"] == "漏译"
