"""Column names and dtypes of every table, and empty frames of them.

Text is pandas' ``string`` dtype, so that a missing value is ``pd.NA`` and frames look the
same on pandas 2 and 3.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import pandas as pd

from mtcheck.registry import when_forgotten
from mtcheck.scorers import columns
from mtcheck.types import Cell

__all__ = [
    "ALIASES",
    "DOCUMENT",
    "DOCUMENT_SCORE",
    "FINDING",
    "INTERNAL",
    "SEGMENT",
    "VERSION",
    "empty",
    "frame",
    "metadata_columns",
    "plain",
]

VERSION = 1
"""Version of the output schema, raised when a name or a meaning changes."""

DOCUMENT: Mapping[str, str] = {
    "doc_id": "string",
    "segment_id": "string",
    "path": "string",
    "line": "Int64",
    "source_title": "string",
    "hypothesis_title": "string",
    "reference_title": "string",
    "source": "string",
    "hypothesis": "string",
    "reference": "string",
    "back_translation": "string",
}
"""What readers deliver, one row a document or (``segment_id`` given) one aligned segment.
Metadata columns follow. ``source`` and ``hypothesis`` are never missing, but may be empty;
the others may be missing."""

_SCORE = "score"  # the dtype of a score, which is there as long as its metric is


def _scored(own: Mapping[str, str], *, documents: bool) -> Mapping[str, str]:
    """A table with the scores of the installed metrics.

    Positions are part of the format: the columns named here keep theirs, and the scores of
    other metrics follow.
    """
    table: dict[str, str] = {}

    def fill() -> None:
        scores = [name for name, c in columns().items() if c.of_documents or not documents]
        table.clear()
        table.update({n: d for n, d in own.items() if d != _SCORE or n in scores})
        table.update(dict.fromkeys(scores, "float64"))

    fill()
    when_forgotten(fill)
    return table


SEGMENT: Mapping[str, str] = _scored(
    {
        "doc_id": "string",
        "segment_id": "string",
        "path": "string",
        "line": "Int64",
        "alignment": "string",
        "source": "string",
        "hypothesis": "string",
        "reference": "string",
        "source_start": "Int64",
        "source_end": "Int64",
        "hypothesis_start": "Int64",
        "hypothesis_end": "Int64",
        "bleu": _SCORE,
        "chrf": _SCORE,
        "ter": _SCORE,
        "round_trip_chrf": _SCORE,
        "similarity": _SCORE,
        "margin": _SCORE,
        "risk": _SCORE,
        "risk_spans": "object",
        "status": "string",
        "reasons": "object",
        "findings": "object",
        "part": "string",
        "round_trip_bleu": _SCORE,
        "round_trip_ter": _SCORE,
        "suppressed": "object",
    },
    documents=False,
)
"""What ``inspect`` returns, one row a segment. Metadata columns follow. ``reasons`` is a list
of strings; ``findings`` a list of objects with code, name, category, severity, message, spans
(``side``, ``start``, ``end``), suggestion, confidence and fingerprint, in a run with a baseline
also ``known``. ``part`` says which text of the document the offsets count in: ``title`` or
``text``. ``suppressed`` lists, as objects of the same form with ``reason`` and ``by``, the
findings that a suppression or a reviewer's decision took out of ``findings``."""

DOCUMENT_SCORE: Mapping[str, str] = _scored(
    {
        "doc_id": "string",
        "system": "string",
        "path": "string",
        "line": "Int64",
        "segments": "Int64",
        "review": "Int64",
        "reject": "Int64",
        "findings": "Int64",
        "bleu": _SCORE,
        "chrf": _SCORE,
        "ter": _SCORE,
        "round_trip_bleu": _SCORE,
        "round_trip_chrf": _SCORE,
        "round_trip_ter": _SCORE,
        "similarity": _SCORE,
        "risk": _SCORE,
        "risk_any": "float64",
    },
    documents=True,
)
"""One row a document: how many segments need a human, how many findings there are, and the
document's own scores. ``similarity`` and ``risk`` are means over its segments; ``risk_any`` is
the probability that at least one of them has a major error, were they independent."""

