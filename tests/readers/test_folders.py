"""Folders: nothing gets lost or in on the way; encodings are recognised where that is certain."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest

import mtcheck
from mtcheck.config import Config
from mtcheck.errors import DataError
from mtcheck.readers import batches
from tests.command_line import run
from tests.conftest import ROOT

HEAD = "source,hypothesis\n"
GOOD = HEAD + "Sleep improved by 10%.,睡眠改善了10%。\n"
with (ROOT / "data" / "abstracts.csv").open(encoding="utf-8", newline="") as _file:
    CHINESE = [row["hypothesis"] for row in csv.DictReader(_file)]


def folder(at: Path, **files: str | bytes) -> Path:
    for name, content in files.items():
        path = at / name.replace("_", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return at


def test_what_is_not_read_is_counted_and_named(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    folder(inside, a_csv=GOOD, b_png=b"x", c_json="{}", glossary_csv="source,target\nsleep,睡眠\n")
    folder(inside, d_csv="source,target,forbidden\nsleep,睡眠,睡觉\n")
    out = tmp_path / "out"
    audit = mtcheck.audit(inside, risk=False, metrics=("none",), out=out)
    assert audit.summary["counts"]["documents"] == 1
    assert audit.summary["counts"]["unread"] == 4
    (note,) = [n for n in audit.summary["notes"] if "not read" in n]
    assert note.startswith("4 files were not read: ")
    lines = [json.loads(n) for n in (out / "rejected.jsonl").read_text("utf-8").splitlines()]
    assert {Path(r["path"]).name: r["problem"] for r in lines} == {
        "b.png": "not read: no reader for '.png' files",
        "c.json": "not read: no reader recognises it, and no translation lies beside it",
        "glossary.csv": "not read: a glossary; use it with --glossary",
        "d.csv": "not read: a glossary; use it with --glossary",
    }
    assert len(audit.rejected) == 4
    done = run(capfd, "check", inside)
    assert f"{(inside / 'b.png').as_posix()}: not read: no reader" in done.err
    # Named by itself, a file is what the user says it is.
    assert len(mtcheck.audit(inside / "glossary.csv", risk=False, metrics=("none",)).segments) == 1


def test_all_bad_files_are_told_together_before_any_batch(tmp_path: Path) -> None:
    folder(tmp_path, a_csv=GOOD, b_csv=GOOD + "x\n", c_json="[{]", d_jsonl="", e_csv="x,y\n1,2\n")
    with pytest.raises(DataError) as caught:
        next(batches([tmp_path], Config()))
    text = str(caught.value)
    assert text.startswith("4 files can't be read: ")
    assert text.endswith("mend them, or set bad rows and files aside with --bad-rows skip")
    for name in ("b.csv:3: ", "c.json:1: ", "d.jsonl: the file is empty", "e.csv: no column"):
        assert f"{tmp_path.as_posix()}/{name}" in text
    found = list(batches([tmp_path], Config(bad_rows="skip")))
    assert sum(len(b.frame) for b in found) == 2
    aside = {Path(r.path).name: r.problem for b in found for r in b.rejected}
    assert sorted(aside) == ["b.csv", "c.json", "d.jsonl", "e.csv"]


def test_a_file_that_breaks_later_keeps_what_was_read(tmp_path: Path) -> None:
    rows = json.dumps([{"en": "a", "zh": "b"}] * 3)[:-1] + ", {"
    folder(tmp_path, a_json=rows, b_csv=GOOD)
    found = list(batches([tmp_path], Config(bad_rows="skip")))
    assert sum(len(b.frame) for b in found) == 4
    (bad,) = [r for b in found for r in b.rejected]
    assert "broken JSON" in bad.problem
    (tmp_path / "b.csv").unlink()
    with pytest.raises(DataError, match="broken JSON"):  # nothing else is there to go on with
        list(batches([tmp_path], Config(bad_rows="skip")))


def test_of_many_pages_every_one_is_read_set_aside_or_named(tmp_path: Path) -> None:
    page = (ROOT / "tests" / "fixtures" / "pages" / "marsh.txt").read_text(encoding="utf-8")
    broken: list[bytes] = [
        *(t.encode() for t in (page.replace("摘要\n", "x\n"), "x", page.replace("公", "\0"))),
        *(t.encode() for t in (page[:200], "\n" * 5, page.replace('"abstract"', '"abstrac"'), "")),
        page.encode("gb18030")[:-1] + b"\xff",
    ]
    for number in range(400):
        bad = broken[number // 50] if number % 50 == 7 else None
        (tmp_path / f"p{number:03}.txt").write_bytes(page.encode() if bad is None else bad)
    found = list(batches([tmp_path], Config(bad_rows="skip")))
    read = sum(len(b.frame) for b in found)
    aside = [r for b in found for r in b.rejected]
    unread = [u for b in found for u in b.unread]
    assert read == 392
    assert read + len(aside) + len(unread) == 400
    assert len({r.path for r in aside} | {u.path for u in unread}) == 8


# --- encodings -----------------------------------------------------------------------------


def table(texts: list[str]) -> str:
    return HEAD + "".join(f'Text.,"{t}"\n' for t in texts)


@pytest.mark.parametrize("encoding", ["gb18030", "big5"])
def test_chinese_encodings_are_recognised_and_said(tmp_path: Path, encoding: str) -> None:
    opencc = pytest.importorskip("opencc")
    texts = CHINESE
    if encoding == "big5":
        texts = [opencc.OpenCC("s2t").convert(t) for t in CHINESE]
        texts = [t.encode("big5", "ignore").decode("big5") for t in texts]
    path = tmp_path / "a.csv"
    path.write_bytes(table(texts).encode(encoding))
    found = list(batches([path], Config()))
    assert [t for b in found for t in b.frame["hypothesis"]] == texts
    assert [n for b in found for n in b.notes] == [
        f"{path.as_posix()} was read as {encoding}, by what it holds; --encoding says otherwise."
    ]


@pytest.mark.parametrize(
    "data",
    [
        (HEAD + "One.,一句话。\n").encode("gb18030"),  # too little to tell
        table(["Où être né à l'été, déjà vu à côté, naïveté, œuvre"] * 5).encode("cp1252"),
        table(CHINESE).encode() + b"\xff\n",
        table([t.encode("gb18030").decode("latin-1") for t in CHINESE]).encode("latin-1")[:-1]
        + b"\x80\xff",
        table(["Привет, как дела сегодня"] * 9).encode("cp1251"),
        table(["これは日本語の文章です。"] * 9).encode("shift-jis"),
    ],
)
def test_doubtful_bytes_are_refused_with_the_flag(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with pytest.raises(DataError, match=r"the bytes are not utf-8; .*--encoding gb18030"):
        list(batches([path], Config()))


@pytest.mark.parametrize("wrong", ["latin-1", "cp1252", "gb18030"])
def test_a_garbled_file_is_said_to_be_one(tmp_path: Path, wrong: str) -> None:
    garbled = [t.encode().decode(wrong, "replace") for t in CHINESE]
    path = tmp_path / "a.csv"
    path.write_text(table(garbled), encoding="utf-8")
    with pytest.raises(DataError, match="the translations are garbled: UTF-8 was read as"):
        list(batches([path], Config()))


def test_texts_with_some_odd_characters_are_not_garbled(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(table([*CHINESE, "Ã©tude 研究", "naïve"]), encoding="utf-8")
    assert len(pd.concat([b.frame for b in batches([path], Config())])) == len(CHINESE) + 2


# --- the command line ----------------------------------------------------------------------


def test_stdin_and_pairs_of_files(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys
    import types

    row = json.dumps({"id": "x", "source": "It rose by 12%.", "mt": "上升了21%。"})
    stdin = types.SimpleNamespace(buffer=io.BytesIO(row.encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    done = run(capfd, "check", "-", "--input-format", "jsonl", "--select", "ACC005")
    assert done.code == 1
    assert done.out.startswith("stdin:1: ACC005 ")
    assert "--input-format" in run(capfd, "check", "-").err
    folder(tmp_path, a_en="It rose by 12%.\n", a_zh="上升了21%。\n")
    pair = ("--source", tmp_path / "a.en", "--hypothesis", tmp_path / "a.zh")
    done = run(capfd, "check", *pair, "--select", "ACC005")
    assert done.out.startswith(f"{(tmp_path / 'a.zh').as_posix()}:1: ACC005 ")
    assert "needs two files" in run(capfd, "check", *pair[:2]).err
    assert "Missing argument" in run(capfd, "check").err
    assert "is an input" in run(capfd, "check", *pair, "--output", tmp_path / "a.zh").err
