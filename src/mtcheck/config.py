"""Settings: one frozen :class:`Config`; flags over the closest file over the defaults.

The file is ``mtcheck.toml`` or a ``pyproject.toml`` with a ``[tool.mtcheck]`` table, looked
for in the working directory and then upwards. The first one found counts alone: nothing is
merged, so one file says all. Keys may be written with ``-`` or ``_``.
"""

from __future__ import annotations

import dataclasses
import reprlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mtcheck.errors import DataError, UsageError, did_you_mean
from mtcheck.files import read_toml, real
from mtcheck.types import Severity

__all__ = [
    "ABOUT", "FORMATS", "GATES", "JUDGE", "KNOWN", "LANGUAGES", "READING", "REPORTING", "RULES",
    "SCORING", "About", "Config", "Setting", "find_file", "in_force", "load", "read_file",
]  # fmt: skip

_HUGE = 2**31
LAYOUTS = ("auto", "documents", "aligned")
FORMATS = ("csv", "jsonl", "markdown", "html")
LANGUAGES = ("en", "zh")

READING = "Reading the input"
RULES = "Choosing rules"
SCORING = "Scoring and judging"
GATES = "Gates"
JUDGE = "Asking a language model"
KNOWN = "Leaving out what is known"
REPORTING = "Reporting"

Setting = (
    str | int | float | bool | tuple[str, ...] | Mapping[str, str] | Mapping[str, float] | None
)


@dataclass(frozen=True, slots=True)
class About:
    """What there is to know of a setting beside its type and default.

    ``help``: a sentence, for the file, the flag and the documents alike. ``panel``: where
    ``--help`` lists it. ``choices`` and ``low`` to ``high`` bound its value; with ``above`` the
    lower bound itself is out. ``share``: it may be written as a percentage on the command line.
    ``flags``: of a switch whose flags are not its name. ``model``: it names a model to load.
    """

    help: str
    panel: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    above: bool = False
    share: bool = False
    flags: str = ""
    model: bool = False


def _setting(
    default: Setting,
    help: str,  # noqa: A002
    panel: str,
    *,
    choices: tuple[str, ...] = (),
    bounds: tuple[float, float] | None = None,
    above: bool = False,
    share: bool = False,
    flags: str = "",
    model: bool = False,
) -> Any:  # the field's own annotation says its type
    low, high = bounds or (None, None)
    about = About(help, panel, choices, low, high, above, share, flags, model)
    if isinstance(default, Mapping):
        return field(default_factory=dict, metadata={"about": about})
    return field(default=default, metadata={"about": about})


