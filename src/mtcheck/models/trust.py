"""A model folder is data from somewhere: what in it would run as code is refused before loading.

A sentence-transformers folder lists the classes of its modules, which may be Python files beside
them; weights that are pickled are programs for Python's unpickler.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from mtcheck.errors import ModelError

__all__ = ["vet_checkpoint", "vet_folder"]

_OWN = "sentence_transformers."
_MODULES = ("modules.json", "router_config.json")
"""The files that name classes: a list of objects with ``type``, an object with ``types``."""

_PICKLED = {".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt"}

_PLAIN = {
    "argparse.Namespace",
    "lightning_fabric.utilities.data.AttributeDict",
    "pytorch_lightning.utilities.parsing.AttributeDict",
}
"""Classes without code of their own in which Lightning keeps settings, beside torch's."""


def vet_folder(name: str) -> None:
    """Refuse a sentence-transformers model that names foreign classes or has pickled weights.

    ``name`` is a folder or a name in the hub; of the latter only the list of modules is looked
    at. Pickles are let be beside weights in safetensors, which are loaded in their place.
    Raises ModelError.
    """
    from sentence_transformers.util import load_file_path

    folder = Path(name)
    listed = [p for p in folder.rglob("*.json") if p.name in _MODULES] if folder.is_dir() else []
    if not folder.is_dir() and (found := load_file_path(name, _MODULES[0])):
        listed = [Path(found)]
    for file in listed:
        for kind in _classes(json.loads(file.read_text(encoding="utf-8"))):
            if not (isinstance(kind, str) and kind.startswith(_OWN)):
                raise ModelError(
                    f"{file} names {kind!r}, which is no class of sentence-transformers and may "
                    "be any code; use a model of its own modules"
                )
    pickled = [p for p in folder.rglob("*") if p.suffix in _PICKLED] if folder.is_dir() else []
    for file in pickled:
        if not any(file.parent.glob("*.safetensors")):
            raise ModelError(
                f"{file}: pickled weights may run code when they are read; save the model anew "
                "as safetensors"
            )


def _classes(content: object) -> Iterator[object]:
    if isinstance(content, list):
        for module in content:
            yield module.get("type") if isinstance(module, dict) else module
    elif isinstance(content, dict) and isinstance(types := content.get("types", {}), dict):
        yield from types.values()


def vet_checkpoint(file: Path) -> None:
    """Refuse a checkpoint of torch that would call anything but what weights are made of.

    Raises ModelError.
    """
    from torch.serialization import get_unsafe_globals_in_checkpoint

    foreign = set(get_unsafe_globals_in_checkpoint(str(file))) - _PLAIN
    if foreign:
        raise ModelError(
            f"{file} would call {', '.join(sorted(foreign))} when it is read, which may run any "
            "code; use a checkpoint of weights alone"
        )
