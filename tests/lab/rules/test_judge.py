from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mtcheck.errors import DataError
from mtcheck.lab.labels import documents, read_labelled
from mtcheck.lab.marks import HumanError
from mtcheck.lab.rules import judge as evaluation
from mtcheck.lab.rules.adjudications import read_adjudications
from mtcheck.lab.rules.judge import evaluate_rules
from mtcheck.rules import Draft, Rule, finding
from mtcheck.types import Segment, Severity, Span
from tests.command_line import run


def _cats(segment: Segment) -> Iterator[Draft]:
    """Marks every 猫."""
    for i, char in enumerate(segment.hypothesis):
        if char == "猫":
            yield finding("a cat", Span("hypothesis", i, i + 1))


def _empty(segment: Segment) -> Iterator[Draft]:
    """Says so, without a span, when the source ends with a question mark."""
    if segment.source.endswith("?"):
        yield finding("asks")


def _crash(segment: Segment) -> Iterator[Draft]:
    if "boom" in segment.source:
        raise ValueError("boom")
    yield from ()


CATS = Rule("LNG001", "cats", "c", Severity.MINOR, check=_cats, aims=("Punctuation",))
ASKS = Rule("ACC005", "asks", "c", Severity.MAJOR, check=_empty)
SOURCE = Rule("SRC001", "source-asks", "c", Severity.MINOR, check=_empty)
TRIAL = Rule("LNG099", "trial", "c", Severity.CRITICAL, check=_cats, preview=True)
CRASH = Rule("ACC099", "crash", "c", Severity.MAJOR, check=_crash)


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "selected", lambda config: [CATS, ASKS, SOURCE, TRIAL, CRASH])


def write(path: Path, *rows: dict[str, object]) -> Path:
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8")
    return path


def mark(text: str, start: int, severity: str = "Minor", sub: str = "Punctuation") -> object:
    return {
        "start": start,
        "end": start + len(text) - 1,
        "text": text,
        "category": "Linguistic_conventions",
        "subcategory": sub,
        "severity": severity,
    }


def bio(
    hypothesis: str, *errors: object, source: str = "A cat.", **more: object
) -> dict[str, object]:
    return {
        "system": "s",
        "doc_id": "d",
        "segment_id": "d-1",
        "source": source,
        "hypothesis": hypothesis,
        "errors": list(errors),
        **more,
    }


def test_inclusive_ends_become_half_open(tmp_path: Path) -> None:
    (row,) = read_labelled(write(tmp_path / "a.jsonl", bio("一只猫。", mark("猫", 2))))
    assert row.errors == (HumanError(2, 3, "Punctuation", Severity.MINOR),)
    assert row.errors[0].overlaps(2, 3)
    assert not row.errors[0].overlaps(3, 4)
    assert not row.errors[0].overlaps(0, 2)
    assert row.errors[0].overlaps(3, 3)  # an insertion point beside the mark touches it


def test_marks_slightly_off_are_moved_and_foreign_ones_set_aside(tmp_path: Path) -> None:
    file = write(
        tmp_path / "a.jsonl",
        bio("有一只猫在这里。", mark("猫", 2)),
        bio("有一只猫在这里。", mark("狗", 2)),
        bio("有一只猫在这里。", mark("里", 0)),  # there, but seven characters away
    )
    moved, foreign, far = read_labelled(file)
    assert (moved.errors[0].start, moved.errors[0].end, moved.moved) == (3, 4, 1)
    assert [r.usable for r in (moved, foreign, far)] == [True, False, False]
    assert [r.usable for r in read_labelled(file, as_is=True)] == [True, True, True]
    assert read_labelled(file, as_is=True)[0].errors[0].start == 2


def test_wmt_spans_are_half_open_and_may_be_missing(tmp_path: Path) -> None:
    row = {
        "system": "s",
        "doc_id": "d",
        "line": 7,
        "source": "A cat.",
        "hypothesis": "一只猫。",
        "spans": [
            {"start_i": 0, "end_i": 2, "severity": "major"},
            {"start_i": "missing", "end_i": "missing", "severity": "undecided"},
        ],
    }
    (read,) = read_labelled(write(tmp_path / "a.jsonl", row))
    assert read.segment.segment_id == "7"
    assert read.errors == (
        HumanError(0, 2, "", Severity.MAJOR),
        HumanError(None, None, "Omission", Severity.MINOR),
    )
    assert not read.errors[1].overlaps(0, 4)


