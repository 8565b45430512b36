"""A site in one segment, for tests of what is planted."""

from __future__ import annotations

import random

from mtcheck.lab.planting.kinds import Site
from mtcheck.types import Segment


def site(source: str, hypothesis: str, other: str = "", seed: int = 0) -> Site:
    """The only segment of a document, with another text to borrow from."""
    segment, borrowed = Segment("d", "d#1", source, hypothesis), Segment("e", "e#1", "", other)
    return Site([segment], 0, [borrowed], random.Random(seed))
