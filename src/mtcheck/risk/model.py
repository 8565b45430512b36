"""Network, encoder, rules and stack together."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtcheck.alignment.prepare import prepare
from mtcheck.config import Config
from mtcheck.errors import ModelError
from mtcheck.models import Encoder, Vectors, load_encoder
from mtcheck.models.risk import EMBEDDINGS, NETWORK, TOKENIZER, WEIGHTS, RiskNetwork
from mtcheck.risk.features import RiskFeatures, features, merged, suspicious, void_reason
from mtcheck.risk.rules import HINTS, changed, installed
from mtcheck.risk.stack import KINDS, STACK, Stack
from mtcheck.rules import SharedDocument, needed
from mtcheck.timing import stage
from mtcheck.types import Finding, Segment, Severity, Span

__all__ = ["FILES", "PAIR", "RIDGE", "Risk", "RiskModel", "interactions", "load_risk_model"]

RIDGE = "ridge.safetensors"

FILES = (NETWORK, EMBEDDINGS, TOKENIZER, RIDGE, STACK)
"""The files of a model folder; a model card beside them is for people."""

_EXPECTED = (3.0, 1.0, 1.0)
"""How often each of the kinds, before anything is read: mtcheck is made for abstracts."""

_DEFAULTS = Config()
"""The settings under which rules are witnesses, whatever those of the run."""


@dataclass(frozen=True, slots=True)
class Risk:
    """``value``: 0 to 1. ``reason``: why it is 1 without an estimate, else ``""``.

    ``spans``: stretches that look wrong; on the source side, those without a counterpart.
    """

    value: float
    spans: tuple[Span, ...] = ()
    reason: str = ""


def interactions(left: Vectors, right: Vectors) -> NDArray[np.float32]:
    """``[u, v, |u - v|, u * v]`` of each pair of vectors: (n, d), (n, d) to (n, 4 d)."""
    return np.concatenate([left, right, np.abs(left - right), left * right], axis=1)


PAIR = ("en", "zh")
"""The languages whose judgements taught the network: for others no risk is given."""


class RiskModel:
    """Network, encoder and rules together. Raises ModelError when a file is missing.

    ``signature`` names everything needed to get the same risk again. ``changed``: the codes of
    rules that are no longer what they were when the stack was fitted.
    """

    def __init__(self, folder: Path = WEIGHTS, *, stack: Stack | None = None) -> None:
        from safetensors.numpy import load_file

        self.network = RiskNetwork(folder)
        try:
            ridge = load_file(folder / RIDGE)
        except Exception as error:  # safetensors raises its own
            raise ModelError(f"can't read {folder / RIDGE}: {error}") from error
        width = ridge["kinds"].shape[-1] if "kinds" in ridge and ridge["kinds"].ndim else 0
        wanted = {"weights": (3, 4 * width), "bias": (3,),
                  "kinds": (len(KINDS), width), "kinds_bias": (len(KINDS),)}  # fmt: skip
        if {name: table.shape for name, table in ridge.items()} != wanted:
            raise ModelError(f"{folder / RIDGE} has other tables than this version of mtcheck")
        self._ridge, self._bias = ridge["weights"], ridge["bias"]
        self._kinds, self._kinds_bias = ridge["kinds"], ridge["kinds_bias"]
        self.stack = stack or Stack.load(folder / STACK)
        digest = hashlib.sha256(json.dumps(asdict(self.stack), sort_keys=True).encode())
        for name in sorted(wanted):
            digest.update(ridge[name].tobytes())
        self.changed = changed(self.stack.rules)
        told = f"|changed-rules:{'+'.join(self.changed)}" if self.changed else ""
        self.signature = f"{self.network.signature}|stack:{digest.hexdigest()[:12]}{told}"
        self._rules = installed(self.stack.rules)

    def assess(self, document: Sequence[Segment], encoder: Encoder | None = None) -> list[Risk]:
        """The risk of each segment of one document.

        ``encoder``: the embedded one, if the caller has it with vectors remembered.
        """
        return [self.risk(segment, found) for segment, found in
                zip(document, self.features(document, encoder), strict=True)]  # fmt: skip

    def features(
        self, document: Sequence[Segment], encoder: Encoder | None = None
    ) -> list[RiskFeatures]:
        """What the risks of one document's segments are computed from.

        What the rules need is measured here, by the encoder that the model was made with: a
        segment has the same features whoever asks. Of a :class:`SharedDocument` that is
        prepared alike, what rules have found under default settings already is taken as it is.
        """
        encoder = load_encoder("embedded") if encoder is None else encoder
        prepared = SharedDocument(prepare(document, encoder, needs=needed(self._rules)))
        shared = isinstance(document, SharedDocument) and document == prepared
        document = document if shared else prepared
        findings: list[list[Finding]] = [[] for _ in document]
        with stage("rules"):
            for rule in self._rules:
                for at, finding in rule.run(document, _DEFAULTS):
                    findings[at].append(finding)
        reasons = [void_reason(s, f) for s, f in zip(document, findings, strict=True)]
        open_ = [i for i, reason in enumerate(reasons) if not reason]
        pairs = [(document[i].source, document[i].hypothesis) for i in open_]
        with stage("network"):
            nets = dict(zip(open_, self.network.score(pairs), strict=True))
        left = encoder.encode([source for source, _ in pairs])
        right = encoder.encode([hypothesis for _, hypothesis in pairs])
        known: dict[int, tuple[float, ...]] = {}
        for k, i in enumerate(open_):  # one by one: a matrix product's bits depend on its size
            u, v = left[k : k + 1], right[k : k + 1]
            x = interactions(u, v)[0]
            adequacy, major, critical = (
                float(np.sum(x * w)) + float(b)
                for w, b in zip(self._ridge, self._bias, strict=True)
            )
            seen = (-adequacy, major, critical, 1 - float(np.sum(u * v)))
            known[i] = features(document[i], nets[i], seen, findings[i], self.stack.rules)
        kinds = self._kinds_of(left)
        return [
            RiskFeatures(known.get(i, ()), nets.get(i), tuple(findings[i]), kinds, reason)
            for i, reason in enumerate(reasons)
        ]

    def _kinds_of(self, sources: Vectors) -> tuple[float, ...]:
        """How likely a document with these sources (n, d) is each of the kinds.

        All its sentences vote, as if each were drawn for itself: one alone may mislead.
        """
        logs = np.log(_EXPECTED)
        for u in sources:
            # Rounded for the encoder's last bits, as above.
            logs = logs + np.round(np.sum(self._kinds * u, axis=1) + self._kinds_bias, 3)
        odds = np.exp(logs - logs.max())
        return tuple((odds / odds.sum()).tolist())

    def risk(self, segment: Segment, features: RiskFeatures) -> Risk:
        """The risk that the features make, with the suspicious stretches."""
        spans = [
            span
            for finding in features.findings
            if finding.severity >= Severity.MAJOR and finding.code not in HINTS
            for span in finding.spans
            if span.end > span.start
        ]
        if features.reason or features.net is None:
            return Risk(1.0, tuple(merged(spans)), features.reason)
        value = round(self.stack.probability(features.values, features.kinds), 4)
        spans += suspicious(segment.hypothesis, features.net.words, self.stack.word_threshold)
        return Risk(value, tuple(merged(spans)))


def load_risk_model(folder: Path | str = "") -> RiskModel:
    """The risk model in a folder (``""``: the installed one), loaded once per process.

    A folder whose files have changed is read anew. Raises ModelError for a folder or file that
    is missing or broken, or made for other features than this version of mtcheck weighs.
    """
    place = Path(folder) if folder else WEIGHTS
    if not place.is_dir():
        raise ModelError(
            f"{place}: no such folder with a risk model; `mtcheck train finetune` makes one"
        )
    missing = [name for name in FILES if not (place / name).is_file()]
    if missing:
        raise ModelError(f"{place} is no complete risk model: {', '.join(missing)} missing")
    stats = [(place / name).stat() for name in FILES]
    return _loaded(place.resolve(), tuple((s.st_mtime_ns, s.st_size) for s in stats))


@functools.lru_cache(maxsize=2)
def _loaded(folder: Path, _stamps: tuple[tuple[int, int], ...]) -> RiskModel:
    return RiskModel(folder)