def test_documents_keep_systems_and_annotators_apart(tmp_path: Path) -> None:
    file = write(
        tmp_path / "a.jsonl",
        bio("一", annotator="A"),
        bio("二", annotator="B"),
        bio("三", annotator="A"),
        bio("四", system="t", annotator="A"),
    )
    got = [[r.segment.hypothesis for r in d] for d in documents(read_labelled(file))]
    assert got == [["一", "三"], ["二"], ["四"]]
    assert [r.segment.index for r in documents(read_labelled(file))[0]] == [0, 1]


def test_figures(tmp_path: Path, rules: None) -> None:
    file = write(
        tmp_path / "a.jsonl",
        bio("一只猫。", mark("猫", 2, "Major")),  # right, and major
        bio("两只猫，猫。", mark("猫", 2), mark("。", 5)),  # one right, one wrong; 。 not found
        bio("狗？", mark("狗", 0, "Neutral", ""), source="A dog?"),  # right by segment
        bio("鸟？", source="A bird?"),  # wrong by segment
        bio("boom", source="boom"),
    )
    result = evaluate_rules([file])
    cats, asks, source, trial, _ = result.rules
    assert (cats.fires, cats.segments, cats.by_segment) == (3, 2, 0)
    assert cats.precision == pytest.approx(2 / 3)
    assert cats.precision_major == pytest.approx(1 / 3)
    assert cats.per_thousand == pytest.approx(600)
    assert (cats.aims, cats.aimed) == (("Punctuation",), 3)
    assert cats.recall == pytest.approx(2 / 3)
    assert (asks.fires, asks.by_segment, asks.precision) == (2, 2, 0.5)
    assert asks.recall is None
    assert (source.fires, source.precision) == (2, None)
    assert trial.fires == 3
    both, grave = result.groups
    assert (both.fires, grave.fires) == (5, 2)  # neither the source's side nor the trial
    assert result.categories["Punctuation"] == (2, 3)
    assert result.categories["Spelling"] == (0, 0)
    assert (result.segments, result.marks, result.crashes) == (5, 4, 1)
    assert (result.marked, result.marked_major) == (0.6, 0.2)
    page = result.markdown()
    assert "| LNG001 | cats | yes | 3 | 0.67 |" in page
    assert "| segment |" in page
    assert "crashes" in page


def test_systems_are_filtered(tmp_path: Path, rules: None) -> None:
    file = write(tmp_path / "a.jsonl", bio("猫"), bio("猫", system="reference"))
    assert evaluate_rules([file], exclude_systems=["reference"]).rules[0].fires == 1
    assert evaluate_rules([file], only_systems=["s", "reference"]).rules[0].fires == 2


def test_clean_counts_fires_of_any_column(tmp_path: Path, rules: None) -> None:
    file = write(
        tmp_path / "a.jsonl", {"source": "Cats?", "human": "猫"}, {"source": "x", "human": "y"}
    )
    result = evaluate_rules([file], clean=True, hypothesis_column="human")
    assert [r.per_thousand for r in result.rules[:2]] == [500, 500]
    assert result.groups[1].per_thousand == 500
    assert "precision" not in result.markdown()


def test_set_aside_rows_are_not_counted(tmp_path: Path, rules: None) -> None:
    file = write(tmp_path / "a.jsonl", bio("猫", mark("狗", 0)), bio("一猫", mark("猫", 1)))
    result = evaluate_rules([file])
    assert (result.segments, result.set_aside, result.rules[0].fires) == (1, 1, 1)


