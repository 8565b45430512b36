"""Any sentence-transformers model, by hub name or local folder."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import numpy as np

from mtcheck.errors import ModelError
from mtcheck.models import Vectors
from mtcheck.models.trust import vet_folder

__all__ = ["SentenceTransformerEncoder"]


class SentenceTransformerEncoder:
    """A model that the user names, such as ``sentence-transformers/LaBSE``.

    A name that is no local folder is looked up in the hub's local cache first and only then
    fetched, which is the one place where mtcheck may use the network, and only on request.
    """

    min_similarity: float | None = None

    def __init__(self, name: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer

            vet_folder(name)
            self._model = SentenceTransformer(name)
        except ModelError:
            raise
        except ModuleNotFoundError as error:
            raise ModelError(
                f"can't load encoder {name!r}: {error}; "
                "this is a lean install, add the rest with pip install sentence-transformers"
            ) from None
        except Exception as error:  # the libraries below raise whatever they like
            reason = (str(error) or type(error).__name__).splitlines()[0]
            if Path(name).exists():
                mend = "the folder must hold a model saved by sentence-transformers"
            else:
                mend = "give a local folder, a name in the hub's cache, or --encoder embedded"
            raise ModelError(f"can't load encoder {name!r}: {reason}; {mend}") from error
        self.name = name
        revision = getattr(self._model[0], "auto_model", None)
        commit = getattr(getattr(revision, "config", None), "_commit_hash", None) or "local"
        self.signature = (
            f"model:{name}|revision:{commit}|sentence-transformers:"
            f"{version('sentence-transformers')}"
        )

    def encode(self, texts: list[str]) -> Vectors:
        """Embed ``n`` texts: float32, shape ``(n, dimension)``, rows of length 1."""
        if not texts:
            return np.zeros((0, 1), dtype=np.float32)
        vectors = self._model.encode(
            texts, convert_to_numpy=True, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)