@dataclass(frozen=True)
class Config:
    """Everything a run depends on besides its input. Picklable; raises UsageError when invalid.

    What each setting means and may be stands beside it: flags, their help, the settings file
    and its JSON Schema are made from that.
    """

    layout: str = _setting(
        "auto",
        "rows are whole 'documents', 'aligned' segments, or 'auto' by columns",
        READING,
        choices=LAYOUTS,
        flags="--aligned/--documents",
    )
    source_column: str = _setting("", "column with the English source", READING)
    hypothesis_column: str = _setting("", "column with the translation to check", READING)
    reference_column: str = _setting(
        "", "column with a human translation; turns on BLEU, chrF, TER", READING
    )
    back_translation_column: str = _setting(
        "", "column with the translation turned back into English, for round-trip scores", READING
    )
    id_column: str = _setting("", "column with the id of the document or row", READING)
    bad_rows: str = _setting(
        "fail",
        "'fail' at the first bad row, or 'skip' it: it is kept in rejected.jsonl and counted",
        READING,
        choices=("fail", "skip"),
    )
    encoding: str = _setting(
        "", "encoding of the input, such as gb18030; default: UTF-8, or as its BOM says", READING
    )
    reader: str = _setting(
        "", "read every file by this reader, such as bilingual-text, whatever its name", READING
    )
    input_format: str = _setting(
        "", "format of what comes in on stdin (-), by its suffix, such as csv or jsonl", READING
    )
    sheet: str = _setting("", "sheet of a workbook, by its name or its number from 1", READING)
    quoting: bool = _setting(
        True, "in tables, a quote opens a field; without, it is a character like any other", READING
    )
    unpack_limit: int = _setting(
        4096,
        "megabytes that a compressed file or a workbook may unpack to",
        READING,
        bounds=(1, 1 << 20),
    )
    column_limit: int = _setting(
        1000,
        "columns that a file may have; each row carries them all",
        READING,
        bounds=(2, 1 << 20),
    )
    text_limit: int = _setting(
        50_000,
        "characters that a text may have; memory and time grow with the longest",
        READING,
        bounds=(1, 1 << 30),
    )
    source_language: str = _setting("en", "language of the source, by its code", READING)
    hypothesis_language: str = _setting(
        "zh",
        "language of the translation, by its code; English to Chinese is the pair that ships",
        READING,
    )
    semicolon_splits: bool = _setting(False, "a semicolon ends a sentence, on both sides", READING)
    select: tuple[str, ...] = _setting(
        (), "only these rules: codes, prefixes or names, such as ACC,half-width-punctuation", RULES
    )
    ignore: tuple[str, ...] = _setting((), "all rules but these, written alike", RULES)
    severity: Mapping[str, str] = _setting({}, "severity by rule code, in place of its own", RULES)
    preview: bool = _setting(False, "also run the rules still in preview", RULES, flags="--preview")
    glossary: str = _setting(
        "", "terms to hold to: a .csv with source,target,forbidden,note, or a .tbx", RULES
    )
    han_latin_spacing: str = _setting(
        "off",
        "house style for LNG007: 'off', 'require' or 'forbid' the space",
        RULES,
        choices=("off", "require", "forbid"),
    )
    alignment_file: str = _setting(
        "", "file of `mtcheck calibrate-alignment`, for an encoder of your own", SCORING
    )
    metrics: tuple[str, ...] = _setting(
        (),
        "only these metrics, such as bleu,chrf, or none; default: all that the input has texts "
        "for. The similarity is also measured where a rule or a limit reads it",
        SCORING,
    )
    encoder: str = _setting(
        "embedded",
        "'embedded', or a sentence-transformers model by name or local folder",
        SCORING,
        model=True,
    )
    similarity: bool = _setting(
        True,
        "measure how close the sides of a segment are; without it the rules that read it are off",
        SCORING,
    )
    risk: bool = _setting(True, "estimate the risk of each segment with the own model", SCORING)
    risk_model: str = _setting(
        "",
        "folder of `mtcheck train finetune`; default: the model installed",
        SCORING,
        model=True,
    )
    ter_limit: int = _setting(
        200,
        "characters up to which a segment has a TER, whose time grows with the cube of them",
        SCORING,
        bounds=(0, 1 << 20),
    )
    calibration: str = _setting(
        "", "file of `mtcheck calibrate`: probabilities and limits of your domain", SCORING
    )
    review_penalty: float = _setting(
        5.0, "MQM points (minor 1, major 5, critical 10) from which to review", SCORING
    )
    reject_penalty: float = _setting(10.0, "points from which to reject", SCORING)
    min_similarity: float | None = _setting(
        None,
        "review segments below this cosine; default: the encoder's own, if it has one",
        SCORING,
        bounds=(-1, 1),
    )
    review_risk: float | None = _setting(
        None,
        "review segments from this risk on, 0 to 1; default: off",
        SCORING,
        bounds=(0, 1),
        above=True,
    )
    budget: float | None = _setting(
        None,
        "also review the riskiest share of all segments, such as 20%",
        SCORING,
        bounds=(0, 1),
        above=True,
        share=True,
    )
    judge: str = _setting(
        "",
        "base URL of an OpenAI-compatible chat API, such as http://localhost:8080/v1: every "
        "segment is sent there, and what its model marks is told as LLM001. An API key is "
        "read from the environment variable MTCHECK_JUDGE_KEY alone. Default: nothing is sent",
        JUDGE,
        model=True,
    )
    judge_model: str = _setting("", "name of the model to ask there", JUDGE)
    judge_timeout: float = _setting(
        60.0,
        "seconds to wait for an answer, in each of up to four tries",
        JUDGE,
        bounds=(0, 3600),
        above=True,
    )
    judge_gates: bool = _setting(
        False,
        "what the model marks counts in status and gates as other findings do, and a segment it "
        "did not read fails the run",
        JUDGE,
    )
    fail_on: str = _setting(
        "major",
        "lowest severity that fails `mtcheck check`: neutral, minor, major or critical; "
        "or none, to let only the other gates count",
        GATES,
    )
    max_flagged: float | None = _setting(
        None,
        "fail when more than this share of segments is not accepted, such as 5%",
        GATES,
        bounds=(0, 1),
        share=True,
    )
    max_risk: float | None = _setting(
        None,
        "fail when the mean risk is above this, 0 to 1; only a gate like this one makes "
        "`check` estimate the risk",
        GATES,
        bounds=(0, 1),
    )
    min_bleu: float | None = _setting(
        None,
        "fail when the corpus BLEU is below this, 0 to 100; needs a reference",
        GATES,
        bounds=(0, 100),
    )
    min_chrf: float | None = _setting(
        None,
        "fail when the corpus chrF is below this, 0 to 100; needs a reference",
        GATES,
        bounds=(0, 100),
    )
    min_mean_similarity: float | None = _setting(
        None,
        "fail when the mean cosine of all segments is below this "
        "(min-similarity is another thing: it sends single segments to review)",
        GATES,
        bounds=(-1, 1),
    )
    score_limits: Mapping[str, float] = _setting(
        {},
        "fail when a corpus score is worse than this, by its column in documents.csv, such as "
        "{ter = 60}: above it where lower is better, else below it",
        GATES,
    )
    baseline: str = _setting(
        "",
        "file of `mtcheck baseline write`: only findings that are new or worse fail",
        KNOWN,
    )
    suppressions: str = _setting(
        "",
        "TOML file of [[suppress]] tables (rule, doc_id, segment_id, reason, expires): "
        "findings that are not to be told",
        KNOWN,
    )
    decisions: tuple[str, ...] = _setting(
        (),
        "decisions exported from reports: their false alarms are silent wherever the same pair "
        "of texts stands; may be given several times",
        KNOWN,
    )
    formats: tuple[str, ...] = _setting(
        FORMATS, "report files to write; also 'xlsx' and 'parquet'", REPORTING, flags="--format"
    )
    csv_bom: bool = _setting(
        sys.platform == "win32",
        "begin CSV files with a byte order mark, by which Excel knows UTF-8; on under Windows",
        REPORTING,
    )
    lang: str = _setting(
        "en",
        "language of report.html: 'en' or 'zh' (Simplified Chinese)",
        REPORTING,
        choices=LANGUAGES,
    )
    batch_size: int = _setting(64, "documents held in memory at a time", REPORTING)

    def __post_init__(self) -> None:
        for name in ABOUT:
            object.__setattr__(self, name, _natural(name, getattr(self, name)))
        for name, about in ABOUT.items():
            value = getattr(self, name)
            _in_bounds(name, value, about)
            texts = value if isinstance(value, tuple) else (value,)
            if any(isinstance(text, str) and "\0" in text for text in texts):
                raise UsageError(f"{name} contains a NUL character")
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
        if (self.budget is not None or self.review_risk is not None) and not self.risk:
            raise UsageError("budget and review_risk need the risk; leave out --no-risk")
        if self.max_risk is not None and not self.risk:
            raise UsageError("max_risk needs the risk; leave out --no-risk")
        held = self.min_similarity is not None or self.min_mean_similarity is not None
        if held and not self.similarity:
            raise UsageError(
                "min_similarity and min_mean_similarity need the similarity; leave out "
                "--no-similarity"
            )
        _address(self.judge)
        if self.judge and not self.judge_model:
            raise UsageError("judge needs judge_model, the name of the model to ask")
        _encoding(self.encoding)

    @property
    def languages(self) -> tuple[str, str]:
        """The codes of the source's and the hypothesis' language."""
        return self.source_language, self.hypothesis_language

    @property
    def never_on_findings(self) -> bool:
        """Whether findings never fail a run (``fail_on = "none"``), only the other gates."""
        return self.fail_on.strip().lower() == "none"

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


