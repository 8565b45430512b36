"""To add a rule, a reader, a format or a language is to add its file: the guide's table, tried.

Each test drops one file into a folder of its own, beside the package's, and runs an audit, a
comparison and a report with it. A metric's test is in ``test_new_metric.py``.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

import mtcheck
from mtcheck import registry
from mtcheck.config import Config
from tests.command_line import run
from tests.test_rule_cases import Case, load

Drop = Callable[[str, str, str], Path]

ROWS = pd.DataFrame(
    {
        "doc_id": ["a", "b"],
        "segment_id": ["a1", "b1"],
        "source": ["The cat slept for 12 hours.", "The dog ran home."],
        "hypothesis": ["猫睡了12个小时。", "狗跑回家了。"],
    }
)


@pytest.fixture
def drop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drop]:
    """Drops a file into a package for the time of a test."""
    dropped: list[str] = []

    def into(package: str, name: str, text: str) -> Path:
        folder = tmp_path / package.replace(".", "_")
        folder.mkdir()
        path = folder / f"{name}.py"
        path.write_text(text, encoding="utf-8")
        module = importlib.import_module(f"mtcheck.{package}")
        monkeypatch.setattr(module, "__path__", [*module.__path__, str(folder)])
        dropped.append(f"mtcheck.{package}.{name}")
        registry.forget()
        return path

    yield into
    monkeypatch.undo()
    for name in dropped:
        sys.modules.pop(name, None)
    registry.forget()


RULE = '''
from collections.abc import Iterator

from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span


@rule("TST001", "has-cat", chinese="有猫", category="accuracy/addition", severity="major")
def has_cat(segment: Segment) -> Iterator[Draft]:
    """The translation speaks of a cat."""
    at = segment.hypothesis.find("猫")
    if at >= 0:
        yield finding("a cat", Span("hypothesis", at, at + 1))
'''
CASES = """
rule: TST001
pass:
  - {source: "A dog.", hypothesis: "狗。"}
fail:
  - {source: "A cat.", hypothesis: "猫。", spans: ["hypothesis: 猫"]}
"""


def test_a_rule(drop: Drop, tmp_path: Path) -> None:
    drop("rules", "tst_cat", RULE)
    audit = mtcheck.audit(ROWS, risk=False)
    assert audit.findings["code"].tolist() == ["TST001"]
    assert audit.segments["status"].tolist() == ["review", "accept"]
    out = tmp_path / "out"
    mtcheck.audit(ROWS, risk=False, out=out)
    assert "TST001" in (out / "findings.csv").read_text(encoding="utf-8")
    assert "TST001" in (out / "report.html").read_text(encoding="utf-8")
    other = ROWS.assign(hypothesis=["狗睡了12个小时。", "狗跑回家了。"])
    found = mtcheck.compare(ROWS, other, config=Config(risk=False))
    assert "TST001" in json.dumps(found.summary, ensure_ascii=False, default=str)
    # The one other file: its cases.
    cases = tmp_path / "TST001.yaml"
    cases.write_text(CASES, encoding="utf-8")
    good, bad = load(cases)["pass"][0], load(cases)["fail"][0]
    assert not Case("TST001", "pass", 0, good).run()
    assert [f.code for _, f in Case("TST001", "fail", 0, bad).run()] == ["TST001"]


READER = """
from collections.abc import Iterator
from pathlib import Path

from mtcheck.config import Config
from mtcheck.readers import Reader, Rejected, Row


def read(path: Path, config: Config) -> Iterator[Row | Rejected]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        source, bar, hypothesis = line.partition(" ||| ")
        if bar:
            yield Row(number, {"source": source, "hypothesis": hypothesis, "segment_id": number})
        else:
            yield Rejected(path.as_posix(), number, "no bars", "write source ||| hypothesis", line)


READER = Reader("bars", (".bars",), "lines of source ||| hypothesis", lambda path: True, read)
"""


def test_a_reader(drop: Drop, tmp_path: Path) -> None:
    drop("readers", "bars", READER)
    path = tmp_path / "rows.bars"
    lines = [f"{s} ||| {h}" for s, h in zip(ROWS["source"], ROWS["hypothesis"], strict=True)]
    path.write_text("\n".join([*lines, "no bars here"]), encoding="utf-8")
    out = tmp_path / "out"
    audit = mtcheck.audit(path, risk=False, bad_rows="skip", out=out)
    assert audit.segments["hypothesis"].tolist() == ROWS["hypothesis"].tolist()
    assert audit.segments["line"].tolist() == [1, 2]
    assert "no bars" in (out / "rejected.jsonl").read_text(encoding="utf-8")
    found = mtcheck.compare(path, path, config=Config(risk=False, bad_rows="skip"))
    assert found.verdict.passed


FORMAT = """
from pathlib import Path

