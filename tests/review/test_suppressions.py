"""Suppressions and decisions: what they silence, how far, and that nothing is lost."""

from __future__ import annotations

import datetime
import json
import pickle
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st

import mtcheck
from mtcheck import pipeline, readers
from mtcheck.config import Config, Setting
from mtcheck.errors import DataError
from mtcheck.inspected import Inspected, ScoredDocument
from mtcheck.lab.labels import read_labels
from mtcheck.lab.risk.calibrate import calibrate
from mtcheck.lab.risk.judge import OwnColumns
from mtcheck.review.suppressions import (
    Suppression,
    Suppressions,
    load_suppressions,
    pair_hash,
    read_decisions,
)
from mtcheck.rules import CRASH_CODE, fingerprint
from mtcheck.tally import Tally
from mtcheck.types import Finding, Segment, Severity, Span
from tests.command_line import run

Capture = pytest.CaptureFixture[str]
TODAY = datetime.date(2026, 6, 1)

WRONG = ("Rice yields rose by 12% in 2019.", "2019年水稻产量上升了21%。")
TWICE = ("Yields rose by 12% on 36 farms.", "63个农场的产量上升了21%。")
COMMA = ("It rained, and rained.", "雨下了,又下。")


def frame(*pairs: tuple[str, str], **columns: list[str]) -> pd.DataFrame:
    data = {"source": [s for s, _ in pairs], "mt": [t for _, t in pairs]}
    return pd.DataFrame({"id": [f"p{i}" for i in range(1, len(pairs) + 1)], **data, **columns})


def audit(data: pd.DataFrame, **settings: Setting) -> mtcheck.Audit:
    return mtcheck.audit(data, config=Config(risk=False).replace(**settings))


def codes(found: mtcheck.Audit, column: str = "findings") -> list[list[str]]:
    return [[f["code"] for f in row] for row in found.segments[column]]


def toml(path: Path, *tables: str) -> str:
    path.write_text("".join(f"[[suppress]]\n{t}\n" for t in tables), "utf-8")
    return str(path)


def line(pair: tuple[str, str], **fields: object) -> dict[str, object]:
    """A decision as the report exports it; about the whole segment unless told otherwise."""
    return {
        "mtcheck_decision": 1,
        "decision": "false-alarm",
        "note": "",
        "decided_at": "2026-05-01T10:00:00Z",
        "doc_id": "p1",
        "segment_id": "p1#1",
        "source": pair[0],
        "hypothesis": pair[1],
        "risk": None,
        "code": None,
        "fingerprint": None,
        **fields,
    }


def jsonl(path: Path, *rows: Mapping[str, object]) -> str:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), "utf-8")
    return str(path)


# --- the suppressions file -----------------------------------------------------------------


def test_a_suppressed_finding_counts_for_nothing_and_is_not_lost(tmp_path: Path) -> None:
    data = frame(WRONG, COMMA)
    plain = audit(data)
    assert plain.segments["status"].tolist() == ["review", "accept"]
    assert codes(plain, "suppressed") == [[], []]
    file = toml(tmp_path / "s.toml", 'rule = "number-mismatch"\ndoc_id = "p*"\nreason = "known"')
    quiet = audit(data, suppressions=file)
    assert quiet.segments["status"].tolist() == ["accept", "accept"]
    assert quiet.verdict.passed
    assert "ACC005" not in {c for row in codes(quiet) for c in row}
    ((told,),) = [row for row in quiet.segments["suppressed"] if row]
    (was,) = plain.segments["findings"][0]
    assert told == {**was, "reason": "known", "by": f"{Path(file).as_posix()}:1"}
    counts = quiet.summary["counts"]
    assert counts["suppressed"] == {"ACC005": 1}
    assert "ACC005" not in counts["codes"]
    assert quiet.documents["findings"].sum() == plain.documents["findings"].sum() - 1
    assert quiet.summary["suppressions"] == {
        "findings": 1,
        "settled": 0,
        "unused": [],
        "expired": [],
        "false_alarms": {"read": 0, "met": 0},
    }
    assert any("count for nothing: 1." in n for n in quiet.summary["notes"])


