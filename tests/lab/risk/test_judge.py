"""The tables of ``mtcheck evaluate``: labels read, columns judged, intervals, printing."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from mtcheck.config import Config
from mtcheck.errors import DataError, UsageError
from mtcheck.lab.labels import Labels, join, read_labels, score_columns
from mtcheck.lab.marks import marks_of
from mtcheck.lab.risk import baselines
from mtcheck.lab.risk import judge as quality
from mtcheck.lab.risk.judge import JudgedColumn, Quality, evaluate_columns
from mtcheck.models import Vectors
from mtcheck.models.risk import WEIGHTS
from mtcheck.risk import STACK
from tests.command_line import run
from tests.conftest import shared

REFERENCE = "chrF with a reference"
WORDS = ("rain", "rice", "river", "road", "rock", "roof", "room", "root", "rope", "rule")


def evaluate(path: Path, *, as_is: bool = False, **options: Any) -> Quality:
    return quality.evaluate(read_labels(path, as_is=as_is), **options)


class Letters:
    """An encoder that counts letters: quick, and the same each time."""

    name = "letters"
    signature = "letters"
    min_similarity: float | None = None

    def encode(self, texts: list[str]) -> Vectors:
        """Unit vectors of letter counts."""
        vectors = np.zeros((len(texts), 64), dtype=np.float32)
        for i, text in enumerate(texts):
            for char in text:
                vectors[i, ord(char) % 64] += 1
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


@pytest.fixture(autouse=True)
def quick_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality, "load_encoder", lambda name: Letters())


def write(path: Path, rows: Sequence[dict[str, object]]) -> Path:
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8")
    return path


def mark(start: int, end: int, severity: str = "Major") -> dict[str, object]:
    """A mark without its text: nothing to look for, so it stands where it says."""
    return {"start": start, "end": end, "severity": severity, "category": "Accuracy"}


def corpus(sources: int = 30, systems: int = 4, seed: int = 0) -> list[dict[str, object]]:
    """Every system translates every source; later systems are worse, later sources harder."""
    rng = np.random.default_rng(seed)
    rows: list[dict[str, object]] = []
    for s in range(sources):
        for k in range(systems):
            errors = int(rng.poisson(0.3 + 0.4 * k + 0.5 * s / sources))
            rows.append(
                {
                    "segment_id": f"d{s // 6}-{s}",
                    "doc_id": f"d{s // 6}",
                    "system": f"system {k}",
                    "source": f"The {WORDS[s % 10]} of valley {s} was measured again.",
                    "hypothesis": f"再次测量了第{s}个山谷的数据，系统编号{k}。",
                    "reference": f"再次测量了第{s}个山谷的数据，编号{k % 2}。",
                    "mqm": -5 * errors,
                    "errors": [mark(0, 2)] * errors,
                    "perfect_risk": errors / 20,
                    "upside_down": -errors,
                }
            )
    return rows


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(tmp_path / "labels.jsonl", corpus())


def value(q: Quality, column: str, figure: str) -> float:
    return q.column(column).figures[figure].value


# --- judging -------------------------------------------------------------------------------


def test_a_perfect_score_gets_full_marks_and_its_reverse_none(path: Path) -> None:
    q = evaluate(path, directions={"upside_down": "worse"}, resamples=0)
    full = ("pearson", "kendall", "within_source", "system_pearson", "system_kendall", "roc_auc")
    for name in full:
        assert value(q, "perfect_risk", name) == pytest.approx(1)
    assert value(q, "upside_down", "roc_auc") == 0
    assert value(q, "upside_down", "within_source") == pytest.approx(-1)
    assert value(q, "upside_down", "system_pearson") == pytest.approx(-1)


def test_baselines_stand_beside_without_being_asked_for(path: Path) -> None:
    q = evaluate(path, resamples=0)
    names = ["length of the source", "cosine", REFERENCE]
    assert [c.name for c in q.columns if c.baseline] == names
    with_ridges = evaluate(path, baselines=True, resamples=0)
    assert with_ridges.column("ridge on the source").baseline
    assert with_ridges.column("ridge on the hypothesis").n == q.segments


def test_a_score_of_the_source_alone_ranks_no_translations(path: Path) -> None:
    q = evaluate(path, resamples=0)
    assert value(q, "length of the source", "within_source") == 0
    # every system has the same sources, so their means do not differ either
    assert "system_pearson" not in q.column("length of the source").figures


def test_systems_are_compared_on_the_sources_they_share() -> None:
    rows = corpus(sources=20, systems=3)
    for row in rows:
        row["mqm"] = {"system 0": -1, "system 1": -2, "system 2": -3}[str(row["system"])]
        row["score"] = row["mqm"]
    for s in range(10):  # the best system alone got ten hard sources
        rows.append({**rows[0], "source": f"hard {s}", "mqm": -90, "score": -90})
    labels = labels_of(rows)
    q = evaluate_columns(labels, {"score": JudgedColumn(score_of(rows), "better")}, resamples=0)
    assert value(q, "score", "system_pearson") == pytest.approx(1)
    centred = quality._centred(
        labels.human, labels.source_group, np.arange(len(labels)), labels.source_group
    )
    assert np.isnan(centred).all()  # one "system" a source: nothing is shared


def score_of(rows: Sequence[dict[str, object]], name: str = "score") -> NDArray[np.float64]:
    return score_columns(rows, [name])[name]


def labels_of(rows: Sequence[dict[str, object]]) -> Labels:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        return read_labels(write(Path(folder) / "labels.jsonl", rows))


def test_intervals_hold_the_value_and_come_from_the_seed(path: Path) -> None:
    first, again = (evaluate(path, resamples=100, seed=3) for _ in range(2))
    assert first == again
    other = evaluate(path, resamples=100, seed=4)
    figures = first.column("cosine").figures
    assert figures != other.column("cosine").figures
    for figure in figures.values():
        assert figure.low is not None
        assert figure.high is not None
        assert figure.low <= figure.value <= figure.high
        assert figure.low < figure.high


def test_the_bootstrap_draws_whole_sources() -> None:
    """Copies of every row are no new evidence: the interval must not shrink."""
    rows = corpus(sources=25, systems=1)
    for row in rows:
        row["noisy"] = float(np.random.default_rng(len(str(row["source"]))).normal())
    noisy = np.random.default_rng(0).normal(size=25)
    once = evaluate_columns(labels_of(rows), {"noisy": JudgedColumn(noisy, "worse")}, resamples=200)
    many = evaluate_columns(
        labels_of([r for r in rows for _ in range(8)]),
        {"noisy": JudgedColumn(np.repeat(noisy, 8), "worse")},
        resamples=200,
    )
    a, b = (q.column("noisy").figures["roc_auc"] for q in (once, many))
    assert (a.low, a.high) == pytest.approx((b.low, b.high))


def test_direction_is_known_by_name_or_detected_and_said(path: Path) -> None:
    q = evaluate(path, resamples=0)
    risk, other = q.column("perfect_risk"), q.column("upside_down")
    assert (risk.direction, risk.detected) == ("worse", False)
    assert (other.direction, other.detected) == ("better", True)
    assert "upside_down: taken as higher is better because the human judgements say so" in (
        q.markdown()
    )


def test_rows_without_a_value_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = corpus()
    for row in rows[:7]:
        del row["perfect_risk"]
    q = evaluate(write(tmp_path / "x.jsonl", rows), resamples=0)
    assert q.column("perfect_risk").n == len(rows) - 7
    assert value(q, "perfect_risk", "kendall") == pytest.approx(1)
    assert "perfect_risk: 7 segments have no value and are left out." in q.markdown()


def test_mcc_at_a_threshold_of_either_direction(path: Path) -> None:
    q = evaluate(
        path,
        thresholds={"perfect_risk": 0.05, "upside_down": -1.0},
        directions={"upside_down": "better"},
        resamples=0,
    )
    assert value(q, "perfect_risk", "mcc") == pytest.approx(1)
    assert value(q, "upside_down", "mcc") == pytest.approx(1)
    with pytest.raises(UsageError, match="threshold of 'risk': no such column; there are perfect"):
        evaluate(path, thresholds={"risk": 0.5}, resamples=0)


def test_the_risk_is_judged_at_the_threshold_of_the_settings_else_of_the_model(
    tmp_path: Path,
) -> None:
    own = json.loads((WEIGHTS / STACK).read_text())["threshold"]
    rows = [{**row, "risk": row["perfect_risk"]} for row in corpus()]
    path = write(tmp_path / "x.jsonl", rows)
    chosen = evaluate(path, config=Config(review_risk=0.05), resamples=0).column("risk")
    assert chosen.threshold == 0.05
    assert chosen.figures["mcc"].value == pytest.approx(1)
    assert evaluate(path, resamples=0).column("risk").threshold == own
    given = evaluate(path, thresholds={"risk": 0.4}, config=Config(review_risk=0.05), resamples=0)
    assert given.column("risk").threshold == 0.4


def test_only_a_probability_gets_a_calibration_error(path: Path) -> None:
    q = evaluate(path, resamples=0)
    assert "ece" in q.column("perfect_risk").figures
    assert len(q.column("perfect_risk").reliability) == 10
    for name in ("upside_down", "cosine", "length of the source"):
        assert "ece" not in q.column(name).figures
        assert not q.column(name).reliability


def test_the_interval_of_a_calibrated_score_holds_its_small_error() -> None:
    rng = np.random.default_rng(0)
    rows = corpus(sources=300, systems=1)
    risk = rng.uniform(0.05, 0.6, size=300)
    for row, p in zip(rows, risk, strict=True):
        row["critical"] = int(rng.uniform() < p)
    q = evaluate_columns(labels_of(rows), {"risk": JudgedColumn(risk)}, resamples=200)
    ece = q.column("risk").figures["ece"]
    assert ece.low is not None
    assert ece.high is not None
    assert ece.low < ece.value < ece.high
    assert ece.value < 0.1


# --- words ---------------------------------------------------------------------------------


def test_words_of_tags_and_characters_of_spans(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {
            "source": "Rice grows.",
            "hypothesis": "水稻 生长 慢 .",
            "hypothesis_tokenised": "水稻 生长 慢 .",
            "target_tags": "OK OK OK OK OK BAD OK BAD OK",
            "da_z": -1.0,
            "good_spans": [{"start": 6, "end": 9, "side": "hypothesis"}, [0, 0]],
            "half_spans": [{"start": 6, "end": 7, "side": "hypothesis"}],
            "source_spans": [{"start": 0, "end": 4, "side": "source"}],
        }
    ]
    names = ("good_spans", "half_spans", "source_spans")
    q = evaluate(write(tmp_path / "x.jsonl", rows), span_names=names, resamples=0)
    table = {w.name: w for w in q.words}
    assert q.marked == 0.5
    good, half, none = (table[n] for n in names)
    assert good.f1 is not None
    assert good.mcc is not None
    assert half.f1 is not None
    assert half.mcc is not None
    assert (good.mcc.value, good.f1.value) == (1, 1)
    assert half.f1.value == pytest.approx(2 / 3)  # one of two characters
    assert half.mcc.value == pytest.approx(1 / math.sqrt(3))  # one of two words
    assert none.f1 is not None
    assert none.f1.value == 0
    assert none.precision is None
    floor = table["all of the text"]
    assert floor.baseline
    assert floor.mcc is None
    assert floor.f1 is not None
    assert floor.f1.value == pytest.approx(2 * 2 / (2 + 6))


def test_marks_become_characters_with_inclusive_ends(tmp_path: Path) -> None:
    row: dict[str, object] = {"source": "A.", "hypothesis": "一 二三"}
    row |= {"errors": [mark(2, 3), mark(0, 0, "Neutral")]}
    (words,) = read_labels(write(tmp_path / "x.jsonl", [row])).words
    assert words is not None
    assert words.unit.tolist() == [0, -1, 1, 2]
    assert words.bad.tolist() == [False, True, True]  # a neutral mark is no error


def test_wmt_spans_end_before_their_end(tmp_path: Path) -> None:
    spans = [
        {"start_i": 0, "end_i": 1, "severity": "critical"},
        {"start_i": "missing", "end_i": "missing", "severity": "major"},
    ]
    row = {"source": "A.", "hypothesis": "一二", "esa_z": 0.1, "spans": spans}
    labels = read_labels(write(tmp_path / "x.jsonl", [row]))
    assert labels.words[0] is not None
    assert labels.words[0].bad.tolist() == [True, False]
    assert labels.human_name == "esa_z"
    assert labels.bad.tolist() == [1]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ([{"start": 1, "end": 3}], ((1, 3),)),
        ([[1, 3], (4, 5)], ((1, 3), (4, 5))),
        ('[{"start": 1, "end": 3, "side": "hypothesis"}]', ((1, 3),)),
        ([{"side": "source", "start": 1, "end": 3}], ()),
        ([{"code": "X", "spans": [{"side": "hypothesis", "start": 0, "end": 1}]}], ((0, 1),)),
        (None, ()),
        ("[broken", ()),
        ([["a", "b"], 5], ()),
    ],
)
def test_what_a_cell_of_spans_may_look_like(cell: object, expected: object) -> None:
    assert marks_of(cell) == expected


# --- reading -------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "tsv", "parquet"])
def test_every_format_gives_the_same_figures(tmp_path: Path, suffix: str) -> None:
    rows = [
        {k: v for k, v in row.items() if k not in {"errors", "reference"}} for row in corpus(12, 2)
    ]
    for i, row in enumerate(rows):
        row["critical"] = i % 3 == 0
    frame = pd.DataFrame(rows)
    target = tmp_path / f"labels.{suffix}"
    if suffix == "parquet":
        pytest.importorskip("pyarrow")
        frame.to_parquet(target)
    elif suffix == "jsonl":
        write(target, rows)
    else:
        frame.to_csv(target, index=False, sep="," if suffix == "csv" else "\t")
    q = evaluate(target, resamples=0)
    assert (q.segments, q.systems, q.label) == (24, 2, "critical")
    assert q.prevalence == pytest.approx(1 / 3)
    assert value(q, "perfect_risk", "kendall") == pytest.approx(1)


def test_human_references_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    rows = corpus(5, 2)
    rows += [{**row, "system": "reference_r1"} for row in rows[:3]]
    file = write(tmp_path / "x.jsonl", rows)
    assert (len(read_labels(file)), read_labels(file).references) == (10, 3)
    assert len(read_labels(file, with_references=True)) == 13
    assert len(read_labels(file, only_systems=["reference_r1"])) == 3
    assert len(read_labels(file, exclude_systems=["system 0"])) == 5
    with pytest.raises(DataError, match="no row is left"):
        read_labels(file, only_systems=["nobody"])


def test_rows_with_marks_of_another_text_are_set_aside(tmp_path: Path) -> None:
    rows = corpus(5, 1)
    rows[0]["errors"] = [{**mark(0, 1), "text": "别的"}]
    file = write(tmp_path / "x.jsonl", rows)
    assert (len(read_labels(file)), read_labels(file).set_aside) == (4, 1)
    assert len(read_labels(file, as_is=True)) == 5


def test_a_penalty_that_counts_upwards_is_turned_round(tmp_path: Path) -> None:
    rows = corpus(8, 2)
    turned: list[dict[str, object]] = [{**r, "mqm": -float(str(r["mqm"]))} for r in rows]
    a, b = (
        read_labels(write(tmp_path / f"{i}.jsonl", r)).human for i, r in enumerate([rows, turned])
    )
    assert a.tolist() == b.tolist()
    assert a.max() == 0 > a.min()


def test_marks_alone_give_a_score(tmp_path: Path) -> None:
    row: dict[str, object] = {"source": "A.", "hypothesis": "一"}
    row |= {"errors": [mark(0, 0), mark(0, 0, "Minor")]}
    labels = read_labels(write(tmp_path / "x.jsonl", [row]))
    assert labels.human.tolist() == [-6]
    assert labels.human_name == "mqm of the marks"


def test_words_published_apart_are_joined(tmp_path: Path) -> None:
    row = {"source": "A.", "hypothesis": "我 用 Python 写 , 对 。", "critical": 0}
    labels = read_labels(write(tmp_path / "x.jsonl", [row]), join_han=True)
    assert labels.hypothesis == ("我用Python写,对。",)


@pytest.mark.parametrize(
    ("word", "expected"),
    [(1, 1), (True, 1), ("major", 1), ("BAD", 1), ("minor", 0), ("ok", 0), (0.0, 0), ("", None)],
)
def test_labels_in_many_words(tmp_path: Path, word: object, expected: int | None) -> None:
    row = {"source": "A.", "hypothesis": "一", "label": word, "mqm": 0}
    (got,) = read_labels(write(tmp_path / "x.jsonl", [row])).bad
    assert math.isnan(got) if expected is None else got == expected


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"source": "A.", "hypothesis": "一"}, "no human label; give a score .* the file has sou"),
        ({"source": "A.", "mqm": 1}, "no hypothesis column; .* --hypothesis-column"),
        ({"source": None, "hypothesis": "一", "mqm": 1}, ":1: no text in 'source'"),
        ({"source": "A.", "hypothesis": "一", "mqm": "bad"}, ":1: mqm is 'bad', no number"),
        ({"source": "A.", "hypothesis": "一", "label": "maybe"}, ":1: label is 'maybe', neither"),
    ],
)
def test_errors_say_where_and_what_to_do(tmp_path: Path, row: object, message: str) -> None:
    assert isinstance(row, dict)
    with pytest.raises(DataError, match=message):
        read_labels(write(tmp_path / "x.jsonl", [row]))


def test_unreadable_files_are_data_errors(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_bytes(b"PAR1 not really")
    for name in ("x.parquet", "gone.jsonl"):
        with pytest.raises(DataError, match=name):
            read_labels(tmp_path / name)
    (tmp_path / "empty.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="the file is empty"):
        read_labels(tmp_path / "empty.jsonl")


# --- joined and computed columns -----------------------------------------------------------


def test_scores_are_joined_whatever_their_order(path: Path, tmp_path: Path) -> None:
    rows = [
        {k: row[k] for k in ("segment_id", "system", "doc_id")}
        | {"risk": row["perfect_risk"], "line": 1, "source_start": 0}
        | {"findings": [{"severity": "major", "spans": []}] if row["perfect_risk"] else []}
        for row in reversed(corpus())
    ]
    q = evaluate(path, scores=write(tmp_path / "segments.jsonl", rows[:-5]), resamples=0)
    assert [c.name for c in q.columns if not c.baseline] == ["risk", "rule penalty"]
    assert value(q, "risk", "kendall") == pytest.approx(1)
    assert value(q, "rule penalty", "roc_auc") > 0.95
    assert "5 segments have no row in segments.jsonl." in q.notes
    both = evaluate(
        path,
        scores=tmp_path / "segments.jsonl",
        columns=("risk", "upside_down"),
        resamples=0,
    )
    assert [c.name for c in both.columns if not c.baseline] == ["risk", "upside_down"]


def test_two_annotators_of_one_segment_get_its_score(tmp_path: Path) -> None:
    rows = [dict(corpus(2, 1)[0]) for _ in range(2)]
    scores = [
        {"segment_id": "d0-0", "hypothesis": "别的", "risk": 0.9},
        {"segment_id": "d0-0", "hypothesis": rows[0]["hypothesis"], "risk": 0.1},
    ]
    joined = join(labels_of(rows), write(tmp_path / "s.jsonl", scores))
    assert [row["risk"] for row in joined] == [0.1, 0.1]


def test_a_table_that_does_not_fit_is_an_error(path: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no column 'segment_id' to join by"):
        evaluate(path, scores=write(tmp_path / "a.jsonl", [{"risk": 1}]))
    with pytest.raises(DataError, match="no row matches the labels by segment_id"):
        evaluate(path, scores=write(tmp_path / "b.jsonl", [{"segment_id": "x", "risk": 1}]))
    with pytest.raises(DataError, match="column 'nothing' is not there"):
        evaluate(path, columns=["nothing"])
    with pytest.raises(DataError, match="column 'source' is not numeric"):
        evaluate(path, columns=["source"])


def test_mtcheck_itself_is_judged_when_nothing_else_is(tmp_path: Path) -> None:
    rows = [
        {k: v for k, v in row.items() if k not in {"perfect_risk", "upside_down"}}
        for row in corpus(6, 2)
    ]
    for row in rows[::3]:
        row["hypothesis"] = f"{row['hypothesis']}本文由机器翻译, 见(注。"
    q = evaluate(write(tmp_path / "x.jsonl", rows), resamples=0)
    penalty = q.column("rule penalty")
    assert penalty.n == 12
    assert penalty.direction == "worse"
    assert not penalty.detected
    assert "findings" in {w.name for w in q.words}
    again = evaluate(tmp_path / "x.jsonl", audit=False, resamples=0)
    assert [c.name for c in again.columns] == ["length of the source", "cosine", REFERENCE]


def test_a_named_model_is_judged(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stub:
        name = signature = "stub"

        def score(
            self, pairs: Sequence[tuple[str, str]], references: Sequence[str | None] | None = None
        ) -> NDArray[np.float32]:
            assert references is not None
            assert len(references) == len(pairs)
            return np.arange(len(pairs), dtype=np.float32)

    monkeypatch.setattr(quality, "load_pair_scorer", lambda name: Stub())
    q = evaluate(path, scorers=["some/model"], columns=["perfect_risk"], resamples=0)
    assert q.column("some/model").detected


# --- baselines -----------------------------------------------------------------------------


def test_ridge_predicts_out_of_fold_and_never_sees_its_own_document() -> None:
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(30), 10)
    vectors = rng.normal(size=(300, 20)).astype(np.float32)
    signal = vectors @ rng.normal(size=20)
    predicted = baselines.ridge(vectors, signal.astype(np.float64), group)
    assert np.corrcoef(predicted, signal)[0, 1] > 0.95
    # a mark of the document that means nothing elsewhere can't be learned
    marks = np.eye(30, dtype=np.float32)[group]
    by_document = rng.normal(size=30)[group]
    leaked = baselines.ridge(marks, by_document, group)
    assert abs(np.corrcoef(leaked, by_document)[0, 1]) < 0.5


def test_ridge_leaves_out_rows_without_a_target() -> None:
    target = np.r_[np.nan, np.arange(9.0)]
    vectors = np.random.default_rng(0).normal(size=(10, 3)).astype(np.float32)
    out = baselines.ridge(vectors, target, np.arange(10))
    assert np.isnan(out).tolist() == [True, *[False] * 9]
    two = baselines.ridge(vectors[:4], np.ones(4), np.array([0, 0, 1, 1]))
    assert np.isnan(two).all()


def test_folds_are_even_and_keep_groups_together() -> None:
    group = np.repeat(np.arange(17), np.arange(1, 18))
    fold = baselines.folds(group, 5)
    assert all(len(set(fold[group == g])) == 1 for g in range(17))
    sizes = np.bincount(fold)
    assert len(sizes) == 5
    assert sizes.max() - sizes.min() <= 10


def test_blank_texts_have_cosine_zero() -> None:
    encoder = Letters()
    source = baselines.encode(["rain", " ", "rain"], encoder)
    hypothesis = baselines.encode(["rain", "x", ""], encoder)
    assert baselines.cosine(source, hypothesis).tolist() == pytest.approx([1, 0, 0])
    nothing = baselines.encode(["", ""], encoder)
    assert baselines.cosine(source[:2], nothing).tolist() == [0, 0]


# --- the command ---------------------------------------------------------------------------


def test_the_command_prints_both_formats(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    flags = ["--resamples", "40", "--threshold", "perfect_risk=0.05"]
    flags += ["--direction", "upside_down=better"]
    text = run(capfd, "evaluate", path, *flags).out
    for piece in (
        "120 segments, 30 sources, 5 documents, 4 systems; ",
        "## Agreement with mqm",
        "| perfect_risk | 1.000 (1.00 to 1.00) |",
        "## Finding segments with an error (major or critical mark)",
        "## Reliability of perfect_risk",
        "## Marked words",
        "- Higher is worse: perfect_risk, length of the source.",
        "- perfect_risk: threshold 0.05.",
    ):
        assert piece in text
    content = json.loads(run(capfd, "evaluate", path, *flags, "--json").out)
    assert content["columns"][0]["figures"]["roc_auc"] == {"value": 1.0, "low": 1.0, "high": 1.0}


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--direction", "upside_down=up"], "'better' or 'worse'"),
        (["--direction", "upside_down"], "write COLUMN=VALUE"),
        (["--threshold", "perfect_risk=high"], "not a number"),
        (["--columns", "absent"], "column 'absent' is not there"),
        (["--span-columns", "absent"], "no column 'absent'"),
        (["--human", "absent"], "no column 'absent'"),
    ],
)
def test_the_command_explains_its_errors(
    path: Path, capfd: pytest.CaptureFixture[str], flags: list[str], message: str
) -> None:
    done = run(capfd, "evaluate", path, "--resamples", "0", *flags)
    assert done.code == 2
    assert message in done.err


def test_figures_on_real_judgements_are_those_of_other_libraries() -> None:
    from sacrebleu import sentence_chrf
    from scipy.stats import kendalltau, pearsonr  # type: ignore[import-untyped]
    from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]

    file = shared("human/bio_mqm_dev.jsonl")
    bio = pd.read_json(file, lines=True)
    bio = bio[~bio["system"].str.startswith("reference")]
    bio["chrf"] = [
        sentence_chrf(h, [r]).score
        for h, r in zip(bio["hypothesis"], bio["reference"], strict=True)
    ]
    major = [any(e["severity"] in {"Major", "Critical"} for e in row) for row in bio["errors"]]
    q = evaluate(file, audit=False, as_is=True, resamples=0)
    assert (q.segments, q.references, q.systems) == (len(bio), 214, 15)
    assert value(q, REFERENCE, "roc_auc") == pytest.approx(1 - roc_auc_score(major, bio["chrf"]))
    assert value(q, REFERENCE, "kendall") == pytest.approx(
        kendalltau(bio["chrf"], bio["mqm"]).statistic
    )
    means = bio.groupby("system")[["chrf", "mqm"]].mean()
    assert value(q, REFERENCE, "system_pearson") == pytest.approx(
        pearsonr(means["chrf"], means["mqm"]).statistic, abs=0.02
    )  # seven segments have two readings, so the sources do not weigh the same
    taus = [
        kendalltau(g["chrf"], g["mqm"]).statistic if g["chrf"].nunique() > 1 else 0.0
        for _, g in bio.groupby(bio["source"].str.strip())
        if g["mqm"].nunique() > 1
    ]
    assert value(q, REFERENCE, "within_source") == pytest.approx(float(np.mean(taus)))
