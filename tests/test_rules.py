"""The rule interface: selecting, severity, fingerprints, crashes, plugins."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.metadata import EntryPoint

import pytest

from mtcheck import registry
from mtcheck.config import Config
from mtcheck.errors import DataError, RuleError
from mtcheck.rules import Draft, Rule, all_rules, find, finding, rule, selected
from mtcheck.types import Segment, Severity, Span
from tests.command_line import run


@rule("TST001", "has-cat", category="test", severity="minor")
def has_cat(segment: Segment) -> Iterator[Draft]:
    """Find a cat."""
    at = segment.hypothesis.find("猫")
    if at >= 0:
        yield finding("a cat", Span("hypothesis", at, at + 1))


def segment(hypothesis: str, *, doc_id: str = "d") -> Segment:
    return Segment(doc_id, f"{doc_id}#1", "A cat.", hypothesis)


def codes(config: Config) -> set[str]:
    return {r.key for r in selected(config)}


def test_select_and_ignore_by_code_prefix_and_name() -> None:
    default = codes(Config())
    assert codes(Config(select=("ACC",))) == {c for c in default if c.startswith("ACC")}
    assert codes(Config(select=("LNG001", "number-mismatch"))) == {"LNG001", "ACC005"}
    assert codes(Config(ignore=("ACC", "LNG001"))) == {
        c for c in default if not c.startswith("ACC") and c != "LNG001"
    }


def test_preview_rules_run_when_asked_for() -> None:
    preview = {r.key for r in all_rules().values() if r.preview}
    default = codes(Config())
    assert preview
    assert not preview & default
    assert codes(Config(preview=True)) == preview | default == set(all_rules())
    one = min(preview)
    assert codes(Config(select=(one,))) == {one}


@pytest.mark.parametrize("field", ["select", "ignore", "severity"])
def test_an_entry_that_matches_nothing_is_an_error(field: str) -> None:
    value = {"ABC": "minor"} if field == "severity" else ("ABC",)
    with pytest.raises(RuleError, match="'ABC'"):
        selected(Config().replace(**{field: value}))


def test_find_by_code_and_name_with_a_hint() -> None:
    assert find("acc005") is find("number-mismatch")
    with pytest.raises(RuleError, match="did you mean number-mismatch"):
        find("number-mismach")


def test_severity_can_be_overridden() -> None:
    ((_, plain),) = has_cat.run([segment("猫")], Config())
    ((_, changed),) = has_cat.run([segment("猫")], Config(severity={"TST001": "critical"}))
    assert (plain.severity, changed.severity) == (Severity.MINOR, Severity.CRITICAL)


def test_fingerprints_survive_edits_elsewhere() -> None:
    def print_of(text: str, doc_id: str = "d") -> str:
        ((_, found),) = has_cat.run([segment(text, doc_id=doc_id)], Config())
        return found.fingerprint

    assert print_of("一只猫。") == print_of("今天有一只猫坐着。")
    assert print_of("一只猫。") != print_of("一只猫。", "e")


def test_a_span_outside_the_text_is_a_crash_finding() -> None:
    def wild(segment: Segment) -> Iterator[Draft]:
        yield finding("beyond", Span("source", 0, 999))

    broken = Rule("TST002", "wild", "test", Severity.MAJOR, check=wild)
    ((at, found),) = broken.run([segment("猫")], Config())
    assert (at, found.code, found.severity) == (0, "INT001", Severity.NEUTRAL)
    assert "TST002" in found.message


def test_the_users_mistake_is_not_a_crash() -> None:
    def picky(segment: Segment) -> Iterator[Draft]:
        raise DataError("no such glossary")
        yield finding("never")

    with pytest.raises(DataError):
        Rule("TST003", "picky", "test", Severity.MAJOR, check=picky).run([segment("猫")], Config())


def test_a_wrong_code_is_refused() -> None:
    with pytest.raises(RuleError, match="three capitals"):
        rule("X1", "x", category="x", severity="minor")


def test_an_entry_point_adds_a_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = EntryPoint("cat", "tests.test_rules:has_cat", "mtcheck.rules")
    monkeypatch.setattr(registry, "entry_points", lambda group: [entry])
    registry._discover.cache_clear()
    try:
        assert all_rules()["TST001"].name == "has-cat"
    finally:
        registry._discover.cache_clear()


def test_a_rule_that_ends_the_program_or_points_nowhere_is_told_and_counted() -> None:
    def ends(_: Segment) -> Iterator[Draft]:
        raise SystemExit(0)

    def nowhere(document: Sequence[Segment]) -> Iterator[Draft]:
        yield replace(finding("x", Span("hypothesis", 0, 1)), at=-1)

    document = [segment("猫"), segment("狗")]
    broken = Rule("TST003", "ends", "test", Severity.MAJOR, check=ends)
    found = broken.run(document, Config())
    assert [(at, f.code, "SystemExit" in f.message) for at, f in found] == [
        (0, "INT001", True),
        (1, "INT001", True),
    ]
    broken = Rule("TST004", "nowhere", "test", Severity.MAJOR, check_document=nowhere)
    ((at, found_there),) = broken.run(document, Config())
    assert (at, found_there.code) == (0, "INT001")


@pytest.mark.parametrize("value", ["no_such_module:rule", "tests.test_rules:gone"])
def test_a_plug_in_that_can_not_be_loaded_is_named(
    value: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    entry = EntryPoint("mine", value, "mtcheck.rules")
    only = {entry.group: [entry]}
    monkeypatch.setattr(registry, "entry_points", lambda group: only.get(group, []))
    registry.forget()
    try:
        done = run(capfd, "rules")
        assert done.code == 2
        assert f"the plug-in mine = {value} can't be loaded" in done.err
    finally:
        monkeypatch.undo()
        registry.forget()


def test_a_plug_in_can_not_end_the_program_with_success(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("mtcheck.rules.all_rules", lambda: sys.exit(0))
    done = run(capfd, "rules")
    assert (done.code, "a plug-in ended the program" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("mtcheck.types:Span", "is no Rule"),
        ("mtcheck.rules.acc_number:number_mismatch", "called ACC005"),
    ],
)
def test_a_wrong_entry_point_is_an_error(
    value: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = EntryPoint("x", value, "mtcheck.rules")
    monkeypatch.setattr(registry, "entry_points", lambda group: [entry])
    registry._discover.cache_clear()
    try:
        with pytest.raises(RuleError, match=message):
            all_rules()
    finally:
        registry._discover.cache_clear()