def found(code: str = "ACC005", name: str = "number-mismatch") -> Finding:
    return Finding(code, name, "accuracy", Severity.MAJOR, "")


@pytest.mark.parametrize(
    ("fields", "covers"),
    [
        ({"rule": "ACC005"}, True),
        ({"rule": "ACC"}, True),
        ({"rule": "number-mismatch"}, True),
        ({"rule": "number"}, False),
        ({"rule": "LNG"}, False),
        ({"doc_id": "10.1000/[x]"}, True),  # an id with brackets, written out
        ({"doc_id": "10.1000/*"}, True),
        ({"doc_id": "10.2000/*"}, False),
        ({"segment_id": "*#3"}, True),
        ({"segment_id": "*#?3"}, False),
        ({"rule": "ACC005", "doc_id": "10.1000/*", "segment_id": "*#4"}, False),
    ],
)
def test_an_entry_covers_what_matches_all_it_names(fields: dict[str, str], covers: bool) -> None:
    blank = {"rule": "", "doc_id": "", "segment_id": ""}
    entry = Suppression(**blank | fields, reason="r", expires=None, origin="s:1")
    segment = Segment("10.1000/[x]", "10.1000/[x]#3", "A cat.", "猫。")
    assert entry.covers(found(), segment) is covers


def test_an_entry_holds_through_the_day_it_expires(tmp_path: Path) -> None:
    file = toml(
        tmp_path / "s.toml",
        'rule = "ACC005"\nreason = "a"\nexpires = 2026-06-01',
        'rule = "LNG"\nreason = "b"\nexpires = "2026-05-31"',
    )
    loaded = load_suppressions(Config(suppressions=file), today=TODAY)
    assert [e.rule for e in loaded.entries] == ["ACC005"]
    assert [e.rule for e in loaded.expired] == ["LNG"]
    later = load_suppressions(Config(suppressions=file), today=TODAY + datetime.timedelta(days=1))
    assert [e.rule for e in later.entries] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[suppress]\n", "not readable as TOML"),
        ('[[ignore]]\nrule = "ACC"\n', "unknown table 'ignore'; write"),
        ("suppress = 3\n", "no list of tables"),
        ('[[suppress]]\nrule = "ACC005"\n', "1: no reason"),
        ('[[suppress]]\nrule = "ACC005"\nreason = " "\n', "1: no reason"),
        ('[[suppress]]\nreason = "x"\n', "covers everything"),
        ('[[suppress]]\nruel = "ACC005"\nreason = "x"\n', "did you mean 'rule'"),
        ('[[suppress]]\nrule = 5\nreason = "x"\n', "is no string"),
        ('[[suppress]]\nrule = "ABC"\nreason = "x"\n', "no rule matches 'ABC'"),
        ('[[suppress]]\nrule = "ACC"\nreason = "x"\nexpires = "soon"\n', "is no date"),
        ('[[suppress]]\nrule = "ACC"\nreason = "x"\nexpires = 2026\n', "is no date"),
    ],
)
def test_a_wrong_file_is_refused(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=message) as error:
        load_suppressions(Config(suppressions=str(path)))
    assert "s.toml" in str(error.value)


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    file = toml(tmp_path / "s.toml", 'rule = "ACC"\nreason = "a"')
    assert len(load_suppressions(Config(suppressions=file)).entries) == 1
    toml(tmp_path / "s.toml", 'rule = "ACC"\nreason = "a"', 'rule = "LNG"\nreason = "b"')
    assert len(load_suppressions(Config(suppressions=file)).entries) == 2


def test_a_crashed_rule_is_never_silenced() -> None:
    entry = Suppression("", "*", "", "all", None, "s:1")
    segment = Segment("d", "d#1", "A cat.", "猫。")
    crash = found(CRASH_CODE, "rule-crashed")
    applied = Suppressions((entry,)).apply(segment, [crash, found()])
    assert applied.kept == (crash,)
    assert [s.finding.code for s in applied.suppressed] == ["ACC005"]


# --- decisions -----------------------------------------------------------------------------


