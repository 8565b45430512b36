"""JSON Schemas (2020-12) of what mtcheck writes and reads, made from the tables and types.

Names, types and allowed values come from :mod:`mtcheck.schema` and the dataclasses; only the
descriptions are written here. A schema's ``$id`` holds ``schema.VERSION``, which is raised when
a name or a meaning changes. New names may come without: readers should let them pass.
"""

from __future__ import annotations

import collections.abc
import types
from collections.abc import Callable, Mapping, Sequence
from typing import (
    Annotated,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from mtcheck import schema
from mtcheck.config import ABOUT, Config
from mtcheck.errors import UsageError, did_you_mean
from mtcheck.records import NESTED, NEVER_NULL, SpanRecord
from mtcheck.review.suppressions import DECISION, DECISION_VERSION, Decision
from mtcheck.scorers import columns
from mtcheck.summary import Summary
from mtcheck.types import Part, Severity, Side, Status

__all__ = ["DESCRIPTIONS", "NAMES", "json_schema"]

Schema = dict[str, object]

DESCRIPTIONS: Mapping[str, str] = {
    "doc_id": "The document's id: the input's own, else made from file and row.",
    "segment_id": "The segment's id: the input's own for aligned rows, else doc_id#number.",
    "path": "The input file; empty for a data frame.",
    "line": "Line or row of that file, from 1.",
    "alignment": "Sentences of source and hypothesis, such as 1-1; null for aligned input.",
    "source": "The English text; empty where there is none.",
    "hypothesis": "The translation under test; empty where there is none.",
    "reference": "A human translation.",
    "source_start": "Where the source starts in its document's part, in code points.",
    "source_end": "Where it ends, exclusive.",
    "hypothesis_start": "Where the hypothesis starts in its document's part, in code points.",
    "hypothesis_end": "Where it ends, exclusive.",
    "risk_spans": "What the risk model suspects.",
    "status": "What to do with the segment.",
    "reasons": "Why the segment has this status, in words.",
    "findings": "What the rules found; in the documents table, how many.",
    "part": "The text of the document that the offsets count in.",
    "suppressed": "Findings that a suppression or a reviewer's decision took out.",
    "code": "The rule's code; `mtcheck rules CODE` tells about it.",
    "name": "The rule's name.",
    "category": "Path in the MQM typology.",
    "severity": "How bad it is, if it is right.",
    "message": "What is wrong, in a sentence.",
    "marked": "The text under the spans, joined by ' | '.",
    "spans": "What is marked: ranges of code points of the segment's source or hypothesis.",
    "suggestion": "What to write instead; may be empty.",
    "confidence": "How sure the rule is, 0 to 1.",
    "fingerprint": "The same in every run over the same text, wherever its row stands.",
    "known": "Whether the baseline has it; only in a run with a baseline.",
    "confirmed": "Whether a reviewer confirmed it; only in a run with decisions.",
    "reason": "Why it is not told.",
    "by": "The file and entry, or decision, behind that.",
    "side": "The text that the range is of.",
    "start": "First code point.",
    "end": "Behind the last code point.",
    "system": "The translation system, where the input names one.",
    "segments": "How many segments the document has.",
    "risk_any": "Probability that a segment of it has a major error, were they independent.",
    "review": "How many of them a person should look at.",
    "reject": "How many of them are rejected.",
    "decision": "What the reviewer said: rightly found, wrongly found, rightly found and mended.",
    "note": "What the reviewer noted.",
    "decided_at": "When, in ISO 8601.",
}
"""What a field means, by its name, which means the same wherever it stands."""

_VALUES: Mapping[str, object] = {"status": Status, "part": Part, "side": Side}
_UNIT: Schema = {"minimum": 0, "maximum": 1}
_LIMITS: Mapping[str, Schema] = {
    "confidence": _UNIT,
    "line": {"minimum": 1},
    "start": {"minimum": 0},
    "end": {"minimum": 0},
    "alignment": {"pattern": r"^\d+-\d+$"},
}
_DTYPES: Mapping[str, object] = {"string": str, "Int64": int, "float64": float}
_SCALARS: Mapping[object, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    type(None): "null",
}


def _of(hint: object) -> Schema:
    """The schema of a type hint."""
    origin, inside = get_origin(hint), get_args(hint)
    made: Schema
    if origin is NotRequired:
        return _of(inside[0])
    if origin is Annotated:
        made = _of(inside[0])
        for told in hint.__metadata__:  # type: ignore[attr-defined]
            key, value = told if isinstance(told, tuple) else ("description", told)
            made[key] = list(value) if isinstance(value, tuple) else value
        return made
    if hint in _SCALARS:
        made = {"type": _SCALARS[hint]}
    elif hint is object:
        made = {}
    elif origin is Literal:
        made = {"enum": list(inside)}
    elif origin in (Union, types.UnionType):
        parts = [_of(h) for h in inside]
        scalar = all(set(p) == {"type"} for p in parts)
        made = {"type": [p["type"] for p in parts]} if scalar else {"anyOf": parts}
    elif origin is tuple and inside[-1] is not ...:
        items = [_of(h) for h in inside]
        made = {"type": "array", "prefixItems": items, "minItems": len(items), "items": False}
    elif origin in (list, tuple, collections.abc.Sequence):
        made = {"type": "array", "items": _of(inside[0])}
    elif origin is collections.abc.Mapping:
        made = {"type": "object", "additionalProperties": _of(inside[1])}
    elif is_typeddict(hint):
        required: frozenset[str] = getattr(hint, "__required_keys__")  # noqa: B009
        hints = get_type_hints(hint, include_extras=True)
        # The types of the summary speak for themselves; the others go by their names.
        field = _own if hint.__module__ == Summary.__module__ else _field
        made = _object(hints, required, field)
    else:
        raise TypeError(f"no schema for {hint!r}")
    return made


def _field(name: str, hint: object, *, null: bool = False) -> Schema:
    """A field with what is known of its name."""
    field = _of(_VALUES.get(name, hint))
    if name == "severity":
        field = {"enum": [s.label for s in Severity]}
    if score := columns().get(name):
        ends = {"minimum": score.metric.low, "maximum": score.metric.high}
        field |= {k: v for k, v in ends.items() if v is not None}
    if null:
        field = {**field, "type": [field["type"], "null"]}
    if isinstance(field.get("type"), str | list) and field["type"] != "array":
        field |= _LIMITS.get(name, {})
    about = score.description if score else DESCRIPTIONS.get(name)
    return {"description": about, **field} if about else field


def _own(_: str, hint: object) -> Schema:
    return _of(hint)


def _object(
    hints: Mapping[str, object],
    required: Sequence[str] | frozenset[str],
    field: Callable[[str, object], Schema] = _field,
) -> Schema:
    return {
        "type": "object",
        "properties": {name: field(name, hint) for name, hint in hints.items()},
        "required": [name for name in hints if name in required],
    }


def _table(columns: Mapping[str, str], *, never_null: Mapping[str, str]) -> Schema:
    """A row of a table of :mod:`mtcheck.schema`; the user's own columns may follow."""
    properties = {
        name: _field(
            name,
            NESTED[name] if dtype == "object" else _DTYPES[dtype],
            null=name not in never_null,
        )
        for name, dtype in columns.items()
    }
    return {
        "type": "object",
        "properties": properties,
        "required": list(columns),
        "additionalProperties": {"description": "A column of the input."},
    }


def _segments() -> Schema:
    return _table(schema.SEGMENT, never_null=NEVER_NULL)


def _findings() -> Schema:
    # All but the line are the finding's own or the segment's, and those are never null.
    return _table(
        schema.FINDING, never_null={name: "" for name in schema.FINDING if name != "line"}
    )


def _documents() -> Schema:
    return _table(schema.DOCUMENT_SCORE, never_null={"doc_id": ""})


def _summary() -> Schema:
    settings = get_type_hints(Config)
    own = {
        name: {"description": about.help, **_of(settings[name])} for name, about in ABOUT.items()
    }
    made = _of(Summary)
    fields = made["properties"]
    assert isinstance(fields, dict)
    fields["config"] = {"type": "object", "properties": own, "required": list(own)}
    return made


def _decision() -> Schema:
    hints = get_type_hints(Decision)
    del hints["origin"]  # where the line was read from
    hints |= {"severity": str | None, "spans": list[SpanRecord]}  # as JSON has them
    made = _object(hints, ("decision", "source", "hypothesis"))
    fields = made["properties"]
    assert isinstance(fields, dict)
    risk = _field("risk", float, null=True)
    made["properties"] = {DECISION: {"const": DECISION_VERSION}, **fields, "risk": risk}
    made["required"] = [DECISION, "decision", "source", "hypothesis"]
    return made


def _settings() -> Schema:
    """Of ``mtcheck.toml``: keys with ``-`` as the file has them, ``_`` being allowed as well."""
    defaults = Config()
    properties: Schema = {}
    for name, about in ABOUT.items():
        default = getattr(defaults, name)
        own: Schema = {"description": f"{about.help[:1].upper()}{about.help[1:]}."}
        if isinstance(default, tuple):
            own |= {"type": "array", "items": {"type": "string"}}
        elif isinstance(default, Mapping):
            own |= {"type": "object"}
        elif isinstance(default, bool):
            own["type"] = "boolean"
        elif isinstance(default, int):
            own["type"] = "integer"
        else:
            own["type"] = "string" if isinstance(default, str) else "number"
        if about.choices:
            own["enum"] = list(about.choices)
        if about.low is not None:
            own["exclusiveMinimum" if about.above else "minimum"] = about.low
        if about.high is not None:
            own["maximum"] = about.high
        if default is not None:
            own["default"] = list(default) if isinstance(default, tuple) else default
        for key in {name, name.replace("_", "-")}:
            properties[key] = own
    return {"type": "object", "properties": properties, "additionalProperties": False}


_SCHEMAS: Mapping[str, tuple[str, Callable[[], Schema]]] = {
    "segments": ("A line of segments.jsonl: a segment.", _segments),
    "findings": ("A finding of `mtcheck check --format json`; a row of findings.csv.", _findings),
    "documents": ("A row of documents.csv and documents.parquet: a document.", _documents),
    "summary": ("summary.json: a run.", _summary),
    "decision": ("A line of the decisions that report.html exports.", _decision),
    "settings": ("The settings file, mtcheck.toml.", _settings),
}

NAMES: Mapping[str, str] = {name: about for name, (about, _) in _SCHEMAS.items()}
"""What there is a schema of, and what that is."""


def json_schema(name: str) -> Schema:
    """The JSON Schema of that name. Raises UsageError for an unknown one."""
    if name not in _SCHEMAS:
        raise UsageError(f"there is no schema of {name!r}; {did_you_mean(name, _SCHEMAS)}")
    about, make = _SCHEMAS[name]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:mtcheck:schema:{schema.VERSION}:{name}",
        "title": f"mtcheck {name}",
        "description": about,
        **make(),
    }
