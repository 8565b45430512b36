"""Similarities of a document's segments, compared in blocks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtcheck.alignment import closeness
from mtcheck.alignment.closeness import with_similarity
from mtcheck.models import Vectors
from mtcheck.types import Segment


class Random:
    """A vector for each text, drawn from the text."""

    name, signature, min_similarity = "random", "random", None

    def encode(self, texts: list[str]) -> Vectors:
        rows = [np.random.default_rng(list(t.encode())).normal(size=6) for t in texts]
        vectors = np.array(rows, dtype=np.float32).reshape(len(texts), 6)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


def plainly(segments: list[Segment]) -> list[tuple[float, float | None, int]]:
    """The same by its definition."""
    left = Random().encode([s.source for s in segments])
    right = Random().encode([s.hypothesis for s in segments])
    cosine = (left @ right.T).astype(float)
    found = []
    for k in range(len(segments)):
        margin, fits = None, 0
        if len(segments) > 4:
            best = int(cosine[:, k].argmax())
            fits = best - k if cosine[best, k] > cosine[k, k] else 0
            others = np.arange(len(segments)) != k
            near = [np.sort(line[others])[-4:] for line in (cosine[k], cosine[:, k])]
            margin = cosine[k, k] / max(0.05, float(np.mean(near)))
        found.append((cosine[k, k], margin, fits))
    return found


@settings(deadline=None)
@given(st.integers(1, 30), st.integers(1, 200), st.integers(0, 5))
def test_a_block_at_a_time_gives_the_same(count: int, block: int, seed: int) -> None:
    segments = [Segment("d", f"d#{i}", f"s{seed}{i % 11}", f"h{seed}{i}") for i in range(count)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(closeness, "_BLOCK", block)
        found = with_similarity(segments, Random())
    for at, (segment, plain) in enumerate(zip(found, plainly(segments), strict=True)):
        cosine, margin, fits = plain
        assert segment.similarity == pytest.approx(cosine, abs=1e-4)
        assert (segment.margin is None) == (margin is None)
        if margin is not None:
            assert segment.margin == pytest.approx(margin, abs=2e-4)
        # Of equal sources either may be the closest: their cosines differ in the last bit.
        assert segments[at + segment.fits].source == segments[at + fits].source
