"""The one path from documents to a verdict.

:func:`inspect` is a pure function from a frame of documents to what is known of them; it is what
a loop, a process pool or a cluster maps. :func:`run` feeds it batches, hands the results to
writers and sums what outlives a batch in a :class:`~mtcheck.tally.Tally`. Rules of scope
``"batch"`` need these sums: where one is selected, :func:`conclude` goes over the batches a
second time. ``inspect``, then :meth:`Tally.add` and ``merge``, then ``conclude`` is the whole of
it for a cluster too.
"""

from __future__ import annotations

from mtcheck.pipeline.inspecting import conclude, inspect
from mtcheck.pipeline.running import run
from mtcheck.pipeline.spool import Means, OnBatch, within_budget

__all__ = ["Means", "OnBatch", "conclude", "inspect", "run", "within_budget"]
