"""The walls of the house that the import contracts can't name: private modules stay private."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import mtcheck

SOURCE = Path(mtcheck.__file__).parent
ROOT = Path(__file__).parents[1]


def _imported(path: Path) -> set[str]:
    """The modules of ours that a file names in its imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{a.name}" for a in node.names)}
        elif isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
    return {name for name in found if name.startswith("mtcheck.")}


def test_a_private_module_belongs_to_its_package() -> None:
    strangers = []
    for path in SOURCE.rglob("*.py"):
        own = "mtcheck." + ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        for name in _imported(path):
            parts = name.split(".")
            for at, part in enumerate(parts):
                private = part.startswith("_") and part not in {"_version", "__version__"}
                package = ".".join(parts[:at])
                if private and not own.startswith(f"{package}."):
                    strangers.append(f"{own} imports {name}")
    assert not strangers


def test_models_are_the_only_home_of_the_heavy_libraries() -> None:
    """onnxruntime and torch; the laboratory trains with torch."""
    guests = {
        path.relative_to(SOURCE).parts[0]
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
        if name and name.partition(".")[0] in {"torch", "onnxruntime", "sentence_transformers"}
    }
    assert guests <= {"models", "lab"}


def _defined(path: Path) -> set[str]:
    """Classes and type aliases at the top of a module, without a leading underscore."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.AnnAssign | ast.Assign):
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            if isinstance(target, ast.Name) and target.id[:1].isupper() and not target.id.isupper():
                found.add(target.id)
    return {name for name in found if not name.startswith("_")}


def test_a_public_name_has_one_meaning() -> None:
    """No two modules define a class or a type of one name."""
    homes: dict[str, list[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for name in _defined(path):
            homes.setdefault(name, []).append(path.relative_to(SOURCE).as_posix())
    assert {name: where for name, where in homes.items() if len(where) > 1} == {}


def _layers() -> list[set[str]]:
    """The layers of the import contract, from the top."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (contract,) = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    return [set(re.findall(r"mtcheck\.(\w+)", layer)) for layer in contract["layers"]]


def test_every_module_has_its_layer() -> None:
    modules = {path.stem for path in SOURCE.glob("*.py")} | {
        path.parent.name for path in SOURCE.glob("*/__init__.py")
    }
    outside = {"__init__", "__main__", "_version"}
    assert modules - outside == set().union(*_layers())


def test_the_guide_tells_the_layers_as_the_contract_has_them() -> None:
    """A row may hold neighbouring layers; what stands above in the guide is above in the code."""
    guide = (SOURCE / "guides" / "contributing.md").read_text(encoding="utf-8")
    table = guide.partition("| layer |")[2].partition("\n\n")[0]
    rows = [set(re.findall(r"`(\w+)`", line.split("|")[1])) for line in table.splitlines()[2:]]
    layers = _layers()
    for row in rows:
        own: set[str] = set()
        while own < row:
            own |= layers.pop(0)
        assert own == row
    assert layers == []


_NAMES = {"code", "kind", "language", "name", "package", "path", "pattern"}
"""Parameters of caches of what is few: tables, rules, models."""


def test_parses_of_text_are_kept_in_the_one_memory_that_has_a_budget() -> None:
    """What is keyed by text is ``@cached``: an own cache, bound by entries, keeps long texts."""
    strangers = [
        f"{path.relative_to(SOURCE)}: {node.name}"
        for path in SOURCE.rglob("*.py")
        if path.name != "parses.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and any(re.search(r"\b(lru_)?cache\b", ast.unparse(d)) for d in node.decorator_list)
        and any(
            a.annotation and ast.unparse(a.annotation) == "str" and a.arg not in _NAMES
            for a in (*node.args.args, *node.args.kwonlyargs)
        )
    ]
    assert not strangers
