"""`mtcheck check --format … --output …` from end to end."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from junitparser import JUnitXml

from mtcheck import cli
from mtcheck.reporters.stream import all_streams

GOOD = {"id": "g", "source": "It rained all day.", "hypothesis": "下了一整天的雨。"}
BAD = {"id": "b", "source": "We saw 12 seals.", "hypothesis": "我们看到了21只海豹。"}

Check = Callable[..., tuple[int, str, str]]


@pytest.fixture
def check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Check:
    """Run the command on the rows; gives exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def run(*args: str, rows: tuple[dict[str, str], ...] = (GOOD, BAD)) -> tuple[int, str, str]:
        Path("rows.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), "utf-8")
        monkeypatch.setattr(sys, "argv", ["mtcheck", "check", "rows.jsonl", *args])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        code = stopped.value.code
        assert isinstance(code, int)
        return code, *capsys.readouterr()

    return run


@pytest.mark.parametrize("key", all_streams())
def test_every_format_fails_and_passes(check: Check, key: str) -> None:
    code, out, err = check("--format", key)
    assert code == 1
    assert "21" in out
    assert "mtcheck: fail: 1 finding of severity major or above" in err
    code, out, err = check("--format", key, rows=(GOOD,))
    assert code == 0
    assert "mtcheck: pass" in err
    if key in ("json", "sarif", "gitlab"):
        json.loads(out)
    if key == "junit":
        assert JUnitXml.fromstring(out.encode()).failures == 0


def test_sarif_tells_of_the_rules_that_ran(check: Check) -> None:
    _, out, _ = check("--format", "sarif", "--select", "ACC005,LNG001", "--fail-on", "critical")
    (run,) = json.loads(out)["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [r["id"] for r in rules] == ["ACC005", "LNG001"]
    assert rules[0]["help"]["text"].startswith("A number of the source")
    assert "What it does" not in rules[0]["fullDescription"]["text"]
    (result,) = run["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "rows.jsonl"
    assert place["region"]["startLine"] == 2
    assert run["invocations"][0]["exitCode"] == 0


def test_output_goes_to_a_file_and_absolute_paths_become_relative(
    check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = check("--format", "gitlab", "--output", "made/here/quality.json")
    assert (code, out) == (1, "")
    assert "fail" in err
    entries = json.loads(Path("made/here/quality.json").read_text("utf-8"))
    assert entries[0]["location"]["path"] == "rows.jsonl"
    other = tmp_path / "sub" / "other.jsonl"
    other.parent.mkdir()
    other.write_text(json.dumps(BAD) + "\n", "utf-8")
    _, out, _ = check("--format", "text", "--output", "-", str(other))
    assert [x.split(" ")[0] for x in out.splitlines()] == ["rows.jsonl:2:", "sub/other.jsonl:1:"]


def test_a_run_that_fails_leaves_the_earlier_file(check: Check) -> None:
    Path("out.sarif").write_text("earlier")
    code, _, err = check("--format", "sarif", "--output", "out.sarif", "--select", "NOPE")
    assert code == 2
    assert "no rule matches" in err
    assert Path("out.sarif").read_text() == "earlier"
    assert not list(Path().glob(".*.part"))


def test_output_that_cannot_be_written_is_told_before_the_work(check: Check) -> None:
    Path("file").write_text("")
    code, _, err = check("--output", "file/below")
    assert code == 2
    assert "file/below: can't write the output" in err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_device_is_written_to_in_place(check: Check) -> None:
    code, _, _ = check("--output", os.devnull)
    assert code == 1
    assert not Path(os.devnull).is_file()


def test_an_unknown_format_names_the_nearest(check: Check) -> None:
    code, _, err = check("--format", "junti")
    assert code == 2
    assert "did you mean 'junit'?" in err


def test_several_reasons_are_all_told(check: Check) -> None:
    code, out, err = check("--format", "github", "--max-flagged", "10%")
    assert code == 1
    for text in (out, err):
        assert "1 finding of severity major or above; 50%" in text.replace("%25", "%")
