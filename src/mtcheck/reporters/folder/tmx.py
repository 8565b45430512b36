"""``segments.tmx``: a translation memory whose units tell their status, risk and findings.

What filters a corpus for training reads the properties ``mtcheck-status``, ``mtcheck-risk`` and
``mtcheck-codes``. Segments without a source or a hypothesis are no pair and are left out.
"""

from __future__ import annotations

import re
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from mtcheck._version import __version__
from mtcheck.inspected import Inspected, ranked
from mtcheck.records import Record, codes, text
from mtcheck.reporters import Run
from mtcheck.reporters.folder import Format
from mtcheck.summary import Summary

__all__ = ["FORMAT"]

FILE = "segments.tmx"
# What XML can't hold.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Writer:
    def __init__(self, folder: Path, run: Run) -> None:
        self._path = folder / FILE
        self._languages = run.config.languages
        source = quoteattr(self._languages[0])
        self._write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n'
            f'<header creationtool="mtcheck" creationtoolversion="{__version__}" '
            f'segtype="sentence" o-tmf="mtcheck" adminlang="en" srclang={source} '
            'datatype="plaintext"/>\n<body>\n',
            mode="w",
        )

    def _write(self, value: str, mode: str = "a") -> None:
        with self._path.open(mode, encoding="utf-8", newline="\n") as file:
            file.write(value)

    def add(self, inspected: Inspected) -> None:
        self._write("".join(self._unit(record) for _, record in ranked(inspected)))

    def _unit(self, record: Record) -> str:
        sides = text(record, "source"), text(record, "hypothesis")
        if not all(side.strip() for side in sides):
            return ""
        risk = record["risk"]
        told = {
            "status": text(record, "status"),
            "risk": f"{risk:.4f}" if isinstance(risk, float) else "",
            "codes": " ".join(codes(record)),
        }
        props = "".join(
            f'<prop type="mtcheck-{name}">{_clean(value)}</prop>'
            for name, value in told.items()
            if value
        )
        variants = "".join(
            f"<tuv xml:lang={quoteattr(code)}><seg>{_clean(side)}</seg></tuv>"
            for code, side in zip(self._languages, sides, strict=True)
        )
        name = quoteattr(_NO_XML.sub("\ufffd", text(record, "segment_id")))
        return f"<tu tuid={name}>{props}{variants}</tu>\n"

    def end(self, summary: Summary) -> None:  # noqa: ARG002
        self._write("</body>\n</tmx>\n")


def _clean(value: str) -> str:
    # A parser makes a line feed of a carriage return that is not written so.
    return escape(_NO_XML.sub("\ufffd", value), {"\r": "&#13;"})


FORMAT = Format("tmx", (FILE,), _Writer)
