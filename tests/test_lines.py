"""What leaves for a terminal or a build's log: one way out, and no line that is a command."""

from __future__ import annotations

import ast
import io
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mtcheck
from mtcheck.cli._say import Guarded, data
from tests.command_line import run

SOURCE = Path(mtcheck.__file__).parent
# The bar of an audit in Python shows counts of its own and no text of the input.
WAY_OUT = {"cli/_say.py", "api/notebook.py"}
ROW = {"source": "Sleep improved by 10%.", "hypothesis": "睡眠改善了12%。"}


def _prints(tree: ast.AST) -> list[int]:
    """Lines that print by themselves."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called in {"print", "typer.echo", "typer.secho", "sys.stdout.write", "sys.stderr.write"}:
            found.append(node.lineno)
        if called == "Console":
            found.append(node.lineno)
    return found


def test_no_line_goes_round_the_one_way_out() -> None:
    round_it = {
        f"{path.relative_to(SOURCE)}:{line}"
        for path in SOURCE.rglob("*.py")
        for line in _prints(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert {place.partition(":")[0] for place in round_it} <= WAY_OUT, round_it


@given(st.lists(st.text(alphabet=":#[ \ta\x1b\n"), max_size=6))
def test_a_guarded_line_is_no_command(pieces: list[str]) -> None:
    stream = io.StringIO()
    guarded = Guarded(stream)
    for piece in pieces:
        guarded.write(f"{piece}\n")
    written = stream.getvalue()
    assert "##[" not in written
    assert "\x1b" not in written
    assert not any(line.lstrip().startswith("::") for line in written.split("\n"))


def test_a_plain_line_is_left_as_it_is() -> None:
    stream = io.StringIO()
    Guarded(stream).write("mtcheck: a::b 中文 # 1\n")
    assert stream.getvalue() == "mtcheck: a::b 中文 # 1\n"


@given(st.text(alphabet='#[:ab\\"\x1b\x85\u202e中\n'))
def test_printed_json_is_the_value_and_no_command(text: str) -> None:
    stream = io.StringIO()
    with redirect_stdout(stream):
        data({"::text": [text]})
    assert json.loads(stream.getvalue()) == {"::text": [text]}
    assert "##[" not in stream.getvalue()
    assert not any(line.lstrip().startswith("::") for line in stream.getvalue().split("\n"))


HOSTILE = ("::error::x", "  ::add-mask::x", "##[error]x", "a\x1b[2Jb", "a\r::warning::b")


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("command", ["check", "audit", "baseline"])
def test_no_command_from_an_id(
    hostile: str,
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    row = ROW | {"doc_id": hostile, "segment_id": hostile, "system": hostile}
    Path("rows.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    told = []
    if command == "baseline":
        told += [run(capfd, "baseline", "write", "rows.jsonl", "--select", "ACC005")]
        told += [run(capfd, "baseline", "show")]
    else:
        told += [run(capfd, command, "rows.jsonl", "--select", "ACC005")]
    for done in told:
        assert done.code in {0, 1}
        for line in (done.out + done.err).split("\n"):
            assert not line.lstrip().startswith("::")
            assert "##[" not in line
            assert "\x1b[2J" not in line


def test_no_command_from_a_file_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(capfd, "check", "a\n::error::b\x1b[2J.jsonl")
    assert done.code == 2
    assert done.err.count("\n") == 1
    assert "\x1b" not in done.err


# --- check --output ---------------------------------------------------------------------------


def _rows(folder: Path) -> Path:
    path = folder / "rows.jsonl"
    path.write_text(json.dumps(ROW) + "\n", encoding="utf-8")
    return path


def test_an_input_is_never_the_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = _rows(tmp_path)
    before = path.read_bytes()
    done = run(capfd, "check", "rows.jsonl", "--output", "./rows.jsonl", "--format", "json")
    assert done.code == 2
    assert "is an input" in done.err
    assert path.read_bytes() == before


def test_links_are_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    _rows(tmp_path)
    precious = tmp_path / "precious"
    precious.write_text("precious")
    Path("out.json").symlink_to(precious)
    Path(".out.json.part").symlink_to(precious)  # the name that was used once
    done = run(capfd, "check", "rows.jsonl", "--output", "out.json", "--format", "json")
    assert done.code == 1
    assert precious.read_text() == "precious"
    assert json.loads(Path("out.json").read_text(encoding="utf-8"))


@pytest.mark.slow
def test_two_checks_into_one_file(tmp_path: Path) -> None:
    _rows(tmp_path)
    command = [sys.executable, "-m", "mtcheck", "check", "rows.jsonl", "--select", "ACC005"]
    command += ["--format", "sarif", "--output", "out.sarif"]
    both = [subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL) for _ in range(2)]
    assert [p.wait(timeout=300) for p in both] == [1, 1]
    assert json.loads((tmp_path / "out.sarif").read_text(encoding="utf-8"))["runs"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out.sarif", "rows.jsonl"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sent", "code", "said"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")],
)
def test_a_signal_leaves_one_line_and_no_litter(
    sent: signal.Signals, code: int, said: str, tmp_path: Path
) -> None:
    pipe = tmp_path / "rows.jsonl"
    _rows(tmp_path)
    pipe.write_text(pipe.read_text(encoding="utf-8") * 4000, encoding="utf-8")
    child = subprocess.Popen(
        [sys.executable, "-m", "mtcheck", "check", "rows.jsonl", "--output", "out.txt"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        # A shell that starts the tests in the background has them ignore SIGINT.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    for _ in range(2400):
        if any(p.name.startswith(".mtcheck-") for p in tmp_path.iterdir()):
            break
        time.sleep(0.05)
    child.send_signal(sent)
    _, err = child.communicate(timeout=300)
    assert child.returncode == code
    assert err == f"mtcheck: error: {said}\n"
    assert [p.name for p in tmp_path.iterdir()] == ["rows.jsonl"]