from mtcheck.inspected import Inspected
from mtcheck.reporters import Run
from mtcheck.reporters.folder import Format


class Writer:
    def __init__(self, folder: Path, run: Run) -> None:
        self.path = folder / "ids.txt"

    def add(self, inspected: Inspected) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.writelines(f"{name}\\n" for name in inspected.segments["segment_id"])

    def end(self, summary: object) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write("end\\n")


FORMAT = Format("ids", ("ids.txt",), Writer)
"""


def test_a_format(drop: Drop, tmp_path: Path) -> None:
    drop("reporters.folder", "ids", FORMAT)
    out = tmp_path / "out"
    mtcheck.audit(ROWS, risk=False, formats=("ids", "csv"), out=out)
    assert (out / "ids.txt").read_text(encoding="utf-8") == "a1\nb1\nend\n"
    # An earlier report with the file is known as one, and replaced.
    mtcheck.audit(ROWS, risk=False, formats=("ids",), out=out)
    assert sorted(p.name for p in out.iterdir()) == ["ids.txt", "summary.json"]
    with pytest.raises(mtcheck.UsageError, match="ids"):
        mtcheck.audit(ROWS, risk=False, formats=("idz",), out=out)


STREAM = """
from typing import TextIO

from mtcheck.inspected import Inspected
from mtcheck.reporters import Run
from mtcheck.reporters.stream import Stream


class Writer:
    def __init__(self, out: TextIO, run: Run) -> None:
        self.out = out

    def add(self, inspected: Inspected) -> None:
        self.out.writelines(f"{name}\\n" for name in inspected.segments["segment_id"])

    def end(self, summary: object) -> None:
        self.out.write("end\\n")


STREAM = Stream("ids", Writer)
"""


def test_a_format_of_check(drop: Drop, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    drop("reporters.stream", "ids", STREAM)
    path = tmp_path / "rows.csv"
    ROWS.to_csv(path, index=False)
    assert run(capfd, "check", path, "--format", "ids").out == "a1\nb1\nend\n"


JAPANESE = """
import re
from collections.abc import Iterator
from fractions import Fraction

from mtcheck.languages import Language
from mtcheck.text.sentences import Sentence, split_at
from mtcheck.text.values import Strength, Value


def split(text: str, *, semicolon_splits: bool = False) -> tuple[Sentence, ...]:
    stops = lambda line: [m.end() for m in re.finditer("[。！？]+", line)]
    return split_at(text, stops, semicolons=semicolon_splits)


def numbers(text: str) -> Iterator[Value]:
    for m in re.finditer("[0-9]+", text):
        yield Value(m.start(), m.end(), m[0], "cardinal", (Fraction(m[0]),), Strength.DIGITS)


japanese = Language("ja", "Japanese", split, "char", numbers)
"""
ABSTRACT = {
    "doc_id": "d",
    "source": "The cat slept for 12 hours. The dog ran home. Nobody was hurt in the storm.",
    "hypothesis": "猫は21時間眠った。犬は家に走って帰った。嵐で怪我をした人はいなかった。",
    "reference": "猫は12時間寝ていた。犬は走って家に帰った。嵐で怪我人は出なかった。",
}


def test_a_language(drop: Drop, tmp_path: Path) -> None:
    drop("languages", "ja", JAPANESE)
    frame = pd.DataFrame([ABSTRACT])
    out = tmp_path / "out"
    audit = mtcheck.audit(frame, hypothesis_language="ja", out=out)
    segments = audit.segments
    assert segments["alignment"].tolist() == ["1-1"] * 3
    assert segments["similarity"].gt(0.3).all()
    assert segments[["bleu", "chrf"]].notna().all(axis=None)
    assert segments["risk"].isna().all()
    # Rules that need no pair of their own speak; those of English and Chinese are silent.
    assert audit.findings["code"].tolist() == ["ACC005"]
    assert any("not trained for en-ja" in note for note in audit.summary["notes"])
    assert any("tok:char" in score["signature"] for score in audit.summary["scores"])
    assert (out / "report.html").exists()
    found = mtcheck.compare(frame, frame, config=Config(hypothesis_language="ja"))
    assert found.verdict.passed


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(mtcheck.UsageError, match="no language 'xx'; there are en, zh"):
        mtcheck.audit(ROWS, hypothesis_language="xx", risk=False)
