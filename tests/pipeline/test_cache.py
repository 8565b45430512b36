"""Documents kept between runs: taken only where nothing has changed, safe whatever happens."""

from __future__ import annotations

import os
import pickle
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import mtcheck
from mtcheck import Config
from mtcheck.inspected import Inspected, ranked
from mtcheck.pipeline import cache as module
from mtcheck.pipeline.cache import FOLDER, Cache, default_folder
from mtcheck.rules import Rule
from mtcheck.types import Segment
from tests.command_line import run
from tests.conftest import ROOT

SAMPLE = ROOT / "data" / "abstracts.csv"
FRAME = pd.read_csv(SAMPLE, dtype=str).head(3)
PLAIN = Config(risk=False)


def audited(
    folder: Path, frame: pd.DataFrame = FRAME, config: Config = PLAIN
) -> tuple[int, list[object], object]:
    """How many documents came from the cache, the records and the scores."""
    audit = mtcheck.audit(frame, config=config, cache_dir=folder)
    records: list[object] = [r for _, r in ranked(Inspected.of(audit.segments))]
    return audit.summary["timings"]["from_cache"], records, audit.summary["scores"]


def test_a_second_run_takes_every_document_and_finds_the_same(tmp_path: Path) -> None:
    first, second = audited(tmp_path), audited(tmp_path)
    assert (first[0], second[0]) == (0, len(FRAME))
    assert second[1:] == first[1:]


def test_the_risk_comes_from_the_cache_too(tmp_path: Path) -> None:
    frame = FRAME.head(1)
    first, second = (audited(tmp_path, frame, Config()) for _ in range(2))
    assert second[0] == 1
    assert second[1:] == first[1:]


def test_only_what_has_changed_is_done_anew(tmp_path: Path) -> None:
    audited(tmp_path)
    changed = FRAME.copy()
    changed["hypothesis"] = [t + "完。" * (n == 1) for n, t in enumerate(FRAME["hypothesis"])]
    taken, records, scores = audited(tmp_path, changed)
    assert taken == len(FRAME) - 1
    assert (records, scores) == audited(tmp_path / "other", changed)[1:]


def test_rows_that_moved_are_known_and_stand_where_they_stand_now(tmp_path: Path) -> None:
    audited(tmp_path)
    moved = FRAME.iloc[::-1]
    taken, records, _ = audited(tmp_path, moved)
    assert taken == len(FRAME)
    assert records == audited(tmp_path / "other", moved)[1]


@pytest.mark.parametrize(
    "config",
    [
        Config(risk=False, ignore=("LNG",)),
        Config(risk=False, metrics=("chrf",)),
        Config(risk=False, severity={"LNG001": "major"}),
        Config(risk=False, preview=True),
    ],
)
def test_other_settings_know_nothing(tmp_path: Path, config: Config) -> None:
    audited(tmp_path)
    assert audited(tmp_path, config=config)[0] == 0


def test_what_is_only_judged_otherwise_is_known(tmp_path: Path) -> None:
    audited(tmp_path)
    assert audited(tmp_path, config=Config(risk=False, fail_on="none", min_bleu=3.0))[0] == 3


def test_a_glossary_counts_by_what_is_in_it(tmp_path: Path) -> None:
    glossary = tmp_path / "terms.csv"
    glossary.write_text("source,target\nyield,产量\n", encoding="utf-8")
    config = Config(risk=False, glossary=str(glossary))
    assert [audited(tmp_path, config=config)[0] for _ in range(2)] == [0, 3]
    glossary.write_text("source,target\nyield,收成\n", encoding="utf-8")
    assert audited(tmp_path, config=config)[0] == 0


def test_other_code_knows_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    audited(tmp_path)
    monkeypatch.setattr(module, "_code", lambda: [("changed.py", 1, 1)])
    assert audited(tmp_path)[0] == 0


def test_what_a_rule_crashed_on_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Rule, document: list[Segment], *rest: object) -> object:
        return [(0, self._crash(document[0], ValueError("no")))]

    with monkeypatch.context() as patch:
        patch.setattr(Rule, "run", broken)
        audited(tmp_path)
    assert audited(tmp_path)[0] == 0


def test_nothing_is_kept_that_no_model_reads(tmp_path: Path) -> None:
    frame = pd.DataFrame({"segment_id": ["1"], "source": ["Rain."], "mt": ["雨。"]})
    config = Config(risk=False, select=("LNG",), metrics=("none",))
    audited(tmp_path, frame, config)
    assert not Cache(tmp_path).path.exists()


# --- the file -------------------------------------------------------------------------------


def test_values_come_back_and_the_oldest_go_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = Cache(tmp_path / "c", limit=400_000)
    now = 1_000_000.0
    monkeypatch.setattr("mtcheck.pipeline.cache.time.time", lambda: now)
    keys = [bytes([n]) * 32 for n in range(60)]
    for key in keys:
        cache.put({key: os.urandom(10_000)})
        now += 10_000
    assert cache.count() == len(keys)
    assert cache.get([b"?"]) == {}
    now += 10_000
    cache.get(keys[:3])  # used again, so the youngest
    cache.trim()
    left = set(cache.get(keys))
    assert cache.size() <= cache.limit
    assert left > set(keys[:3]) | set(keys[-10:])
    assert keys[5] not in left