def test_a_false_alarm_is_silent_on_identical_pairs_everywhere(tmp_path: Path) -> None:
    data = frame(TWICE, TWICE, (TWICE[0], TWICE[1] + "了。"), system=["x", "y", "x"])
    plain = audit(data, select=("ACC005",))
    first = plain.segments["findings"][0]
    assert [f["code"] for f in first] == ["ACC005", "ACC005"]
    # White space apart, the pair is the same; the first of its two findings is called wrong.
    spaced = (f"  {TWICE[0]}".replace(" ", "  "), TWICE[1] + "\n")
    decision = line(spaced, code="ACC005", fingerprint=first[0]["fingerprint"], note="a list")
    file = jsonl(tmp_path / "d.jsonl", decision)
    quiet = audit(data, select=("ACC005",), decisions=(file,))
    # Silent in the other document and system, not on the edited pair; the second finding stays.
    assert [len(row) for row in codes(quiet)] == [1, 1, 2]
    assert [f["message"] for f in quiet.segments["findings"][0]] == [first[1]["message"]]
    assert [f["reason"] for f in quiet.segments["suppressed"][1]] == ["a list"]
    assert quiet.summary["suppressions"]["false_alarms"] == {"read": 1, "met": 1}


def test_a_segment_called_right_is_accepted_whatever_else_speaks_against_it(
    tmp_path: Path,
) -> None:
    data = frame(WRONG, COMMA)
    file = jsonl(tmp_path / "d.jsonl", line(WRONG))
    # No cosine reaches 1, so every segment is reviewed but the one that was decided on.
    found_ = audit(data, decisions=(file,), min_similarity=1.0)
    assert found_.segments["status"].tolist() == ["accept", "review"]
    assert codes(found_)[0] == []
    assert found_.summary["suppressions"]["settled"] == 1


def test_a_budget_passes_over_what_a_reviewer_settled() -> None:
    segments = pd.DataFrame(
        {"status": ["accept", "accept"], "risk": [0.9, 0.8], "reasons": [[], []]}
    )
    documents = (ScoredDocument({"review": 0}), ScoredDocument({"review": 0}))
    batch = Inspected(segments, (0.0, 0.0), documents, ("d.jsonl:1", ""), (0, 1))
    chosen = pipeline.within_budget(batch, 0.5, 1.0)
    assert chosen.segments["status"].tolist() == ["accept", "review"]
    assert [d.row["review"] for d in chosen.documents] == [0, 1]
    assert chosen.ranks[0] == 0.0 < chosen.ranks[1]
    assert batch.segments["status"].tolist() == ["accept", "accept"], "the batch is left alone"


def test_the_last_decision_counts(tmp_path: Path) -> None:
    early = line(WRONG, decided_at="2026-05-01T10:00:00Z")
    late = line(WRONG, decided_at="2026-05-02T10:00:00Z", decision="confirm")
    for rows, silent in (((early, late), 0), ((late, early), 0), ((early,), 1)):
        file = jsonl(tmp_path / f"{len(rows)}{silent}.jsonl", *rows)
        loaded = load_suppressions(Config(decisions=(file,)))
        assert len(loaded.alarms) == silent
    one, two = jsonl(tmp_path / "1.jsonl", early), jsonl(tmp_path / "2.jsonl", late)
    assert not load_suppressions(Config(decisions=(two, one))).alarms


@pytest.mark.parametrize("said", ["confirm", "fixed"])
def test_what_was_confirmed_is_told(said: str, tmp_path: Path) -> None:
    file = jsonl(tmp_path / "d.jsonl", line(WRONG, decision=said))
    assert codes(audit(frame(WRONG), decisions=(file,))) == codes(audit(frame(WRONG)))


GOOD = ("It rained.", "下雨了。")


