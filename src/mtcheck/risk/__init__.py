"""The risk of a segment: a calibrated probability that a human would mark a major error.

Three witnesses are weighed, by the kind of text: the network (:mod:`mtcheck.models.risk`),
the sentence encoder, and the rules, which see what the network is blind to. No rule's weight
is below zero, so that a finding never lowers the risk. The rules are always those of the
default configuration: what a user switches off in the report changes no risk.

Where the estimate can't be trusted it is not given: a hypothesis that is empty, the source
itself, in another language or in a loop has risk 1, and the reason says why.
"""

from __future__ import annotations

import functools
import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtcheck.alignment.prepare import prepare
from mtcheck.config import Config
from mtcheck.errors import ModelError
from mtcheck.models import Encoder, Vectors, load_encoder
from mtcheck.models.risk import (
    EMBEDDINGS,
    NETWORK,
    TOKENIZER,
    WEIGHTS,
    Marked,
    NetScores,
    RiskNetwork,
)
from mtcheck.rules import Rule, find, needed, selected
from mtcheck.types import Finding, Segment, Severity, Span

__all__ = [
    "FEATURES",
    "FILES",
    "KINDS",
    "RULE_GROUPS",
    "STACK",
    "Evidence",
    "Expert",
    "Risk",
    "RiskModel",
    "Stack",
    "interactions",
    "load_risk_model",
]

STACK, RIDGE = "stack.json", "ridge.safetensors"

FILES = (NETWORK, EMBEDDINGS, TOKENIZER, RIDGE, STACK)
"""The files of a model folder; a model card beside them is for people."""

RULE_GROUPS: Mapping[str, tuple[str, ...]] = {
    "half-width punctuation": ("LNG001",),
    "untranslated words": ("ACC003", "ACC004", "ACC021"),
    "numbers": ("ACC005", "ACC008", "ACC009", "ACC010", "ACC011", "ACC012", "ACC013", "ACC014"),
    "names": ("ACC006", "ACC015", "ACC016", "ACC024", "TER002", "TER003", "TER004"),
    "missing or added": ("ACC001", "ACC002", "ACC007", "ACC026", "ACC027", "ACC028"),
    "meaning reversed": ("ACC017", "ACC018"),
    "negation added": ("ACC025",),
    "detached": ("ACC019", "ACC020", "ACC022", "ACC023"),
    "form": ("LNG", "STR"),
}
"""Codes, or prefixes of codes, that share one weight. A code counts in the first it fits."""

FEATURES = (
    "adequacy", "effort", "critical", "major", "contrast", "worst word", "wrong words",
    "encoder adequacy", "encoder major", "encoder critical", "distance", "length", "Latin words",
    *RULE_GROUPS,
)  # fmt: skip
"""What the stack weighs, each so turned that more is worse."""

KINDS = ("abstract", "encyclopedia", "discussion")
"""Kinds of text that humans have judged, with weights of their own.

What a human calls wrong differs: in an abstract a wrong term, in an article a clumsy sentence, in
a discussion an insult softened. Which kind a document is, its sources tell the encoder.
"""

_EXPECTED = (3.0, 1.0, 1.0)
"""How often each of the kinds, before anything is read: mtcheck is made for abstracts."""

_ALSO = ("ACC025",)
"""Rules that are asked though they are in preview: too often wrong to report, yet a hint."""

_LATIN, _LATIN_MOST = re.compile("[A-Za-z]{2,}"), 6
"""Words in Latin letters; more of them than this say no more."""

