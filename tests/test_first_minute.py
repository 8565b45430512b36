"""The first minute: what --help says first, a settings file, what is installed, a lean install."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from mtcheck import config as settings
from mtcheck.config import ABOUT, Config
from tests.command_line import run
from tests.conftest import ROOT

Capture = pytest.CaptureFixture[str]


def test_help_begins_with_what_it_does_and_three_commands(capfd: Capture) -> None:
    text = run(capfd, "--help").out
    head = text[: text.index("Options")]
    assert "can't be trusted" in head
    for command in ("mtcheck audit FILE", "mtcheck check FILE", "mtcheck init"):
        assert command in head
    assert "--install-completion" in text


def test_init_writes_every_setting_commented_and_refuses_to_overwrite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(capfd, "init").code == 0
    text = Path("mtcheck.toml").read_text("utf-8")
    assert settings.load(Path("mtcheck.toml")) == Config()
    for name, about in ABOUT.items():
        assert about.help in text
        assert f"{name.replace('_', '-')} =" in text or f"[{name.replace('_', '-')}]" in text
    # With every # taken off but for what has no value, it says what holds anyway.
    lines = [line.removeprefix("# ") for line in text.splitlines() if " = " in line]
    listed = "\n".join(line for line in lines if line.split(" = ")[0].replace("-", "").isalpha())
    assert tomllib.loads(listed)["fail-on"] == "major"
    Path("mtcheck.toml").write_text('fail-on = "critical"\n', "utf-8")
    done = run(capfd, "init")
    assert done.code == 2
    assert "is there already" in done.err
    assert settings.load().fail_on == "critical"


def test_config_writes_what_is_in_force_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mtcheck.toml").write_text(
        'fail-on = "critical"\nignore = ["LNG"]\n[severity]\nACC004 = "minor"\n', "utf-8"
    )
    before = settings.load()
    assert run(capfd, "config", "--write").code == 0
    assert settings.load() == before
    assert before.severity == {"ACC004": "minor"}
    # The shell empties the file before we can read it: that is told, at least.
    with Path("mtcheck.toml").open("w", encoding="utf-8") as file:
        done = subprocess.run(
            [sys.executable, "-m", "mtcheck", "config"],
            stdout=file,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert "config --write" in done.stderr


def test_config_of_a_project_file_is_written_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    project = '[project]\nname = "x"\n[tool.mtcheck]\nfail-on = "critical"\n'
    Path("pyproject.toml").write_text(project, "utf-8")
    assert run(capfd, "config", "--write").code == 0
    assert Path("pyproject.toml").read_text("utf-8") == project
    assert settings.read_file(Path("mtcheck.toml"))["fail_on"] == "critical"


def test_doctor_tells_versions_models_and_extras(capfd: Capture) -> None:
    done = run(capfd, "doctor", "--json")
    assert done.code == 0
    told = json.loads(done.out)
    assert told["cores"] >= 1
    assert told["packages"]["numpy"]
    assert told["models"]["risk"].startswith("network:")
    assert told["models"]["network.onnx"].startswith("sha256:")
    assert "sentence-transformers" in told["packages"]
    text = run(capfd, "doctor").out
    assert all(str(told[name]) in text for name in ("mtcheck", "python", "platform"))


# --- the lean install -----------------------------------------------------------------------


def test_the_lean_list_is_the_dependencies_but_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lean = (ROOT / ".ci" / "lean.txt").read_text("utf-8").splitlines()
    wanted = [d for d in project["dependencies"] if not d.startswith("sentence-transformers")]
    assert [line for line in lean if not line.startswith("#")] == wanted
    assert len(wanted) == len(project["dependencies"]) - 1


LEAN = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("torch", "sentence_transformers", "transformers"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Missing())
import mtcheck
pair = ("Yields rose by 12% in 2019.", "2019年产量上升了21%。")
print(mtcheck.risk([pair])[0] > 0, [f.code for f in mtcheck.find(*pair)])
try:
    mtcheck.audit([dict(source=pair[0], mt=pair[1])], encoder="some/name")
except mtcheck.ModelError as error:
    print(error)
"""


def test_without_torch_all_works_but_other_encoders_which_say_what_to_install() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LEAN], capture_output=True, text=True, check=True, cwd=ROOT
    )
    first, second = done.stdout.splitlines()
    assert first == "True ['ACC005']"
    assert "pip install sentence-transformers" in second