@pytest.mark.parametrize(
    ("pair", "decided", "status"),
    [
        (GOOD, {}, "reject"),
        (GOOD, {"severity": "critical"}, "reject"),
        (GOOD, {"severity": "minor"}, "review"),
        (WRONG, {}, "reject"),
        (WRONG, {"code": "ACC005"}, "reject"),
        (COMMA, {"code": "LNG001"}, "review"),  # confirmed as the minor error that it is
        (COMMA, {"code": "LNG001", "severity": "major"}, "reject"),
        (COMMA, {}, "reject"),
    ],
)
def test_a_confirmed_error_counts(
    pair: tuple[str, str], decided: Mapping[str, object], status: str, tmp_path: Path
) -> None:
    file = jsonl(tmp_path / "d.jsonl", line(pair, decision="confirm", **decided))
    found = audit(frame(GOOD, pair), decisions=(file,), max_flagged=0.0)
    assert found.segments["status"].iloc[1] == status
    assert found.segments["reasons"].iloc[1]
    assert found.flagged["segment_id"].iloc[0] in set(found.segments["segment_id"])
    assert not found.verdict.passed
    severe = [f for f in found.segments["findings"].iloc[1] if f["severity"] != "minor"]
    assert bool(severe) is (status == "reject")  # so that --fail-on major sees it


def test_a_confirmed_error_says_where_and_what_it_is(tmp_path: Path) -> None:
    spans = [{"side": "hypothesis", "start": 0, "end": 2}]
    said = {"spans": spans, "category": "accuracy/addition", "severity": "minor", "note": "why"}
    file = jsonl(tmp_path / "d.jsonl", line(GOOD, decision="confirm", **said))
    found = audit(frame(GOOD), decisions=(file,))
    (told,) = found.segments["findings"][0]
    assert (told["code"], told["category"], told["message"]) == (
        "HUM001",
        "accuracy/addition",
        "why",
    )
    assert told["spans"] == spans
    assert told["confirmed"] is True
    assert any("a reviewer confirmed: 1" in n for n in found.summary["notes"])
    bad = line(GOOD, decision="confirm", spans=[{"side": "hypothesis", "start": 0, "end": 99}])
    with pytest.raises(DataError, match="no place in the texts"):
        read_decisions(Path(jsonl(tmp_path / "bad.jsonl", bad)))


def test_a_confirmed_finding_stays_whatever_an_exception_says(tmp_path: Path) -> None:
    file = jsonl(tmp_path / "d.jsonl", line(WRONG, decision="confirm", code="ACC005"))
    exception = toml(tmp_path / "s.toml", 'rule = "ACC005"\nreason = "known"')
    found = audit(frame(WRONG), decisions=(file,), suppressions=exception)
    assert codes(found) == [["ACC005"]]
    whole = line(WRONG, decided_at="2026-06-01T10:00:00Z")  # and then, a false alarm after all
    later = jsonl(tmp_path / "later.jsonl", whole)
    found = audit(frame(WRONG), decisions=(file, later))
    assert found.segments["status"].tolist() == ["accept"]


def test_a_decision_by_code_alone_covers_the_code(tmp_path: Path) -> None:
    file = jsonl(tmp_path / "d.jsonl", line(TWICE, code="ACC005"))
    assert codes(audit(frame(TWICE), select=("ACC005",), decisions=(file,))) == [[]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "d.jsonl:1: not JSON"),
        ("[]", "no decision"),
        ('{"source": "a"}', "no decision"),
        (json.dumps(line(WRONG, mtcheck_decision=2)), "update mtcheck"),
        (json.dumps(line(WRONG, decision="maybe")), "use one of confirm, false-alarm, fixed"),
        (json.dumps(line(WRONG, source=None)), "no text in 'source'"),
        (json.dumps(line(WRONG, code=5)), "neither text nor null"),
    ],
)
def test_a_wrong_decision_is_refused(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=message):
        read_decisions(path)


@given(st.text(), st.text(), st.text(alphabet=" \t\n\u3000", min_size=1))
@trials(deadline=None)
def test_pairs_are_the_same_but_for_white_space(source: str, hypothesis: str, space: str) -> None:
    one = pair_hash(source, hypothesis)
    assert pair_hash(space + source, hypothesis + space) == one
    assert pair_hash(source + "x", hypothesis) != one
    assert (pair_hash(hypothesis, source) == one) == (source.split() == hypothesis.split())


