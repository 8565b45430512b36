"""The pandas face: accessor, notebook view, one row a finding, charts; on pandas 2 and 3."""

from __future__ import annotations

import builtins
import importlib.util
import re
import subprocess
import sys
from typing import Any

import pandas as pd
import pytest

import mtcheck
from mtcheck import Audit, UsageError, accessor, schema
from tests.conftest import ROOT
from tests.pages import parsed

FRAME = pd.DataFrame(
    {
        "id": ["a", "b", "c", "d"],
        "segment_id": ["a", "b", "c", "d"],
        "source": [
            "Yields rose by 12% in 2019.",
            "Costs fell.",
            "Of 40 plots, 30 were dry.",
            "It rained.",
        ],
        "mt": ["2020年产量上升了21%。", "成本下降。", "40块地中有30块干旱。", ""],
        "code": ["x1", "x2", "x3", "x4"],
        "year": [2019, 2020, 2021, 2022],
    }
)


@pytest.fixture(scope="module")
def audit() -> Audit:
    return mtcheck.audit(FRAME)


# --- the accessor ---------------------------------------------------------------------------


def test_the_accessor_audits_the_frame(audit: Audit) -> None:
    found = FRAME.mtcheck.audit(select=("ACC005",), risk=False)
    assert isinstance(found, Audit)
    assert set(found.findings["code"]) == {"ACC005"}
    assert found.segments["source"].tolist() == FRAME["source"].tolist()
    with pytest.raises(UsageError, match="unknown setting 'sellect'"):
        FRAME.mtcheck.audit(sellect=("ACC005",))


