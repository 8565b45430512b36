"""Settings: defaults, files, precedence, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtcheck.config import Config, find_file, load, read_file
from mtcheck.errors import UsageError


def test_the_closest_file_alone_counts(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "mtcheck.toml").write_text("batch-size = 3\npreview = true\n")
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.other]\nx = 1\n")
    assert find_file(inner) == tmp_path / "mtcheck.toml"
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.mtcheck]\nfail_on = 'minor'\n")
    assert find_file(inner) == tmp_path / "a" / "pyproject.toml"
    config = load(start=inner)
    assert (config.fail_on, config.batch_size, config.preview) == ("minor", 64, False)


def test_every_kind_of_value_is_read(tmp_path: Path) -> None:
    file = tmp_path / "mtcheck.toml"
    file.write_text(
        'select = ["ACC", "LNG"]\nreview-penalty = 6\nmin-similarity = 0.4\n'
        'encoder = "embedded"\n[severity]\nACC005 = "minor"\n'
    )
    config = load(file)
    assert config.select == ("ACC", "LNG")
    assert config.review_penalty == 6.0
    assert config.min_similarity == 0.4
    assert config.severity == {"ACC005": "minor"}


def test_no_file_gives_the_defaults(tmp_path: Path) -> None:
    assert load(start=tmp_path) == Config()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fial-on = 'x'", "did you mean 'fail_on'"),
        ("batch-size = true", "a whole number"),
        ("preview = 1", "true or false"),
        ("severity = 'x'", "a table"),
        ("fail-on = 3", "a string"),
        ("min-similarity = 'x'", "a number"),
        ("select = [1]", "a list of strings"),
        ("= 1", "not readable as TOML"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(text: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "mtcheck.toml"
    file.write_text(text)
    with pytest.raises(UsageError, match=message) as error:
        read_file(file)
    assert "mtcheck.toml" in str(error.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"layout": "rows"}, "documents"),
        ({"bad_rows": "keep"}, "skip"),
        ({"fail_on": "awful"}, "critical"),
        ({"severity": {"ACC001": "awful"}}, "critical"),
        ({"batch_size": 0}, "at least 1"),
        ({"review_penalty": 11.0}, "reject_penalty"),
        ({"min_similarity": 2.0}, "-1 to 1"),
        ({"encoding": "utf-99"}, "utf-99"),
        ({"colour": "red"}, "unknown setting 'colour'"),
        ({"han_latin_spacing": "maybe"}, "require"),
    ],
)
def test_a_wrong_setting_is_refused(changes: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Config().replace(**changes)


def test_replace_leaves_what_is_not_given() -> None:
    config = Config(preview=True).replace(fail_on=None, batch_size=2)
    assert (config.preview, config.fail_on, config.batch_size) == (True, "major", 2)