def test_case_and_width_tell_pairs_apart() -> None:
    assert pair_hash("a", "雨,") != pair_hash("a", "雨，")
    assert pair_hash("DNA", "x") != pair_hash("dna", "x")


# --- additive, picklable, in batches -------------------------------------------------------


def test_batches_and_their_order_change_nothing(tmp_path: Path) -> None:
    file = toml(tmp_path / "s.toml", 'rule = "LNG"\nreason = "x"', 'rule = "STR"\nreason = "y"')
    decided = jsonl(tmp_path / "d.jsonl", line(WRONG))
    config = Config(suppressions=file, decisions=(decided,), risk=False, batch_size=1)
    data = frame(WRONG, COMMA, TWICE, WRONG)
    inspect, settings = pickle.loads(pickle.dumps((pipeline.inspect, config)))
    parts = []
    for batch in readers.from_frame(data, config):
        tally = Tally()
        tally.add(inspect(batch.frame, settings))
        parts.append(tally)
    whole = Tally()
    for part in reversed(parts):
        whole.merge(part)
    once = mtcheck.audit(data, config=config.replace(batch_size=64))
    assert whole.counts() == once.summary["counts"]
    summary = load_suppressions(config).summary(whole.suppressed_by, whole.settled)
    assert summary == once.summary["suppressions"]
    assert summary["settled"] == 2
    assert summary["unused"] == [f"{Path(file).as_posix()}:2 (STR)"]


@trials(deadline=None)
@given(st.lists(st.sampled_from(["ACC005", "LNG001", "STR001", CRASH_CODE]), max_size=6))
def test_nothing_is_lost_and_nothing_doubled(listed: list[str]) -> None:
    entries = tuple(Suppression(r, "", "", "r", None, f"s:{r}") for r in ("ACC", "LNG001"))
    segment = Segment("d", "d#1", "A cat.", "猫。")
    findings = [found(code, "n") for code in listed]
    applied = Suppressions(entries).apply(segment, findings)
    together = [*applied.kept, *(s.finding for s in applied.suppressed)]
    assert sorted(f.code for f in together) == sorted(listed)
    assert {f.code for f in applied.kept} <= {"STR001", CRASH_CODE}


def test_the_second_half_of_a_fingerprint_is_the_same_in_every_document() -> None:
    one, two = (Segment(d, d, "a 12", "b", metadata={"system": s}) for d, s in ("ab", "cd"))
    left, right = (fingerprint("ACC005", s, [Span("source", 2, 4)]) for s in (one, two))
    assert left[8:] == right[8:]
    assert left != right


# --- as labels -----------------------------------------------------------------------------


def test_decisions_on_segments_are_labels(tmp_path: Path) -> None:
    rows = (
        line(WRONG, decision="confirm", risk=0.7, segment_id="a"),
        line(COMMA, decision="false-alarm", risk=0.2, segment_id="b"),
        line(TWICE, decision="fixed", segment_id="c"),
        line(TWICE, decision="false-alarm", code="ACC005", fingerprint="0" * 16),
        line(WRONG, decision="false-alarm", decided_at="2026-04-01T10:00:00Z"),
    )
    labels = read_labels(Path(jsonl(tmp_path / "d.jsonl", *rows)))
    assert labels.segment_id == ("a", "b", "c")
    assert labels.bad.tolist() == [1, 0, 1]
    assert labels.bad_name == "bad"
    assert labels.lines == (1, 2, 3)
    late = {"decided_at": "2026-05-03T10:00:00Z"}
    more = jsonl(
        tmp_path / "more.jsonl",
        line(WRONG, decision="confirm", code="ACC005", **late),
        line(TWICE, decision="confirm", code="LNG001"),  # a minor one says nothing of major ones
        line(COMMA, decision="confirm", severity="minor"),
    )
    assert read_labels(Path(more)).bad.tolist() == [1, 0]
    # Neither the version nor the risk shown is a score to be judged.
    assert set(labels.rows[0]) == {"doc_id", "segment_id", "source", "hypothesis", "bad"}


