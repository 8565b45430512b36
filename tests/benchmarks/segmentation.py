"""Precision and recall of sentence boundaries on our gold set, beside other splitters.

    python -m tests.benchmarks.segmentation

The gold set (tests/gold) is nasty on purpose, so the figures are far below what any of these
splitters reaches on ordinary text; it was written by the authors of the splitter under test,
who mended it on these very sentences, so the comparison flatters ours. pysbd and syntok are no
dependencies of the project: ``pip install pysbd syntok``.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Iterator

from mtcheck.languages.en.sentences import split_english
from mtcheck.languages.zh.sentences import split_chinese
from tests.conftest import ROOT

__all__ = ["boundaries", "gold", "main"]

Splitter = Callable[[str], list[str]]


def gold(language: str) -> Iterator[tuple[str, list[str]]]:
    """Each text of the gold set with its sentences, stripped."""
    path = ROOT / "tests" / "gold" / f"sentences_{language}.txt"
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            text = line.replace("⏎", "\n")
            yield text.replace("‖", ""), [s.strip() for s in text.split("‖")]


def boundaries(sentences: list[str]) -> set[int]:
    """Where sentences end, counted in characters that are no white space.

    The end of the text is none: nobody can miss it.
    """
    ends, at = set(), 0
    for sentence in sentences:
        at += len("".join(sentence.split()))
        ends.add(at)
    return ends - {at}


def _sentencex(language: str) -> Splitter:
    import sentencex

    return lambda text: list(sentencex.segment(language, text))


def _pysbd(language: str) -> Splitter:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pysbd = importlib.import_module("pysbd")
        segmenter = pysbd.Segmenter(language=language, clean=False)

    def split(text: str) -> list[str]:
        return [str(piece) for piece in segmenter.segment(text)]

    return split


def _syntok(language: str) -> Splitter:
    segmenter = importlib.import_module("syntok.segmenter")

    def split(text: str) -> list[str]:
        return [
            "".join(token.spacing + token.value for token in sentence)
            for paragraph in segmenter.process(text)
            for sentence in paragraph
        ]

    return split


def main() -> None:
    """Print the table."""
    ours = {"en": split_english, "zh": split_chinese}
    for language, split in ours.items():
        texts = list(gold(language))
        print(f"{language}: {len(texts)} texts, {sum(len(s) for _, s in texts)} sentences")
        rivals: dict[str, Splitter] = {
            "mtcheck": lambda text, split=split: [s.text for s in split(text)]  # type: ignore[misc]
        }
        for make in (_sentencex, _pysbd, _syntok):
            name = make.__name__[1:]
            try:
                rivals[name] = make(language)
            except ImportError:
                print(f"  {name:10} is not installed: pip install {name}")
        for name, rival in rivals.items():
            hit = said = true = whole = 0
            for text, sentences in texts:
                found, expected = boundaries(rival(text)), boundaries(sentences)
                hit += len(found & expected)
                said += len(found)
                true += len(expected)
                whole += found == expected
            print(
                f"  {name:10} P {hit / max(1, said):.3f}  R {hit / true:.3f}  "
                f"texts right {whole}/{len(texts)}"
            )


if __name__ == "__main__":
    main()
