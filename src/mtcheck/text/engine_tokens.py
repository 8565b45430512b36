"""Tokens of a translation engine's own alphabet that a text should never show."""

from __future__ import annotations

import re

from mtcheck.text.parses import cached

__all__ = ["engine_tokens"]

_TOKEN = re.compile(
    # unknown, padding and sentence marks of the usual vocabularies
    r"</?(?:unk|s|pad|mask|bos|eos|sep|cls|usr|sys)>|\[(?:CLS|SEP|PAD|MASK|UNK|BOS|EOS|/?INST)\]"
    r"|<\|[A-Za-z_]{1,30}(?:\|>|>)|<(?:extra_id_\d{1,3}|start_of_turn|end_of_turn|2[a-z]{2})>|<</?SYS>>"
    r"|>>[a-z]{2,3}(?:_[A-Za-z]{2,4})?<<|__[a-z]{2,3}__|\b(?:zho|eng)_(?:Hans|Hant|Latn)\b"
    r"|\u2047+|\u2581+|\uffed+|[\uff5f\uff60]|⟨unk⟩|\U0001f524"
    # escapes that were never read
    r"|\\u[0-9a-f]{4}|(?<=[\u3001-\u9fff\uff00-\uffef])\\[nrt](?![a-z])"
    # pieces of words that were never joined: 上@@ 涨, un ##related
    r"|@@(?=\s|$)|(?<=\s)##(?=\w)",
    re.IGNORECASE,
)
_HINT = re.compile("[\\\\<\\[@#_\u2047\u2581\uffed\uff5f\uff60⟨\U0001f524]")


@cached
def engine_tokens(text: str) -> tuple[tuple[int, int], ...]:
    """``(start, end)`` of signs of unknown words, sentences and chats, escapes, unjoined pieces."""
    if not _HINT.search(text):
        return ()
    return tuple(m.span() for m in _TOKEN.finditer(text))
