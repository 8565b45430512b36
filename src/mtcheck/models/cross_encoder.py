"""Any sentence-transformers cross-encoder as a quality estimator, by hub name or local folder."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtcheck.errors import ModelError
from mtcheck.models.trust import vet_folder

__all__ = ["CrossEncoderScorer"]


class CrossEncoderScorer:
    """A model that reads source and hypothesis together and gives one number.

    What the number means, and whether higher is better, is the model's own affair;
    ``mtcheck evaluate --scorer NAME`` tells it from human labels. A name that is no local
    folder is looked up in the hub's local cache first and only then fetched.
    """

    def __init__(self, name: str) -> None:
        """Load the model. Raises ModelError when that fails or it gives several numbers."""
        try:
            from sentence_transformers import CrossEncoder

            vet_folder(name)
            self._model = CrossEncoder(name)
        except ModelError:
            raise
        except ModuleNotFoundError as error:
            raise ModelError(
                f"can't load cross-encoder {name!r}: {error}; "
                "this is a lean install, add the rest with pip install sentence-transformers"
            ) from None
        except Exception as error:  # the libraries below raise whatever they like
            reason = (str(error) or type(error).__name__).splitlines()[0]
            if Path(name).exists():
                mend = "the folder must hold a cross-encoder saved by sentence-transformers"
            else:
                mend = "give a local folder or a name in the hub's cache"
            raise ModelError(f"can't load cross-encoder {name!r}: {reason}; {mend}") from error
        config = self._model.config
        if config.num_labels != 1:
            raise ModelError(
                f"cross-encoder {name!r} gives {config.num_labels} numbers for a pair; "
                "mtcheck needs a model with one (num_labels=1)"
            )
        self.name = name
        commit = getattr(config, "_commit_hash", None) or "local"
        self.signature = (
            f"model:{name}|revision:{commit}|sentence-transformers:"
            f"{version('sentence-transformers')}"
        )

    def score(
        self,
        pairs: Sequence[tuple[str, str]],
        references: Sequence[str | None] | None = None,  # noqa: ARG002  (reads no reference)
    ) -> NDArray[np.float32]:
        """One number for each pair of source and hypothesis, float32, shape ``(n,)``.

        The model's own activation is applied. Pairs longer than it reads are cut. The length
        of its neighbours in a batch may move a score in the last digits.
        """
        if not pairs:
            return np.zeros(0, dtype=np.float32)
        scores = self._model.predict(
            [list(pair) for pair in pairs], convert_to_numpy=True, show_progress_bar=False
        )
        return np.asarray(scores, dtype=np.float32).reshape(len(pairs))