_VOID = {"ACC003", "ACC019", "ACC020"}
_MOST = {"half-width punctuation": 1}
"""More findings of a group than this say no more; 2 where it is not here."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A segment's features, in the order of :data:`FEATURES`, and what they were made from.

    ``kinds``: how likely its document is each of :data:`KINDS`; they sum to 1.
    """

    features: tuple[float, ...]
    net: NetScores | None
    findings: tuple[Finding, ...]
    kinds: tuple[float, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Risk:
    """``value``: 0 to 1. ``reason``: why it is 1 without an estimate, else ``""``.

    ``spans``: stretches that look wrong; on the source side, those without a counterpart.
    """

    value: float
    spans: tuple[Span, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Expert:
    """The weights of the features in one kind of text: log-odds for each unit, and an intercept."""

    weights: Mapping[str, float]
    intercept: float

    def logit(self, features: Sequence[float]) -> float:
        """The log-odds of a major error."""
        return self.intercept + math.fsum(
            self.weights[name] * value for name, value in zip(FEATURES, features, strict=True)
        )


@dataclass(frozen=True)
class Stack:
    """What the features of a segment weigh together.

    The experts' log-odds are averaged by how likely the document is of their kind; the risk is
    the logistic function of ``slope * average + shift``, which are 1 and 0 until a user's labels
    are fitted. ``threshold``: the risk from which a segment counts as wrong where that must be
    said yes or no; ``word_threshold``: the probability from which a word does.
    """

    experts: Mapping[str, Expert]
    slope: float = 1.0
    shift: float = 0.0
    threshold: float = 0.5
    word_threshold: float = 0.5

    @classmethod
    def load(cls, path: Path) -> Stack:
        """From JSON. Raises ModelError when it doesn't fit the features."""
        try:
            table = json.loads(path.read_text(encoding="utf-8"))
            experts = {name: Expert(**expert) for name, expert in table.pop("experts").items()}
            made = cls(experts, **table)
        except (OSError, AttributeError, KeyError, TypeError, ValueError) as error:
            raise ModelError(f"can't read the risk calibration {path}: {error!r}") from error
        if set(experts) != set(KINDS) or any(
            set(e.weights) != set(FEATURES) for e in experts.values()
        ):
            raise ModelError(f"{path} has other features than this version of mtcheck")
        return made

    def logit(self, features: Sequence[float], kinds: Sequence[float]) -> float:
        """The average of the experts, before the user's calibration."""
        return math.fsum(
            share * self.experts[kind].logit(features)
            for kind, share in zip(KINDS, kinds, strict=True)
        )

    def probability(self, features: Sequence[float], kinds: Sequence[float]) -> float:
        """The risk, 0 to 1."""
        z = self.slope * self.logit(features, kinds) + self.shift
        return 1 / (1 + math.exp(-z)) if z > -700 else 0.0


def interactions(left: Vectors, right: Vectors) -> NDArray[np.float32]:
    """``[u, v, |u - v|, u * v]`` of each pair of vectors: (n, d), (n, d) to (n, 4 d)."""
    return np.concatenate([left, right, np.abs(left - right), left * right], axis=1)


class RiskModel:
    """Network, encoder and rules together. Raises ModelError when a file is missing.

    ``signature`` names everything needed to get the same risk again.
    """

    def __init__(self, folder: Path = WEIGHTS, *, stack: Stack | None = None) -> None:
        from safetensors.numpy import load_file

        self.network = RiskNetwork(folder)
        try:
            ridge = load_file(folder / RIDGE)
        except Exception as error:  # safetensors raises its own
            raise ModelError(f"can't read {folder / RIDGE}: {error}") from error
        wanted = {"weights", "bias", "kinds", "kinds_bias"}
        if set(ridge) != wanted:
            raise ModelError(f"{folder / RIDGE} has other tables than this version of mtcheck")
        self._ridge, self._bias = ridge["weights"], ridge["bias"]
        self._kinds, self._kinds_bias = ridge["kinds"], ridge["kinds_bias"]
        self.stack = stack or Stack.load(folder / STACK)
        digest = hashlib.sha256(json.dumps(asdict(self.stack), sort_keys=True).encode())
        for name in sorted(wanted):
            digest.update(ridge[name].tobytes())
        self.signature = f"{self.network.signature}|stack:{digest.hexdigest()[:12]}"
        chosen = {rule.key: rule for rule in selected(Config())}
        chosen |= {code: find(code) for code in _ALSO}
        self._rules: Sequence[Rule] = tuple(chosen.values())

    def assess(self, document: Sequence[Segment], encoder: Encoder | None = None) -> list[Risk]:
        """The risk of each segment of one document.

        ``encoder``: the embedded one, if the caller has it with vectors remembered.
        """
        return [self.risk(segment, found) for segment, found in
                zip(document, self.evidence(document, encoder), strict=True)]  # fmt: skip

    def evidence(
        self, document: Sequence[Segment], encoder: Encoder | None = None
    ) -> list[Evidence]:
        """What the risks of one document's segments are computed from.

        What the rules need is measured here, by the encoder that the model was made with: a
        segment has the same features whoever asks.
        """
        encoder = load_encoder("embedded") if encoder is None else encoder
        document = prepare(document, encoder, needs=needed(self._rules))
        findings: list[list[Finding]] = [[] for _ in document]
        for rule in self._rules:
            for at, finding in rule.run(document, Config()):
                findings[at].append(finding)
        reasons = [_reason(s, f) for s, f in zip(document, findings, strict=True)]
        open_ = [i for i, reason in enumerate(reasons) if not reason]
        pairs = [(document[i].source, document[i].hypothesis) for i in open_]
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
            known[i] = features(document[i], nets[i], seen, findings[i])
        kinds = self._kinds_of(left)
        return [
            Evidence(known.get(i, ()), nets.get(i), tuple(findings[i]), kinds, reason)
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

    def risk(self, segment: Segment, evidence: Evidence) -> Risk:
        """The risk that the evidence makes, with the suspicious stretches."""
        spans = [
            span
            for finding in evidence.findings
            if finding.severity >= Severity.MAJOR and finding.code not in _ALSO
            for span in finding.spans
            if span.end > span.start
        ]
        if evidence.reason or evidence.net is None:
            return Risk(1.0, tuple(_merged(spans)), evidence.reason)
        value = round(self.stack.probability(evidence.features, evidence.kinds), 4)
        spans += suspicious(segment.hypothesis, evidence.net.words, self.stack.word_threshold)
        return Risk(value, tuple(_merged(spans)))


def _reason(segment: Segment, findings: Iterable[Finding]) -> str:
    """Why no estimate is made; ``""`` when one can be."""
    if not segment.hypothesis.strip():
        return "the hypothesis is empty"
    if not segment.source.strip():
        return "there is no source to compare with"
    if segment.hypothesis.split() == segment.source.split() and any(
        c.isalpha() for c in segment.source
    ):
        return "the hypothesis is a copy of the source"
    for finding in findings:
        if finding.code in _VOID and finding.severity >= (
            Severity.CRITICAL if finding.code == "ACC020" else Severity.MAJOR
        ):
            return f"{finding.name}: {finding.message}"
    return ""


def features(
    segment: Segment,
    net: NetScores,
    encoder: tuple[float, float, float, float],
    findings: Sequence[Finding],
) -> tuple[float, ...]:
    """The features of a segment, in the order of :data:`FEATURES`.

    ``encoder``: lack of adequacy, major and critical error, and distance as the sentence encoder
    sees them.
    """
    wrong = [w.probability for w in net.words] or [0.0]
    groups = dict.fromkeys(RULE_GROUPS, 0)
    for finding in findings:
        for name, codes in RULE_GROUPS.items():
            if finding.code.startswith(codes):
                most = _MOST.get(name, 2) if _tells(finding, segment) else 0
                groups[name] = max(groups[name], min(most, groups[name] + 1))
                break
    worst = float(np.mean(sorted(wrong)[-3:]))
    # An encoder's last bits depend on what else was in its batch; the third decimal does not.
    seen = [round(value, 3) for value in encoder]
    return (
        -net.adequacy,
        net.effort,
        net.critical,
        net.major,
        -net.contrast,
        worst,
        float(np.mean(wrong)),
        *seen,
        math.log(20 + len(segment.source)),
        float(min(_LATIN_MOST, len(_LATIN.findall(segment.hypothesis)))),
        *map(float, groups.values()),
    )


def _tells(finding: Finding, segment: Segment) -> bool:
    """Whether a finding says something of the translation's quality.

    A half-width full stop alone does not: on MLQE-PE train such segments are, if anything, better.
    """
    marked = [segment.text(s.side)[s.start : s.end] for s in finding.spans]
    return finding.code != "LNG001" or any(m.strip() != "." for m in marked)


def suspicious(text: str, words: Iterable[Marked], threshold: float) -> list[Span]:
    """Stretches of the hypothesis whose pieces reach the threshold, joined where they touch."""
    return _merged(
        Span("hypothesis", w.start, w.end)
        for w in words
        if w.probability >= threshold and any(c.isalnum() for c in text[w.start : w.end])
    )


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Sorted by side and place, those that overlap or touch made one."""
    out: list[Span] = []
    for span in sorted(spans):
        last = out[-1] if out else None
        if last and last.side == span.side and span.start <= last.end:
            out[-1] = Span(span.side, last.start, max(last.end, span.end))
        else:
            out.append(span)
    return out


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
