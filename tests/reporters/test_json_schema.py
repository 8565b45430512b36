"""`mtcheck schema`: the schemas hold for what a real run writes, and name every field."""

from __future__ import annotations

import dataclasses
import io
import json
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mtcheck import cli, schema
from mtcheck.config import Config
from mtcheck.errors import UsageError
from mtcheck.json_schema import DESCRIPTIONS, NAMES, json_schema
from mtcheck.records import NESTED, NEVER_NULL
from mtcheck.review.suppressions import Decision

ROWS = (
    {"id": "a", "source": "We saw 12 seals. They slept.", "hypothesis": "我们看到了21只海豹。"}
    | {"reference": "我们看到了12只海豹。它们在睡觉。", "system": "one", "year": 2020},
    {"id": "b", "source": "It rained.", "hypothesis": "下雨了,", "back_translation": "Rain fell."}
    | {"note": None, "year": "x"},
    {"id": "c", "source": "The end.", "hypothesis": ""},
)
SUPPRESS = '[[suppress]]\nrule = "LNG"\nreason = "house style"\n'


def validator(name: str) -> Any:
    made = json_schema(name)
    jsonschema.Draft202012Validator.check_schema(made)
    return jsonschema.Draft202012Validator(made)


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real run with suppressed findings, told in every way."""
    folder = tmp_path_factory.mktemp("run")
    rows = folder / "rows.jsonl"
    rows.write_text("".join(json.dumps(r) + "\n" for r in ROWS), encoding="utf-8")
    (folder / "suppress.toml").write_text(SUPPRESS, encoding="utf-8")
    known = ["--suppressions", str(folder / "suppress.toml")]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert called(patch, "check", "rows.jsonl", "--format=json", "--output=check.json") == 1
        assert called(patch, "audit", "rows.jsonl", "--out", "out", *known) == 0
    return folder


def called(patch: pytest.MonkeyPatch, *args: str) -> int:
    patch.setattr(sys, "argv", ["mtcheck", *args])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    code = stopped.value.code
    assert isinstance(code, int)
    return code


def test_segments_of_a_real_run(run: Path) -> None:
    segments = lines(run / "out" / "segments.jsonl")
    check = validator("segments")
    for segment in segments:
        check.validate(segment)
    # What the schema promises is met by more than empty values.
    assert any(f["code"] == "ACC005" for s in segments for f in s["findings"])
    assert any(f["by"] for s in segments for f in s["suppressed"])
    assert any(s["chrf"] is not None for s in segments)
    assert any(s["year"] for s in segments)


def test_findings_and_summary_of_a_real_run(run: Path) -> None:
    told = json.loads((run / "check.json").read_text(encoding="utf-8"))
    check = validator("findings")
    assert told["findings"]
    for finding in told["findings"]:
        check.validate(finding)
    validator("summary").validate(told["summary"])


def test_every_field_of_a_real_summary_is_in_the_schema(run: Path) -> None:
    summary = json.loads((run / "out" / "summary.json").read_text(encoding="utf-8"))
    made: Any = json_schema("summary")
    validator("summary").validate(summary)
    assert set(summary) <= set(made["properties"])
    for part in ("counts", "config", "verdict"):
        assert set(summary[part]) == set(made["properties"][part]["properties"])


def test_documents(run: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(run)
        assert called(patch, "audit", "rows.jsonl", "--out", "pq", "--format=parquet") == 0
    check = validator("documents")
    documents = parquet.read_table(run / "pq" / "documents.parquet").to_pylist()
    assert [d["doc_id"] for d in documents] == ["a", "b", "c"]
    for document in documents:
        check.validate(document)


def test_decisions_as_the_report_exports_them() -> None:
    line: dict[str, object] = {
        "mtcheck_decision": 1,
        "decision": "false-alarm",
        "note": "",
        "decided_at": "2026-11-22T10:00:00Z",
        "doc_id": "a",
        "segment_id": "a#0",
        "source": "x",
        "hypothesis": "y",
        "risk": None,
        "code": None,
        "fingerprint": None,
    }
    check = validator("decision")
    check.validate(line)
    said = {
        "severity": "minor",
        "category": "other",
        "spans": [{"side": "source", "start": 0, "end": 1}],
    }
    check.validate(line | said)
    fields = set(json_schema("decision")["properties"])  # type: ignore[call-overload]
    assert fields == {*line, *said}
    for wrong in ({"decision": "maybe"}, {"risk": 2}, {"mtcheck_decision": 2}, {"source": None}):
        assert list(check.iter_errors({**line, **wrong}))


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("segments", {"status": "maybe"}),
        ("segments", {"source": None}),
        ("segments", {"risk": 1.5}),
        ("segments", {"alignment": "one to one"}),
        ("segments", {"findings": [{"code": "ACC005"}]}),
        ("findings", {"severity": "bad"}),
        ("findings", {"spans": [{"side": "left", "start": 0, "end": 1}]}),
        ("summary", {"verdict": {"passed": "yes"}}),
        ("summary", {"schema_version": 2}),
    ],
)
def test_what_is_wrong_is_seen(run: Path, name: str, wrong: Mapping[str, object]) -> None:
    told = json.loads((run / "check.json").read_text(encoding="utf-8"))
    good: dict[str, Any] = {
        "segments": lines(run / "out" / "segments.jsonl")[0],
        "findings": told["findings"][0],
        "summary": told["summary"],
    }[name]
    check = validator(name)
    check.validate(good)
    assert list(check.iter_errors({**good, **wrong}))


def test_schemas_name_what_the_tables_have() -> None:
    tables = {"segments": schema.SEGMENT, "findings": schema.FINDING}
    for name, columns in (tables | {"documents": schema.DOCUMENT_SCORE}).items():
        made: Any = json_schema(name)
        assert list(made["properties"]) == made["required"] == list(columns)
        assert made["$id"] == f"urn:mtcheck:schema:{schema.VERSION}:{name}"
        assert all("description" in field for field in made["properties"].values()), name
    settings: Any = json_schema("summary")["properties"]
    assert list(settings["config"]["properties"]) == [f.name for f in dataclasses.fields(Config)]


def test_no_description_is_of_a_field_that_is_gone() -> None:
    inner = {k for kind in NESTED.values() for k in _fields(kind)}
    tables = {*schema.SEGMENT, *schema.FINDING, *schema.DOCUMENT_SCORE}
    known = tables | inner | {f.name for f in dataclasses.fields(Decision)}
    assert set(DESCRIPTIONS) <= known
    assert set(NEVER_NULL) <= set(schema.SEGMENT)


def _fields(kind: Any) -> set[str]:
    return set(getattr(kind.__args__[0], "__annotations__", ())) | {"side", "start", "end"}


def test_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(monkeypatch, "schema", "segments") == 0
    assert json.load(io.StringIO(capsys.readouterr().out)) == json_schema("segments")
    assert called(monkeypatch, "schema") == 0
    assert [x.split()[0] for x in capsys.readouterr().out.splitlines()] == list(NAMES)
    assert called(monkeypatch, "schema", "segmnets") == 2
    assert "did you mean 'segments'?" in capsys.readouterr().err
    with pytest.raises(UsageError, match="use one of segments, findings"):
        json_schema("?")


def test_the_settings_that_are_printed_fit_their_schema(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.app(["config"], standalone_mode=False) is None
    settings = tomllib.loads(capsys.readouterr().out)
    validator = jsonschema.Draft202012Validator(json_schema("settings"))
    validator.validate(settings)
    for wrong in ({"fial-on": "major"}, {"layout": "rows"}, {"budget": 0}, {"select": "ACC"}):
        assert not validator.is_valid(wrong), wrong
