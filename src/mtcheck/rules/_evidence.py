"""What was measured of each rule, from ``evidence.json``, which ``make evidence`` writes."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

__all__ = ["TrackRecord", "evidence"]


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """Figures of one rule.

    ``fires`` and ``precision`` (0 to 1, None without fires; ``low`` to ``high`` its 95%
    interval) are on ``segments`` segments of Bio-MQM dev, each text once with the marks of all
    who read it; ``strict_fires`` and ``strict_precision`` count every reading by itself, the
    marks where the file has them. ``clean_fires`` are on ``clean`` human
    references; ``caught`` of ``planted`` errors it is aimed at. ``wmt_fires`` and
    ``wmt_precision`` are on WMT24, where rules were tuned, as on the ``edits`` post-edits of
    MLQE-PE train, of which ``edit_fires`` fire.
    """

    fires: int
    segments: int
    precision: float | None
    low: float | None
    high: float | None
    strict_fires: int
    strict_precision: float | None
    by_segment: int
    clean_fires: int
    clean: int
    planted: int
    caught: int
    wmt_fires: int
    wmt_precision: float | None
    edit_fires: int
    edits: int

    @property
    def per_thousand(self) -> float:
        """Fires per 1,000 human references."""
        return 1000 * self.clean_fires / self.clean if self.clean else 0.0

    @property
    def earned(self) -> bool:
        """Whether the figures allow the rule to be on by default.

        Precision of at least 0.7 on 10 fires or more, or fewer than 1 fire in 1,000 references.
        """
        if self.fires >= 10 and self.precision is not None:
            return self.precision >= 0.7
        return self.per_thousand < 1

    def sentences(self) -> str:
        """The figures in words, for the rule's page."""
        if self.precision is None:
            bio = f"No fire on the {self.segments:,} machine-translated segments of Bio-MQM dev."
        else:
            by = f", {self.by_segment} of them judged by segment" if self.by_segment else ""
            bio = (
                f"{self.fires} fires on {self.segments:,} machine-translated segments of Bio-MQM "
                f"dev{by}: precision {self.precision:.2f} (95% {self.low:.2f} to {self.high:.2f})."
            )
        clean = f"{self.clean_fires} fires on {self.clean:,} human references."
        planted = f" Of {self.planted} planted errors {self.caught} caught." if self.planted else ""
        return f"{bio} {clean}{planted} (`make evidence`)"


@functools.cache
def evidence() -> Mapping[str, TrackRecord]:
    """The figures by rule code; rules of third parties have none."""
    text = (files("mtcheck.rules") / "evidence.json").read_text(encoding="utf-8")
    return {code: TrackRecord(**figures) for code, figures in json.loads(text)["rules"].items()}
