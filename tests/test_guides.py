"""The guides: the code of pandas.md runs and prints what it says; the jobs of ci.md parse.

``python -m tests.test_guides`` renews what pandas.md says is printed.
"""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import io
import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from mtcheck.cli import app
from mtcheck.config import Config, read_file
from tests.conftest import ROOT

GUIDES = ROOT / "src" / "mtcheck" / "guides"
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text and where the text stands in the guide."""

    language: str
    text: str
    start: int
    end: int


def blocks(guide: str) -> list[Block]:
    text = (GUIDES / guide).read_text(encoding="utf-8")
    return [Block(m[1], m[2], m.start(2), m.end(2)) for m in _FENCE.finditer(text)]


# --- pandas.md ------------------------------------------------------------------------------


def executed(source: str, names: dict[str, Any]) -> str:
    """Run a block as a notebook cell: what it prints, then the value of a last expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(tree, "pandas.md", "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "pandas.md", "eval"), names)
            if value is not None:
                print(repr(value))
    return out.getvalue()


def run_guide(*, plots: bool) -> Iterator[tuple[Block, str]]:
    """Run all code in order; yields each block of output with what was printed."""
    names: dict[str, Any] = {}
    cells = [b for b in blocks("pandas.md") if b.language in ("python", "text")]
    assert [b.language for b in cells] == ["python", "text"] * (len(cells) // 2)
    for code, output in zip(cells[::2], cells[1::2], strict=True):
        if plots or ".plot(" not in code.text:
            yield output, executed(code.text, names)


@pytest.fixture
def at_top(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("MPLBACKEND", "Agg")


def test_the_pandas_guide_runs_and_prints_what_it_says(at_top: None) -> None:
    plots = importlib.util.find_spec("matplotlib") is not None
    ran = 0
    for output, printed in run_guide(plots=plots):
        assert printed == output.text
        ran += 1
    assert ran >= 10


# --- ci.md ----------------------------------------------------------------------------------


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def documents() -> list[Any]:
    return [yaml.safe_load(b.text) for b in blocks("ci.md") if b.language == "yaml"]


def command_lines() -> list[str]:
    """Every line of the guide that runs mtcheck."""
    lines = [line for d in documents() for s in strings(d) for line in s.splitlines()]
    lines += [line for b in blocks("ci.md") if b.language == "sh" for line in b.text.splitlines()]
    return [line.strip() for line in lines if line.strip().startswith("mtcheck ")]


def parse(arguments: list[str]) -> None:
    """Parse a command line with the real options, running nothing. Raises click's errors."""
    command: Any = typer.main.get_command(app)
    context = command.make_context("mtcheck", list(arguments))
    while hasattr(command, "commands"):
        # A group has put the rest aside for its subcommand.
        rest = [*getattr(context, "_protected_args", getattr(context, "protected_args", []))]
        rest += context.args
        name, command, rest = command.resolve_command(context, rest)
        context = command.make_context(name, rest, parent=context)


def test_wrong_command_lines_do_not_parse() -> None:
    for wrong in (
        "check a.jsonl --no-such-option",
        "chekc a.jsonl",
        "compare a --alpha x",
    ):
        with pytest.raises(Exception, match=r"(?i)missing|no such|valid"):
            parse(shlex.split(wrong))


def test_the_examples_of_the_guide_parse() -> None:
    lines = command_lines()
    assert len(lines) >= 7
    assert {line.split()[1] for line in lines} >= {"check", "compare", "baseline"}
    for line in lines:
        words = shlex.split(line)
        parse(words[1:])


def test_the_formats_of_the_guide_exist() -> None:
    from mtcheck.reporters.stream import stream

    named = {m[1] for line in command_lines() for m in re.finditer(r"--format (\w+)", line)}
    assert named == {"github", "sarif", "junit", "gitlab", "azure", "checkstyle", "rdjson"}
    for name in named:
        assert stream(name)


def test_the_gates_of_the_table_exist() -> None:
    text = (GUIDES / "ci.md").read_text(encoding="utf-8")
    options = re.findall(r"^\| `(--.*)` \|", text, re.MULTILINE)
    assert len(options) >= 6
    for option in options:
        for one in option.split("`, `"):
            parse(["check", "a.jsonl", *shlex.split(one)])


def jobs(document: Any) -> dict[str, Any]:
    return dict(document["jobs"])


def test_the_github_jobs_are_whole() -> None:
    workflows = [d for d in documents() if "jobs" in d]
    assert len(workflows) == 3
    for workflow in workflows:
        assert workflow[True]  # `on` is the word for true in YAML 1.1
        assert workflow["permissions"]["contents"] == "read"
        for job in jobs(workflow).values():
            assert job["runs-on"]
            for step in job["steps"]:
                assert ("uses" in step) != ("run" in step)
                assert "@" in step.get("uses", "@")
    (steps,) = (j["steps"] for j in jobs(workflows[0]).values())
    assert workflows[0]["permissions"]["security-events"] == "write"
    upload = next(s for s in steps if "upload-sarif" in s.get("uses", ""))
    writes = next(s for s in steps if "--format sarif" in s.get("run", ""))
    assert f"--output {upload['with']['sarif_file']}" in writes["run"]
    # The file is there and goes up although the gate has failed.
    assert writes["if"] == upload["if"] == "always()"
    assert "--fail-on none" in writes["run"]


def test_the_gitlab_job_is_whole() -> None:
    (job,) = (d["translations"] for d in documents() if "translations" in d)
    artifacts = job["artifacts"]
    assert artifacts["when"] == "always"
    script = "\n".join(job["script"])
    for kind, form in (("codequality", "gitlab"), ("junit", "junit")):
        file = artifacts["reports"][kind]
        assert file in artifacts["paths"]
        assert re.search(rf"--format {form} --output {re.escape(file)}", script)
    # The report that has no gate comes first: a failing gate would end the script.
    assert "--fail-on none" in job["script"][1]


def test_the_settings_of_the_guide_are_settings(tmp_path: Path) -> None:
    (block,) = (b for b in blocks("ci.md") if b.language == "toml")
    assert tomllib.loads(block.text)
    (tmp_path / "mtcheck.toml").write_text(block.text, "utf-8")
    assert Config().replace(**read_file(tmp_path / "mtcheck.toml")).fail_on == "critical"


# --- pre-commit -----------------------------------------------------------------------------


def test_the_pre_commit_hooks_are_valid() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    known = {"id", "name", "description", "entry", "language", "files", "require_serial"}
    for hook in hooks:
        assert {"id", "name", "entry", "language", "files"} <= set(hook) <= known
        assert hook["language"] == "python"
        assert re.compile(hook["files"]).search("translations/june.jsonl")
        assert not re.compile(hook["files"]).search("src/main.py")
        parse([*shlex.split(hook["entry"])[1:], "a.jsonl", "b.csv"])


def test_the_guide_uses_a_hook_that_is_there() -> None:
    ids = {h["id"] for h in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
    (config,) = (d for d in documents() if "repos" in d)
    for repo in config["repos"]:
        assert repo["rev"]
        for hook in repo["hooks"]:
            assert hook["id"] in ids
            parse(["check", *hook["args"], "translations/june.jsonl"])


def renew() -> None:
    """Write what is printed now into pandas.md."""
    guide = GUIDES / "pandas.md"
    text = guide.read_text(encoding="utf-8")
    for output, printed in reversed(list(run_guide(plots=True))):
        text = text[: output.start] + printed + text[output.end :]
    guide.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    renew()