def test_the_readings_of_one_text_are_joined(tmp_path: Path, rules: None) -> None:
    rows = (
        bio("狗和猫", mark("狗", 0)),
        bio("狗和猫", mark("猫", 2)),
        bio("狗和猫", mark("鸟", 0)),
    )
    file = write(tmp_path / "a.jsonl", *rows)
    joined, apart = evaluate_rules([file]), evaluate_rules([file], as_is=True)
    assert (joined.segments, joined.marks, joined.set_aside) == (1, 2, 0)
    assert (joined.rules[0].fires, joined.rules[0].precision) == (1, 1.0)
    assert (apart.segments, apart.rules[0].fires) == (3, 3)
    assert apart.rules[0].precision == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("{", "a.jsonl:1: broken JSON"),
        ("[1]", "a list where an object is expected"),
        ('{"source": "a"}', "no hypothesis column"),
        ('{"source": "a", "hypothesis": "b"}', "use --clean"),
    ],
)
def test_bad_files(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=said.replace("(", r"\(")):
        evaluate_rules([file])


def test_command(tmp_path: Path, rules: None, capfd: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path / "a.jsonl", bio("一只猫。", mark("猫", 2, "Major")), bio("猫"))
    out = json.loads(run(capfd, "evaluate", "rules", file, "--json").out)
    assert out["rules"][0]["precision"] == 0.5
    assert "adjudicated" not in out["rules"][0]
    assert out["recall"]["Punctuation"] == {"found": 1, "marks": 1}
    shown = run(capfd, "evaluate", "rules", file, "--show-wrong", "LNG001").out
    assert "WRONG s d-1: a cat" in shown
    assert "right" not in shown
    missing = run(capfd, "evaluate", "rules", tmp_path / "none.jsonl")
    assert missing.code == 2
    assert "none.jsonl" in missing.err


def test_verdicts_have_the_last_word(
    tmp_path: Path, rules: None, capfd: pytest.CaptureFixture[str]
) -> None:
    file = write(
        tmp_path / "a.jsonl",
        bio("一只猫。", mark("猫", 2, "Major"), segment_id="marked"),
        bio("猫咪", segment_id="read"),
        bio("小猫", segment_id="unread", system="t"),
    )
    listed = run(capfd, "evaluate", "rules", file, "--unread").out
    rows = [row for row in map(json.loads, listed.splitlines()) if row["code"] == "LNG001"]
    assert [(r["segment"], r["system"], r["marked"]) for r in rows] == [
        ("read", "s", ["hypothesis: 猫"]),
        ("unread", "t", ["hypothesis: 猫"]),
    ]
    assert rows[0]["fingerprint"] != rows[1]["fingerprint"], "systems are told apart"
    kept = {k: rows[0][k] for k in ("segment", "code", "fingerprint")}
    verdicts = write(tmp_path / "v.jsonl", {**kept, "verdict": "right", "reason": "a cat it is"})
    arguments = ("evaluate", "rules", file, "--adjudications", verdicts)
    cats = json.loads(run(capfd, *arguments, "--json").out)["rules"][0]
    assert cats["precision"] == pytest.approx(1 / 3)
    assert cats["adjudicated"] == pytest.approx(2 / 3)
    assert cats["unread"] == 1
    page = run(capfd, *arguments).out
    assert "| fires | marked | 95% | adjudicated | 95% | unread |" in page
    assert "1 findings have the verdict" in page
    left = run(capfd, *arguments, "--unread").out.splitlines()
    assert len(left) == len(listed.splitlines()) - 1
    doubted = write(tmp_path / "w.jsonl", {**kept, "segment": "marked", "verdict": "wrong"})
    cats = evaluate_rules([file], verdicts=read_adjudications(doubted)).rules[0]
    assert cats.precision == pytest.approx(1 / 3)
    assert cats.adjudicated == 0, "a verdict also overrules a mark"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"code": "A", "fingerprint": "f", "verdict": "right"}], "names no finding"),
        ([{"segment": "s", "code": "A", "fingerprint": "f", "verdict": "maybe"}], "'maybe'"),
        (
            [
                {"segment": "s", "code": "A", "fingerprint": "f", "verdict": verdict}
                for verdict in ("right", "right", "wrong")
            ],
            "v.jsonl:3: a second, other verdict",
        ),
    ],
)
def test_bad_verdicts(tmp_path: Path, rows: list[dict[str, object]], said: str) -> None:
    with pytest.raises(DataError, match=said):
        read_adjudications(write(tmp_path / "v.jsonl", *rows))
