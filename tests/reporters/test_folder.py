"""The report folder appears whole or not at all, and replaces only what is its own."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from mtcheck import files
from mtcheck.errors import DataError, UsageError
from mtcheck.reporters.folder import Folder, write_summary


def make(out: Path, word: str = "one") -> None:
    with Folder(out) as folder:
        assert folder.parent == out.resolve().parent
        (folder / "report.md").write_text(word)
        write_summary(folder, {"mtcheck_version": "0.1.0"})


def breaks(out: Path, error: BaseException) -> None:
    with Folder(out) as folder:
        (folder / "report.md").write_text("half")
        raise error


def below(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


def test_makes_parents(tmp_path: Path) -> None:
    make(tmp_path / "a" / "b" / "out")
    assert (tmp_path / "a/b/out/report.md").read_text() == "one"


def test_replaces_its_own_wholly(tmp_path: Path) -> None:
    out = tmp_path / "out"
    make(out)
    (out / "flagged.csv").write_text("old")
    (out / ".DS_Store").write_text("")
    make(out, "two")
    assert below(tmp_path) == ["out", "out/report.md", "out/summary.json"]
    assert (out / "report.md").read_text() == "two"


def test_replaces_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    make(tmp_path / "out")
    assert below(tmp_path) == ["out", "out/report.md", "out/summary.json"]


@pytest.fixture
def two_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that can't exchange two names."""
    monkeypatch.setattr(files, "_exchanged", lambda *_: False)


@pytest.mark.parametrize("summary", [None, "{", "[]", "{}", '{"version": 1}', "\x80"])
def test_refuses_a_folder_of_another(tmp_path: Path, summary: str | None) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.docx").write_text("years of work")
    if summary is not None:
        (out / "summary.json").write_bytes(summary.encode("latin-1"))
    before = below(tmp_path)
    with pytest.raises(UsageError, match=r"out: exists and is no mtcheck report; .*--out"):
        make(out)
    assert below(tmp_path) == before


def test_refuses_a_report_with_a_file_of_the_users(tmp_path: Path) -> None:
    out = tmp_path / "out"
    make(out)
    (out / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"not the report's \(notes\.txt\); move them away"):
        make(out, "two")
    assert (out / "report.md").read_text() == "one"


def test_refuses_a_file(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(UsageError, match="out: is a file"):
        make(tmp_path / "out")
    with pytest.raises(UsageError, match="can't write the report"):
        make(tmp_path / "out" / "below")
    assert below(tmp_path) == ["out"]


@pytest.mark.parametrize("error", [DataError("bad row"), KeyboardInterrupt(), OSError("input")])
def test_an_error_leaves_the_old_report_and_nothing_else(
    tmp_path: Path, error: BaseException
) -> None:
    out = tmp_path / "new" / "out"
    with pytest.raises(type(error)) as raised:
        breaks(out, error)
    assert raised.value is error
    assert below(tmp_path) == []
    make(out)
    with pytest.raises(type(error)):
        breaks(out, error)
    assert below(tmp_path / "new") == ["out", "out/report.md", "out/summary.json"]
    assert (out / "report.md").read_text() == "one"


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        sqlite3.OperationalError("database or disk is full"),
    ],
)
def test_a_full_disk_is_a_usage_error(tmp_path: Path, error: Exception) -> None:
    with pytest.raises(UsageError, match=r"out: can't write the report \(.*\); .*--out"):
        breaks(tmp_path / "out", error)
    assert below(tmp_path) == []


def test_an_error_on_a_report_file_is_a_usage_error(tmp_path: Path) -> None:
    def lost() -> None:
        with Folder(tmp_path / "out") as folder:
            (folder / "gone" / "x").write_text("")

    with pytest.raises(UsageError, match=r"can't write the report \(No such file"):
        lost()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems need two steps")
def test_a_report_takes_the_place_of_another_in_one_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    make(out)
    monkeypatch.setattr(Path, "rename", lambda *_: pytest.fail("out was away for a moment"))
    make(out, "two")
    assert (out / "report.md").read_text() == "two"


@pytest.mark.usefixtures("two_steps")
@pytest.mark.parametrize("error", [OSError(errno.EBUSY, "busy"), KeyboardInterrupt(), SystemExit()])
def test_a_failed_swap_puts_the_old_report_back(
    error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    make(out)
    rename = Path.rename

    def fails(self: Path, target: Path) -> Path:
        if target == out.resolve() and (self / "report.md").read_text() == "two":
            raise error
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises((UsageError, KeyboardInterrupt, SystemExit)):
        make(out, "two")
    assert below(tmp_path) == ["out", "out/report.md", "out/summary.json"]
    assert (out / "report.md").read_text() == "one"


# --- what killed processes leave --------------------------------------------------------------


def of_the_dead(path: Path, mark: str = "") -> Path:
    """A hidden name as of a process that is gone."""
    gone = subprocess.Popen(["true"])
    gone.wait()
    return path.with_name(
        files.hidden(path).name.replace(f"-{os.getpid()}-", f"-{gone.pid}-") + mark
    )


def test_what_the_dead_left_is_removed_and_what_the_living_write_is_not(tmp_path: Path) -> None:
    out = tmp_path / "out"
    folder, file = of_the_dead(out), of_the_dead(out)
    folder.mkdir()
    (folder / "half").write_text("x")
    file.write_text("half")
    kept = [
        ".mtcheck-mine",
        files.hidden(out).name,
        of_the_dead(out).name.replace(files._HERE, "0" * 8),
    ]
    for name in kept:
        (tmp_path / name).write_text("x")
    make(out)
    assert below(tmp_path) == sorted([*kept, "out", "out/report.md", "out/summary.json"])
    file.write_text("half")
    files.write_whole(tmp_path / "baseline.json", "{}")
    assert not file.exists()


@pytest.mark.usefixtures("two_steps")
def test_a_report_set_aside_by_a_killed_run_is_put_back(tmp_path: Path) -> None:
    out, other = tmp_path / "out", tmp_path / "other"
    make(out)
    out.rename(of_the_dead(out, f"-{files._mark(out)}"))
    make(other)
    assert not out.exists()
    with pytest.raises(DataError):
        breaks(out, DataError("x"))
    assert (out / "report.md").read_text() == "one"
    make(out, "two")
    assert below(tmp_path) == sorted(
        f"{name}{file}" for name in ("out", "other") for file in ("", "/report.md", "/summary.json")
    )


def test_what_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "out"

    def race() -> None:
        with Folder(out):
            out.mkdir()
            (out / "mine").write_text("x")

    with pytest.raises(UsageError, match="exists and is no mtcheck report"):
        race()
    assert below(tmp_path) == ["out", "out/mine"]


def test_follows_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    make(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "report.md").read_text() == "one"


def test_summary_is_pretty_strict_and_keeps_chinese(tmp_path: Path) -> None:
    write_summary(tmp_path, {"a": "中文", "b": float("nan"), "c": ("x",)})
    text = (tmp_path / "summary.json").read_text(encoding="utf-8")
    assert text == '{\n  "a": "中文",\n  "b": null,\n  "c": [\n    "x"\n  ]\n}\n'
    assert json.loads(text)["b"] is None
