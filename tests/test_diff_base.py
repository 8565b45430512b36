"""``check --diff-base``, the composite action and the pre-commit hook, in a scratch repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.command_line import run
from tests.conftest import ROOT

Capture = pytest.CaptureFixture[str]

ROWS = [
    ("a", "Yields rose by 12% in 2019.", "2019年产量上升了21%。"),  # an old error
    ("b", "The trial ran for 36 months.", "试验持续了36个月。"),
    ("c", "It rained.", "下雨了。"),
]
WRONG = ("d", "Of 40 plots, 30 were dry.", "40块地中有13块干旱。")


def table(path: Path, rows: list[tuple[str, str, str]]) -> Path:
    lines = ["id,source,mt", *(f'{i},"{s}",{t}' for i, s, t in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def git(folder: Path, *arguments: str) -> None:
    own = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *own, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with an old error, then one more in a row put in between."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    folder = tmp_path / "scratch"
    (folder / "translations").mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    table(folder / "translations" / "mt.csv", ROWS)
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "before")
    table(folder / "translations" / "mt.csv", [ROWS[0], WRONG, *ROWS[1:]])
    monkeypatch.chdir(folder)
    return folder


def test_only_changed_rows_are_checked_against_a_commit(repository: Path, capfd: Capture) -> None:
    done = run(capfd, "check", "translations", "--diff-base", "main")
    assert done.code == 1
    (line,) = done.out.splitlines()
    assert line.startswith("translations/mt.csv:3: ACC005")
    git(repository, "commit", "-qam", "after")
    for base in ("main", "HEAD"):
        done = run(capfd, "check", "translations", "--diff-base", base)
        assert (done.code, done.out) == (0, ""), done.err
    assert len(run(capfd, "check", "translations", "--diff-base", "HEAD~1").out.splitlines()) == 1
    assert len(run(capfd, "check", "translations").out.splitlines()) == 2


def test_a_file_that_the_commit_does_not_have_is_new(repository: Path, capfd: Capture) -> None:
    new = table(repository / "translations" / "new.csv", [WRONG])
    done = run(capfd, "check", new, "--diff-base", "main")
    assert len(done.out.splitlines()) == 1


def test_a_file_may_be_the_base(tmp_path: Path, capfd: Capture) -> None:
    old = table(tmp_path / "old.csv", ROWS)
    moved = [(f"x{i}", s, t) for i, s, t in reversed(ROWS)]  # other ids, another order
    new = table(tmp_path / "new.csv", [*moved, WRONG])
    (line,) = run(capfd, "check", new, "--diff-base", old).out.splitlines()
    assert ":5: ACC005" in line
    same = table(tmp_path / "same.csv", moved)
    for key in ("text", "json", "sarif", "junit", "github", "checkstyle", "rdjson", "azure"):
        done = run(capfd, "check", same, "--diff-base", old, "--format", key)
        assert done.code == 0, done.err


@pytest.mark.parametrize("base", ["no-such-branch", "--help", "HEAD; rm -rf x", ""])
def test_what_is_no_base_is_told(base: str, repository: Path, capfd: Capture) -> None:
    done = run(capfd, "check", "translations", f"--diff-base={base}")
    assert done.code == 2
    assert "--diff-base" in done.err


# --- the action and the hook ----------------------------------------------------------------


def script(name: str) -> str:
    action: Any = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    assert action["runs"]["using"] == "composite"
    steps = {step["name"]: step for step in action["runs"]["steps"]}
    body = str(steps[name]["run"])
    assert "${{" not in body, "what comes from outside is handed over in variables"
    return body


def environment(**more: str) -> dict[str, str]:
    binaries = Path(sys.executable).parent
    path = os.pathsep.join([str(binaries), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT / "src"), **more}


@pytest.mark.parametrize("base", ["main", ""])
def test_the_action_annotates_the_line_of_the_one_new_error(base: str, repository: Path) -> None:
    own = {"FILES": "translations/*.csv\n", "BASE": base, "ARGUMENTS": "--select=ACC005\n"}
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script("Check the translations")],
        env=environment(**own),
        capture_output=True,
        text=True,
        check=False,
        cwd=repository,
    )
    assert done.returncode == 1, done.stderr
    places = re.findall(r"^::error file=translations/mt\.csv,line=(\d+)", done.stdout, re.M)
    assert places == (["3"] if base else ["2", "3"])


def test_what_the_action_is_given_runs_nothing(repository: Path) -> None:
    own = {"FILES": "$(touch owned)\n`touch owned`\n; touch owned", "BASE": "", "ARGUMENTS": ""}
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script("Check the translations")],
        env=environment(**own),
        capture_output=True,
        check=False,
        cwd=repository,
    )
    assert done.returncode == 2
    assert not (repository / "owned").exists()


def test_the_hook_checks_the_tables_of_a_commit(repository: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    names = ["translations/mt.csv", "README.md", "code.py"]
    files = [n for n in names if re.search(hook["files"], n)]
    assert files == ["translations/mt.csv"]
    # As `entry` is called in a hook of git: a commit with an error does not go through.
    file = repository / ".git" / "hooks" / "pre-commit"
    file.write_text(f"#!/bin/sh\nexec {hook['entry']} --diff-base HEAD {' '.join(files)}\n")
    file.chmod(0o755)
    commit = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qam", "x"]
    done = subprocess.run(commit, cwd=repository, env=environment(), check=False)
    assert done.returncode == 1
    table(repository / "translations" / "mt.csv", [*ROWS, ("e", "Costs fell.", "成本下降。")])
    done = subprocess.run(commit, cwd=repository, env=environment(), check=False)
    assert done.returncode == 0
