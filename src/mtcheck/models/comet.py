"""COMET-family checkpoints through ``unbabel-comet``, the extra ``comet``.

Rei et al., "COMET: A Neural Framework for MT Evaluation" (2020), and "CometKiwi" (2022). The
package is never installed by default and no checkpoint ships: most of them may not be used
commercially, and the reference-free ones can be fetched only with an account that has accepted
their licence.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from mtcheck.errors import ModelError
from mtcheck.models.trust import vet_checkpoint

__all__ = ["LICENCE", "CometScorer"]

LICENCE = (
    "COMET checkpoints have licences of their own. CometKiwi and xCOMET are CC BY-NC-SA 4.0: "
    "not for commercial use. Read the model card of {name} before you use its scores."
)
"""Logged as a warning before a checkpoint is first fetched or loaded in a process."""


class _Prediction(Protocol):
    scores: Sequence[float]


class _Checkpoint(Protocol):
    def predict(
        self, samples: list[dict[str, str]], *, batch_size: int, gpus: int, progress_bar: bool
    ) -> _Prediction: ...


class _Package(Protocol):
    def download_model(self, model: str) -> str: ...

    def load_from_checkpoint(self, checkpoint_path: str) -> _Checkpoint: ...


@functools.cache
def _announce(name: str) -> None:
    logging.getLogger("mtcheck").warning(LICENCE.format(name=name))


def _package() -> _Package:
    try:
        import comet  # type: ignore[import-not-found]
    except ImportError as error:
        raise ModelError(
            f"COMET needs the package unbabel-comet ({error}); pip install 'mtcheck[comet]'"
        ) from None
    if not hasattr(comet, "load_from_checkpoint"):  # there are other packages of that name
        raise ModelError(
            "the installed package 'comet' is not unbabel-comet; pip install 'mtcheck[comet]'"
        )
    return cast("_Package", comet)


class CometScorer:
    """A COMET checkpoint: ``Unbabel/wmt22-cometkiwi-da`` or a local ``.ckpt`` file or folder.

    Higher is better; most checkpoints give 0 to 1.
    """

    def __init__(self, name: str) -> None:
        """Load it. Raises ModelError without the package or the checkpoint."""
        package = _package()
        _announce(name)
        try:
            file = _file(name) or package.download_model(name)
            vet_checkpoint(Path(file))
            self._model = package.load_from_checkpoint(file)
        except ModelError:
            raise
        except Exception as error:  # the libraries below raise whatever they like
            reason = (str(error) or type(error).__name__).splitlines()[0]
            raise ModelError(
                f"can't load COMET checkpoint {name!r}: {reason}; give a local .ckpt file, or a "
                "hub name whose licence you have accepted (huggingface-cli login)"
            ) from error
        self.name = f"comet:{name}"
        try:
            package_version = version("unbabel-comet")
        except PackageNotFoundError:
            package_version = "unknown"
        self.signature = f"model:{name}|unbabel-comet:{package_version}"

    def score(
        self, pairs: Sequence[tuple[str, str]], references: Sequence[str | None] | None = None
    ) -> NDArray[np.float32]:
        """One number for each pair of source and hypothesis, float32, shape ``(n,)``.

        Raises ModelError when the checkpoint compares with a reference and one is missing.
        """
        if not pairs:
            return np.zeros(0, dtype=np.float32)
        samples = [{"src": source, "mt": hypothesis} for source, hypothesis in pairs]
        requires = getattr(self._model, "requires_references", None)
        if callable(requires) and requires():
            given = list(references or [None] * len(pairs))
            missing = sum(not reference for reference in given)
            if missing:
                raise ModelError(
                    f"{self.name} compares with a reference, and {missing} of {len(pairs)} pairs "
                    "have none; use a reference-free checkpoint such as CometKiwi"
                )
            for sample, reference in zip(samples, given, strict=True):
                sample["ref"] = reference or ""
        prediction = self._model.predict(samples, batch_size=8, gpus=0, progress_bar=False)
        return np.asarray(prediction.scores, dtype=np.float32)


def _file(name: str) -> str | None:
    """The checkpoint file, when the name is a local path."""
    path = Path(name)
    if path.is_file():
        return str(path)
    found = sorted(path.rglob("*.ckpt")) if path.is_dir() else []
    return str(found[0]) if found else None
