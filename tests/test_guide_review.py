"""The guide to gates and reviewing: its commands run, its files are read, its options exist."""

from __future__ import annotations

import json
import re
import shlex
from importlib import resources
from pathlib import Path

import pytest

from mtcheck import config as settings
from mtcheck.config import Config
from mtcheck.review.suppressions import load_suppressions
from tests.command_line import run
from tests.test_guides import parse

GUIDE = (resources.files("mtcheck") / "guides" / "review.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)

ROWS = """\
id,source,translation,reference
legacy-1,"Yields rose by 12% in 2019.","2019年产量上升了21%。","2019年产量增长12%。"
p2,"The trial ran for 36 months.","试验持续了63个月。","试验历时36个月。"
p3,"It rained, and the fields were wet.","下雨了,田地很湿。","下了雨，田里很湿。"
"""


def decision(**fields: object) -> str:
    line = {
        "mtcheck_decision": 1,
        "decision": "false-alarm",
        "note": "",
        "decided_at": "2026-05-01T10:00:00Z",
        "doc_id": "p2",
        "segment_id": "p2#1",
        "source": "The trial ran for 36 months.",
        "hypothesis": "试验持续了63个月。",
        "risk": 0.4,
        "code": None,
        "fingerprint": None,
    }
    return json.dumps(line | fields, ensure_ascii=False) + "\n"


def written(folder: Path, text: str) -> str:
    """A TOML block of the guide as the file that its first comment names, else aside."""
    name = re.match(r"# (\S+\.toml)\n", text)
    file = name[1] if name else "settings.toml"
    (folder / file).write_text(text, encoding="utf-8")
    return file


@pytest.mark.slow
def test_every_command_works(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("translations.csv").write_text(ROWS, encoding="utf-8")
    Path("decisions.jsonl").write_text(decision(), encoding="utf-8")
    Path("more.jsonl").write_text(decision(decision="confirm"), encoding="utf-8")
    codes: dict[str, int] = {}
    for language, text in BLOCKS:
        if language == "toml":
            file = written(tmp_path, text)
            if file == "suppressions.toml":
                assert len(load_suppressions(Config(suppressions=file)).entries) == 2
            else:
                assert settings.read_file(Path(file))
        for line in text.splitlines() if language == "sh" else ():
            command, *arguments = shlex.split(line)
            assert command == "mtcheck"
            if arguments[0] in {"calibrate", "evaluate"}:  # these need a hundred labels
                parse(arguments)
                continue
            done = run(capfd, *arguments)
            assert done.code in ({0, 1} if arguments[0] == "check" else {0}), done.err
            codes[line] = done.code
    # What the guide says of them: the gate fails, and passes against the baseline.
    assert codes["mtcheck check translations.csv --fail-on major"] == 1
    assert codes["mtcheck check translations.csv --baseline mtcheck-baseline.json"] == 0
    assert len(codes) >= 10


def test_every_option_and_setting_exists(capfd: pytest.CaptureFixture[str]) -> None:
    from typer.main import get_command

    from mtcheck.cli import app

    group = get_command(app)
    commands = group.commands  # type: ignore[attr-defined]
    known = {
        option
        for command in (
            *commands.values(),
            *commands["baseline"].commands.values(),
        )
        for parameter in command.params
        for option in parameter.opts
    }
    named = set(re.findall(r"--[a-z][a-z-]+", GUIDE))
    assert named <= known
    assert {"--max-flagged", "--baseline", "--suppressions", "--decisions"} <= named