FINDING: Mapping[str, str] = {
    "doc_id": "string",
    "segment_id": "string",
    "path": "string",
    "line": "Int64",
    "code": "string",
    "name": "string",
    "category": "string",
    "severity": "string",
    "message": "string",
    "marked": "string",
    "suggestion": "string",
    "confidence": "float64",
    "fingerprint": "string",
    "spans": "object",
}
"""The long table, one row a finding; ``marked`` is the text under its spans."""

INTERNAL = "_"
"""Columns that start so are the pipeline's own and leave no trace in a report."""

ALIASES: Mapping[str, tuple[str, ...]] = {
    "source": (
        *("source", "src", "en", "english", "abstract", "source_text", "abstract_en"),
        *("source_segment", "source_sentence", "original", "original_text", "en_us", "en_gb"),
        *("原文", "英文", "英文原文", "英文摘要", "源文", "源文本", "英语"),
    ),
    "hypothesis": (
        *("hypothesis", "hyp", "mt", "target", "zh", "translation", "chinese"),
        *("hypothesis_text", "abstract_zh", "target_text", "target_segment", "target_sentence"),
        *("translated_text", "machine_translation", "mt_output", "zh_cn", "zh_hans", "zh_hans_cn"),
        *("译文", "机器翻译", "机器译文", "机翻", "机翻译文", "中文译文", "中文摘要", "中文"),
        *("目标文本", "汉语"),
    ),
    "reference": (
        *("reference", "ref", "human_translation", "post_edit", "reference_translation"),
        *("参考译文", "人工译文", "人工翻译", "人工", "译后编辑"),
    ),
    "back_translation": ("back_translation", "backtranslation", "bt", "回译"),
    "doc_id": ("doc_id", "document_id", "docid", "id", "doi", "编号", "文献编号", "文档编号"),
    "segment_id": ("segment_id", "seg_id", "sentence_id", "sid", "句段编号", "句子编号", "段号"),
    "source_title": ("source_title", "title_en", "英文标题", "英文题目", "英文题名"),
    "hypothesis_title": (
        "hypothesis_title",
        "title_zh",
        "title_cn",
        "中文标题",
        "中文题目",
        "中文题名",
    ),
    "reference_title": ("reference_title",),
}
"""Names people give the columns, best first. Compared in lower case, ``-`` and space as ``_``;
what stands in brackets behind a name (``摘要（机器翻译）``, ``Target (zh-CN)``) counts as well."""


def frame(rows: Iterable[Mapping[str, object]], columns: Mapping[str, str]) -> pd.DataFrame:
    """Rows as a frame: the schema's columns first, in order and typed, then any others."""
    listed = list(rows)
    extra: dict[str, None] = {}
    for row in listed:
        extra.update(dict.fromkeys(k for k in row if k not in columns))
    data = {
        name: pd.Series([row.get(name) for row in listed], dtype=dtype)
        for name, dtype in columns.items()
    }
    data |= {name: pd.Series([row.get(name) for row in listed], dtype="object") for name in extra}
    return pd.DataFrame(data)


def empty(columns: Mapping[str, str]) -> pd.DataFrame:
    """A frame without rows, with the columns and dtypes of any other."""
    return frame([], columns)


def metadata_columns(columns: Iterable[str], known: Mapping[str, str]) -> list[str]:
    """The columns that are the user's own: not in the schema and not internal."""
    return [c for c in columns if c not in known and not c.startswith(INTERNAL)]


def plain(value: object) -> Cell:
    """A cell as a JSON scalar: numpy numbers as Python's, a missing value as None."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, float) and math.isnan(value):
        return None
    item = getattr(value, "item", None)
    scalar = item() if callable(item) else value
    return scalar if isinstance(scalar, str | int | float | bool) else str(scalar)
