"""Findings written back into copies of the files that they are about."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from mtcheck.config import Config
from mtcheck.errors import UsageError
from mtcheck.files import write_bytes
from mtcheck.inspected import Inspected
from mtcheck.readers import Parallel, Remark, annotated, expand
from mtcheck.records import findings, record, text
from mtcheck.summary import Summary

__all__ = ["WriteBack"]


class WriteBack:
    """A writer that puts the findings of a run into copies of its files, under ``out``.

    ``out`` is a file for a single input file, else a folder that is made. Raises UsageError when
    the copy would take the place of an input, and DataError, before anything is read, for a
    format that has no place for findings.
    """

    def __init__(self, inputs: Sequence[str | Path | Parallel], out: Path, config: Config) -> None:
        self._config = config
        paths = expand(inputs, config)
        for path in paths:
            annotated(path, config, {})
        self._copies = _copies(paths, out)
        taken = {p.resolve() for p in paths}
        for copy in self._copies.values():
            if copy.resolve() in taken:
                raise UsageError(f"{copy}: is an input; name another place with --write-back")
        self._remarks: dict[str, dict[tuple[int | None, str], list[Remark]]] = defaultdict(dict)

    def add(self, inspected: Inspected) -> None:
        """Keep what is said of each segment."""
        for row in inspected.segments.to_dict("records"):
            kept = record({str(k): v for k, v in row.items()})
            line = kept["line"]
            for finding in findings(kept):
                suggestion = f" → {finding['suggestion']}" if finding["suggestion"] else ""
                told = f"{finding['code']} {finding['severity']}: {finding['message']}{suggestion}"
                key = (line if isinstance(line, int) else None, text(kept, "segment_id"))
                remark = Remark(told, finding["category"], finding["severity"])
                self._remarks[text(kept, "path")].setdefault(key, []).append(remark)

    def end(self, summary: Summary) -> None:  # noqa: ARG002
        """Write the copies, each whole or not at all."""
        for path, copy in self._copies.items():
            data = annotated(path, self._config, self._remarks[path.as_posix()])
            try:
                copy.parent.mkdir(parents=True, exist_ok=True)
                write_bytes(copy, data)
            except OSError as error:
                raise UsageError(f"{copy}: can't be written ({error.strerror})") from None


def _copies(paths: Sequence[Path], out: Path) -> dict[Path, Path]:
    if len(paths) == 1:
        into = out / paths[0].name if out.is_dir() or not out.suffix else out
        return {paths[0]: into}
    common = Path(os.path.commonpath([p.resolve().parent for p in paths]))
    return {p: out / p.resolve().relative_to(common) for p in paths}
