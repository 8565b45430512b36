"""Files fixed: nothing fixable is left, and nothing else is another."""

from __future__ import annotations

import difflib
import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mtcheck.api.fixing import fix, mended
from mtcheck.config import Config
from mtcheck.errors import UsageError
from mtcheck.pipeline import inspect
from mtcheck.readers import Parallel, batches
from mtcheck.rules import selected
from mtcheck.schema import DOCUMENT, frame
from tests.command_line import run

CONFIG = Config(risk=False, similarity=False, metrics=("none",))
SAFE = {r.key: r for r in selected(CONFIG) if r.mend and not r.risky}
WRONG = 'The "SXXBC" arm, with 32 cases, did well.', "结果显示,“Sxxbc”组（３２例）差異显着."
RIGHT = "结果显示，“SXXBC”组（32例）差异显著。"
PIECES = [
    *(
        "结果",
        "显示",
        "患者",
        ",",
        ".",
        ";",
        "(",
        ")",
        "３２",
        "ＡＢ",
        "差異",
        "显着",
        "，",
        "。",
        " ",
    ),
    *("CT", "12", "1.5", "“", "”", '"', "\n", "<b>", "&", "\\", "該", "。.", "：", ":", "?", "😀"),
]
TEXT = st.lists(st.sampled_from(PIECES), min_size=1, max_size=14).map("".join)


def rows(given_: Path | Parallel) -> pd.DataFrame:
    return pd.concat([b.frame for b in batches([given_], CONFIG)], ignore_index=True)


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(TEXT.filter(lambda t: bool(t.strip())), min_size=1, max_size=6))
def test_nothing_fixable_is_left_and_only_marked_places_change(texts: list[str]) -> None:
    only = CONFIG.replace(select=tuple(SAFE))
    new = mended(["A source."] * len(texts), texts, only, SAFE)
    table = [
        {"doc_id": str(i), "segment_id": str(i), "source": "A source.", "hypothesis": text}
        for i, (text, _) in enumerate(new)
    ]
    left = inspect(frame(table, DOCUMENT), only).segments
    for text, findings in zip(left["hypothesis"], left["findings"], strict=True):
        for found in findings:
            for span in found["spans"]:
                mend = SAFE[found["code"]].mend
                assert mend is not None
                assert span["side"] == "source" or text[span["start"] : span["end"]] == mend(
                    text, span["start"], span["end"], found["suggestion"]
                )
    # A pass changes what its findings mark and no character else.
    marked = inspect(
        frame([{**row, "hypothesis": t} for row, t in zip(table, texts, strict=True)], DOCUMENT),
        only,
    ).segments["findings"]
    for old, (text, count), findings in zip(texts, new, marked, strict=True):
        if not findings:
            assert (text, count) == (old, 0)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".json", ".xlf"])
@given(texts=st.lists(TEXT.filter(lambda t: bool(t.strip())), min_size=1, max_size=4))
def test_every_other_cell_stays(tmp_path: Path, suffix: str, texts: list[str]) -> None:
    path = write(tmp_path / f"a{suffix}", [("The source.", t) for t in texts])
    before = rows(path)
    (fixed,) = fix([path], CONFIG)
    path.write_bytes(fixed.data)
    after = rows(path)
    pd.testing.assert_frame_equal(
        before.drop(columns="hypothesis"), after.drop(columns="hypothesis")
    )
    (again,) = fix([path], CONFIG)
    assert again.before == again.after
    assert again.left == fixed.left