ABOUT: Mapping[str, About] = {f.name: f.metadata["about"] for f in dataclasses.fields(Config)}
"""What there is to know of each setting, in the order of the file."""


def _encoding(name: str) -> None:
    """Refuse an encoding that is none, or can do nothing."""
    try:
        "".encode(name or "utf-8")
    except (LookupError, ValueError):
        raise UsageError(f"unknown encoding {name!r}; try utf-8, gb18030, big5 or utf-16") from None


def _address(url: str) -> None:
    """Refuse what is no base URL, and one with a secret in it: settings are told in reports."""
    if not url:
        return
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        good = False
    if not good or not url.isprintable() or " " in url:
        raise UsageError("judge is no URL such as http://localhost:8080/v1")
    if "@" in parts.netloc or "?" in url or "#" in url:
        raise UsageError(
            "judge is a URL with more than host and path; a key goes into MTCHECK_JUDGE_KEY"
        )


_FILES = ("decisions",)
"""Settings of several files, whose names may have commas."""


def _natural(name: str, value: Setting | Path | list[str]) -> Setting:
    """A value as people write it in Python: one name for several, a list, a path."""
    if isinstance(value, Path):
        value = str(value)
    if name not in _LISTS:
        return tuple(value) if isinstance(value, list) else value
    if isinstance(value, str):
        listed = [value] if name in _FILES else value.split(",")
        return tuple(v for v in (part.strip() for part in listed) if v)
    return tuple(map(str, value)) if isinstance(value, list | tuple | set | frozenset) else value


_LISTS = frozenset(f.name for f in dataclasses.fields(Config) if isinstance(f.default, tuple))


