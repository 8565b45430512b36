"""What a language model marks in the segments of a batch, as findings of a code of their own."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from mtcheck.config import Config
from mtcheck.inspected import Examined
from mtcheck.models.judge_llm import ChatJudge, Reply, checked, errors_in
from mtcheck.pipeline.cache import Cache, Learned
from mtcheck.rules import MODEL_CODE, fingerprint
from mtcheck.summary import JudgeRecord
from mtcheck.timing import stage
from mtcheck.types import Finding, Segment

__all__ = ["asked", "judge_note", "judge_record"]

_AT_ONCE = 4
"""Questions that a process has open at a time."""

_Pair = tuple[str, str, tuple[str, str]]
"""Source, hypothesis and their languages."""


def asked(
    known: Sequence[Learned], config: Config, cache: Cache | None
) -> tuple[list[Learned], Counter[str]]:
    """Add to what is known of documents what the model marks, and count what it took.

    Without a judge in the settings nothing is asked. Raises UsageError for an unusable key.
    """
    counts: Counter[str] = Counter()
    if not config.judge:
        return list(known), counts
    judge = ChatJudge(config.judge, config.judge_model, config.judge_timeout)
    pairs = dict.fromkeys(_pair(e.segment) for found, _ in known for e in found)
    with stage("judge"):
        replies = _replies([p for p in pairs if p[0].strip() and p[1].strip()], judge, cache)
    for reply in replies.values():
        counts.update(reply.counts)
    heard = [([_heard(e, replies, counts) for e in found], scores) for found, scores in known]
    return heard, counts


def _pair(segment: Segment) -> _Pair:
    return segment.source, segment.hypothesis, segment.languages


def _replies(pairs: Sequence[_Pair], judge: ChatJudge, cache: Cache | None) -> dict[_Pair, Reply]:
    """The reply to each pair: kept answers, and new ones, which are then kept."""
    keys = {pair: _key(judge, pair) for pair in pairs}
    kept = cache.get(list(keys.values())) if cache else {}
    replies = {p: reply for p, k in keys.items() if k in kept and (reply := _kept(kept[k]))}
    new = [pair for pair in pairs if pair not in replies]
    threads = ThreadPoolExecutor(_AT_ONCE)
    try:
        fresh = dict(zip(new, threads.map(lambda pair: judge.ask(*pair), new), strict=True))
    except BaseException:  # such as Ctrl-C: what is not asked yet is not waited for
        judge.stop()
        raise
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
    answered = {keys[p]: r.errors for p, r in fresh.items() if r.errors is not None}
    if cache and answered:
        cache.put({k: json.dumps({"errors": e}).encode() for k, e in answered.items()})
    return replies | fresh


def _key(judge: ChatJudge, pair: _Pair) -> bytes:
    # Longer than a document's key, by which they are told apart.
    said = json.dumps([judge.signature, pair]).encode()
    return b"judge:" + hashlib.sha256(said).digest()


def _kept(value: bytes) -> Reply | None:
    try:
        return Reply(errors_in(value.decode()), Counter(from_cache=1))
    except (ValueError, AttributeError, RecursionError):
        return None


def _heard(examined: Examined, replies: dict[_Pair, Reply], counts: Counter[str]) -> Examined:
    """A segment with what the model marks in it."""
    segment = examined.segment
    reply = replies.get(_pair(segment))
    if reply is None:  # one side is empty
        return examined
    counts["segments"] += 1
    if reply.errors is None:
        counts["unread"] += 1
        counts[f"unread:{reply.problem}"] += 1
        return examined
    marks, dropped = checked(reply.errors, segment.source, segment.hypothesis)
    counts.update(marks=len(marks), dropped=dropped)
    new = [
        Finding(
            MODEL_CODE,
            "language-model",
            mark.category,
            mark.severity,
            f"a language model marks this as {mark.category}",
            (mark.span,),
            confidence=0.0,  # nobody measured it
            fingerprint=fingerprint(MODEL_CODE, segment, (mark.span,)),
        )
        for mark in marks
    ]
    both = sorted((*examined.findings, *new), key=lambda f: f.code)
    return dataclasses.replace(examined, findings=tuple(both))


def judge_record(counts: Counter[str], config: Config) -> JudgeRecord:
    """What ``summary.json`` tells of the model."""
    return {
        "signature": ChatJudge(config.judge, config.judge_model, config.judge_timeout).signature,
        "gates": config.judge_gates,
        "segments": counts["segments"],
        "unread": counts["unread"],
        "problems": {
            name.partition(":")[2]: n for name, n in sorted(counts.items()) if ":" in name
        },
        "marks": counts["marks"],
        "dropped": counts["dropped"],
        "calls": counts["calls"],
        "from_cache": counts["from_cache"],
        "prompt_tokens": counts["prompt_tokens"],
        "completion_tokens": counts["completion_tokens"],
        "without_usage": counts["without_usage"],
    }


def judge_note(record: JudgeRecord, config: Config) -> str:
    """The same for a reader."""
    read = record["segments"] - record["unread"]
    weight = "" if record["gates"] else ", which count in no status, gate or risk"
    problems = ", ".join(f"{name} ({n})" for name, n in record["problems"].items())
    tokens = record["prompt_tokens"] + record["completion_tokens"]
    return (
        f"The language model {config.judge_model} read {read} of {record['segments']} segments"
        + (f" (the others: {problems})" if problems else "")
        + f" and marked {record['marks']} places ({MODEL_CODE}){weight}; "
        f"{record['dropped']} more were not in the text. "
        f"Calls: {record['calls']}; tokens: {tokens}"
        + (f", not told in {record['without_usage']} answers." if record["without_usage"] else ".")
    )
