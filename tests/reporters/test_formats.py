"""The four file formats: golden files, columns, order, hostile text."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import math
import os
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mtcheck import schema
from mtcheck.config import Config
from mtcheck.errors import UsageError
from mtcheck.inspected import ranked
from mtcheck.records import finding_rows, plain, record
from mtcheck.reporters import Run, Writer
from mtcheck.reporters.folder import all_formats, chosen
from mtcheck.reporters.folder.csv import FLAGGED_COLUMNS
from mtcheck.summary import Summary
from mtcheck.types import Severity
from tests.reporters.conftest import EMPTY, as_batch

GOLDEN = Path(__file__).parents[1] / "golden" / "report"
FILES = (
    "documents.csv",
    "findings.csv",
    "flagged.csv",
    "report.html",
    "report.md",
    "segments.csv",
    "segments.jsonl",
    "summary.json",
)

Report = Callable[[Path, list[pd.DataFrame], Summary], Path]
Hostile = Callable[[str], list[pd.DataFrame]]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def written(key: str, folder: Path, frames: list[pd.DataFrame], summary: Summary) -> None:
    writer: Writer = all_formats()[key].open(folder, Run(Config()))
    for frame in frames:
        writer.add(as_batch(frame))
    writer.end(summary)


def many(frame: pd.DataFrame, count: int) -> pd.DataFrame:
    """The frame over and over, with ids of its own and ranks that rise."""
    copies = pd.concat([frame] * count, ignore_index=True)
    copies["segment_id"] = pd.Series([f"d#{i}" for i in range(len(copies))], dtype="string")
    copies["_rank"] = [float(i) for i in range(len(copies))]
    return copies


# --- all together --------------------------------------------------------------------------


def test_golden(
    tmp_path: Path, report: Report, frames: list[pd.DataFrame], summary: Summary
) -> None:
    out = report(tmp_path / "out", frames, summary)
    assert sorted(p.name for p in out.iterdir()) == sorted(FILES)
    for name in FILES:
        new = (out / name).read_bytes()
        if os.environ.get("MTCHECK_UPDATE_GOLDEN") == "1":
            GOLDEN.mkdir(parents=True, exist_ok=True)
            (GOLDEN / name).write_bytes(new)
        # Compared as text, so that a failure shows the line.
        assert new.decode() == (GOLDEN / name).read_bytes().decode(), name


def test_declared_files_are_what_is_written(
    tmp_path: Path, frames: list[pd.DataFrame], summary: Summary
) -> None:
    for key, form in all_formats().items():
        folder = tmp_path / key
        folder.mkdir()
        written(key, folder, frames, summary)
        assert sorted(p.name for p in folder.iterdir()) == sorted(form.files)


def test_batches_and_their_size_do_not_matter(
    tmp_path: Path, report: Report, frames: list[pd.DataFrame], summary: Summary
) -> None:
    single = [frame.iloc[[i]] for frame in frames for i in range(len(frame))]
    one = report(tmp_path / "one", frames, summary)
    two = report(tmp_path / "two", single, summary)
    for name in FILES:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name


def test_nothing_flagged(tmp_path: Path, report: Report, frames: list[pd.DataFrame]) -> None:
    accepted = frames[0].iloc[[0]]
    out = report(tmp_path / "out", [accepted], EMPTY)
    assert (out / "flagged.csv").read_text() == ",".join((*FLAGGED_COLUMNS, "journal")) + "\n"
    assert "No segment was flagged." in (out / "report.html").read_text()
    assert "worst first\n\nNone.\n" in (out / "report.md").read_text()


def test_no_segment_at_all(tmp_path: Path, report: Report) -> None:
    out = report(tmp_path / "out", [schema.empty(schema.SEGMENT)], EMPTY)
    assert (out / "segments.jsonl").read_text() == ""
    assert (out / "segments.csv").read_text() == ",".join(schema.SEGMENT) + "\n"
    assert (out / "findings.csv").read_text() == ",".join(schema.FINDING) + "\n"
    assert "0 segments to look at" in (out / "report.html").read_text()


def test_chosen_names_the_nearest_format() -> None:
    assert [f.key for f in chosen(Config(formats=("html", "csv", "html")))] == ["html", "csv"]
    with pytest.raises(UsageError, match=r"unknown report format 'markdwon'; did you mean 'markd"):
        chosen(Config(formats=("markdwon",)))


# --- records -------------------------------------------------------------------------------


def test_record_has_the_schema_order_and_no_internal_column(frames: list[pd.DataFrame]) -> None:
    ranks, records = zip(*ranked(as_batch(frames[1])), strict=True)
    assert ranks == (0.0, 6.5)
    assert list(records[0]) == [*schema.SEGMENT, "journal", "year"]


def test_record_of_missing_values() -> None:
    row = record({"doc_id": "a", "similarity": math.nan, "bleu": math.inf, "source": pd.NA})
    assert row["source"] == row["hypothesis"] == ""
    assert row["reference"] is row["line"] is row["alignment"] is None
    assert row["similarity"] is row["bleu"] is row["risk_spans"] is None
    assert row["findings"] == row["reasons"] == []


def test_plain_is_strict_json() -> None:
    value = {"a": (np.int64(1), np.float64("nan"), [pd.NA]), 2: np.array([0.5, np.inf])}
    assert plain(value) == {"a": [1, None, [None]], "2": [0.5, None]}
    assert plain(Severity.MAJOR) == "major"
    assert plain("x\ud800y") == "x\ufffdy"


def test_finding_rows_keep_both_of_a_shared_name(frames: list[pd.DataFrame]) -> None:
    frame = frames[1].assign(name="Ada", journal="J")
    _, flagged = list(ranked(as_batch(frame)))
    (row,) = finding_rows(flagged[1])
    assert list(row) == [*schema.FINDING, "journal", "year", "input_name"]
    assert row["name"] == "direction-flipped"
    assert row["input_name"] == "Ada"
    assert row["marked"] == "fell | 增加"


# --- CSV -----------------------------------------------------------------------------------


def test_csv_columns_are_the_union_over_batches(
    tmp_path: Path, frames: list[pd.DataFrame], summary: Summary
) -> None:
    written("csv", tmp_path, frames, summary)
    segments = table(tmp_path / "segments.csv")
    assert list(segments[0]) == [*schema.SEGMENT, "journal", "year"]
    assert [r["year"] for r in segments] == ["", "", "", "2021", "2021"]
    assert [r["segment_id"] for r in table(tmp_path / "flagged.csv")] == [
        "reef-01#1",
        "reef-02#1",
        "reef-01#2",
    ]
    findings = table(tmp_path / "findings.csv")
    assert list(findings[0]) == [*schema.FINDING, "journal", "year"]
    assert json.loads(findings[0]["spans"])[0] == {"side": "source", "start": 12, "end": 17}


@pytest.mark.parametrize("formula", ['=1+1"', "+cmd", "-2+3", "@SUM(A1)", "\tx", "＝1", "\r=1"])
def test_csv_formulas_are_text(
    tmp_path: Path, hostile: Hostile, summary: Summary, formula: str
) -> None:
    written("csv", tmp_path, hostile(formula), summary)
    for name in ("flagged.csv", "segments.csv", "findings.csv"):
        (row,) = table(tmp_path / name)
        assert row["doc_id"] == "'" + formula.replace("\r", "\n")
        assert not [v for kv in row.items() for v in kv if v and v[0] in "=+-@\t\r＝"]


def test_csv_numbers_stay(tmp_path: Path, frames: list[pd.DataFrame], summary: Summary) -> None:
    written("csv", tmp_path, [frames[0].assign(delta="-0.5", chrf=-2.0)], summary)
    first = table(tmp_path / "segments.csv")[0]
    assert (first["delta"], first["chrf"]) == ("-0.5", "-2.0")


def test_csv_quotes_and_line_breaks_come_back(
    tmp_path: Path, frames: list[pd.DataFrame], summary: Summary
) -> None:
    text = 'a "b", c\r\nd\re\n'
    written("csv", tmp_path, [frames[0].assign(note=text)], summary)
    rows = table(tmp_path / "segments.csv")
    assert len(rows) == 3
    assert rows[0]["note"] == 'a "b", c\nd\ne\n'


# --- hostile text --------------------------------------------------------------------------

ANSI = "\x1b[31mred\x1b]0;title\x07\x9b2J"
BIDI = "abc\u202edcba\u2066x"
SCRIPT = "</script></style><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}"
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("text", [ANSI, BIDI, SCRIPT, "nul\x00 and \x08 back"])
def test_no_control_character_in_any_file(
    tmp_path: Path, report: Report, hostile: Hostile, summary: Summary, text: str
) -> None:
    named: Summary = {**summary, "inputs": [text], "notes": [text]}
    out = report(tmp_path / "out", hostile(text), named)
    for name in FILES:
        assert not CONTROLS.findall((out / name).read_text(encoding="utf-8")), name
    # JSON alone carries the text exactly.
    assert json.loads((out / "segments.jsonl").read_text())["reference"] == text
    assert json.loads((out / "summary.json").read_text())["notes"] == [text]


def test_a_lone_surrogate_does_not_stop_the_report(
    tmp_path: Path, report: Report, frames: list[pd.DataFrame], summary: Summary
) -> None:
    # Metadata and messages are Python strings, which may hold one.
    note = pd.Series(["half \ud83d of a pair"] * 3, dtype="object")
    broken = frames[0].assign(note=note)
    out = report(tmp_path / "out", [broken], summary)
    first = (out / "segments.jsonl").read_text(encoding="utf-8").partition("\n")[0]
    assert json.loads(first)["note"] == "half \ufffd of a pair"


class Page(HTMLParser):
    """The tags and the text of a page; ``inline`` holds scripts and styles by their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.inline: dict[str, str] = {}
        self._in = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in = dict(attrs).get("id") or tag if tag in ("script", "style") else ""

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in:
            self.inline[self._in] = self.inline.get(self._in, "") + data
        else:
            self.text.append(data)

    def rows(self) -> list[dict[str, object]]:
        """The segments in the page's JSON."""
        rows: list[dict[str, object]] = json.loads(self.inline["rows"])
        return rows


