"""The baseline: what its fingerprints outlive, how it counts, what its file refuses."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mtcheck
from mtcheck import schema
from mtcheck.errors import DataError, UsageError
from mtcheck.inspected import Inspected
from mtcheck.review.baseline import (
    VERSION,
    AgainstBaseline,
    Baseline,
    Collector,
    Known,
    load_baseline,
)
from mtcheck.rules import document_mark, fingerprint
from mtcheck.types import Segment, Severity, Span
from tests.command_line import run

Capture = pytest.CaptureFixture[str]

PAIRS = {
    "p1": ("Rice yields rose by 12% in 2019.", "2019年水稻产量上升了21%。"),
    "p2": ("The trial ran for 36 months.", "试验持续了63个月。"),
    "p3": ("It rained all day.", "下了一整天雨。"),
}


def frame(pairs: dict[str, tuple[str, str]]) -> pd.DataFrame:
    rows = [{"id": k, "source": s, "mt": t} for k, (s, t) in pairs.items()]
    return pd.DataFrame(rows)


def write(path: Path, pairs: dict[str, tuple[str, str]]) -> Path:
    lines = frame(pairs).to_dict("records")
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in lines), "utf-8")
    return path


def prints(data: pd.DataFrame) -> Counter[str]:
    return Counter(mtcheck.audit(data, risk=False).findings["fingerprint"])


# --- fingerprints --------------------------------------------------------------------------

DOCUMENT = [
    ("Yields rose by 12% in 2019.", "2019年产量上升了21%。"),
    ("The trial ran for 36 months.", "试验持续了63个月。"),
    ("Costs fell.", "成本下降。"),
]


def whole(pairs: list[tuple[str, str]], doc_id: str = "d") -> dict[str, str]:
    return {
        "doc_id": doc_id,
        "source": " ".join(s for s, _ in pairs),
        "mt": "".join(t for _, t in pairs),
    }


def test_an_edited_neighbour_changes_no_fingerprint() -> None:
    before = prints(pd.DataFrame([whole(DOCUMENT)]))
    edited = [("Costs fell sharply.", "成本大幅下降。"), *DOCUMENT[:2]]
    assert len(before) == 2
    assert prints(pd.DataFrame([whole(edited)])) == before
    assert not prints(pd.DataFrame([whole(DOCUMENT, "e")])).keys() & before.keys()


def test_fingerprints_of_rows_without_an_id_survive_reordering() -> None:
    rows = pd.DataFrame(DOCUMENT, columns=["source", "mt"])
    assert prints(rows.iloc[::-1].reset_index(drop=True)) == prints(rows)
    assert len(prints(rows)) == 2


@settings(deadline=None)
@given(st.text(min_size=1), st.text(), st.text(), st.text(), st.integers(0, 10**6))
def test_a_fingerprint_is_of_rule_document_and_marked_text(
    marked: str, before: str, after: str, other: str, line: int
) -> None:
    plain = Segment("d", "d#1", "A cat.", marked)
    moved = Segment("d", "d#7", other, before + marked + after, path="x/y.csv", line=line, index=6)
    span = Span("hypothesis", 0, len(marked))
    later = Span("hypothesis", len(before), len(before) + len(marked))
    one = fingerprint("ACC005", plain, [span])
    assert fingerprint("ACC005", moved, [later]) == one
    assert fingerprint("ACC006", plain, [span]) != one
    elsewhere = fingerprint("ACC005", Segment("e", "e#1", "A cat.", marked), [span])
    assert elsewhere[:8] != one[:8]
    assert elsewhere[8:] == one[8:]


def test_two_systems_are_two_documents() -> None:
    marks = {document_mark("d", path="", system=s, text="") for s in ("", "a", "b")}
    assert len(marks) == 3


# --- counting ------------------------------------------------------------------------------

Found = tuple[str, str, str]  # document, marked text, severity


def inspected(found: list[Found]) -> Inspected:
    """A batch as the pipeline gives it, one finding a row."""
    rows = []
    for doc_id, text, severity in found:
        segment = Segment(doc_id, f"{doc_id}#1", "A cat.", text)
        spans = [Span("hypothesis", 0, len(text))]
        finding = {
            "code": "ACC005",
            "name": "number-mismatch",
            "severity": severity,
            "message": "",
            "spans": [{"side": "hypothesis", "start": 0, "end": len(text)}],
            "fingerprint": fingerprint("ACC005", segment, spans),
        }
        rows.append(
            {"doc_id": doc_id, "source": "A cat.", "hypothesis": text, "findings": [finding]}
        )
    return Inspected.of(schema.frame(rows, schema.SEGMENT))


def collected(found: list[Found]) -> Baseline:
    collector = Collector()
    collector.add(inspected(found))
    return collector.baseline


def compared(baseline: Baseline, *batches: list[Found]) -> AgainstBaseline:
    comparison = AgainstBaseline(baseline, ["ACC005"])
    for batch in batches:
        comparison.mark(inspected(batch))
    return comparison


def figures(comparison: AgainstBaseline) -> tuple[object, ...]:
    summary = comparison.summary()
    return tuple(summary[k] for k in ("known", "new", "worse", "fixed", "not_looked_at"))


FOUND = st.lists(
    st.tuples(
        st.sampled_from("de"),
        st.sampled_from(["12", "１２", "34"]),  # the second is the first in full width
        st.sampled_from(["minor", "major", "critical"]),
    ),
    max_size=8,
)


@settings(deadline=None, max_examples=50)
@given(FOUND)
def test_a_run_passes_against_its_own_baseline(found: list[Found]) -> None:
    comparison = compared(collected(found), found)
    assert comparison.by_severity() == {}
    assert figures(comparison) == (len(found), 0, 0, 0, 0)


@settings(deadline=None, max_examples=50)
@given(FOUND, FOUND, st.randoms(use_true_random=False))
def test_order_and_batches_do_not_matter(
    old: list[Found], new: list[Found], chance: random.Random
) -> None:
    baseline = collected(old)
    once = compared(baseline, new)
    mixed = chance.sample(new, len(new))
    cut = chance.randint(0, len(mixed))
    parts = compared(baseline, mixed[:cut], mixed[cut:])
    assert parts.by_severity() == once.by_severity()
    assert parts.summary() == once.summary()
    known, added, worse, _, _ = figures(once)
    assert known + added + worse == len(new)  # type: ignore[operator]
    assert sum(once.by_severity().values()) == len(new) - known  # type: ignore[operator]


@settings(deadline=None, max_examples=50)
@given(FOUND, FOUND)
def test_parts_merge_to_the_whole(one: list[Found], two: list[Found]) -> None:
    left, right, both = collected(one), collected(two), collected(one + two)
    assert left.merged(right).known == both.known == right.merged(left).known


@settings(deadline=None, max_examples=50)
@given(FOUND, FOUND)
def test_an_update_leaves_nothing_new_and_tells_the_difference(
    old: list[Found], new: list[Found]
) -> None:
    before = collected(old)
    documents = {k.document for k in (*before.known.values(), *collected(new).known.values())}
    after, change = before.updated(collected(new), documents=documents, rules=["ACC005"])
    assert after.known == collected(new).known
    assert compared(after, new).by_severity() == {}
    same = {f: (k.count, k.severity) for f, k in before.known.items()} == {
        f: (k.count, k.severity) for f, k in after.known.items()
    }
    assert same == (change.added == change.removed == ())
    assert sum(k.count for k in change.added) >= len(after) - len(before)
    assert sum(k.count for k in change.removed) >= len(before) - len(after)


def test_worse_is_told_from_new_and_fixed() -> None:
    baseline = collected([("d", "12", "minor"), ("d", "34", "major"), ("e", "12", "minor")])
    comparison = compared(baseline, [("d", "12", "major"), ("d", "56", "minor")])
    assert comparison.by_severity() == {"minor": 1, "major": 1}
    # 34 is gone from d; e was not looked at.
    assert figures(comparison) == (0, 1, 1, 1, 1)
    assert comparison.summary()["fixed_findings"] == [
        k.as_dict() for k in baseline.listed() if k.text == "34"
    ]


def test_the_third_of_two_is_new() -> None:
    baseline = collected([("d", "12", "major")] * 2)
    marked = AgainstBaseline(baseline, ["ACC005"]).mark(inspected([("d", "12", "major")] * 3))
    assert [f["known"] for row in marked.segments["findings"] for f in row] == [True, True, False]


def test_a_crashed_rule_is_never_known() -> None:
    crash = inspected([("d", "12", "neutral")])
    crash.segments["findings"][0][0]["code"] = "INT001"
    collector = Collector()
    collector.add(crash)
    assert not collector.baseline.known


# --- the file ------------------------------------------------------------------------------


@settings(deadline=None, max_examples=50)
@given(FOUND)
def test_the_file_gives_back_what_was_saved(found: list[Found]) -> None:
    baseline = collected(found)
    content = json.loads(baseline.text())
    assert content["mtcheck_baseline"] == VERSION
    assert [r["fingerprint"] for r in content["findings"]] == [
        k.fingerprint for k in baseline.listed()
    ]


def test_saving_and_loading(tmp_path: Path) -> None:
    path = tmp_path / "base.json"
    hostile = Known("0" * 16, 'a"\u202e\n', "ACC005", Severity.MAJOR, "x\x1b[31m", 2)
    baseline = Baseline({hostile.fingerprint: hostile})
    baseline.save(path)
    assert load_baseline(path).known == baseline.known
    assert "\x1b" not in path.read_text("utf-8")
    assert "\u202e" not in path.read_text("utf-8")
    assert [p.name for p in tmp_path.iterdir()] == ["base.json"]
    lines = path.read_text("utf-8").splitlines()
    assert sum("ACC005" in line for line in lines) == 1  # one finding, one line


ROW = {"fingerprint": "f", "doc_id": "d", "code": "ACC005", "severity": "major", "text": ""}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "no baseline of mtcheck"),
        ('{"version": "2.1.0", "runs": []}', "no baseline of mtcheck"),
        ('{"mtcheck_baseline": 99, "mtcheck_version": "9.0"}', "update mtcheck"),
        ('{"mtcheck_baseline": 1}', "no list of findings"),
        ('{"mtcheck_baseline": 1, "findings": [3]}', "finding 1 is broken"),
        (json.dumps({"mtcheck_baseline": 1, "findings": [{**ROW, "count": 0}]}), "broken"),
        (
            json.dumps(
                {"mtcheck_baseline": 1, "findings": [{**ROW, "count": 1, "severity": "bad"}]}
            ),
            "broken",
        ),
    ],
)
def test_a_wrong_file_is_refused(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "base.json"
    path.write_text(content, "utf-8")
    with pytest.raises(DataError, match=message) as error:
        load_baseline(path)
    assert "base.json" in str(error.value)


def test_a_missing_file_names_the_mend(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="mtcheck baseline write"):
        load_baseline(tmp_path / "gone.json")
    with pytest.raises(UsageError, match="can't write"):
        Baseline().save(tmp_path / "no" / "base.json")


# --- the command line ----------------------------------------------------------------------


def test_write_check_update_show(
    tmp_path: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("rows.jsonl"), PAIRS)
    assert run(capfd, "check", "rows.jsonl").code == 1

    done = run(capfd, "baseline", "write", "rows.jsonl")
    assert (done.code, done.err) == (0, "")
    assert done.out == "mtcheck-baseline.json: 2 findings in 2 documents\n"
    again = run(capfd, "baseline", "write", "rows.jsonl")
    assert again.code == 2
    assert "exists; renew it with `mtcheck baseline update`" in again.err

    base = ("--baseline", "mtcheck-baseline.json")
    done = run(capfd, "check", "rows.jsonl", *base)
    assert (done.code, done.out) == (0, "")
    assert "2 known, 0 new, 0 worse, 0 fixed" in done.err

    # p2 is mended, p3 gets an error, the rows change places: one new, one fixed.
    changed = {"p3": ("It rained for 3 days.", "下了5天雨。"), "p1": PAIRS["p1"]}
    changed["p2"] = (PAIRS["p2"][0], "试验持续了36个月。")
    write(Path("rows.jsonl"), changed)
    done = run(capfd, "check", "rows.jsonl", *base)
    assert done.code == 1
    (line,) = done.out.splitlines()
    assert line.startswith("rows.jsonl:1: ACC005 major ")
    assert "1 known, 1 new, 0 worse, 1 fixed" in done.err
    assert "mtcheck: fixed: p2: ACC005 36 | 63" in done.err
    assert "fail: 1 new or worse finding of severity major or above" in done.err

    # The same rule made more severe is worse, and its own baseline setting is read.
    Path("mtcheck.toml").write_text(
        'baseline = "mtcheck-baseline.json"\n[severity]\nACC005 = "critical"\n', "utf-8"
    )
    done = run(capfd, "check", "rows.jsonl")
    assert done.code == 1
    assert "0 known, 1 new, 1 worse, 1 fixed" in done.err
    assert "2 new or worse findings of severity major or above" in done.err
    Path("mtcheck.toml").unlink()

    done = run(capfd, "baseline", "update", "rows.jsonl")
    assert done.code == 0
    plus, minus, total = done.out.splitlines()
    assert plus == "+ p3: ACC005 major 3 | 5"
    assert minus == "- p2: ACC005 major 36 | 63"
    assert total == "mtcheck-baseline.json: 1 in, 1 out; 2 findings in 2 documents"
    assert run(capfd, "check", "rows.jsonl", *base).code == 0

    done = run(capfd, "baseline", "show")
    assert done.out.splitlines() == [
        "p1: ACC005 major 12% | 21%",
        "p3: ACC005 major 3 | 5",
        "ACC005 2",
        "mtcheck-baseline.json: 2 findings in 2 documents",
    ]


@pytest.mark.slow
def test_of_two_writers_at_once_neither_is_lost_in_silence(tmp_path: Path) -> None:
    for name, key in (("one", "p1"), ("two", "p2")):
        write(tmp_path / f"{name}.jsonl", {key: PAIRS[key]})
    command = [sys.executable, "-m", "mtcheck", "baseline"]

    def both(verb: str) -> tuple[list[int], str]:
        runs = [
            subprocess.Popen(
                [*command, verb, f"{n}.jsonl"], cwd=tmp_path, stderr=subprocess.PIPE, text=True
            )
            for n in ("one", "two")
        ]
        said = [r.communicate(timeout=300)[1] for r in runs]
        return sorted(r.returncode for r in runs), "".join(said)

    codes, said = both("write")
    assert codes == [0, 2]
    assert "exists; renew it with `mtcheck baseline update`" in said
    assert both("update") == ([0, 0], "")
    kept = load_baseline(tmp_path / "mtcheck-baseline.json").known.values()
    assert {k.doc_id for k in kept} == {"p1", "p2"}


def test_an_update_keeps_what_it_did_not_look_at(
    tmp_path: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("rows.jsonl"), PAIRS)
    run(capfd, "baseline", "write", "rows.jsonl", "--baseline", "b.json")
    write(Path("part.jsonl"), {"p1": (PAIRS["p1"][0], "2019年水稻产量上升了12%。")})
    base = ("--baseline", "b.json")
    done = run(capfd, "check", "part.jsonl", *base)
    assert "0 known, 0 new, 0 worse, 1 fixed" in done.err
    assert "fixed: p2" not in done.err
    done = run(capfd, "baseline", "update", "part.jsonl", *base)
    assert "0 in, 1 out; 1 finding in 1 document" in done.out
    # Rules that do not run fix nothing either.
    assert (
        "0 in, 0 out"
        in run(capfd, "baseline", "update", "rows.jsonl", *base, "--select", "LNG").out
    )
    done = run(capfd, "baseline", "update", "part.jsonl", *base, "--prune")
    assert "0 in, 1 out; 0 findings in 0 documents" in done.out


@pytest.mark.parametrize("command", [["check"], ["baseline", "update"], ["baseline", "show"]])
def test_a_foreign_file_is_exit_2_and_stays(
    command: list[str], tmp_path: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("rows.jsonl"), PAIRS)
    Path("thesis.json").write_text('{"years": 10}', "utf-8")
    rest = ["thesis.json"] if "show" in command else ["rows.jsonl", "--baseline", "thesis.json"]
    done = run(capfd, *command, *rest)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("mtcheck: error: thesis.json: no baseline of mtcheck")
    assert Path("thesis.json").read_text("utf-8") == '{"years": 10}'


def test_the_report_keeps_known_findings_and_says_so() -> None:
    data = frame(PAIRS)
    audit = mtcheck.audit(data, risk=False)
    assert not any("known" in f for row in audit.segments["findings"] for f in row)
    assert "baseline" not in audit.summary


def test_an_audit_against_a_baseline(tmp_path: Path) -> None:
    collector = Collector()
    data = frame(PAIRS)
    collector.add(Inspected.of(mtcheck.audit(data.head(1), risk=False).segments))
    collector.baseline.save(tmp_path / "b.json")
    audit = mtcheck.audit(data, risk=False, baseline=str(tmp_path / "b.json"))
    assert [f["known"] for row in audit.segments["findings"] for f in row] == [True, False]
    assert audit.verdict.reasons == ("1 new or worse finding of severity major or above",)
    assert audit.summary["counts"]["codes"] == {"ACC005": 2}