@pytest.mark.parametrize(
    "imports",
    [
        "import mtcheck, pandas as pd",
        "import pandas as pd, mtcheck",
        # asking whether pandas is there must not use up the hook
        "import mtcheck, importlib.util as u; u.find_spec('pandas'); import pandas as pd",
        "from mtcheck import Config; import pandas as pd",
        "import mtcheck; mtcheck.audit; import pandas as pd",
    ],
)
def test_the_accessor_is_there_whatever_is_imported_first(imports: str) -> None:
    code = (
        "import sys, warnings; warnings.simplefilter('error')\n"
        f"{imports}\n"
        "from mtcheck import accessor\n"
        "assert isinstance(pd.DataFrame().mtcheck, accessor.Accessor)\n"
        "assert not any('_WhenImported' in type(f).__name__ for f in sys.meta_path)\n"
        "accessor.register(); accessor.install()\n"
        "assert pd.__spec__.name == 'pandas' and pd.__file__\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_importing_mtcheck_imports_no_pandas() -> None:
    code = (
        "import sys, mtcheck\n"
        "assert not {'pandas', 'numpy', 'matplotlib'} & set(sys.modules)\n"
        "assert sum('_WhenImported' in type(f).__name__ for f in sys.meta_path) == 1\n"
        "import json, importlib; importlib.reload(mtcheck)\n"
        "assert sum('_WhenImported' in type(f).__name__ for f in sys.meta_path) == 1\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_a_missing_pandas_stays_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    finder = accessor._WhenImported()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert finder.find_spec("pandas", None) is None
    assert finder.find_spec("json", None) is None


# --- one row a finding ----------------------------------------------------------------------


def test_explode_has_one_row_a_finding(audit: Audit) -> None:
    rows = audit.explode()
    assert len(rows) == len(audit.findings) > 2
    assert rows["fingerprint"].tolist() == audit.findings["fingerprint"].tolist()
    by_segment = audit.segments.set_index("segment_id")
    for row in rows.to_dict("records"):
        segment = by_segment.loc[row["segment_id"]]
        assert row["source"] == segment["source"]
        assert row["risk"] == segment["risk"]
        assert row["status"] == segment["status"]
        assert row["year"] == segment["year"]
        texts = [row[s["side"]][s["start"] : s["end"]] for s in row["spans"]]
        assert " | ".join(texts) == row["marked"]


def test_explode_keeps_clean_segments_when_asked(audit: Audit) -> None:
    rows = audit.explode(keep_clean=True)
    clean = rows[rows["code"].isna()]
    assert len(rows) == len(audit.findings) + len(clean)
    assert set(rows["segment_id"]) == set("abcd")
    assert clean["segment_id"].tolist() == ["b", "c"]
    assert rows["segment_id"].tolist() == sorted(rows["segment_id"])
    assert list(rows.columns) == list(audit.explode().columns)
    assert rows.dtypes.to_dict() == audit.explode().dtypes.to_dict()


def test_explode_keeps_metadata_and_the_findings_own_names_apart(audit: Audit) -> None:
    rows = audit.explode(keep_clean=True)
    # The user's column `code` is not the finding's.
    assert rows.set_index("segment_id").loc["b", "input_code"] == "x2"
    assert {"findings", "_rank", "_document"}.isdisjoint(rows.columns)
    assert list(rows.columns)[: len(schema.SEGMENT) - 1] == [
        c for c in schema.SEGMENT if c != "findings"
    ]


def test_explode_without_any_finding() -> None:
    clean = mtcheck.audit(FRAME.iloc[[1]], risk=False)
    assert clean.explode().empty
    assert list(clean.explode().columns)[:3] == ["doc_id", "segment_id", "path"]
    assert clean.explode(keep_clean=True)["segment_id"].tolist() == ["b"]


# --- the notebook view ----------------------------------------------------------------------


def test_the_view_shows_verdict_and_marks(audit: Audit) -> None:
    page = audit._repr_html_()
    shown = parsed(page)
    text = "".join(shown.text)
    assert "Fail" in text
    assert "4 documents, 4 segments" in text
    assert "2 flagged segments" in text
    marked = re.findall(r'<mark title="([^"]*)">([^<]*)</mark>', page)
    assert "12%" in {m for _, m in marked}
    assert any("ACC005" in t for t, _ in marked)
    assert {"en", "zh-CN"} <= {a.get("lang") for t, a in shown.tags if t == "td"}


def test_the_views_style_is_its_own_and_takes_either_theme(audit: Audit) -> None:
    style = re.findall("<style>(.*?)</style>", audit._repr_html_())
    assert len(style) == 1
    rules = [r for r in style[0].split("}") if r]
    assert all(s.strip().startswith(".mtcheck") for r in rules for s in r.split("{")[0].split(","))
    # No colour of its own for text or ground: only see-through marks over the theme's.
    assert not re.search(r"(?<!-)color:(?!inherit)", style[0])
    assert set(re.findall(r"background:(\w+)\(", style[0])) == {"rgba"}


def test_hostile_text_is_inert_in_the_view() -> None:
    hostile = "</style><script>alert(1)</script><img src=x onerror=alert(1)> \x1b[31m \u202e 12%"
    frame = FRAME.assign(mt=f"{hostile} 上升了21%。", id=hostile, segment_id=hostile).head(1)
    page = mtcheck.audit(frame, risk=False)._repr_html_()
    shown = parsed(page)
    allowed = {"style", "div", "p", "b", "br", "table", "caption", "thead", "tbody", "tr", "th",
               "td", "small", "mark"}  # fmt: skip
    assert {t for t, _ in shown.tags} <= allowed
    assert not any(a.startswith("on") or a in ("src", "href") for _, at in shown.tags for a in at)
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "<script>alert(1)</script>" in "".join(shown.text)


# --- charts ---------------------------------------------------------------------------------

needs_matplotlib = pytest.mark.skipif(
    importlib.util.find_spec("matplotlib") is None, reason="matplotlib is not installed"
)


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw without a window."""
    monkeypatch.setenv("MPLBACKEND", "Agg")


def bars(ax: Any) -> float:
    """What all bars together count."""
    return float(sum(sum(bar.datavalues) for bar in ax.containers))


@needs_matplotlib
def test_the_plots_count_everything(audit: Audit, plain: None) -> None:
    import matplotlib.pyplot as plt

    risk = audit.plot()
    assert (risk.get_xlabel(), risk.get_ylabel()) == ("risk", "segments")
    assert bars(risk) == len(audit.segments)
    found = audit.plot("findings")
    assert bars(found) == len(audit.findings)
    labels = [t.get_text() for t in found.get_yticklabels()]
    assert any(label == "ACC005 number-mismatch" for label in labels)
    _, ax = plt.subplots()
    assert audit.plot("findings", ax=ax) is ax
    plt.close("all")


@needs_matplotlib
def test_what_cannot_be_plotted(audit: Audit, plain: None) -> None:
    with pytest.raises(UsageError, match="unknown plot 'pie'; use one of risk, findings"):
        audit.plot("pie")
    with pytest.raises(UsageError, match="no risk to plot"):
        mtcheck.audit(FRAME.head(1), risk=False).plot()


def test_without_matplotlib_the_message_says_what_to_install(
    audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name.partition(".")[0] == "matplotlib":
            raise ImportError(name)
        return whole(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError, match=r"pip install 'mtcheck\[plot\]'"):
        audit.plot()