def page_of(folder: Path) -> Page:
    return Page((folder / "report.html").read_text(encoding="utf-8"))


def test_html_shows_hostile_text_as_text(
    tmp_path: Path, hostile: Hostile, summary: Summary
) -> None:
    hurt: Summary = {
        **summary,
        "inputs": [SCRIPT],
        "notes": [SCRIPT],
        "config": {SCRIPT: SCRIPT},
    }
    text = f'{SCRIPT}" onmouseover="alert(1)<!--'
    written("html", tmp_path, hostile(text), hurt)
    page = page_of(tmp_path)
    tags = [tag for tag, _ in page.tags]
    assert tags.count("style") == 1
    assert [a for t, a in page.tags if t == "script"] == [
        {"type": "application/json", "id": "meta"},
        {"type": "application/json", "id": "rows"},
        {},
    ]
    assert "img" not in tags
    assert not [k for _, attrs in page.tags for k in attrs if k.startswith("on")]
    assert text in "".join(page.text)
    (row,) = page.rows()
    assert row["doc_id"] == row["reference"] == text
    assert "<" not in page.inline["rows"] + page.inline["meta"]


def test_html_asks_nothing_of_the_network(
    tmp_path: Path, frames: list[pd.DataFrame], summary: Summary
) -> None:
    written("html", tmp_path, frames, summary)
    page = page_of(tmp_path)
    links = [a[k] for _, a in page.tags for k in ("src", "href", "style") if k in a]
    assert links == ["#list"]
    assert "url(" not in page.inline["style"]
    assert "@import" not in page.inline["style"]
    assert not re.search(
        r"innerHTML|insertAdjacentHTML|document\.write|eval", page.inline["script"]
    )
    policy = next(
        a["content"] for t, a in page.tags if a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    for tag in ("script", "style"):
        digest = base64.b64encode(hashlib.sha256(page.inline[tag].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_html_languages_and_order(
    tmp_path: Path, frames: list[pd.DataFrame], summary: Summary
) -> None:
    written("html", tmp_path, frames, summary)
    page = page_of(tmp_path)
    assert next(a["lang"] for t, a in page.tags if t == "html") == "en"
    assert {a["lang"] for t, a in page.tags if t == "td" and "lang" in a} == {"en", "zh-CN"}
    rows = page.rows()
    assert [r["status"] for r in rows] == ["reject", "review", "review", "accept", "accept"]
    # Without the script the flagged ones are there, and can be linked to.
    static = [a for t, a in page.tags if t == "tbody" and "data-status" in a]
    assert [a["data-status"] for a in static] == ["reject", "review", "review"]
    assert static[0]["id"] == "reef-01/1"


def test_html_stops_at_its_limit_with_the_flagged_first(
    tmp_path: Path, frames: list[pd.DataFrame], summary: Summary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mtcheck.reporters.folder.html.LIMIT", 10)
    monkeypatch.setattr("mtcheck.reporters.folder.html.STATIC", 3)
    batch = many(frames[0], 4)  # of each three one is accepted
    written("html", tmp_path, [batch.iloc[:6], batch.iloc[6:]], summary)
    page = page_of(tmp_path)
    assert [r["status"] for r in page.rows()].count("accept") == 2
    assert len(page.rows()) == 10
    assert len([a for t, a in page.tags if t == "tbody" and "data-status" in a]) == 3
    text = " ".join("".join(page.text).split())
    assert "2 more segments are not on this page. See segments.csv." in text


def test_markdown_lists_fifty_and_counts_the_rest(
    tmp_path: Path, frames: list[pd.DataFrame], summary: Summary
) -> None:
    batch = many(frames[0], 30)  # 60 flagged
    written("markdown", tmp_path, [batch.iloc[:31], batch.iloc[31:]], summary)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    heads = re.findall(r"^### \d+\. `(\S+)`", text, flags=re.MULTILINE)
    ranks = [int(h.partition("#")[2]) for h in heads]
    assert len(heads) == 50
    assert ranks == sorted(ranks, reverse=True)
    assert ranks[0] == 89
    assert "\nand 10 more in flagged.csv.\n" in text


@pytest.mark.parametrize(
    ("text", "inert"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("**a** _b_ `c`", r"\*\*a\*\* \_b\_ \`c\`"),
        ("![x](https://e.example/i.png)", r"!\[x\](https\://e.example/i.png)"),
        ("www.e.example a@e.example", r"www\.e.example a@&#8203;e.example"),
        (
            "@team #12 !3 GH-4 &5 a\u200b",
            "@&#8203;team #&#8203;12 !&#8203;3 GH&#8203;-4 &amp;&#8203;5 a⟦U+200B⟧",
        ),
        ("a | b $x$ &lt; ~~c~~", r"a \| b \$x\$ &amp;lt; \~\~c\~\~"),
        ("a\n\n# b\n- c", "a # b - c"),
    ],
)
def test_markdown_shows_hostile_text_as_text(
    tmp_path: Path, hostile: Hostile, summary: Summary, text: str, inert: str
) -> None:
    written("markdown", tmp_path, hostile(text), {**summary, "notes": [text]})
    lines = (tmp_path / "report.md").read_text(encoding="utf-8").splitlines()
    assert f"Note: {inert}" in lines
    assert f"- Reference: {inert}" in lines
    assert f"- Source: <b>{inert}</b> in the source" in lines
