"""Whatever is wrong with a file is one line that names the file, never an internal error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import mtcheck
from mtcheck.errors import MtcheckError
from tests.command_line import Done, run

Capture = pytest.CaptureFixture[str]
Command = Callable[..., Done]

ROWS = '{"source": "The rate was 12%.", "mt": "该率为12%。"}\n'
LONG = "n" * 300
DEEP = "[" * 100_000


@pytest.fixture
def command(capfd: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """``mtcheck`` in a folder with ``rows.jsonl``; it ends with a line or none, and no fault."""
    monkeypatch.chdir(tmp_path)
    Path("rows.jsonl").write_text(ROWS, encoding="utf-8")

    def call(*arguments: object) -> Done:
        done = run(capfd, *arguments)
        assert "internal error" not in done.err
        assert "Traceback" not in done.err
        return done

    return call


def refused(done: Done, *said: str) -> None:
    """One line, exit 2."""
    assert (done.code, done.err.count("\n")) == (2, 1), done
    for part in said:
        assert part in done.err


# --- names of files ------------------------------------------------------------------------


def test_a_name_that_is_not_utf_8(command: Command) -> None:
    name = os.fsdecode(b"caf\xe9.jsonl")
    Path(name).write_text(ROWS, encoding="utf-8")
    for form in ("text", "json", "github", "gitlab", "junit", "sarif"):
        assert command("check", name, "--format", form, "--output", "out").code == 0
    assert command("audit", name, "--out", "report", "--no-risk").code == 0
    assert command("baseline", "write", name).code == 0
    folder = Path(os.fsdecode(b"d\xe9"))
    folder.mkdir()
    Path(name).rename(folder / "rows.jsonl")
    assert command("audit", folder, "--out", "report", "--no-risk").code == 0
    refused(command("check", os.fsdecode(b"gone\xe9.jsonl")), "gone")
    Path(os.fsdecode(b"bad\xe9.jsonl")).write_text("{", encoding="utf-8")
    refused(command("check", os.fsdecode(b"bad\xe9.jsonl")), "broken JSON")


def test_links_that_lead_nowhere(command: Command) -> None:
    Path("dangling.jsonl").symlink_to("gone")
    Path("loop.jsonl").symlink_to("loop.jsonl")
    Path("folder").mkdir()
    Path("folder/loop.jsonl").symlink_to("loop.jsonl")
    for name in ("dangling.jsonl", "loop.jsonl", "folder", "folder/*.jsonl"):
        refused(command("check", name), name)
    Path("folder/rows.jsonl").write_text(ROWS, encoding="utf-8")
    assert command("check", "folder").code == 0
    for flag in ("--config", "--baseline", "--suppressions", "--decisions", "--glossary"):
        for name in ("dangling.jsonl", "loop.jsonl"):
            refused(command("check", "rows.jsonl", flag, name), name)
    refused(command("check", "rows.jsonl", "--output", "loop.jsonl/x"), "loop")
    refused(command("audit", "rows.jsonl", "--out", "loop.jsonl"), "loop")


PATHS = ("--config", "--baseline", "--suppressions", "--decisions", "--glossary")
MORE_PATHS = ("--calibration", "--risk-model", "--out")


@pytest.mark.parametrize("name", [f"{LONG}.jsonl", f"*{LONG}"])
def test_names_that_no_file_can_have(name: str, command: Command) -> None:
    for arguments in (
        ("check", name),
        ("audit", name),
        ("compare", "rows.jsonl", name),
        ("compare", "rows.jsonl", "rows.jsonl", "--reference", name),
        ("baseline", "show", name),
        ("baseline", "update", "rows.jsonl", "--baseline", name),
        ("baseline", "write", "rows.jsonl", "--baseline", name),
        ("evaluate", "scores", name),
        ("evaluate", "rules", "--labels", name),
        ("calibrate", name),
        ("check", "rows.jsonl", "--output", name),
        *(("check", "rows.jsonl", flag, name) for flag in PATHS),
        *(("audit", "rows.jsonl", flag, name) for flag in MORE_PATHS),
    ):
        refused(command(*arguments))


# --- settings ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "ignore = " + "[" * 400,
        f"ignore = {DEEP}",
        f"batch-size = {'9' * 5000}",
        f"batch-size = {'9' * 400}",
        f"review-penalty = 1{'0' * 400}",
        "review-penalty = nan",
        "review-penalty = inf",
        "min-similarity = nan",
        "score-limits = {ter = nan}",
        f"score-limits = {{ter = 1{'0' * 400}}}",
        'encoding = "undefined"',
        'encoding = "rot13"',
        'encoding = "idna"',
        'encoding = "utf-8\\u0000"',
        'glossary = "a\\u0000b"',
        'baseline = "a\\u0000b"',
        'suppressions = "a\\u0000b"',
        'decisions = ["a\\u0000b"]',
        'calibration = "a\\u0000b"',
        'alignment-file = "a\\u0000b"',
        f'glossary = "{LONG}"',
        "severity = {ACC005 = 3}",
        "a" * 100_000,
        "\x00",
        "formats = ['csv\\u0000']",
    ],
)
def test_hostile_settings(text: str, command: Command) -> None:
    Path("mtcheck.toml").write_text(text + "\n", encoding="utf-8")
    refused(command("audit", "rows.jsonl", "--no-risk"))


@pytest.mark.parametrize("text", ["tool = 5", "[tool]\nmtcheck = 5", "tool.mtcheck = [1]"])
def test_hostile_projects(text: str, command: Command) -> None:
    Path("pyproject.toml").write_text(text + "\n", encoding="utf-8")
    done = command("check", "rows.jsonl")
    assert done.code == (0 if text == "tool = 5" else 2)
    if text == "tool = 5":  # somebody else's business, unless it is given
        refused(command("check", "rows.jsonl", "--config", "pyproject.toml"), "pyproject.toml")


# --- baselines, decisions, calibrations, models --------------------------------------------

JSON = [
    "",
    "null",
    "[]",
    "{}",
    "1e999",
    "NaN",
    DEEP,
    '{"a": ' * 100_000,
    "9" * 5000,
    '{"a": ' + "9" * 5000 + "}",
    "\udce9",
    '"\\ud800"',
]


@pytest.mark.parametrize("content", JSON)
def test_hostile_files_beside_the_input(content: str, command: Command) -> None:
    path = Path("file.json")
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    refused(command("check", "rows.jsonl", "--baseline", path), "file.json")
    refused(command("baseline", "show", path), "file.json")
    if content:
        refused(command("check", "rows.jsonl", "--decisions", path), "file.json")
        refused(command("check", "rows.jsonl", "--suppressions", path), "file.json")
    refused(command("check", "rows.jsonl", "--calibration", path), "file.json")
    Path("mtcheck.toml").write_text('alignment-file = "file.json"\n', encoding="utf-8")
    refused(command("check", "rows.jsonl"), "file.json")


@pytest.mark.parametrize("value", ["1e999", "NaN", "null", '"x"', "[]", "9" * 400, "-1", "true"])
def test_numbers_that_are_none(value: str, command: Command, tmp_path: Path) -> None:
    known = '{"doc_id": "d", "code": "ACC005", "severity": "major", "text": "x", '
    base = f'{{"mtcheck_baseline": 1, "findings": [{known}"fingerprint": "f", "count": {value}}}]}}'
    Path("base.json").write_text(base, encoding="utf-8")
    done = command("check", "rows.jsonl", "--baseline", "base.json")
    assert done.code in {0, 2}
    Path("base.json").write_text(base.replace(": 1,", f": {value},"), encoding="utf-8")
    assert command("check", "rows.jsonl", "--baseline", "base.json").code in {0, 2}


# --- input ---------------------------------------------------------------------------------


@pytest.mark.parametrize("depth", [20, 400, 975, 990, 2_000, 100_000])
def test_a_cell_however_deep(depth: int, command: Command) -> None:
    deep = "[" * depth + "]" * depth
    Path("deep.jsonl").write_text(ROWS.replace("}", f', "x": {deep}}}'), encoding="utf-8")
    done = command("audit", "deep.jsonl", "--out", "report", "--no-risk")
    assert done.code in {0, 2}
    done = command("audit", "deep.jsonl", "rows.jsonl", "--out", "report", "--bad-rows", "skip")
    assert done.code == 0


def test_half_a_surrogate_in_a_frame() -> None:
    for cell in ("雨\ud800。", "\udfff", "雨。\ud83d"):
        for column in ("source", "mt", "doc_id", "note"):
            row = {"source": "Rain.", "mt": "雨。", "doc_id": "d", "note": "n", column: cell}
            with pytest.raises(MtcheckError, match="half of a surrogate pair"):
                mtcheck.audit(pd.DataFrame([row], dtype=object), risk=False)


LABELS = [
    "",
    "source,mt,label\nRain.,雨。\n",
    "source,mt,label\nRain.,雨。,1,2,3\n",
    f"source,mt,label\nRain.,{'雨' * 140_000},1\n",
    "source,mt,label\n\udce9,雨。,1\n",
    'source,mt,label\n"Rain.,雨。,1\n',
    "source,mt,label\nRain.,雨。,nan\n",
    "source,mt,label\nRain.,雨。,1e999\n",
    "\0",
    "source\n",
    ",,,\n",
]
JSON_LABELS = [
    '{"source": "Rain.", "mt": "\\ud800", "label": 1}',
    '{"source": "Rain.", "mt": "雨。", "label": 1e999}',
    '{"source": "Rain.", "mt": "雨。", "score": []}',
    '{"source": "Rain.", "mt": "雨。", "spans": [{"start": -1, "end": 1e999}]}',
    '{"source": "Rain.", "mt": "雨。", "spans": {"a": null}}',
    "[]",
    DEEP,
]


@pytest.mark.parametrize(
    ("name", "content"),
    [*(("labels.csv", c) for c in LABELS), *(("labels.jsonl", c) for c in JSON_LABELS)],
)
def test_hostile_labels(name: str, content: str, command: Command) -> None:
    Path(name).write_bytes(content.encode("utf-8", "surrogateescape"))
    for arguments in (
        ("calibrate", name),
        ("evaluate", "scores", name),
        ("evaluate", "planted", "rows.jsonl", name),
        ("calibrate-alignment", name),
        ("compare", "rows.jsonl", "rows.jsonl", "--no-risk", "--reference", name),
    ):
        assert command(*arguments).code in {0, 2}


# --- places to write -----------------------------------------------------------------------


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("form", ["text", "json", "github", "gitlab", "junit", "sarif"])
def test_a_full_disk_under_a_stream(form: str, command: Command) -> None:
    Path("rows.jsonl").write_text(ROWS.replace("12%。", "21%。"), encoding="utf-8")
    refused(command("check", "rows.jsonl", "--format", form, "--output", "/dev/full"), "/dev/full")


def _outside(tmp_path: Path, shell: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", shell.replace("mtcheck", f"{sys.executable} -m mtcheck")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ | environment,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        "check rows.jsonl",
        "check rows.jsonl --format json",
        "audit rows.jsonl --no-risk --out report",
        "rules",
        "rules --json",
        "config",
        "--version",
        "--help",
        "schema",
        "baseline write rows.jsonl",
    ],
)
def test_streams_that_take_nothing_or_little(arguments: str, tmp_path: Path) -> None:
    rows = ROWS.replace("12%。", "21%。")
    (tmp_path / "rows.jsonl").write_text(rows, encoding="utf-8")
    commands = {
        f"mtcheck {arguments} >/dev/full": {0, 2},
        f"mtcheck {arguments} >&-": {0, 1, 2},
        f"mtcheck {arguments} 2>&-": {0, 1},
        f"mtcheck {arguments} | true": {0},
    }
    for shell, codes in commands.items():
        (tmp_path / "mtcheck-baseline.json").unlink(missing_ok=True)
        done = _outside(tmp_path, shell)
        assert done.returncode in codes, (shell, done)
        assert "internal error" not in done.stderr
        assert "Traceback" not in done.stderr
        assert done.stderr.count("\n") <= 4
    (tmp_path / "mtcheck-baseline.json").unlink(missing_ok=True)
    done = _outside(tmp_path, f"mtcheck {arguments}", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode in {0, 1}
    assert "internal error" not in done.stderr
    if arguments.endswith("--format json"):
        assert json.loads(done.stdout)
