"""Settings: one frozen :class:`Config`; flags over the closest file over the defaults.

The file is ``mtcheck.toml`` or a ``pyproject.toml`` with a ``[tool.mtcheck]`` table, looked
for in the working directory and then upwards. The first one found counts alone: nothing is
merged, so one file says all. Keys may be written with ``-`` or ``_``.
"""

from __future__ import annotations

import dataclasses
import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mtcheck.errors import UsageError
from mtcheck.types import Severity

__all__ = ["FORMATS", "LANGUAGES", "LAYOUTS", "Config", "Setting", "find_file", "load", "read_file"]

LAYOUTS = ("auto", "documents", "aligned")
BAD_ROWS = ("fail", "skip")
FORMATS = ("csv", "jsonl", "markdown", "html")
LANGUAGES = ("en", "zh")

Setting = str | int | float | bool | tuple[str, ...] | Mapping[str, str] | None


@dataclass(frozen=True)
class Config:
    """Everything a run depends on besides its input. Picklable; raises UsageError when invalid."""

    # reading
    layout: str = field(
        default="auto",
        metadata={"help": "rows are whole 'documents', 'aligned' segments, or 'auto' by columns"},
    )
    source_column: str = field(default="", metadata={"help": "column with the English source"})
    hypothesis_column: str = field(default="", metadata={"help": "column with the translation"})
    reference_column: str = field(
        default="", metadata={"help": "column with a human translation; turns on BLEU, chrF, TER"}
    )
    back_translation_column: str = field(
        default="", metadata={"help": "column with the translation turned back into English"}
    )
    id_column: str = field(default="", metadata={"help": "column with the document or row id"})
    bad_rows: str = field(
        default="fail", metadata={"help": "'fail' at the first bad row, or 'skip' and set it aside"}
    )
    encoding: str = field(
        default="", metadata={"help": "encoding of the input; default: UTF-8, or as its BOM says"}
    )
    # aligning
    semicolon_splits: bool = field(
        default=False, metadata={"help": "a semicolon ends a sentence, on both sides"}
    )
    alignment_file: str = field(
        default="",
        metadata={"help": "file of `mtcheck calibrate-alignment`, for an encoder of your own"},
    )
    # scoring
    encoder: str = field(
        default="embedded",
        metadata={"help": "'embedded', or a sentence-transformers model by name or local folder"},
    )
    risk: bool = field(
        default=True, metadata={"help": "estimate the risk of each segment with the own model"}
    )
    risk_model: str = field(
        default="",
        metadata={"help": "folder of `mtcheck train finetune`; default: the model installed"},
    )
    calibration: str = field(
        default="",
        metadata={"help": "file of `mtcheck calibrate`: probabilities and limits of your domain"},
    )
    # rules
    select: tuple[str, ...] = field(
        default=(), metadata={"help": "only these rules: codes, code prefixes or names"}
    )
    ignore: tuple[str, ...] = field(default=(), metadata={"help": "all but these rules"})
    severity: Mapping[str, str] = field(
        default_factory=dict, metadata={"help": "severity by rule code, in place of its own"}
    )
    preview: bool = field(default=False, metadata={"help": "also run rules still in preview"})
    glossary: str = field(
        default="",
        metadata={"help": "terms as .csv (source,target,forbidden,note) or .tbx, for TER rules"},
    )
    han_latin_spacing: str = field(
        default="off",
        metadata={"help": "house style for LNG007: 'off', 'require' or 'forbid' the space"},
    )
    # judging
    review_penalty: float = field(
        default=5.0,
        metadata={"help": "MQM points (minor 1, major 5, critical 10) from which to review"},
    )
    reject_penalty: float = field(default=10.0, metadata={"help": "points from which to reject"})
    min_similarity: float | None = field(
        default=None,
        metadata={"help": "review below this cosine; default: the encoder's own, if it has one"},
    )
    review_risk: float | None = field(
        default=None, metadata={"help": "review from this risk on, 0 to 1; default: off"}
    )
    budget: float | None = field(
        default=None,
        metadata={"help": "review the riskiest share of all segments, such as 0.2 for a fifth"},
    )
    fail_on: str = field(
        default="major",
        metadata={"help": "lowest severity that fails `mtcheck check`, or 'none'"},
    )
    max_flagged: float | None = field(
        default=None,
        metadata={"help": "gate: fail when more than this share of segments is not accepted"},
    )
    max_risk: float | None = field(
        default=None, metadata={"help": "gate: fail when the mean risk is above this, 0 to 1"}
    )
    min_bleu: float | None = field(
        default=None, metadata={"help": "gate: fail when the corpus BLEU is below this, 0 to 100"}
    )
    min_chrf: float | None = field(
        default=None, metadata={"help": "gate: fail when the corpus chrF is below this, 0 to 100"}
    )
    min_mean_similarity: float | None = field(
        default=None,
        metadata={
            "help": "gate: fail when the mean cosine of all segments is below this "
            "(min-similarity is another thing: it sends single segments to review)"
        },
    )
    baseline: str = field(
        default="",
        metadata={"help": "file of `mtcheck baseline write`: findings in it do not fail a run"},
    )
    suppressions: str = field(
        default="",
        metadata={"help": "TOML file of [[suppress]] tables: findings that are not to be told"},
    )
    decisions: tuple[str, ...] = field(
        default=(),
        metadata={"help": "decisions exported from reports: false alarms in them are silent"},
    )
    # reporting
    formats: tuple[str, ...] = field(
        default=FORMATS,
        metadata={"help": "report files to write; also 'xlsx' and 'parquet'"},
    )
    lang: str = field(
        default="en", metadata={"help": "language of the HTML report's interface: 'en' or 'zh'"}
    )
    # running
    batch_size: int = field(default=64, metadata={"help": "documents held in memory at a time"})

    def __post_init__(self) -> None:
        _one_of("layout", self.layout, LAYOUTS)
        _one_of("bad_rows", self.bad_rows, BAD_ROWS)
        _one_of("lang", self.lang, LANGUAGES)
        _one_of("han_latin_spacing", self.han_latin_spacing, ("off", "require", "forbid"))
        failing = () if self.never_on_findings else (self.fail_on,)
        for value in (*failing, *self.severity.values()):
            try:
                Severity.parse(value)
            except ValueError as error:
                raise UsageError(str(error)) from None
        if self.batch_size < 1:
            raise UsageError(f"batch_size is {self.batch_size}; it must be at least 1")
        if not 0 < self.review_penalty <= self.reject_penalty:
            raise UsageError(
                f"review_penalty ({self.review_penalty:g}) must be above 0 and no more than "
                f"reject_penalty ({self.reject_penalty:g})"
            )
        if self.min_similarity is not None and not -1 <= self.min_similarity <= 1:
            raise UsageError(f"min_similarity is {self.min_similarity:g}; a cosine is -1 to 1")
        for name in ("review_risk", "budget"):
            share = getattr(self, name)
            if share is not None and not 0 < share <= 1:
                raise UsageError(f"{name} is {share:g}; it must be above 0 and at most 1")
        if (self.budget is not None or self.review_risk is not None) and not self.risk:
            raise UsageError("budget and review_risk need the risk; leave out --no-risk")
        self._check_gates()
        if self.encoding:
            try:
                "".encode(self.encoding)
            except LookupError:
                raise UsageError(
                    f"unknown encoding {self.encoding!r}; try utf-8, gb18030, big5 or utf-16"
                ) from None

    @property
    def never_on_findings(self) -> bool:
        """Whether findings never fail a run (``fail_on = "none"``), only the other gates."""
        return self.fail_on.strip().lower() == "none"

    def _check_gates(self) -> None:
        for name, low, high in (
            ("max_flagged", 0, 1),
            ("max_risk", 0, 1),
            ("min_bleu", 0, 100),
            ("min_chrf", 0, 100),
            ("min_mean_similarity", -1, 1),
        ):
            limit = getattr(self, name)
            if limit is not None and not low <= limit <= high:
                hint = "; 5% is 0.05" if name == "max_flagged" else ""
                raise UsageError(f"{name} is {limit:g}; it must be from {low} to {high}{hint}")
        if self.max_risk is not None and not self.risk:
            raise UsageError("max_risk needs the risk; leave out --no-risk")

    def replace(self, **changes: Setting) -> Config:
        """A copy with some settings changed; None leaves a setting as it is."""
        kept = {k: v for k, v in changes.items() if v is not None}
        _known(kept, "argument")
        return dataclasses.replace(self, **kept)  # type: ignore[arg-type]

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON and TOML: tuples become lists."""
        return {
            k: list(v) if isinstance(v, tuple) else dict(v) if isinstance(v, Mapping) else v
            for k, v in ((f.name, getattr(self, f.name)) for f in dataclasses.fields(self))
        }


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise UsageError(f"{name} is {value!r}; use one of {', '.join(allowed)}")


def _known(values: Mapping[str, object], origin: str) -> None:
    names = [f.name for f in dataclasses.fields(Config)]
    for key in values:
        if key not in names:
            near = difflib.get_close_matches(key, names, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(names)}"
            raise UsageError(f"{origin}: unknown setting {key!r}{hint}")


def find_file(start: Path) -> Path | None:
    """The closest ``mtcheck.toml``, or ``pyproject.toml`` with our table, from ``start`` up."""
    for folder in (start, *start.parents):
        own = folder / "mtcheck.toml"
        if own.is_file():
            return own
        shared = folder / "pyproject.toml"
        if shared.is_file() and "mtcheck" in _parse(shared).get("tool", {}):
            return shared
    return None


def _parse(path: Path) -> dict[str, dict[str, object]]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"{path}: no such configuration file") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: not readable as TOML: {error}") from None


def read_file(path: Path) -> dict[str, Setting]:
    """The settings in a TOML file, checked. Raises UsageError naming file, key and mend."""
    table: object = _parse(path)
    if path.name == "pyproject.toml":
        table = _parse(path).get("tool", {}).get("mtcheck", {})
    if not isinstance(table, dict):
        raise UsageError(f"{path}: [tool.mtcheck] is not a table")
    values = {str(k).replace("-", "_"): v for k, v in table.items()}
    _known(values, str(path))
    defaults = Config()
    return {k: _typed(path, k, v, getattr(defaults, k)) for k, v in values.items()}


def _typed(path: Path, key: str, value: object, default: object) -> Setting:
    """Check a value from the file against the default's type."""
    wrong = UsageError(f"{path}: {key} = {value!r} is not {_kind(default)}")
    if isinstance(default, tuple):
        if isinstance(value, list) and all(isinstance(v, str) for v in value):
            return tuple(value)
        raise wrong
    if isinstance(default, Mapping):
        if isinstance(value, dict) and all(isinstance(v, str) for v in value.values()):
            return dict(value)
        raise wrong
    if isinstance(default, bool) or isinstance(value, bool):
        if isinstance(default, bool) and isinstance(value, bool):
            return value
        raise wrong
    if isinstance(default, float) or default is None:
        if isinstance(value, int | float):
            return float(value)
        raise wrong
    if isinstance(value, type(default)) and isinstance(value, str | int):
        return value
    raise wrong


def _kind(default: object) -> str:
    if isinstance(default, tuple):
        return "a list of strings"
    if isinstance(default, Mapping):
        return "a table of rule = severity"
    if isinstance(default, bool):
        return "true or false"
    if isinstance(default, int):
        return "a whole number"
    return "a string" if isinstance(default, str) else "a number"


def load(file: Path | None = None, *, start: Path | None = None) -> Config:
    """The configuration of a file (or of the closest one), over the defaults."""
    path = file or find_file((start or Path.cwd()).resolve())
    return Config(**read_file(path)) if path else Config()  # type: ignore[arg-type]
