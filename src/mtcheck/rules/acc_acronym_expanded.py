"""ACC024 acronym-expanded-wrong: an acronym was read as another thing than the source means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mtcheck.languages.en_zh.senses import AcronymSense, senses
from mtcheck.rules import Draft, finding, rule
from mtcheck.text.acronyms import Acronym, acronyms
from mtcheck.types import Segment, Span

__all__ = ["acronym_expanded_wrong"]


def _defined(source: str, acronym: Acronym) -> bool:
    """Whether it stands alone in brackets, and again behind them: avian influenza (AI)."""
    before, behind = source[: acronym.start].rstrip()[-1:], source[acronym.end :].lstrip()
    return before == "(" and behind[:1] == ")" and acronym.text in behind


def _rendered(
    segment: Segment, acronym: str, meant: Sequence[str], named: Sequence[AcronymSense]
) -> bool:
    """Whether the hypothesis may say what is meant as often as the source has the acronym.

    Brackets define (avian influenza (AI), 禽流感（AI）) and need no rendering of their own.
    """
    bare = re.compile(rf"(?<![A-Za-z(（]){re.escape(acronym)}(?![A-Za-z)）])")
    kept = len(bare.findall(segment.hypothesis))
    kept += sum(segment.hypothesis.count(m) for m in meant)
    wanted = len(bare.findall(segment.source))
    wanted += sum(len(s.english.findall(segment.source)) for s in named)
    return kept >= max(wanted, 1)


@rule(
    "ACC024",
    "acronym-expanded-wrong",
    chinese="缩写展开错误",
    category="accuracy/mistranslation",
    severity="major",
    scope="document",
    group="names",
)
def acronym_expanded_wrong(document: Sequence[Segment]) -> Iterator[Draft]:
    """An acronym was spelled out in Chinese as something the source does not mean by it.

    What it does
        Knows about 50 acronyms with two or more readings in the sciences (MS: multiple
        sclerosis or mass spectrometry). Where the document's English names one reading, and
        the hypothesis of a segment with that acronym has the Chinese of another reading that
        the English nowhere names, the Chinese is marked.

    Why it matters
        An engine sees one sentence at a time and takes the commonest reading; the long form
        may stand three sentences earlier.

    Example
        source: Patients with multiple sclerosis (MS) were followed. MS progressed in six.
        hypothesis: 随访多发性硬化（MS）患者。六例质谱进展。

    What to do
        Use the reading that the source introduces, or keep the acronym.
    """
    whole = "\n".join(s.source for s in document)
    for at, segment in enumerate(document):
        for acronym in acronyms(segment.source):
            known = senses().get(acronym.key, ())
            named = [s for s in known if s.english.search(whole)]
            if not named or _defined(segment.source, acronym):
                continue
            meant = [c for s in named for c in s.chinese]
            for sense in known:
                wrong = next((c for c in sense.chinese if c in segment.hypothesis), "")
                if sense in named or not wrong:
                    continue
                if _rendered(segment, acronym.text, meant, named):
                    continue
                start = segment.hypothesis.index(wrong)
                yield finding(
                    f"{acronym.text} stands for {meant[0]} in this document, not for {wrong}",
                    Span("source", acronym.start, acronym.end),
                    Span("hypothesis", start, start + len(wrong)),
                    suggestion=meant[0],
                    confidence=0.6,
                    at=at,
                )
                break
