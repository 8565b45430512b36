"""A calibration: from a score to the probability of a major or critical error, and thresholds.

``mtcheck calibrate`` fits one on labelled rows and writes it as a small JSON file, which the
setting ``calibration`` names. This module reads, writes and applies it and needs numpy alone.
"""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mtcheck.errors import DataError
from mtcheck.files import read_json, write_whole

__all__ = ["FORMAT", "VERSION", "Calibration", "Method", "load_calibration", "logit"]

FORMAT = "mtcheck-calibration"
VERSION = 1
"""Version of the file, raised when a meaning changes."""

Method = Literal["identity", "platt", "isotonic"]
_METHODS: tuple[Method, ...] = ("identity", "platt", "isotonic")
_Floats = NDArray[np.float64]
_MEND = "make it anew with `mtcheck calibrate LABELS`"


def logit(probability: _Floats) -> _Floats:
    """Log odds; probabilities are kept within 1e-4 of 0 and 1, so that none is infinite."""
    p = np.clip(probability, 1e-4, 1 - 1e-4)
    odds: _Floats = np.log(p / (1 - p))
    return odds


@dataclass(frozen=True)
class Calibration:
    """How the values of the column ``score`` become probabilities.

    ``higher_is_worse`` tells the score's direction. The methods work on a *risk*, the score or
    its negative, so that higher is worse:

    - ``identity``: the score is a probability already;
    - ``platt``: a logistic curve (Platt 1999), ``slope`` and ``intercept``, of the risk or,
      with ``log_odds``, of the log odds of a score from 0 to 1;
    - ``isotonic``: rising straight lines through the points ``x``, ``y``.

    ``review`` and ``reject`` are thresholds on the probability, None where nothing is flagged.
    ``made_for`` is the signature of the model whose scores were calibrated, if it had one.
    ``rows``, ``bad`` and ``sources`` count what it was fitted on.
    """

    score: str
    higher_is_worse: bool
    method: Method
    slope: float = 1.0
    intercept: float = 0.0
    log_odds: bool = False
    x: tuple[float, ...] = ()
    y: tuple[float, ...] = ()
    review: float | None = None
    reject: float | None = None
    made_for: str = ""
    rows: int = 0
    bad: int = 0
    sources: int = 0

    def __post_init__(self) -> None:
        problem = _problem(self)
        if problem:
            raise DataError(f"not a calibration: {problem}", mend=_MEND)

    def apply(self, scores: NDArray[np.floating]) -> NDArray[np.float64]:
        """Probabilities, 0 to 1; NaN stays NaN. A worse score never gets a lower one."""
        values = np.asarray(scores, dtype=np.float64)
        risk = values if self.higher_is_worse else -values
        if self.method == "isotonic":
            out: _Floats = np.interp(risk, self.x, self.y)
            out[np.isnan(risk)] = math.nan
            return out
        if self.method == "identity":
            return np.clip(risk, 0.0, 1.0)
        if self.log_odds:
            risk = logit(values) if self.higher_is_worse else -logit(values)
        curve: _Floats = 1 / (1 + np.exp(-np.clip(self.slope * risk + self.intercept, -500, 500)))
        return curve

    @property
    def signature(self) -> str:
        """Method and a hash of everything that changes a probability or a status."""
        digest = hashlib.sha256(json.dumps(self.as_dict(), sort_keys=True).encode()).hexdigest()
        return f"calibration:{self.method}|{digest[:12]}"

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        values = {"format": FORMAT, "version": VERSION, **dataclasses.asdict(self)}
        return {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all. Raises DataError when it can't be written."""
        text = json.dumps(self.as_dict(), indent=2) + "\n"
        try:
            write_whole(path, text)
        except OSError as error:
            raise DataError(
                f"can't be written: {error.strerror or error}",
                path=str(path),
                mend="give a file in a folder that exists and can be written to",
            ) from None


def _problem(c: Calibration) -> str:
    """What is wrong with it; ``""`` if nothing is."""
    limits = [v for v in (c.review, c.reject) if v is not None]
    checks = {
        f"unknown method {c.method!r}": c.method not in _METHODS,
        "a number is not finite": not all(
            math.isfinite(v) for v in (c.slope, c.intercept, *c.x, *c.y)
        ),
        "a score of which higher is better is no probability of an error": (
            c.method == "identity" and not c.higher_is_worse
        ),
        "the slope is negative": c.method == "platt" and c.slope < 0,
        "x and y differ in length, or are empty": len(c.x) != len(c.y)
        or (c.method == "isotonic" and not c.x),
        "x does not rise": any(b <= a for a, b in itertools.pairwise(c.x)),
        "y falls": any(b < a for a, b in itertools.pairwise(c.y)),
        "y is not within 0 and 1": any(not 0 <= v <= 1 for v in c.y),
        "review or reject is not within 0 and 1": any(not 0 <= v <= 1 for v in limits),
        "review is above reject": len(limits) == 2 and limits[0] > limits[1],
    }
    return next((problem for problem, wrong in checks.items() if wrong), "")


def load_calibration(path: Path) -> Calibration:
    """Read a file that :meth:`Calibration.save` wrote.

    Raises DataError, with the mend, for a file that is missing, broken, of another kind or of
    a newer version.
    """
    where = str(path)
    content = read_json(path, mend=_MEND)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise DataError("not a calibration file", path=where, mend=_MEND)
    if content.get("version") != VERSION:
        raise DataError(
            f"calibration of version {content.get('version')!r}; this mtcheck reads {VERSION}",
            path=where,
            mend=_MEND,
        )
    return _read(content, where)


def _float(value: object) -> float:
    """A number as a float; infinite, which is refused later, where it is too large for one."""
    try:
        return float(value) if isinstance(value, int | float) else math.nan
    except OverflowError:
        return math.inf


def _read(content: Mapping[str, object], path: str) -> Calibration:
    def take(name: str, kind: type | tuple[type, ...], wanted: str) -> object:
        value = content.get(name)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise DataError(f"{name} is {value!r}, not {wanted}", path=path, mend=_MEND)
        return value

    def number(name: str) -> float:
        return _float(take(name, (int, float), "a number"))

    def count(name: str) -> int:
        value = number(name)
        if not math.isfinite(value):
            raise DataError(f"{name} is {value}, not a count", path=path, mend=_MEND)
        return int(value)

    def numbers(name: str) -> tuple[float, ...]:
        values = take(name, list, "a list of numbers")
        if not isinstance(values, list) or not all(
            isinstance(v, int | float) and not isinstance(v, bool) for v in values
        ):
            raise DataError(f"{name} is not a list of numbers", path=path, mend=_MEND)
        return tuple(map(_float, values))

    def limit(name: str) -> float | None:
        return None if content.get(name) is None else number(name)

    method = next((m for m in _METHODS if m == content.get("method")), None)
    if method is None:
        raise DataError(f"unknown method {content.get('method')!r}", path=path, mend=_MEND)
    try:
        return Calibration(
            score=str(take("score", str, "a column's name")),
            higher_is_worse=bool(take("higher_is_worse", bool, "true or false")),
            method=method,
            slope=number("slope"),
            intercept=number("intercept"),
            log_odds=bool(take("log_odds", bool, "true or false")),
            x=numbers("x"),
            y=numbers("y"),
            review=limit("review"),
            reject=limit("reject"),
            made_for=str(take("made_for", str, "a text")),
            rows=count("rows"),
            bad=count("bad"),
            sources=count("sources"),
        )
    except DataError as error:
        if error.path:
            raise
        raise DataError(error.problem, path=path, mend=_MEND) from None
