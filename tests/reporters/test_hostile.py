"""Hostile text in the files of an audit: CSV, JSON Lines and Markdown; and Markdown's room.

The HTML page, the workbook, Parquet and the formats of `mtcheck check` have tests of their own.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from markdown_it import MarkdownIt

from mtcheck import schema
from mtcheck.config import Config
from mtcheck.reporters import Run
from mtcheck.reporters._cells import is_formula, quoted
from mtcheck.reporters.folder import all_formats, markdown
from mtcheck.summary import Summary
from tests.reporters.conftest import EMPTY, as_batch, failed, found, row

Hostile = Callable[[str], list[pd.DataFrame]]

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
HOSTILE = {
    "script": "<script>alert(1)</script></script>",
    "image": "<img src=x onerror=alert(1)>![x](https://e.example/i.png)",
    "scheme": "[x](javascript:alert(1)) <javascript:alert(1)> www.e.example https://e.example",
    "ansi": "\x1b[31mred\x1b]0;title\x07\x9b2J",
    "bidi": "abc\u202edcba\u2066x\u200b",
    "command": "::error file=x::owned\n::stop-commands::t\n/close\n# head\n- item",
    "formula": '=HYPERLINK("http://e.example","x")',
    "formula behind a separator": "a;=1+1\t=2+2",
    "pipe": "+cmd|'/C calc'!A0",
    "mention": "@team owner/repo#12 !3 %4 GH-5 &6 a@e.example `code` ``",
}


def written(key: str, folder: Path, frames: list[pd.DataFrame], summary: Summary) -> None:
    writer = all_formats()[key].open(folder, Run(Config()))
    for frame in frames:
        writer.add(as_batch(frame))
    writer.end(summary)


def hurt(summary: Summary, text: str) -> Summary:
    return {**summary, "inputs": [text], "notes": [text], "verdict": failed(text)}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_jsonl_keeps_text_exactly_and_shows_no_control(
    tmp_path: Path, hostile: Hostile, summary: Summary, text: str
) -> None:
    written("jsonl", tmp_path, hostile(text), summary)
    raw = (tmp_path / "segments.jsonl").read_text(encoding="utf-8")
    assert len(raw.splitlines()) == 1
    assert not CONTROLS.findall(raw)
    read = json.loads(raw)
    assert read["reference"] == read[text] == read["findings"][0]["message"] == text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_csv_never_calculates(
    tmp_path: Path, hostile: Hostile, summary: Summary, text: str
) -> None:
    written("csv", tmp_path, hostile(text), summary)
    for name in ("flagged.csv", "segments.csv", "findings.csv"):
        raw = (tmp_path / name).read_text(encoding="utf-8")
        assert not CONTROLS.findall(raw)
        with (tmp_path / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert len(rows) == 2
        cells = [c for r in rows for c in r]
        assert not [c for c in cells if is_formula(c)]
        # Split by another separator, no part calculates either.
        parts = [p for c in cells for p in re.split(r"[;\t]", c)]
        assert not [p for p in parts if p[:1] in tuple("=+-@＝＋－＠")]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("  =1+1", "'  =1+1"),
        ("\u3000＝1", "'\u3000＝1"),
        ("\tx", "'\tx"),
        ("\nx", "'\nx"),
        ("a;=1", "a;'=1"),
        ("a\t@x", "a\t'@x"),
        ("-0.5", "-0.5"),
        ("+1e9", "+1e9"),
        ("-0.5 mg", "'-0.5 mg"),
        ("CI 0.2; -0.3", "CI 0.2; -0.3"),
        ("a = b", "a = b"),
        ("", ""),
    ],
)
def test_quoting_leaves_the_rest_alone(text: str, cell: str) -> None:
    assert quoted(text) == cell


# --- Markdown ------------------------------------------------------------------------------


def rendered(text: str) -> str:
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return str(reader.render(text))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_markdown_is_inert(tmp_path: Path, hostile: Hostile, summary: Summary, text: str) -> None:
    written("markdown", tmp_path, hostile(text), hurt(summary, text))
    raw = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert not CONTROLS.findall(raw)
    page = rendered(raw)
    tags = set(re.findall(r"</?([a-z0-9]+)", page.replace("<table>", "")))
    own = {"h1", "h2", "h3", "p", "ul", "li", "strong", "b", "em", "code", "hr"}
    assert tags <= own | {"table", "thead", "tbody", "tr", "th", "td"}
    # Nothing starts a line but what is ours, so no quick action, list or heading is made.
    starts = re.compile(r"# |## |### |\*\*|- |\| |\|---|Note: |None|and |---|mtcheck |$")
    assert not [x for x in raw.splitlines() if not starts.match(x)]
    # What GitHub links while it renders is escaped, what it links afterwards broken up; in code
    # it links nothing.
    assert not re.search(r"[a-z]://|www\.", re.sub(r"`.*?`", "", raw))
    prose = re.sub(r"<code>.*?</code>|<[^>]*>", "", page)
    assert not re.search(r"@\w|#\d|!\d|GH-\d|&amp;\d", prose)


def long_batch(count: int, length: int) -> pd.DataFrame:
    """Flagged segments with long texts, marked near their ends."""
    finding = found(
        "ACC005",
        "number-mismatch",
        "accuracy/mistranslation",
        "major",
        "m" * length,
        ("source", length - 10, length - 5),
        suggestion="&" * length,
    )
    rows = [
        row(
            n,
            "<" * (length - 10) + "WRONG" + "x" * 5,
            "@" * length,
            status="review",
            reasons=["r" * length] * 20,
            findings=[finding] * 30,
            _rank=float(-n),
        )
        for n in range(count)
    ]
    return schema.frame(rows, schema.SEGMENT)


@pytest.mark.parametrize(("count", "length"), [(30, 400), (60, 20_000), (60, 60)])
def test_markdown_fits_a_comment(tmp_path: Path, summary: Summary, count: int, length: int) -> None:
    many: Summary = {
        **summary,
        "inputs": [f"{n}{'<' * length}" for n in range(500)],
        "notes": ["&" * length] * 50,
        "verdict": failed(*["@" * length] * 50),
    }
    written("markdown", tmp_path, [long_batch(count, length)], many)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert len(text) <= 65_536
    listed = len(re.findall(r"^### \d+\.", text, flags=re.MULTILINE))
    more = re.search(r"^and ([\d,]+) more in flagged.csv\.$", text, flags=re.MULTILINE)
    assert more
    assert listed + int(more[1]) == count
    assert text.endswith("unconfirmed.\n")


def test_markdown_shows_a_long_text_around_its_first_mark(tmp_path: Path) -> None:
    source = "a" * 5000 + "WRONG" + "b" * 5000
    finding = found("ACC005", "n", "c", "major", "m", ("source", 5000, 5005))
    frame = schema.frame(
        [row(0, source, "短", status="review", findings=[finding])], schema.SEGMENT
    )
    written("markdown", tmp_path, [frame], EMPTY)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    (line,) = [x for x in text.splitlines() if x.startswith("- Source: ")]
    assert line == f"- Source: …{'a' * 200}<b>WRONG</b>{'b' * 1295}… (10,005 characters)"


def test_markdown_counts_findings_and_inputs_it_leaves_out(
    tmp_path: Path, summary: Summary
) -> None:
    inputs: Summary = {**summary, "inputs": [f"{n}.csv" for n in range(12)]}
    written("markdown", tmp_path, [long_batch(1, 60)], inputs)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "9.csv, and 2 more\n" in text
    assert "- and 20 more findings\n" in text
    assert text.count("- ACC005 major") == markdown.FINDINGS
