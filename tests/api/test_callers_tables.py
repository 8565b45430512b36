"""The analyst's tables: taken in any kind, given back as they were; saved, grouped, sampled."""

from __future__ import annotations

import datetime
import importlib.util
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import mtcheck
from mtcheck import DataError, UsageError
from mtcheck.api import notebook
from mtcheck.lab.labels import read_labels

SOURCES = ["Yields rose by 12% in 2019.", "Costs fell.", "Of 40 plots, 30 were dry.", "It rained."]
TEXTS = ["2020年产量上升了21%。", "成本下降。", "40块地中有30块干旱。", "下雨了。"]


def frame(**columns: object) -> pd.DataFrame:
    return pd.DataFrame({"source": SOURCES, "mt": TEXTS, **columns})


def audit(data: object, **settings: Any) -> mtcheck.Audit:
    return mtcheck.audit(data, risk=False, select="ACC005", **settings)


def test_index_columns_and_dtypes_of_the_frame_are_kept() -> None:
    own = frame(
        id=[7, 8, 9, 10],
        when=pd.to_datetime(["2020-01-01"] * 4, utc=True),
        kind=pd.Categorical(["a", "b", "a", "b"]),
        count=pd.array([1, None, 3, 4], dtype="Int64"),
        done=[True, False, True, False],
        code=["x", "y", "z", "w"],
    ).set_index(
        pd.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1), ("b", 2)], names=["l", "m"])
    )
    before = own.copy(deep=True)
    found = audit(own)
    pd.testing.assert_frame_equal(own, before)
    for name in ("when", "kind", "count", "done", "code"):
        assert found.segments[name].dtype == own[name].dtype, name
    assert found.findings["kind"].dtype == own["kind"].dtype
    assert found.findings["input_code"].tolist() == ["x"] * len(found.findings)
    assert found.segments["input_row"].tolist() == own.index.tolist()
    assert own.loc[found.segments["input_row"].tolist(), "id"].tolist() == [7, 8, 9, 10]
    both = found.join(own)
    assert both.index.equals(own.index)
    pd.testing.assert_frame_equal(both[own.columns], own)
    assert both["mtcheck_status"].tolist() == found.segments["status"].tolist()
    assert both["mtcheck_codes"].tolist() == [["ACC005"], [], [], []]
    part = own.iloc[[2, 0]]
    assert found.join(part)["mtcheck_codes"].tolist() == [[], ["ACC005"]]
    with pytest.raises(UsageError, match="rows that were not audited"):
        found.join(own.reset_index(drop=True))
    with pytest.raises(UsageError, match="already"):
        found.join(both)


def test_rows_of_a_document_are_joined_to_it_and_those_set_aside_miss() -> None:
    whole = pd.DataFrame(
        {
            "source": [" ".join(SOURCES[:2]), "", SOURCES[3]],
            "mt": ["".join(TEXTS[:2]), "无", TEXTS[3]],
        },
        index=["x", "y", "y"],
    )
    found = audit(whole, bad_rows="skip")
    both = found.join(whole)
    assert both["mtcheck_segments"].tolist()[0] == 2
    assert pd.isna(both["mtcheck_status"].iloc[1])
    assert both["mtcheck_segments"].iloc[2] == 1
    assert found.segments["input_row"].tolist() == ["x", "x", "y"]
    assert not [c for c in found.segments.columns if c.startswith("_")]


def test_repeated_ids_are_told() -> None:
    found = audit(frame(id=["a", "a", "b", "b"]))
    assert any("ids repeat" in note for note in found.summary["notes"])
    assert not any("ids repeat" in n for n in audit(frame(id=list("abcd"))).summary["notes"])


def test_tables_of_any_kind_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = audit(frame()).findings["marked"].tolist()
    taken: list[object] = [frame().to_dict("records"), frame().to_dict("list")]
    if importlib.util.find_spec("pyarrow"):
        import pyarrow as pa

        taken.append(pa.Table.from_pandas(frame()))
    if importlib.util.find_spec("polars"):
        import polars as pl

        taken += [pl.DataFrame(frame().to_dict("list")), pl.LazyFrame(frame().to_dict("list"))]
    for table in taken:
        assert audit(table).findings["marked"].tolist() == expected, type(table)
    for wrong in (7, [1, 2], object()):
        with pytest.raises(UsageError, match="can't audit a"):
            audit(wrong)


@pytest.mark.parametrize(
    ("data", "settings", "said"),
    [
        (pd.DataFrame({"text": ["a"]}), {}, "source_column='name'"),
        (
            pd.DataFrame({"Quelle a": SOURCES, "Ziel": TEXTS}),
            {},
            "source_column='Quelle a', hypothesis_column='Ziel'",
        ),
        (frame(zh=TEXTS), {}, "hypothesis_column='name'"),
        (frame(mt=[None, *TEXTS[1:]], source=["", *SOURCES[1:]]), {}, "bad_rows='skip'"),
        (frame(), {"review_risk": 0.5}, "risk=False"),
        (frame(), {"source_column": "nope"}, "source_column="),
    ],
)
def test_errors_speak_of_arguments(data: pd.DataFrame, settings: Any, said: str) -> None:
    with pytest.raises(mtcheck.MtcheckError) as caught:
        audit(data, **settings)
    assert said in str(caught.value)
    assert "--" not in str(caught.value)