@pytest.mark.parametrize("content", [b"no database at all" * 100, None])
def test_a_broken_file_is_set_aside_and_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes | None
) -> None:
    first = audited(tmp_path)
    path = Cache(tmp_path).path
    if content is None:
        whole = path.read_bytes()
        content = whole[:100] + bytes(len(whole) - 100)
    path.write_bytes(content)
    again = audited(tmp_path)
    assert again[1:] == first[1:]
    assert "set aside as documents.sqlite3.broken" in caplog.text
    assert path.with_name("documents.sqlite3.broken").exists()
    assert [audited(tmp_path)[0] for _ in range(2)][-1] == len(FRAME)


@pytest.mark.parametrize("value", [b"", b"no value", pickle.dumps(os.getcwd)])
def test_an_entry_that_is_no_document_is_done_anew(
    tmp_path: Path, value: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    import zlib

    first = audited(tmp_path)
    with sqlite3.connect(Cache(tmp_path).path) as file:
        file.execute("UPDATE kept SET value = ?", (zlib.compress(value),))
    file.close()
    again = audited(tmp_path)
    assert again[0] == 0
    assert again[1:] == first[1:]
    assert "can't be read" in caplog.text


def test_a_folder_that_cant_be_made_stops_no_run(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    assert audited(tmp_path / "file")[1] == audited(tmp_path / "folder")[1]
    assert "can't be used" in caplog.text


def test_the_folder_is_the_users_or_the_one_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER, "")
    assert default_folder() is None
    monkeypatch.setenv(FOLDER, "/somewhere")
    assert default_folder() == Path("/somewhere")
    monkeypatch.delenv(FOLDER)
    assert "mtcheck" in str(default_folder())


# --- on the command line --------------------------------------------------------------------


def test_info_and_clear(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    audited(tmp_path)
    assert "3 documents" in run(capfd, "cache", "info", "--cache-dir", tmp_path).out
    assert run(capfd, "cache", "clear", "--cache-dir", tmp_path).code == 0
    assert "0 documents" in run(capfd, "cache", "info", "--cache-dir", tmp_path).out
    assert not list(tmp_path.iterdir())


def test_no_folder_is_told(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    done = run(capfd, "cache", "info")
    assert (done.code, FOLDER in done.err) == (2, True)
    done = run(capfd, "audit", SAMPLE, "--out", tmp_path / "r", "--resume", "--no-cache")
    assert (done.code, "--resume needs the cache" in done.err) == (2, True)


def _reports(folder: Path) -> dict[str, bytes]:
    """Every file of a report; of the summary all but what was measured of the time."""
    found = {p.name: p.read_bytes() for p in folder.iterdir()}
    summary = found.pop("summary.json").decode()
    found["summary.json"] = summary.partition('"timings"')[0].encode()
    return found


def _command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "mtcheck", "audit", *map(str, arguments)]


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Documents that differ, in many batches."""
    frame = pd.read_csv(SAMPLE, dtype=str).head(2)
    parts = [
        frame.assign(
            doc_id=frame["doc_id"] + f"-{n}",
            source=frame["source"] + f" This is copy {n}.",
            hypothesis=frame["hypothesis"] + f"这是第{n}份。",
        )
        for n in range(12)
    ]
    pd.concat(parts).to_csv(tmp_path / "many.csv", index=False)
    (tmp_path / "mtcheck.toml").write_text("batch-size = 2\nrisk = false\n")
    return tmp_path / "many.csv"


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_killed_run_goes_on_to_the_same_reports(many: Path, jobs: int) -> None:
    """SIGKILL at some moments, in a run that is begun again each time."""
    folder = many.parent
    start: Callable[..., subprocess.Popen[str]] = lambda *more: subprocess.Popen(  # noqa: E731
        _command("many.csv", "--jobs", jobs, *more), cwd=folder, text=True,
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    child = start("--out", "whole", "--no-cache")
    assert child.communicate()[1] == ""
    moments = random.Random(jobs)
    for _ in range(6):
        child = start("--out", "resumed", "--cache-dir", "kept", "--resume")
        time.sleep(moments.uniform(0.5, 4))
        child.send_signal(signal.SIGKILL)
        child.communicate()
    child = start("--out", "resumed", "--cache-dir", "kept", "--resume")
    _, err = child.communicate()
    assert child.returncode == 0
    assert "documents finished before" in err
    assert _reports(folder / "resumed") == _reports(folder / "whole")


@pytest.mark.slow
def test_two_runs_at_once_do_not_hurt_each_other(many: Path) -> None:
    folder = many.parent
    children = [
        subprocess.Popen(
            _command("many.csv", "--jobs", 1, "--out", f"r{n}", "--cache-dir", "kept"),
            cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
        )
        for n in range(2)
    ]  # fmt: skip
    said = [child.communicate()[1] for child in children]
    assert [c.returncode for c in children] == [0, 0], said
    assert said == ["", ""]
    assert _reports(folder / "r0") == _reports(folder / "r1")
    assert Cache(folder / "kept").count() == 24