def _in_bounds(name: str, value: Setting, about: About) -> None:
    if about.choices and value not in about.choices:
        raise UsageError(f"{name} is {value!r}; use one of {', '.join(about.choices)}")
    if about.low is None or about.high is None or not isinstance(value, int | float):
        return
    if not about.low <= value <= about.high or (about.above and value == about.low):
        allowed = f"from {about.low:g} to {about.high:g}"
        if about.above:
            allowed = f"above {about.low:g} and at most {about.high:g}"
        hint = "; 5% is 0.05" if about.share else ""
        raise UsageError(f"{name} is {value:g}; it must be {allowed}{hint}")


def _known(values: Mapping[str, object], origin: str) -> None:
    names = [f.name for f in dataclasses.fields(Config)]
    for key in values:
        if key not in names:
            hint = did_you_mean(key, names, f"known: {', '.join(names)}")
            raise UsageError(f"{origin}: unknown setting {key!r}; {hint}")


def find_file(start: Path) -> Path | None:
    """The closest ``mtcheck.toml``, or ``pyproject.toml`` with our table, from ``start`` up."""
    for folder in (start, *start.parents):
        own = folder / "mtcheck.toml"
        if own.is_file():
            return own
        shared = folder / "pyproject.toml"
        if shared.is_file() and _tool(shared) is not None:
            return shared
    return None


def _parse(path: Path) -> dict[str, object]:
    try:
        return read_toml(path)
    except DataError as error:
        raise UsageError(str(error)) from None


def _tool(path: Path) -> object:
    """Our table of a ``pyproject.toml``; None without."""
    tools = _parse(path).get("tool", {})
    return tools.get("mtcheck") if isinstance(tools, dict) else None


def read_file(path: Path) -> dict[str, Setting]:
    """The settings in a TOML file, checked. Raises UsageError naming file, key and mend."""
    table = _tool(path) if path.name == "pyproject.toml" else _parse(path)
    if not isinstance(table, dict):
        raise UsageError(f"{path}: there is no table [tool.mtcheck]")
    values = {str(k).replace("-", "_"): v for k, v in table.items()}
    _known(values, str(path))
    defaults = Config()
    return {k: _typed(path, k, v, getattr(defaults, k)) for k, v in values.items()}


def _typed(path: Path, key: str, value: object, default: object) -> Setting:
    """Check a value from the file against the default's type."""
    wrong = UsageError(f"{path}: {key} = {reprlib.repr(value)} is not {_kind(default)}")
    if isinstance(value, int | float) and not abs(value) < _HUGE:  # NaN is neither
        raise wrong
    if isinstance(default, tuple):
        if isinstance(value, list) and all(isinstance(v, str) for v in value):
            return tuple(value)
        raise wrong
    if isinstance(default, Mapping):
        kinds = (int, float) if key == "score_limits" else (str,)
        if isinstance(value, dict) and all(
            type(v) in kinds and (isinstance(v, str) or abs(v) < _HUGE) for v in value.values()
        ):
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
        return "a table of names and values"
    if isinstance(default, bool):
        return "true or false"
    if isinstance(default, int):
        return "a whole number"
    return "a string" if isinstance(default, str) else "a number"


def load(
    file: Path | None = None,
    *,
    start: Path | None = None,
    allow_models: bool = False,
    given: Mapping[str, Setting] | None = None,
) -> Config:
    """The configuration of a file (or of the closest one), over the defaults, under ``given``.

    A file that lies in a folder may have come with the folder, so a model that it names is
    taken only when ``allow_models`` says so: UsageError else, if nothing in ``given`` (where
    None leaves a setting as it is) takes its place.
    """
    path = file or find_file(real(start or Path.cwd()))
    values = read_file(path) if path else {}
    values |= {k: v for k, v in (given or {}).items() if v is not None}
    _known(values, "argument")
    for name, value in values.items():
        own = value == getattr(Config(), name) or (given or {}).get(name) is not None
        if ABOUT[name].model and not own and not allow_models:
            flag = name.replace("_", "-")
            raise UsageError(
                f"{path}: {flag} = {value!r} names a model, which a settings file may do only "
                f"under --allow-models; say that, or name the model with --{flag}"
            )
    return Config(**values)  # type: ignore[arg-type]


def in_force(
    config: Config | str | Path | None,
    changes: Mapping[str, Setting],
    *,
    allow_models: bool = False,
) -> Config:
    """Settings, or those of a file (:func:`load`), or the defaults; changed where not None."""
    if isinstance(config, str | Path):
        return load(Path(config), allow_models=allow_models, given=changes)
    return (config or Config()).replace(**changes)