def test_a_comparison_takes_the_same_and_says_the_same() -> None:
    records = frame(reference=TEXTS, segment_id=list("abcd")).to_dict("records")
    found = mtcheck.compare(records, records, metrics="chrf", risk=False, select="ACC005")
    assert found.verdict.passed
    with pytest.raises(mtcheck.MtcheckError) as caught:
        mtcheck.compare([{"text": "a"}], [{"text": "b"}])
    assert "source_column='name'" in str(caught.value)
    assert "--" not in str(caught.value)


def test_one_name_stands_for_several() -> None:
    assert mtcheck.Config(ignore="LNG").ignore == ("LNG",)  # type: ignore[arg-type]
    assert mtcheck.Config().replace(select="ACC, LNG001").select == ("ACC", "LNG001")
    assert mtcheck.Config(select=["ACC"]).select == ("ACC",)  # type: ignore[arg-type]
    path = Path("a/b.csv")
    assert mtcheck.Config(glossary=path).glossary == str(path)  # type: ignore[arg-type]
    assert mtcheck.Config(decisions="a,b.jsonl").decisions == ("a,b.jsonl",)  # type: ignore[arg-type]


def test_an_audit_is_saved_and_loaded(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    days = [datetime.date(2020, 1, d) for d in (1, 2, 3, 4)]
    own = frame(system=["m", "m", "n", "n"], reference=TEXTS, kind=pd.Categorical(list("abab")))
    own.index = pd.MultiIndex.from_arrays([days, range(4)], names=["day", "n"])
    found = audit(own)
    found.save(tmp_path / "kept")
    again = mtcheck.load(tmp_path / "kept")
    for name in ("segments", "findings", "documents", "rejected"):
        left, right = getattr(found, name), getattr(again, name)
        drop = ["input_row"] if "input_row" in left else []
        pd.testing.assert_frame_equal(right.drop(columns=drop), left.drop(columns=drop))
    assert repr(again) == repr(found)
    assert again.verdict == found.verdict
    assert again.config == found.config
    assert again.ranks == found.ranks
    assert again.join(own)["mtcheck_codes"].tolist() == found.join(own)["mtcheck_codes"].tolist()
    pd.testing.assert_frame_equal(again.by("system"), found.by("system"))
    with pytest.raises(DataError, match="no saved audit"):
        mtcheck.load(tmp_path)


def test_scores_are_of_each_system() -> None:
    systems = pd.concat(
        [
            frame(system="good", id=list("abcd"), reference=TEXTS),
            frame(system="bad", id=list("abcd"), reference=TEXTS).assign(mt="无。"),
        ]
    )
    found = audit(systems)
    table = found.by("system")
    assert table.index.tolist() == ["good", "bad"]
    assert table["bleu"].iloc[0] == 100.0 > table["bleu"].iloc[1]
    assert table["documents"].tolist() == [4, 4]
    alone = audit(systems[systems["system"] == "bad"])
    own = {s["name"]: s["value"] for s in alone.summary["scores"]}
    assert table.loc["bad", "chrf"] == own["chrf"]
    with pytest.raises(UsageError, match="no column 'sytem'"):
        found.by("sytem")
    several = audit(frame(id=["a"] * 4))
    with pytest.raises(UsageError, match="differs within a document"):
        several.by("hypothesis")


def test_a_sheet_goes_out_and_labels_come_back(tmp_path: Path) -> None:
    many = pd.concat([frame()] * 10, ignore_index=True)
    many["source"] = [f"{s} {n}" for n, s in enumerate(many["source"])]
    found = audit(many)
    found.segments["risk"] = [n / 40 for n in range(len(found.segments))]
    sheet = found.sample(20, budget=0.25)
    assert sheet["drawn"].value_counts().to_dict() == {"random": 15, "riskiest": 5}
    assert "risk" not in sheet
    assert "status" not in sheet
    assert found.sample(20, budget=0.25).equals(sheet)
    sheet["major_error"] = ["yes", "no"] * 9 + ["", ""]
    file = tmp_path / "sheet.csv"
    sheet.to_csv(file, index=False)
    out = tmp_path / "labels.jsonl"
    labels = mtcheck.labels(file, out=out)
    assert len(labels) == sum((sheet["major_error"] != "") & (sheet["drawn"] == "random"))
    assert read_labels(out).bad.tolist() == labels["bad"].tolist()
    assert len(mtcheck.labels(sheet, everything=True)) == 18
    with pytest.raises(DataError, match="write yes or no"):
        mtcheck.labels(sheet.assign(major_error="maybe"))
    if importlib.util.find_spec("matplotlib"):
        pytest.importorskip("matplotlib").use("agg")
        ax = found.plot("reliability", labels=labels)
        assert f"{len(labels)} labels" in ax.get_title()
        assert len(found.plot("threshold", labels=labels).get_lines()) == 2
    with pytest.raises(UsageError, match="labels="):
        found.plot("reliability")


def test_pairs_without_a_frame() -> None:
    risks = mtcheck.risk([("It rained.", "下雨了。"), ("It rained.", "")])
    assert 0 <= risks[0] < risks[1] == 1.0
    assert not math.isnan(risks[0])
    found = mtcheck.find(SOURCES[0], TEXTS[0], select="ACC005")
    assert {f.code for f in found} == {"ACC005"}
    assert found[0].spans
    with pytest.raises(UsageError, match="not a pair"):
        mtcheck.risk(["It rained."])  # type: ignore[list-item]
    assert mtcheck.risk([]) == []


def test_a_bar_is_shown_where_it_is_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    with notebook.progress(None) as tell:
        tell(0.5, 3)
    assert capsys.readouterr() == ("", "")
    with notebook.progress(True) as tell:
        tell(1.0, 3)
    assert capsys.readouterr().out == ""
