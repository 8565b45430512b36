"""No rule can be driven into catastrophic backtracking by 50,000 hostile characters."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mtcheck.config import Config
from mtcheck.rules import CRASH_CODE, all_rules
from mtcheck.types import Segment

SIZE = 50_000
GLOSSARY = str(Path(__file__).parent / "cases" / "glossary.csv")
LIMIT = 1.0  # seconds for one rule on one pair; a linear scan takes a few hundredths

PIECES = {
    "digits": "7",
    "commas": ",",
    "wide commas": "，",
    "full stops": ".",
    "spaces": " ",
    "letters": "a",
    "capitals": "A",
    "Han": "的",
    "two Han": "研究",
    "brackets open": "(",
    "brackets nested": "（(",
    "brackets paired": "()",
    "quotes": '"',
    "dotted letters": "a.",
    "dotted words": "aaa.",
    "grouped digits": "1,",
    "grouped thousands": "1,000,",
    "spaced digits": "1 ",
    "decimals": "1.",
    "hyphens": "-",
    "hyphenated": "a-1-",
    "ranges": "1-2~3–",
    "signs": "±<≤>≥=",
    "percent": "5%",
    "Chinese numerals": "一百二十万",
    "wan yi": "1万亿",
    "years": "1990s",
    "dates": "2020年1月1日",
    "units": "1 mg/kg/",
    "p values": "P<0.05,",
    "capital words": "A B C ",
    "title words": "Aa Bb ",
    "words": "the lazy dog ",
    "negations": "not no 不无",
    "acronyms": "ABC-1/",
    "acronyms defined": "alpha beta (AB) ",
    "tags open": "<",
    "tags": "<i>",
    "entities": "&am",
    "addresses": "a@",
    "paths": "http://a/",
    "identifiers": "10.1000/",
    "maths": "$x_{",
    "newlines": "\n",
    "tabs and spaces": " \t",
    "zero width": "\u200b",
    "combining": "e\u0301",
    "glossary terms": "grain boundary ",
    "forbidden terms": "粮食边界的的",
    "mixed": "a1,的(. ",
}


def sides(piece: str) -> list[tuple[str, str]]:
    text = (piece * (SIZE // len(piece) + 1))[:SIZE]
    return [(text, text), (text, "结果。"), ("The result.", text), (text + "!", "的" + text + "x")]


@pytest.fixture
def no_collector() -> Iterator[None]:
    """A collection of the whole test process's garbage takes a second by itself."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.slow
@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("code", all_rules())
def test_rule_is_fast_on_hostile_text(code: str) -> None:
    rule = all_rules()[code]
    config = Config(preview=True, glossary=GLOSSARY)
    slow = []
    for name, piece in PIECES.items():
        for i, (source, hypothesis) in enumerate(sides(piece)):
            segment = Segment("d", "d#0", source, hypothesis)
            before = time.process_time()
            found = rule.run([segment], config)
            taken = time.process_time() - before
            assert all(f.code != CRASH_CODE for _, f in found), f"{name} {i}: {found[0][1].message}"
            if taken > LIMIT:
                slow.append(f"{name} {i}: {taken:.1f} s")
    assert not slow
