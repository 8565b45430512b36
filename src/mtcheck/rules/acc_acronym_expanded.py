"""ACC024 acronym-expanded-wrong: an acronym was read as another thing than the source means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtcheck.languages.en_zh.senses import senses
from mtcheck.rules import Draft, finding, rule
from mtcheck.text.acronyms import acronyms
from mtcheck.types import Segment, Span

__all__ = ["acronym_expanded_wrong"]


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
            if not named:
                continue
            meant = [c for s in named for c in s.chinese]
            for sense in known:
                wrong = next((c for c in sense.chinese if c in segment.hypothesis), "")
                if sense in named or not wrong or any(m in segment.hypothesis for m in meant):
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