def write(path: Path, pairs: list[tuple[str, str]]) -> Path:
    from xml.sax.saxutils import escape

    objects = [
        {"segment_id": str(i), "source": s, "hypothesis": h, "note": f"n{i}"}
        for i, (s, h) in enumerate(pairs)
    ]
    if path.suffix == ".csv":
        pd.DataFrame(objects).to_csv(path, index=False)
    elif path.suffix == ".xlf":
        units = "".join(
            f'<trans-unit id="{i}"><source>{escape(s)}</source><target>{escape(h)}</target>'
            "</trans-unit>\n"
            for i, (s, h) in enumerate(pairs)
        )
        path.write_text(f'<xliff version="1.2"><file><body>{units}</body></file></xliff>', "utf-8")
    elif path.suffix == ".json":
        path.write_text(json.dumps(objects), encoding="utf-8")
    else:
        path.write_text("".join(json.dumps(o, ensure_ascii=False) + "\n" for o in objects), "utf-8")
    return path


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".json", ".xlf"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_bytes_beside_stay(tmp_path: Path, suffix: str, encoding: str) -> None:
    path = write(tmp_path / f"a{suffix}", [("It is well.", "这很好。"), WRONG])
    path.write_bytes(path.read_text("utf-8").replace("\n", "\r\n").encode(encoding))
    (fixed,) = fix([path], CONFIG)
    assert fixed.left == ()
    before, after = path.read_bytes().decode(encoding), fixed.data.decode(encoding)
    assert len(fixed.data) - len(after.encode(encoding)) == 0
    changed = [
        (before[a:b], after[c:d])
        for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, False).get_opcodes()
        if tag != "equal"
    ]
    assert changed
    path.write_bytes(fixed.data)
    assert rows(path)["hypothesis"].tolist() == ["这很好。", RIGHT]


def test_documents_po_and_parallel_text(tmp_path: Path) -> None:
    text = f"这很好。{WRONG[1]}我们做了三次实验."
    path = tmp_path / "a.jsonl"
    row = {"id": "x", "source": f"It is well. {WRONG[0]} We did three experiments.", "zh": text}
    path.write_text(json.dumps(row), encoding="utf-8")
    (fixed,) = fix([path], CONFIG)
    path.write_bytes(fixed.data)
    assert rows(path)["hypothesis"][0] == f"这很好。{RIGHT}我们做了三次实验。"
    (tmp_path / "a.en").write_text("Well.\n" + WRONG[0], encoding="utf-8")
    (tmp_path / "a.zh").write_text("这很好。\n" + WRONG[1], encoding="gb18030")
    (fixed,) = fix(
        [Parallel(tmp_path / "a.en", tmp_path / "a.zh")], CONFIG.replace(encoding="gb18030")
    )
    assert fixed.data.decode("gb18030") == "这很好。\n" + RIGHT
    po = tmp_path / "a.po"
    po.write_text('msgid "A \\"b\\" c."\nmsgstr "结果,“乙”有差異."\n', encoding="utf-8")
    (fixed,) = fix([po], CONFIG)
    assert fixed.after == 'msgid "A \\"b\\" c."\nmsgstr "结果，“乙”有差异。"\n'


def test_what_can_t_be_changed_in_place_is_left_and_said(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(("segment_id", "source", "hypothesis"))
    book.active.append(("1", *WRONG))
    book.save(tmp_path / "a.xlsx")
    (fixed,) = fix([tmp_path / "a.xlsx"], CONFIG)
    assert fixed.data == (tmp_path / "a.xlsx").read_bytes()
    (left,) = fixed.left
    assert left.startswith(f"{(tmp_path / 'a.xlsx').as_posix()}:2: ")
    with pytest.raises(UsageError, match="no selected rule says what to write"):
        list(fix([tmp_path], CONFIG.replace(select=("ACC005",))))


def test_the_command(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "a.csv", [WRONG, ("It is well here today.", "今天这里很好")])
    before = path.read_bytes()
    done = run(capfd, "fix", path, "--diff")
    assert done.code == 1
    assert RIGHT in done.out
    assert path.read_bytes() == before
    assert run(capfd, "fix", path).code == 0
    assert rows(path)["hypothesis"].tolist() == [RIGHT, "今天这里很好"]
    done = run(capfd, "fix", path, "--unsafe", "--preview")
    assert done.code == 0, done.err
    assert rows(path)["hypothesis"].tolist() == [RIGHT, "今天这里很好。"]
    assert "0 places" in run(capfd, "fix", path, "--diff").err