def test_decisions_on_findings_alone_are_no_labels(tmp_path: Path) -> None:
    file = jsonl(tmp_path / "d.jsonl", line(WRONG, code="ACC005"))
    with pytest.raises(DataError, match="no decision about a whole segment"):
        read_labels(Path(file))


def test_calibrate_reads_decisions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mtcheck.lab.risk import calibrate as calibration

    rng = np.random.default_rng(3)
    risk = rng.uniform(size=80)
    bad = rng.uniform(size=80) < risk
    rows = [
        line(
            (f"Sentence {i}.", f"第{i}句。"),
            decision="confirm" if b else "false-alarm",
            risk=1 - r,  # what the report showed is not what is calibrated
        )
        for i, (r, b) in enumerate(zip(risk, bad, strict=True))
    ]
    file = Path(jsonl(tmp_path / "d.jsonl", *rows))

    def audited(labels: object, config: Config) -> OwnColumns:
        return OwnColumns({"risk": risk}, {}, "toy", np.zeros(80))

    monkeypatch.setattr(calibration, "audit_columns", audited)
    report = calibrate(read_labels(file), resamples=20)
    assert report.calibration.rows == 80
    assert report.calibration.bad == int(bad.sum())
    assert report.auc.value > 0.6


def test_rules_are_judged_without_what_reviewers_silenced(tmp_path: Path) -> None:
    from mtcheck.lab.risk.judge import audit_columns

    file = jsonl(tmp_path / "d.jsonl", line(WRONG, decision="false-alarm"))
    config = Config(risk=False, decisions=(file,), baseline="not there")
    judged = audit_columns(read_labels(Path(file)), config)
    assert judged.scores["rule penalty"].tolist() == [5.0]


# --- the command line ----------------------------------------------------------------------


def test_check_and_audit_tell_of_unused_and_expired(
    tmp_path: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    jsonl(Path("rows.jsonl"), {"id": "p1", "source": WRONG[0], "mt": WRONG[1]})
    toml(
        Path("s.toml"),
        'rule = "ACC005"\nreason = "a"',
        'rule = "LNG001"\ndoc_id = "q*"\nreason = "b"',
        'rule = "ACC005"\nreason = "c"\nexpires = 2020-01-01',
    )
    assert run(capfd, "check", "rows.jsonl").code == 1
    done = run(capfd, "check", "rows.jsonl", "--suppressions", "s.toml")
    assert (done.code, done.out) == (0, "")
    assert "suppression expired: s.toml:3 (ACC005): 2020-01-01" in done.err
    assert "suppression matched nothing: s.toml:2 (LNG001, doc_id q*)" in done.err
    assert "suppressed findings: 1;" in done.err
    done = run(
        capfd, "audit", "rows.jsonl", "--suppressions", "s.toml", "--no-risk", "--out", "r",
        "--format", "jsonl",
    )  # fmt: skip
    assert done.code == 0
    assert "matched nothing: s.toml:2" in done.err
    (record,) = Path("r/segments.jsonl").read_text("utf-8").splitlines()
    assert [f["reason"] for f in json.loads(record)["suppressed"]] == ["a"]


def test_several_files_of_decisions(
    tmp_path: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [{"id": s, "source": s, "mt": t} for s, t in (WRONG, TWICE)]
    jsonl(Path("rows.jsonl"), *rows)
    jsonl(Path("1.jsonl"), line(WRONG))
    jsonl(Path("2.jsonl"), line(TWICE))
    one = run(capfd, "check", "rows.jsonl", "--decisions", "1.jsonl")
    both = run(capfd, "check", "rows.jsonl", "--decisions", "1.jsonl", "--decisions", "2.jsonl")
    assert (one.code, both.code) == (1, 0)
    assert "segments accepted by a reviewer: 2" in both.err


@pytest.mark.parametrize("flag", ["--suppressions", "--decisions"])
def test_a_missing_file_is_exit_2(
    flag: str, tmp_path: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    jsonl(Path("rows.jsonl"), {"id": "p1", "source": WRONG[0], "mt": WRONG[1]})
    done = run(capfd, "check", "rows.jsonl", flag, "gone")
    assert (done.code, done.out) == (2, "")
    assert "gone: not readable" in done.err
