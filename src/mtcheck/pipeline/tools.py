"""What a run needs loaded: encoder, rules, risk model, limits."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mtcheck.alignment.documents import Document
from mtcheck.alignment.pairing import EMBEDDED as OWN_ALIGNMENT
from mtcheck.alignment.pairing import CosineScale, load_scale
from mtcheck.alignment.prepare import embedded, prepare
from mtcheck.config import Config
from mtcheck.errors import DataError
from mtcheck.judge import Limits, score_limits
from mtcheck.models import EMBEDDED, Encoder
from mtcheck.models.remembering import remembering
from mtcheck.review.suppressions import Suppressions, load_suppressions
from mtcheck.risk import PAIR, Risk, RiskModel, load_risk_model
from mtcheck.risk.calibration import Calibration, load_calibration
from mtcheck.rules import Rule, needed, selected
from mtcheck.scorers import Column, columns
from mtcheck.scorers import chosen as chosen_metrics
from mtcheck.timing import stage
from mtcheck.types import Need, Segment

__all__ = ["Tools", "metrics", "risk_model"]


@dataclass(frozen=True)
class Tools:
    """What is loaded once and used on every document."""

    config: Config
    encoder: Encoder
    rules: Sequence[Rule]
    limits: Limits
    risk: RiskModel | None
    calibration: Calibration | None
    alignment: CosineScale
    suppressions: Suppressions
    metrics: Mapping[str, Column]
    needs: frozenset[Need]

    @classmethod
    def load(cls, config: Config) -> Tools:
        """Load it all. Raises what :func:`mtcheck.pipeline.inspect` raises."""
        encoder = remembering(config.encoder)
        calibration = load_calibration(Path(config.calibration)) if config.calibration else None
        threshold = config.min_similarity
        limits = Limits(
            min_similarity=encoder.min_similarity if threshold is None else threshold,
            review_risk=config.review_risk,
        )
        if calibration:
            limits = dataclasses.replace(
                limits,
                review_risk=calibration.review
                if limits.review_risk is None
                else limits.review_risk,
                reject_risk=calibration.reject,
            )
        model = risk_model(config)
        if model and calibration and calibration.made_for not in ("", model.signature):
            raise DataError(
                f"made for the risk model {calibration.made_for}, not {model.signature}",
                path=config.calibration,
                mend="make it anew with `mtcheck calibrate LABELS`",
            )
        file = config.alignment_file
        alignment = load_scale(Path(file), encoder) if file else OWN_ALIGNMENT
        rules, asked = selected(config), metrics(config)
        return cls(
            config,
            encoder,
            rules,
            limits,
            model,
            calibration,
            alignment,
            load_suppressions(config),
            asked,
            needed(rules) | _needs(config, asked),
        )

    def reads(self, rows: Sequence[Document]) -> bool:
        """Whether a model reads anything of these rows."""
        whole = any(row.segment_id is None for row in rows)
        return whole or bool(self.needs) or self.risk is not None

    def embed(self, rows: Sequence[Document]) -> None:
        """Embed what the documents of a batch will need, all at once, to be remembered."""
        own = self.encoder.name == EMBEDDED
        if self.reads(rows) and (own or self.risk is None):
            splits = self.config.semicolon_splits
            texts = embedded(rows, semicolon_splits=splits, languages=self.config.languages)
            self.encoder.encode(texts)

    def segments(self, rows: Sequence[Document]) -> list[Segment]:
        """Prepare a document, with what anybody reads of it."""
        return prepare(
            rows,
            self.encoder,
            needs=self.needs,
            semicolon_splits=self.config.semicolon_splits,
            scale=self.alignment,
            languages=self.config.languages,
        )

    def risks(self, document: Sequence[Segment]) -> list[Risk]:
        """The risk of each segment, calibrated; none without a model."""
        if self.risk is None:
            return []
        # The model was made with the embedded encoder, whatever the similarity is from.
        own = self.encoder if self.encoder.name == EMBEDDED else None
        with stage("risk"):
            found = self.risk.assess(document, own)
        if self.calibration:
            values = self.calibration.apply(np.array([r.value for r in found]))
            found = [
                r if r.reason else dataclasses.replace(r, value=round(float(v), 4))
                for r, v in zip(found, values, strict=True)
            ]
        return found


def metrics(config: Config) -> dict[str, Column]:
    """The scores that are asked for: those chosen, and those that a gate holds."""
    wanted = {*chosen_metrics(config.metrics), *score_limits(config)}
    return {name: column for name, column in columns().items() if name in wanted}


def _needs(config: Config, asked: Mapping[str, Column]) -> frozenset[Need]:
    """What reports, limits and gates read of a segment that only the encoder tells."""
    limited = config.min_similarity is not None or config.max_flagged is not None
    reported = not {"similarity", "margin"}.isdisjoint(asked)
    return frozenset({"similarity"} if config.similarity and (limited or reported) else ())


def risk_model(config: Config) -> RiskModel | None:
    """The model that the settings name, where it is asked for and trained for the languages."""
    wanted = config.risk and config.languages == PAIR
    return load_risk_model(config.risk_model) if wanted else None
